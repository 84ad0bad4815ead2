"""The check of a pledge finds it not kept yet: to be put right by a day, then looked at once more (责令限期整改)."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.errors import (
    RectificationDays,
    RectificationGone,
    RectificationRunning,
    RectificationWordsMissing,
)
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Material, Rectification
from tongban.apps.cases.queries.rectifying import RECTIFICATION_FILES
from tongban.apps.cases.rectified import rule_of
from tongban.apps.cases.services.applicant import plain
from tongban.apps.cases.services.handed_in import add_materials
from tongban.apps.cases.services.way import lock, owner_capacity, permit, require_owner
from tongban.apps.cases.store import save
from tongban.apps.catalog.definitions import Rectify
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.kernel.clock import Limit

__all__ = [
    "answer_rectification",
    "note_missed_rectifications",
    "order_rectification",
    "order_until",
    "recount_rectifications",
]

log = logging.getLogger(__name__)


def order_rectification(*, number: int, task: int, days: int, words: str, actor: Actor, at: datetime) -> datetime:
    """Give the holder so many working days to put right what the check found; return by when.

    Once more only after an answer or a missed day, and never beyond the longest time from the first order. Raises
    ``RectificationGone`` where the step is no such check, ``RectificationRunning``, ``RectificationDays``,
    ``RectificationWordsMissing``, and what doing the step raises.
    """
    with whole():
        journal = lock(number, task=task)
        _step, capacity = permit(journal, task, actor=actor)
        rule = rule_of(journal, task)
        if rule is None:
            raise RectificationGone
        at = _not_before(journal, at)
        row = Rectification.objects.filter(case=number, task=task).first()
        if row is not None and row.state == Rectification.State.OPEN and at <= row.due:
            raise RectificationRunning(due=_day(journal, row.due))
        if not (said := plain(words)):
            raise RectificationWordsMissing
        due = _order(journal, rule, row, task=task, days=days, words=said, actor=actor, capacity=capacity, at=at)
        save([journal])
    return due


def order_until(
    journal: Journal, task: int, *, until: date, words: str, actor: Actor, capacity: str, at: datetime
) -> None:
    """Order with the record of a visit what it found, by that working day; the caller saves.

    Nothing where the step checks no pledge, or a day runs already: then the visit was before it, and the day stays.
    """
    rule = rule_of(journal, task)
    row = Rectification.objects.filter(case=journal.case.number, task=task).first()
    if rule is None or (row is not None and row.state == Rectification.State.OPEN and at <= row.due):
        return
    days = journal.calendar.working_days_between(journal.calendar.local_date(at), until)
    _order(journal, rule, row, task=task, days=days, words=words, actor=actor, capacity=capacity, at=at)


def _order(
    journal: Journal,
    rule: Rectify,
    row: Rectification | None,
    *,
    task: int,
    days: int,
    words: str,
    actor: Actor,
    capacity: str,
    at: datetime,
) -> datetime:
    due, last = _until(journal, rule, row, days, at)
    given = {"task": task, "days": days, "due": due, "last": last, "words": plain(words)}
    given |= {"state": Rectification.State.OPEN, "ordered_at": at, "ordered_by": actor.id}
    Rectification.objects.update_or_create(
        case_id=journal.case.number, defaults=given | {"answer": "", "answered_at": None}
    )
    data = {"task": task, "days": days, "due": due.isoformat()}
    journal.record(kind="rectification.ordered", data=data, actor=actor, capacity=capacity, at=at)
    return due


def answer_rectification(*, number: int, words: str, files: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """Say and show what was put right, in time or not, as long as the check is open; once for each order.

    By whose case it is. Raises ``RectificationGone``, ``RectificationWordsMissing``, ``NotYours``, ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        require_owner(journal.case, actor)
        at = _not_before(journal, at)
        row = Rectification.objects.filter(case=number).first()
        waiting = (Rectification.State.OPEN, Rectification.State.MISSED)
        if row is None or row.state not in waiting or rule_of(journal, row.task) is None:
            raise RectificationGone
        said = plain(words)
        if not said and not files:
            raise RectificationWordsMissing
        row.state, row.answer, row.answered_at = Rectification.State.ANSWERED, said, at
        row.save()
        there = Material.objects.filter(case=number).count()
        add_materials(journal, {RECTIFICATION_FILES: files}, first=1 + there, at=at)
        data = {"task": row.task, "materials": {RECTIFICATION_FILES: [str(file) for file in files]}}
        capacity = owner_capacity(journal.case, actor)
        journal.record(kind="rectification.answered", data=data, actor=actor, capacity=capacity, at=at)
        save([journal])


