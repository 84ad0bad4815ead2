"""What everybody may read of an inquiry: proposed with personal data covered, published by a person, taken back again.

个人信息保护法 asks that no more is published than must be. A rule proposes, a person has the last look.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongban.apps.cases.queries import list_parties, list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import NothingSaid, NotToPublish, StillPersonal, UnknownInquiry
from tongban.apps.voice.models import Inquiry, Topic
from tongban.apps.voice.permissions import coordinating_department, require_look
from tongban.apps.voice.text.masking import Span, find, mask

__all__ = ["WITHHELD", "Proposal", "propose", "publish", "withhold"]

WITHHELD = ("personal", "offends", "secret", "campaign", "nothing")
"""Why something is not public: it is about private persons, it offends, it holds secrets, it is organised, or it says
nothing to others."""
_SUBJECT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An inquiry as it could be read by all. ``subject`` and ``text`` are covered; ``covered`` counts what was.

    ``words`` are those as they were said, for the person who looks.
    """

    number: int
    subject: str
    text: str
    reply: str
    covered: int
    words: str
    published: bool
    withheld: str
    may_publish: bool


def propose(*, number: int, actor: Actor, at: datetime) -> Proposal:
    """What would be published of an inquiry and its answer; what was published, where it is.

    Raises ``UnknownInquiry``, ``NotForThem``.
    """
    row = _row(number, actor, at)
    said = list_said(numbers=[number]).get(number)
    words = f"{said.subject}\n{said.text}".strip() if said else ""
    reply = said.reply if said else ""
    spans = find(said.subject) + find(said.text) + find(reply) if said else []
    return Proposal(
        number=number,
        subject=row.public_subject or (mask(said.subject)[:_SUBJECT] if said else ""),
        text=row.public_text or (mask(said.text) if said else ""),
        reply=row.public_reply or mask(reply),
        covered=len(spans),
        words=words,
        published=row.published_at is not None,
        withheld=row.withheld,
        may_publish=row.may_publish,
    )


@transaction.atomic
def publish(*, number: int, subject: str, text: str, reply: str = "", actor: Actor, at: datetime) -> None:
    """Make an inquiry public in these words. Again, with a reply or other words, when it is public already.

    Raises ``UnknownInquiry``, ``NotForThem``, ``NotToPublish`` where the speaker did not agree, ``NothingSaid``, and
    ``StillPersonal`` where a number in it is surely somebody's.
    """
    row = _row(number, actor, at, lock=True)
    if not row.may_publish:
        raise NotToPublish("whoever said it did not agree to its being public")
    if not text.strip():
        raise NothingSaid("there is nothing to read")
    for words in (subject, text, reply):
        if sure := [each for each in find(words) if each.sure]:
            raise StillPersonal("this is surely somebody's", words=_shown(words, sure[0]))
    row.public_subject, row.public_text, row.public_reply = subject.strip()[:_SUBJECT], text.strip(), reply.strip()
    row.published_at = row.published_at or at
    row.withheld, row.looked_by_id = "", actor.user_id
    row.save()
    if row.topic is not None:
        Topic.objects.filter(pk=row.topic).update(stale=True)


@transaction.atomic
def withhold(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Keep an inquiry from the public, or take it back. ``reason`` is one of ``WITHHELD``. Raises as ``publish``."""
    assert reason in WITHHELD
    row = _row(number, actor, at, lock=True)
    row.withheld, row.looked_by_id, row.published_at = reason, actor.user_id, None
    row.public_subject = row.public_text = row.public_reply = ""
    row.save()
    # What stands for its topic before everybody may have been these words: it is chosen anew.
    if row.topic is not None:
        Topic.objects.filter(pk=row.topic).update(face=None, public_words=[], public_places=[], stale=True)


def _row(number: int, actor: Actor, at: datetime, *, lock: bool = False) -> Inquiry:
    rows = Inquiry.objects.select_for_update() if lock else Inquiry.objects.all()
    row = rows.filter(pk=number).first()
    if row is None:
        raise UnknownInquiry("there is no such inquiry")
    authority = list_parties(numbers=[number])[number].authority
    coordinating = coordinating_department(on=get_calendar().local_date(at))
    require_look(actor=actor, authority=authority, coordinating=coordinating)
    return row


def _shown(text: str, span: Span) -> str:
    """Enough of it to find it in the text, not enough to use it."""
    words = text[span.start : span.end]
    return f"{words[:3]}…{words[-2:]}" if len(words) > 6 else words
