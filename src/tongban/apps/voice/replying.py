"""The reply to an inquiry: looked over before it is sent, beside what similar ones were answered; what it promises.

Nothing is held back by a rule: whoever sends it reads what was found and decides (docs/adr/0054).
"""

from datetime import datetime

from tongban.apps.cases.queries import Said, list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.voice.public import PublicInquiry
from tongban.apps.voice.replies.checking import Checked, check
from tongban.apps.voice.replies.kinds import InquiryKind
from tongban.apps.voice.similar import list_similar

__all__ = ["list_answered_alike", "look_over"]

_SHOWN = 3
_TRIED = 8


def look_over(*, number: int, reply: str, at: datetime) -> Checked | None:
    """What a reply answers, rests on, promises and shows, if it went out at ``at``; None where nobody said anything."""
    said = list_said(numbers=[number]).get(number)
    if said is None:
        return None
    return check(
        subject=said.subject,
        message=said.text,
        reply=reply,
        asked_at=said.filed_at,
        replied_at=at,
        calendar=get_calendar(),
        kind=_kind(said),
    )


def list_answered_alike(*, number: int) -> list[PublicInquiry]:
    """What was answered in public to inquiries like this one, the likest first; for whoever drafts a reply."""
    said = list_said(numbers=[number]).get(number)
    if said is None:
        return []
    found = list_similar(text=f"{said.subject} {said.text}", limit=_TRIED)
    return [each for each in found if each.reply and each.number != number][:_SHOWN]


def _kind(said: Said) -> InquiryKind | None:
    return InquiryKind(said.kind) if said.kind in set(InquiryKind) else None