def note_missed_rectifications(*, at: datetime, limit: int = 200) -> int:
    """Put on record that nobody has answered by the day that was given; return of how many cases.

    Each is a transaction of its own. Nothing else follows by itself: who checks is told, and decides.
    """
    overdue = Rectification.objects.filter(state=Rectification.State.OPEN, due__lt=at).order_by("due")
    return sum(_miss(case, at) for case in list(overdue.values_list("case", flat=True)[:limit]))


def _miss(number: int, at: datetime) -> bool:
    with transaction.atomic():
        journal = lock(number)
        at = _not_before(journal, at)
        row = Rectification.objects.get(case=number)
        if row.state != Rectification.State.OPEN or at <= row.due:
            return False  # answered, or given anew, while this one waited
        is_open = rule_of(journal, row.task) is not None
        row.state = Rectification.State.MISSED if is_open else Rectification.State.OVER
        row.save(update_fields=["state"])
        if is_open:
            data = {"task": row.task, "due": row.due.isoformat()}
            journal.record(kind="rectification.missed", data=data, actor=SYSTEM, capacity="clock", at=at)
            save([journal])
        return is_open


def recount_rectifications(*, at: datetime) -> int:
    """The working calendar has changed: days to put something right move later, or stay; return of how many cases.

    The holder is told of the new day. Each is a transaction of its own; done again, it finds nothing.
    """
    rows = Rectification.objects.filter(state=Rectification.State.OPEN, due__gte=at).order_by("case")
    return sum(_recount(case, at) for case in list(rows.values_list("case", flat=True)))


def _recount(number: int, at: datetime) -> bool:
    with transaction.atomic():
        journal = lock(number)
        at = _not_before(journal, at)
        row = Rectification.objects.get(case=number)
        rule = rule_of(journal, row.task)
        if row.state != Rectification.State.OPEN or rule is None:
            return False
        due = max(row.due, journal.calendar.deadline(start=row.ordered_at, limit=Limit(row.days, rule.most.unit)))
        if due == row.due:
            return False
        data = {"task": row.task, "due": due.isoformat(), "was": row.due.isoformat()}
        row.due, row.last = due, max(row.last, due)
        row.save(update_fields=["due", "last"])
        journal.record(kind="rectification.moved", data=data, actor=SYSTEM, capacity="clock", at=at)
        save([journal])
        return True


def _until(
    journal: Journal, rule: Rectify, row: Rectification | None, days: int, at: datetime
) -> tuple[datetime, datetime]:
    """By when, and the last day that can be given: counted from the first order. Raises ``RectificationDays``."""
    calendar = journal.calendar
    last = row.last if row is not None else calendar.deadline(start=at, limit=rule.most)
    least = rule.least.amount if row is None else 1
    fits = least <= days <= rule.most.amount
    due = calendar.deadline(start=at, limit=Limit(days, rule.most.unit)) if fits else last
    if not fits or due > last:
        raise RectificationDays(least=least, last=_day(journal, last))
    return due, last


def _not_before(journal: Journal, at: datetime) -> datetime:
    updated = journal.state.updated
    return at if updated is None else max(at, updated)


def _day(journal: Journal, at: datetime) -> str:
    return journal.calendar.local_date(at).isoformat()
