"""How long a case is kept: what the law says, who keeps it longer and why, and what was let go of."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.apps.cases.queries import CaseView, get_case
from tongban.apps.rights.errors import ReasonMissing
from tongban.apps.rights.queries import get_removal, kept_until, list_holds, may_hold
from tongban.apps.rights.services import lift_hold, place_hold, record_look
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.rights import hold_words

__all__ = ["hold", "lift"]


@official()
@require_http_methods(["GET", "POST"])
def hold(request: Request, number: int) -> HttpResponse:
    """Until when it is kept, and keeping it longer with a reason."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    wrong = _place(request, case) if request.method == "POST" else ""
    if request.method == "POST" and not wrong:
        messages.success(request, _("It is kept until somebody lifts this."))
        return redirect("desk:hold", number=number)
    record_look(view=case, actor=request.actor, at=request.at)
    context = {
        "row": case.row,
        "rule": kept_until(view=case),
        "removal": get_removal(case=number),
        "holds": [(each, hold_words(each.kind)) for each in list_holds(case=number)],
        "may_hold": may_hold(view=case, actor=request.actor),
        "fields": _fields(request, wrong),
        "groups": side_groups(actor=request.actor),
    }
    return render(request, "desk/hold.html", context, status=422 if wrong else 200)


@official()
@require_POST
def lift(request: Request, number: int, hold: int) -> HttpResponse:
    """End a hold."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    lift_hold(view=case, hold=hold, actor=request.actor, at=request.at)
    messages.success(request, _("Lifted. The case is kept as long as its matter says, and no longer."))
    return redirect("desk:hold", number=number)


def _place(request: Request, case: CaseView) -> str:
    kind, reason = request.POST.get("kind", "named"), request.POST.get("reason", "")
    try:
        place_hold(view=case, kind=kind, reason=reason, actor=request.actor, at=request.at)
    except ReasonMissing as missing:
        return error_words(missing)
    return ""


def _fields(request: Request, wrong: str) -> list[Field]:
    chosen = request.POST.get("kind", "named")
    options = tuple(
        Option(value=kind, label=hold_words(kind), selected=kind == chosen) for kind in ("named", "objection")
    )
    return [
        Field(kind="radios", name="kind", label=_("Why it is kept"), options=options),
        Field(
            kind="textarea",
            name="reason",
            label=_("Reason"),
            value=request.POST.get("reason", ""),
            errors=(wrong,) if wrong else (),
            attributes={"maxlength": "400"},
        ),
    ]
