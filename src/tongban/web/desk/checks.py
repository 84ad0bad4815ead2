"""What a rule decided and an applicant wants a person to look at: the list, and one of them with its answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.errors import CaseError, UnknownCase
from tongban.apps.cases.queries import get_case, list_checks, require_check
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.rulings import tell_rulings
from tongban.web.side import side_groups
from tongban.web.wording import error_words

__all__ = ["check", "checks"]

_LONGEST = 2000
_ANSWERS = ("confirm", "change")


@official("decider")
@require_safe
def checks(request: Request) -> HttpResponse:
    """Those that wait, the first that is due first."""
    cursor = request.GET.get("after", "")
    try:
        page = list_checks(actor=request.actor, cursor=cursor)
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:checks")
    context = {
        "groups": side_groups(actor=request.actor, here="checks"),
        "lines": [(each, each.row.matter_name.in_language(get_language() or "zh-hans")) for each in page.rows],
        "first_url": reverse("desk:checks") if cursor else "",
        "next_url": f"?after={page.next}" if page.next else "",
    }
    return render(request, "desk/checks.html", context)


@official("decider")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, number: int) -> HttpResponse:
    """Why the rule decided so, what the applicant says, and the answer: asked once, then final."""
    found = require_check(number=number, actor=request.actor)
    view = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=view, actor=request.actor, at=request.at)
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").strip()[:_LONGEST]
    context: dict[str, Any] = {
        "groups": side_groups(actor=request.actor, here="checks"),
        "view": view,
        "case": view.row,
        "check": found,
        "is_open": found.state == "open",
        "rulings": tell_rulings(case=view),
    }
    if request.method != "POST":
        return render(request, "desk/check.html", context | _form("", "", {}))
    wrong = {} if answer in _ANSWERS else {"answer": _("Choose one of the two.")}
    wrong |= {} if reason else {"reason": _("Please give your reasons: the applicant reads them.")}
    if wrong or "edit" in request.POST:
        form = _form(answer, reason, {} if "edit" in request.POST else wrong)
        return render(request, "desk/check.html", context | form, status=200 if "edit" in request.POST else 422)
    if request.POST.get("confirmed") != "yes":
        return render(request, "desk/asked_once.html", context | _asking(number, answer, reason, view.row.outcome))
    try:
        changed = answer == "change"
        services.conclude_check(number=number, changed=changed, reason=reason, actor=request.actor, at=request.at)
    except UnknownCase:
        raise
    except CaseError as error:
        return render(
            request, "desk/check.html", context | {"refused": error_words(error), "typed": reason}, status=409
        )
    messages.success(request, _("Put on record. The applicant is told."))
    return redirect("desk:checks")


def _asking(number: int, answer: str, reason: str, outcome: str) -> dict[str, Any]:
    """What it does, before it is done."""
    effects = [_("The applicant is told and reads your reasons.")]
    if answer == "confirm":
        title, button = _("Let it stay as the rule decided?"), _("Yes, confirm it")
    elif outcome == "denied":
        title, button = _("Grant what the rule denied?"), _("Yes, grant it")
        effects.insert(0, _("It is granted, and the certificate is issued with it."))
    else:
        title, button = _("Deny what the rule granted?"), _("Yes, deny it")
        effects.insert(0, _("It is denied, and the certificate is revoked for good."))
    said = [{"key": _("Reasons"), "value": reason}]
    return {
        "title": title,
        "button": button,
        "effects": effects,
        "said": said,
        "action": reverse("desk:check", args=[number]),
        "hidden": {"answer": answer, "reason": reason},
    }


def _form(answer: str, reason: str, wrong: dict[str, str]) -> dict[str, Any]:
    options = {"confirm": _("It stays as the rule decided"), "change": _("Decide the other way")}
    fields = [
        Field(
            kind="radios",
            name="answer",
            label=_("What is right?"),
            options=tuple(Option(value=each, label=words, selected=each == answer) for each, words in options.items()),
            errors=(wrong["answer"],) if "answer" in wrong else (),
        ),
        Field(
            kind="textarea",
            name="reason",
            label=_("Your reasons, for the applicant to read"),
            value=reason,
            errors=(wrong["reason"],) if "reason" in wrong else (),
            attributes={"maxlength": str(_LONGEST)},
        ),
    ]
    return {"fields": fields}
