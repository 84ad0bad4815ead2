"""The rows of cases: one read that a command needs, and everything that it changed written in one go.

By plain statements, because this is what every step of every case runs (docs/adr/0009).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.base import ModelState

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.journal import Journal, Step
from tongban.apps.cases.models import BrokenPledge, Case, Material, Rating, Sending, Task, Timer, Waiting
from tongban.apps.evidence import services as evidence
from tongban.apps.ledger import services as ledger
from tongban.apps.ledger.statements import Statement, Statements, columns_of

__all__ = ["read_for_change", "read_step", "save"]

_CASE = (
    "number",
    "matter_version_id",
    "matter",
    "authority_id",
    "person_id",
    "organisation_id",
    "agent_id",
    "applicant_name",
    "channel",
    "reason",
    "state",
    "last_seq",
    "last_hash",
)
"""What commands ask of a case. Django fetches any other column if something does ask for it."""

_STEP = ("no", "act", "department", "claimed_by_id", "finished", "finished_by")


def read_for_change(
    run: Statements, *, number: int, task: int = 0
) -> tuple[Case, Callable[[], Mapping[str, Any]], Step | None]:
    """Return a case, locked until the transaction ends, its answers unread, and one of its steps; one query.

    Raises ``UnknownCase``. SQLite has no row locks: there the transaction has taken the whole database as it began.
    """
    row = run.fetch(_reading(), [task, number])
    if row is None:
        raise UnknownCase
    answers, *found = row
    case = Case.__new__(Case)  # as `Case.from_db` does, without its signals
    case._state = ModelState()
    case._state.adding, case._state.db = False, DEFAULT_DB_ALIAS
    vars(case).update(zip(_CASE, found, strict=False))
    return case, partial(json.loads, answers), _step(*found[len(_CASE) :])


def read_step(*, number: int, task: int) -> Step | None:
    """Return a step of a case by itself."""
    row = Task.objects.filter(case=number, no=task).values_list(*_STEP).first()
    return None if row is None else _step(*row)


def _step(no: int | None, act: str, department: str, claimed: int | None, ended: object, by: str) -> Step | None:
    return None if no is None else Step(no, act, department, claimed, ended is None, by)


@cache
def _reading() -> Statement:
    columns = ", ".join([*(f"c.{name}" for name in ("answers", *_CASE)), *(f"t.{name}" for name in _STEP)])
    lock = " FOR UPDATE OF c" if connection.features.has_select_for_update_of else ""
    joined = '"case" c LEFT JOIN task t ON t.case_id = c.number AND t.no = %s'
    sql = f"SELECT {columns} FROM {joined} WHERE c.number = %s{lock}"  # noqa: S608
    return Statement(sql, sql.replace("%s", "?"))


def save(journals: Iterable[Journal]) -> None:
    """Write journals in the caller's transaction: rows, events, certificates together or not at all."""
    batch = list(journals)
    run = (batch[0].statements if batch else None) or Statements()
    with run.together():
        _write(run, batch)
    if sent := [each for journal in batch for each in journal.sent]:
        Sending.objects.bulk_create(sent)


def _write(run: Statements, batch: Sequence[Journal]) -> None:
    new = [each.case for each in batch if each.new]
    if new:
        run.insert_objects(Case, new)
    opened: list[Sequence[Any]] = []
    entries: list[ledger.Entry] = []
    for each in batch:
        if not each.new:
            _change(run, each)
        opened += map(_row_of_step(), each.opened.values())
        entries += each.events
    if opened:
        run.insert(Task, opened)
    _write_beside(run, batch)
    ledger.append(entries=entries, run=run)


@cache
def _row_of_step() -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    return itemgetter(*columns_of(Task))


def _write_beside(run: Statements, batch: Sequence[Journal]) -> None:
    """What few steps have."""
    with_more = [each for each in batch if each.has_more]
    if not with_more:
        return
    run.insert(Timer, [(each.case.number, no, due) for each in with_more for no, due in each.timers_set.items()])
    run.insert(Waiting, [(each.case.number, *key, at) for each in with_more for key, at in each.waiting_set.items()])
    run.insert_objects(Material, [material for each in with_more for material in each.materials])
    run.insert_objects(Rating, [rating for each in with_more for rating in each.ratings])
    run.insert_objects(BrokenPledge, [broken for each in with_more for broken in each.broken])
    certificates = [certificate for each in with_more for certificate in each.certificates]
    evidence.issue_certificates(certificates=certificates, run=run)


def _change(run: Statements, journal: Journal) -> None:
    """Bring the rows of a case that was there before up to date: what has changed, and nothing else."""
    number = journal.case.number
    if changes := journal.changes():
        run.update(Case, changes, {"number": number})
    for no, values in journal.changed.items():
        run.update(Task, values, {"case_id": number, "no": no})
    for no in journal.timers_gone:
        run.execute(_TIMER_GONE, [number, no])
    for kind, name in journal.waiting_gone:
        run.execute(_WAITING_GONE, [number, kind, name])


_TIMER_GONE = Statement(
    "DELETE FROM timer WHERE case_id = %s AND no = %s", "DELETE FROM timer WHERE case_id = ? AND no = ?"
)

_WAITING_GONE = Statement(
    "DELETE FROM waiting WHERE case_id = %s AND kind = %s AND name = %s",
    "DELETE FROM waiting WHERE case_id = ? AND kind = ? AND name = ?",
)
