"""Carrying out what was granted about somebody's data: what it does and what stays is said before it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.queries import get_case
from tongban.apps.rights.errors import NotToCarryOut
from tongban.apps.rights.queries import get_carried_out, preview
from tongban.apps.rights.services import carry_out, record_look
from tongban.kernel.flow import Refused
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.rights import carried_words

__all__ = ["carry"]


@official("handler", "clerk")
@require_http_methods(["GET", "POST"])
def carry(request: Request, number: int) -> HttpResponse:
    """What would be done; pressed, it is done and the case delivered."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=case, actor=request.actor, at=request.at)
    if request.method == "POST":
        try:
            carry_out(number=number, actor=request.actor, at=request.at)
            messages.success(request, _("Done. The person reads on their page what was done and what stays."))
        except (NotToCarryOut, Refused) as refused:
            messages.error(request, error_words(refused))
        return redirect("desk:carry_out", number=number)
    carried = get_carried_out(case=number) or preview(number=number, actor=request.actor, at=request.at)
    context = {
        "row": case.row,
        "carried": carried,
        "done": [carried_words(each) for each in carried.done],
        "kept": [carried_words(each) for each in carried.kept],
        "groups": side_groups(actor=request.actor),
    }
    return render(request, "desk/carry_out.html", context)
