"""Commands around calls. Each locks the call and writes its log in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.calls.calling_back import (
    give_up,
    hand_over,
    note_done,
    note_not_reached,
    promise,
    sweep_call_backs,
)
from tongban.apps.calls.checklists import send_checklist
from tongban.apps.calls.errors import CallOpen, NoPhoneDesk, NotShown, TriesUsed
from tongban.apps.calls.models import Call, Level, Try
from tongban.apps.calls.queries import get_caller, get_consent, get_told_case
from tongban.apps.calls.reach import LONGEST, desk_of, find_call, plain_telephone
from tongban.apps.calls.record import begin_call, put_on_record
from tongban.apps.calls.showing import Shown, compare
from tongban.apps.calls.sweeping import end_forgotten, sweep_calls
from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.city import get_phone
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.sealing import seal, telephone_hash

__all__ = [
    "Outcome",
    "begin",
    "end",
    "end_forgotten",
    "give_up",
    "hand_over",
    "note_done",
    "note_filed",
    "note_not_reached",
    "promise",
    "send_checklist",
    "show",
    "sweep_call_backs",
    "sweep_calls",
    "tell",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of trying to show who one is. ``left``: how often they may try again in this call.

    ``concerned``: whom they said they were, where that is one person, whether or not it was shown. It is for the
    record of who was looked at, and for no screen.
    """

    passed: bool
    left: int
    concerned: int | None = None


@transaction.atomic
def begin(*, actor: Actor, telephone: str, key: UUID, at: datetime) -> int:
    """Begin a call and return the number of its log; ``telephone`` "" where the caller hides it.

    The same form sent again gives the same call. Raises ``NoPhoneDesk``, ``TelephoneUnfit``, and ``CallOpen`` while
    the clerk has another call; one that was forgotten is ended first.
    """
    department = desk_of(actor)
    if not department or actor.user_id is None:
        raise NoPhoneDesk
    number = plain_telephone(telephone)
    before = Call.objects.select_for_update().filter(user=actor.user_id, ended_at=None).first()
    if before is not None and before.begun_at > at - LONGEST:
        if before.key == key:
            return before.number
        raise CallOpen(number=before.number)
    if before is not None:
        _end(before, actor_id=SYSTEM.id, at=at)
    row = Call(user_id=actor.user_id, department=department, key=key, begun_at=at)
    row.telephone_sealed, row.telephone_hash = (seal(number), telephone_hash(number)) if number else ("", "")
    try:
        with transaction.atomic():
            begin_call(row, actor_id=actor.id, at=at)
            row.save(force_insert=True)
    except IntegrityError:  # pressed twice at once, or a press of before sent again
        held = Call.objects.filter(user=actor.user_id, key=key).first()
        if held is None:
            raise CallOpen from None
        return held.number
    return row.number


@transaction.atomic
def show(*, number: int, way: str, answers: Mapping[str, str], actor: Actor, at: datetime) -> Outcome:
    """Compare what the caller says with what is on file; all that ``way`` asks must fit.

    A refused try is on record like one that passes, and counts: for the call, and for whom was called for. Who was
    called for in vain too often is refused by telephone for a while, whatever is said. Raises ``UnknownCall``,
    ``CallOver``, ``TriesUsed``, ``NotShown`` for a way that the city does not know.
    """
    row, rule = find_call(number=number, actor=actor, at=at, lock=True), get_phone()
    asked = rule.ways.get(way)
    if asked is None:
        raise NotShown
    if row.tries >= rule.tries:
        raise TriesUsed
    shown = compare(way=asked, answers=answers)
    person = int(shown.key.partition(":")[2]) if shown.key.startswith("person:") else None
    level = "" if _stopped(shown.key, at) else rule.opens(way=way, fitting=shown.fitting)
    if level == Level.PERSON and person is None:  # an organisation speaks through somebody, who is not known here
        level = ""
    Try.objects.create(call=row, at=at, way=way, whose=shown.key, passed=bool(level))
    if not level:
        row.tries += 1
        put_on_record(row, "call.not_shown", actor_id=actor.id, at=at, data={"way": way, "try": row.tries})
        return Outcome(passed=False, left=rule.tries - row.tries, concerned=person)
    _remember(row, level, way, shown, person)
    case = {"case": f"{row.case:016d}"} if row.case is not None else {}
    put_on_record(row, "call.shown", actor_id=actor.id, at=at, data={"way": way, "opens": level, **case})
    return Outcome(passed=True, left=rule.tries - row.tries, concerned=person)


@transaction.atomic
def tell(*, number: int, case: int, actor: Actor, at: datetime) -> CaseView:
    """Tell the caller where a case stands: it comes back, no more of it than tracking shows, and is on record as told.

    Raises ``UnknownCall``, ``CallOver``, ``NotShown``, ``UnknownCase``.
    """
    view = get_told_case(number=number, case=case, actor=actor, at=at)
    row = find_call(number=number, actor=actor, at=at, lock=True)
    put_on_record(row, "call.told", actor_id=actor.id, at=at, data={"case": f"{case:016d}"})
    return view


@transaction.atomic
def note_filed(*, number: int, case: int, actor: Actor, at: datetime) -> None:
    """Put on record what was filed for the caller, with the words that they said yes to. Raises as ``tell``."""
    get_caller(number=number, actor=actor, at=at)
    row, words = find_call(number=number, actor=actor, at=at, lock=True), get_consent()
    data = {"case": f"{case:016d}", "words": words.zh}
    put_on_record(row, "call.filed", actor_id=actor.id, at=at, data=data)


@transaction.atomic
def end(*, number: int, actor: Actor, at: datetime) -> None:
    """The caller has hung up: nothing is told in this call any more. Ended already, it stays so.

    Raises ``UnknownCall``.
    """
    row = find_call(number=number, actor=actor, at=at, lock=True, over=True)
    if row.ended_at is None:
        _end(row, actor_id=actor.id, at=at)


def _end(row: Call, *, actor_id: str, at: datetime) -> None:
    row.ended_at = at
    put_on_record(row, "call.ended", actor_id=actor_id, at=at, data={"level": row.level} if row.level else {})


def _remember(row: Call, level: str, way: str, shown: Shown, person: int | None) -> None:
    """One caller is one: whoever was shown before is replaced, never added to."""
    row.level, row.way, row.person_id = level, way, person
    row.organisation_id = shown.key.partition(":")[2] if shown.key.startswith("organisation:") else None
    row.case = shown.case if level == Level.CASE else None


def _stopped(whose: str, at: datetime) -> bool:
    rule = get_phone()
    in_vain = Try.objects.filter(whose=whose, passed=False, at__gt=at - rule.within)
    return bool(whose) and in_vain.count() >= rule.refusals
