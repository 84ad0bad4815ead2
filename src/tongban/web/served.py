"""For which case, and for which applicant, a card lies on a clerk's counter: for half an hour, in their session."""

from datetime import datetime, timedelta

from tongban.web.requests import Request

__all__ = ["lies_there", "served_at_counter"]

_SERVED = "counter_case"
_KEPT = timedelta(minutes=30)


def lies_there(request: Request, *, number: int, served: str) -> None:
    """The card of ``served``, the applicant (by key) of a case, was shown now."""
    request.session[_SERVED] = {"case": number, "served": served, "until": (request.at + _KEPT).isoformat()}


def served_at_counter(request: Request, *, number: int) -> str:
    """The applicant (by key) of a case whose card was shown a short while ago; "" where none was."""
    kept = request.session.get(_SERVED)
    if not kept or kept["case"] != number or datetime.fromisoformat(kept["until"]) < request.at:
        return ""
    return str(kept["served"])
