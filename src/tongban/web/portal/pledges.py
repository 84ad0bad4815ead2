"""What I have pledged: kept or broken, until when that counts, how to object, and how to have it end early."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.errors import RepairGone, RepairTooEarly
from tongban.apps.cases.queries import Pledged, get_repair, list_pledges
from tongban.apps.catalog.city import get_rights
from tongban.web.access import signed_in
from tongban.web.fields import Field
from tongban.web.handing_in import files_field, take_files
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import error_words

__all__ = ["pledges", "repair"]

_LONGEST = 2000


@signed_in
@require_safe
def pledges(request: Request) -> HttpResponse:
    """Mine, and those of whom I act for."""
    on = timezone.localdate(request.at)
    lines = [(each, each.is_in_force(on), _may_ask(each, request)) for each in list_pledges(actor=request.actor)]
    context = {"lines": lines, "ask": get_rights().matters}
    return render(request, "portal/me/pledges.html", context)


def _may_ask(pledged: Pledged, request: Request) -> bool:
    on, open_one = timezone.localdate(request.at), pledged.repair is not None and pledged.repair.state == "open"
    since = pledged.repair_since
    return pledged.is_in_force(on) and since is not None and since <= on and not open_one


@signed_in
@require_http_methods(["GET", "POST"])
def repair(request: Request, number: int) -> HttpResponse:
    """Ask that a pledge of mine count again before its time, with my reasons and what shows them."""
    case = own_case(request, number)
    pledged = next((each for each in list_pledges(actor=request.actor) if each.row.number == number), None)
    if pledged is None or pledged.broken_at is None or pledged.repair_since is None:
        messages.info(request, error_words(RepairGone()))
        return redirect("portal:pledges")
    may_ask, why = _may_ask(pledged, request), request.POST.get("why", "").strip()[:_LONGEST]
    wrong: dict[str, str] = {}
    if request.method == "POST" and may_ask:
        unfit, files = take_files(request)
        wrong = {"files": unfit} if unfit else {}
        wrong |= {} if why else {"why": _("Say why a pledge of yours should count again: the officer reads it.")}
        if not wrong:
            try:
                due = services.ask_for_repair(number=number, why=why, files=files, actor=request.actor, at=request.at)
                messages.success(request, _("The office decides by %(day)s and tells you.") % {"day": day(due)})
            except (RepairGone, RepairTooEarly) as refused:
                messages.info(request, error_words(refused))
            return redirect("portal:repair", number=number)
    pledge = case.definition.pledge
    context = {
        "case": case,
        "row": case.row,
        "pledged": pledged,
        "in_force": pledged.is_in_force(timezone.localdate(request.at)),
        "rule": pledge.repair if pledge is not None else None,
        "asked": get_repair(case=number),
        "fields": _fields(why, wrong) if may_ask else [],
    }
    return render(request, "portal/me/repair.html", context, status=422 if wrong else 200)


def _fields(why: str, wrong: dict[str, str]) -> list[Field]:
    return [
        Field(
            kind="textarea",
            name="why",
            label=_("Why a pledge of yours should count again"),
            hint=_("What you have put right since, and how it is kept so."),
            value=why,
            errors=(wrong["why"],) if "why" in wrong else (),
            attributes={"maxlength": str(_LONGEST)},
        ),
        files_field(_("Papers or photos that show it"), error=wrong.get("files", "")),
    ]
