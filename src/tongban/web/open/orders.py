"""Where an order is, without signing in: its parts, and each part as tracking shows a case."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tongban.apps.intake.errors import UnknownOrder
from tongban.apps.intake.orders.tracking import TrackedOrder, TrackedPart, track_order
from tongban.web.access import public
from tongban.web.limits import unlisted
from tongban.web.requests import Request

__all__ = ["order", "part"]


@public
@unlisted
@require_safe
def order(request: Request) -> HttpResponse:
    """The order that this browser has just shown the right digits for; for some minutes."""
    found = _tracked_order(request)
    if found is None:
        return redirect("open:track")
    segments = [{"name": each.name, "state": _state(each)} for each in found.parts]
    return render(request, "open/tracked_order.html", {"order": found, "segments": segments})


@public
@unlisted
@require_safe
def part(request: Request, number: int) -> HttpResponse:
    """One of its cases, under the digits that were shown for the order."""
    found = _tracked_order(request)
    if found is None or found.case(number) is None:
        return redirect("open:track")
    request.session["tracked"] = {**request.session["tracked_order"], "number": number}
    return redirect("open:tracked")


def _tracked_order(request: Request) -> TrackedOrder | None:
    kept = request.session.get("tracked_order")
    if not kept or kept["until"] < request.at.isoformat():
        request.session.pop("tracked_order", None)
        return None
    try:
        return track_order(number=kept["number"], ending=kept["ending"])
    except UnknownOrder:
        return None


def _state(part: TrackedPart) -> str:
    if part.case is not None and part.case.status == "supplement":
        return "waiting"
    if part.case is not None:
        return "done" if part.case.outcome or part.case.closed_at else "active"
    return {"wanted": "waiting", "stopped": "done", "filed": "active"}.get(part.state, "ahead")
