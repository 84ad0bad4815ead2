"""Whoever broke a pledge asks for an earlier end of the bar (信用修复): the list, and one of them with its answer."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.errors import RepairGone, UnknownCase
from tongban.apps.cases.queries import REPAIR_FILES, get_case, list_repairs, require_repair
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.petitions import Petition, answer_page, list_page
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day

__all__ = ["repair", "repairs"]

_REPAIRS = Petition(
    pages="repairs",
    page="repair",
    template="desk/repair.html",
    heading=gettext_lazy("Earlier end of a bar"),
    about=gettext_lazy(
        "These pledges were broken, so no other of theirs counts for a while. Their holders ask that this end early, "
        "and say why."
    ),
    nobody=gettext_lazy("Nobody asks for an earlier end"),
    nobody_yet=gettext_lazy("Who asks for one appears here."),
    question=gettext_lazy("Does a pledge of theirs count again?"),
    answers={
        "granted": gettext_lazy("Yes, from today on"),
        "denied": gettext_lazy("No, it stays as it is"),
    },
    listed=list_repairs,
)


@official("decider")
@require_safe
def repairs(request: Request) -> HttpResponse:
    """Those that wait, the first that is due first."""
    return list_page(request, _REPAIRS)


@official("decider")
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: Request, number: int) -> HttpResponse:
    """What was broken and until when it bars, what the holder says and shows, and the answer."""
    try:
        found, broken = require_repair(number=number, actor=request.actor)
    except RepairGone:
        raise UnknownCase from None
    view = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=view, actor=request.actor, at=request.at)
    pledge = view.definition.pledge
    context = {
        "view": view,
        "case": view.row,
        "asked": found,
        "broken": broken,
        "pledge": pledge,
        "rule": pledge.repair if pledge is not None else None,
        "shown": [each for each in view.materials if each.code == REPAIR_FILES],
        "is_open": found.state == "open",
    }

    def conclude(answer: str, reason: str) -> None:
        granted = answer == "granted"
        services.conclude_repair(number=number, granted=granted, reason=reason, actor=request.actor, at=request.at)

    until = day(broken.until)
    return answer_page(
        request, _REPAIRS, number, context, asking=lambda answer: _asking(answer, until), conclude=conclude
    )


def _asking(answer: str, until: str) -> dict[str, Any]:
    """What it does, before it is done."""
    told = _("The applicant is told and reads your reasons.")
    if answer == "granted":
        effects = [
            _("From today on their pledge counts in this matter again. That it was broken stays on record."),
            told,
        ]
        return {"title": _("End the bar early?"), "button": _("Yes, end it"), "effects": effects}
    effects = [_("Until %(until)s no other pledge of theirs counts. They may ask anew.") % {"until": until}, told]
    return {"title": _("Let the bar stand?"), "button": _("Yes, let it stand"), "effects": effects}
