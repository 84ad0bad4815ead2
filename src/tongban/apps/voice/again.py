"""Looked into once more: whoever is not content with an answer asks for it once.

It is a case of its own that points to the first: that one has its answer, its log and its figures (docs/adr/0056).
"""

from datetime import datetime, timedelta

from django.db import transaction

from tongban.apps.cases.queries import get_own_case, list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_applicant
from tongban.apps.voice.errors import AgainTooEarly, AgainTooLate, AskedAgain, UnknownInquiry
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.speakers import key_of
from tongban.apps.voice.speaking import Speaker, Words, speak

__all__ = ["WITHIN", "ask_again", "may_ask_again"]

WITHIN = timedelta(days=30)
"""So long after the answer it can be asked for."""


def may_ask_again(*, number: int, actor: Actor, at: datetime) -> bool:
    """Whether the actor's inquiry has been answered, not too long ago, and was not looked into once more already."""
    row = Inquiry.objects.filter(pk=number).select_related("case", "again").first()
    return row is not None and _refused(row, at) is None


@transaction.atomic
def ask_again(*, number: int, why: str, actor: Actor, at: datetime) -> int:
    """File the actor's answered inquiry once more, with what is not right about the answer; return the new number.

    Raises ``UnknownInquiry`` for what is not theirs, ``AgainTooEarly``, ``AgainTooLate``, ``AskedAgain``, and what
    ``speak`` raises.
    """
    get_own_case(number=number, actor=actor, at=at)
    row = Inquiry.objects.select_for_update(of=("self",)).filter(pk=number).select_related("case").first()
    said = list_said(numbers=[number]).get(number)
    if row is None or said is None:
        raise UnknownInquiry("there is no such inquiry of theirs")
    if (refused := _refused(row, at)) is not None:
        raise refused
    day = get_calendar().local_date(at)
    held = get_applicant(actor=actor, key=f"person:{actor.person_id}", on=day)
    words = Words(
        text=f"{why.strip()}\n\n{said.text}"[:5000],
        kind=row.kind,
        subject=said.subject,
        district=said.district if said.district == row.district else "",
        place=said.place,
        published=row.may_publish,
    )
    speaker = Speaker(key=key_of(actor), applicant=held, name=row.pseudonym)
    again = speak(words=words, speaker=speaker, channel="web", actor=actor, at=at)
    Inquiry.objects.filter(pk=again).update(again_of=row)
    return again


def _refused(row: Inquiry, at: datetime) -> AgainTooEarly | AgainTooLate | AskedAgain | None:
    decided = row.case.decided_at
    if decided is None:
        return AgainTooEarly("it is not answered yet")
    if hasattr(row, "again") or row.again_of_id is not None:
        return AskedAgain("it was looked into once more already")
    if at > decided + WITHIN:
        return AgainTooLate("it was answered too long ago", days=WITHIN.days)
    return None
