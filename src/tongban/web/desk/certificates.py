"""The certificate of a case as its authority sees it: its versions, its life, and what can be done to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.errors import CaseError, CertificateChanged
from tongban.apps.cases.queries import CaseView, TimelineEntry, get_case
from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.evidence.queries import (
    CERTIFICATE_KINDS,
    CertificateView,
    followers_of,
    law_of,
    list_certificates_of_case,
    may_change,
)
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.certificate_changes import Change, acts_on, read_change
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.wording import error_words, event_words, ground_words, law_words, verdict_words

__all__ = ["certificate"]


@keeps_posted
@official()
@require_http_methods(["GET", "POST"])
def certificate(request: Request, number: int) -> HttpResponse:
    """Look at it; a decider of the authority changes its state. What is asked for is shown once before it is done."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    if case.certificate is None:
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at)
    kept = None if request.method == "POST" else take_posted(request)
    posted = request.POST if request.method == "POST" else kept
    change = read_change(case.certificate, posted) if posted else None
    if change is None or change.errors or kept is not None or "edit" in request.POST:
        return _page(request, case, case.certificate, change, status=422 if change and change.errors else 200)
    if "confirmed" not in request.POST:
        return render(request, "desk/confirm.html", _confirmation(request, case, change))
    seen = request.POST.get("seen", "")
    entries = int(seen) if seen.isascii() and seen.isdigit() else 0
    try:
        change.carry_out(number=number, actor=request.actor, at=request.at, seen=entries)
    except CertificateChanged:
        return _once_more(request, number, entries)
    except (EvidenceError, CaseError) as error:
        return _page(request, case, case.certificate, change, refused=error_words(error), status=409)
    messages.success(request, str(change.act.done))
    return redirect("desk:certificate", number=number)


def _once_more(request: Request, number: int, seen: int) -> HttpResponse:
    """Somebody has done something to it meanwhile: what it does now is shown, with that; nothing is done yet."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    assert case.certificate is not None
    change = read_change(case.certificate, request.POST)
    possible = change is not None and may_change(case.certificate, change.act.name, on=timezone.localdate(request.at))
    if change is None or change.errors or not possible:
        refused = error_words(CertificateChanged())
        return _page(request, case, case.certificate, change, refused=refused, status=409)
    news = [_line(entry) for entry in _life_of(case) if entry.seq > seen]
    context = _confirmation(request, case, change) | {"news": news}
    return render(request, "desk/confirm.html", context, status=409)


def _line(entry: TimelineEntry) -> str:
    """What was done to it, by whom and when, in one line."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    who = entry.actor_name[0 if chinese else 1] if entry.actor_name else ""
    what = event_words(kind=entry.kind, data=entry.data, official=True)
    return " · ".join(filter(None, (moment(entry.at, "short"), what, str(entry.data.get("identifier", "")), who)))


def _life_of(case: CaseView) -> list[TimelineEntry]:
    return [entry for entry in case.timeline if entry.kind in CERTIFICATE_KINDS]


def _page(
    request: Request,
    case: CaseView,
    current: CertificateView,
    change: Change | None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate(request.at)
    may = request.actor.has_role("decider", department=current.authority.code)
    offered = acts_on(current, on=today) if may else []
    cards = [change if change and change.act.name == each.act.name else each for each in offered]
    context = {
        "case": case,
        "row": case.row,
        "current": current,
        "name": current.name(get_language() or "zh-hans"),
        "standing": verdict_words(current.standing(on=today)),
        "ground": ground_words(current.ground) if current.changed_at else "",
        "law": law_words(law_of(current.ground)) if current.changed_at else "",
        "versions": list_certificates_of_case(case=case.number),
        "life": _life(case),
        "cards": cards,
        "opened": change.act.name if change else "",
        "fields": change.fields if change and change.errors else [],
        "refused": refused,
        "may": may,
        "groups": side_groups(actor=request.actor),
    }
    return render(request, "desk/certificate.html", context, status=status)


def _life(case: CaseView) -> list[dict[str, Any]]:
    """What the log of the case says of its certificate, the latest first."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    return [
        {
            "at": entry.at,
            "what": event_words(kind=entry.kind, data=entry.data, official=True),
            "who": entry.actor_name[0 if chinese else 1] if entry.actor_name else "",
            "ground": ground_words(str(entry.data.get("ground", ""))),
            "law": law_words(law_of(str(entry.data.get("ground", "")))),
        }
        for entry in reversed(_life_of(case))
    ]


def _confirmation(request: Request, case: CaseView, change: Change) -> dict[str, Any]:
    versions = list_certificates_of_case(case=case.number)
    return {
        "groups": side_groups(actor=request.actor),
        "case": case.row,
        "title": change.act.question,
        "matter": change.certificate.name(get_language() or "zh-hans"),
        "effects": [*change.act.effects, *change.effects_on(followers_of(change.certificate, versions=versions))],
        "mended": change.act.mended,
        "said": change.said(),
        "action": reverse("desk:certificate", args=[case.number]),
        "seen": len(case.history),
        "hidden": [("act", change.act.name), *change.given.items()],
        "button": change.act.yes,
        "danger": change.act.name in ("revoke", "suspend"),
    }
