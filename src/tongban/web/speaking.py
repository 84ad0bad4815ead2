"""A draft that is filled in while somebody speaks: read back, agreed to, filed, and back to the call."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse

from tongban.apps.calls.queries import get_consent, get_spoken
from tongban.apps.calls.services import note_filed
from tongban.apps.catalog.definitions import Text
from tongban.apps.intake.errors import DraftFiled
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.web.requests import Request

__all__ = ["after_call", "read_back", "spoken_in"]


def read_back(draft: DraftView) -> Text | None:
    """What the caller says yes to once the draft was read back to them; None where nobody is on the telephone."""
    return get_consent() if draft.channel == "phone" else None


def spoken_in(request: Request, draft: UUID) -> Mapping[str, str] | None:
    """That the caller of the open call, for whom the draft is, has said yes; None where nobody is on the telephone.

    Raises ``NotShown`` when somebody else calls, or nobody any more. A draft that was filed needs it no more.
    """
    try:
        view = get_draft(draft=draft, actor=request.actor, at=request.at)
    except DraftFiled:
        return None
    if view.channel != "phone":
        return None
    spoken = get_spoken(applicant=view.applicant_key, matter=view.definition.code, actor=request.actor, at=request.at)
    return spoken[1]


def after_call(request: Request, number: int, spoken: Mapping[str, str] | None) -> str:
    """Put the filing into the log of the call and lead back there; "" where nobody is on the telephone."""
    if not spoken:
        return ""
    call = int(spoken["call"])
    note_filed(number=call, case=number, actor=request.actor, at=request.at)
    return reverse("window:told_case", kwargs={"call": call, "number": number})
