"""When the calendar changes after the fact: a holiday announced late, a day made up for (docs/adr/0040)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.calendars import changed_days, exceptions_of
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Case, Recount, Recounted, Task
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.services.rectifying import recount_rectifications
from tongban.apps.cases.services.way import Facts, facts_of
from tongban.apps.cases.store import save
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger import queries as ledger
from tongban.apps.people.errors import SealBroken
from tongban.kernel import flow
from tongban.kernel.clock import Calendar

__all__ = ["Redated", "note_calendar", "redate_cases"]

log = logging.getLogger(__name__)

BATCH = 200
_COLUMNS = (
    "number",
    "matter_version",
    "matter",
    "authority",
    "applicant_name",
    "channel",
    "reason",
    "state",
    "status",
    "outcome",
    "last_seq",
    "last_hash",
    "promised_due",
    "statutory_due",
    "paused",
    "procedure_due",
    "later_due",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redated:
    """What came of a recount: how many open cases were looked at, of how many a date moved, became late, are stuck.

    ``recount`` is its number, 0 where nothing was written; ``days`` what the calendar changed, as far as is known.
    """

    recount: int
    looked: int
    moved: int
    late: int
    stuck: int
    days: Mapping[str, str]


def note_calendar(*, at: datetime) -> None:
    """Put down by which calendar limits are counted now, if that was never done: what changes later shows by it."""
    if not Recount.objects.exists():
        Recount.objects.create(
            notice="", exceptions=exceptions_of(get_calendar()), begun_at=at, finished_at=at, days={}
        )


def redate_cases(*, notice: str, at: datetime, dry_run: bool = False) -> Redated:
    """Count the open limits of all cases that are not over anew by the calendar as it is now.

    Case by case what is in its log, in batches of a constant number of reads, each one transaction with the place it
    has come to: broken off at any instant, the next call goes on from there. Cases that are right already stay
    untouched. ``dry_run`` writes nothing.
    """
    calendar = get_calendar()
    row = _begin(notice=notice, calendar=calendar, at=at, dry_run=dry_run)
    late = stuck = 0
    while True:
        with transaction.atomic():
            if not dry_run:  # another run that goes on with the same one waits here
                row = Recount.objects.select_for_update().get(pk=row.pk)
                if row.finished_at is not None:
                    break
            batch = _Batch.read(after=row.cursor, locked=not dry_run)
            if not batch.cases:
                break
            batch.count(row, calendar=calendar, at=at)
            row.cursor, row.looked = batch.cases[-1].number, row.looked + len(batch.cases)
            row.moved += len(batch.rows)
            late, stuck = late + sum(each.late for each in batch.rows), stuck + batch.stuck
            if not dry_run:
                save(batch.journals)
                Recounted.objects.bulk_create(batch.rows)
                row.save(update_fields=["cursor", "looked", "moved"])
    if not dry_run:
        _finish(row, at)
        recount_rectifications(at=at)
    return Redated(recount=row.pk or 0, looked=row.looked, moved=row.moved, late=late, stuck=stuck, days=dict(row.days))


def _begin(*, notice: str, calendar: Calendar, at: datetime, dry_run: bool) -> Recount:
    """The recount to go on with, or a new one; for a dry run one that is not saved."""
    exceptions = exceptions_of(calendar)
    open_row = Recount.objects.filter(finished_at=None).order_by("-id").first()
    if open_row is not None and open_row.exceptions == exceptions and not dry_run:
        return open_row
    before = Recount.objects.exclude(finished_at=None).order_by("-id").first()
    days = changed_days(calendar=calendar, before=before.exceptions) if before is not None else {}
    row = Recount(notice=notice, days=days, exceptions=exceptions, begun_at=at)
    if not dry_run:
        Recount.objects.filter(finished_at=None).update(finished_at=at)  # the calendar has changed once more meanwhile
        row.save()
    return row


def _finish(row: Recount, at: datetime) -> None:
    """A recount that found nothing of a calendar that is the same is none."""
    baseline = Recount.objects.exclude(pk=row.pk).exists()
    if not row.moved and not row.days and baseline:
        Recount.objects.filter(pk=row.pk).delete()
        return
    Recount.objects.filter(pk=row.pk, finished_at=None).update(finished_at=at)


@dataclass(slots=True)
class _Batch:
    """Some open cases by number, with what was read for all of them at once."""

    cases: Sequence[Case]
    histories: Mapping[int, Sequence[flow.Event]]
    dues: Mapping[int, Mapping[int, datetime]]
    journals: list[Journal]
    rows: list[Recounted]
    stuck: int = 0

    @classmethod
    def read(cls, *, after: int, locked: bool) -> "_Batch":
        found = Case.objects.filter(closed_at=None, number__gt=after).order_by("number").only(*_COLUMNS)
        cases = list((found.select_for_update(of=("self",)) if locked else found)[:BATCH])
        numbers = [case.number for case in cases]
        dues: dict[int, dict[int, datetime]] = {number: {} for number in numbers}
        if not cases:
            return cls(cases=(), histories={}, dues={}, journals=[], rows=[])
        for case, no, due in Task.objects.filter(case__in=numbers, finished=None).values_list("case", "no", "due"):
            dues[case][no] = due
        return cls(cases=cases, histories=ledger.list_histories(cases=numbers), dues=dues, journals=[], rows=[])

    def count(self, row: Recount, *, calendar: Calendar, at: datetime) -> None:
        for case in self.cases:
            journal = _journal(case, calendar)
            command = _command(journal, row)
            try:
                changed = journal.recount(
                    command=command,
                    history=self.histories.get(case.number, []),
                    dues=self.dues[case.number],
                    at=_later(journal, at),
                )
            except (flow.Refused, SealBroken) as problem:
                log.error("case %s cannot be counted anew: %s", case.number, problem.code)
                self.stuck += 1
                continue
            if changed:
                self.journals.append(journal)
                self.rows.append(_row(row, journal))


def _journal(case: Case, calendar: Calendar) -> Journal:
    definition = get_version(version_id=case.matter_version_id).definition
    return Journal(
        case=case,
        definition=definition,
        calendar=calendar,
        state=flow.state_from_json(case.state),
        operations=OPERATIONS,
        facts=Facts(lambda: facts_of(definition, open_answers(answers=case.answers))),
    )


def _command(journal: Journal, row: Recount) -> flow.Recount:
    case, state = journal.case, journal.state
    told = {} if state.decided is not None else {"promised": case.promised_due, "statutory": case.statutory_due}
    specs = journal.definition.materials
    return flow.Recount(
        notice=row.notice,
        told={name: due for name, due in told.items() if due is not None},
        days=row.days,
        later={spec.code: spec.follow_within for spec in specs if spec.follow_within is not None},
    )


def _later(journal: Journal, at: datetime) -> datetime:
    last = journal.state.updated
    return at if last is None else max(at, last)


def _row(recount: Recount, journal: Journal) -> Recounted:
    row = Recounted(recount=recount, case_id=journal.case.number)
    data: Mapping[str, Any] = next(
        (entry.event.data for entry in journal.events if entry.event.kind == "clock.recounted"), {}
    )
    for name in ("promised", "statutory"):
        if name in data.get("before", {}):
            setattr(row, f"{name}_before", datetime.fromisoformat(data["before"][name]))
            setattr(row, f"{name}_after", datetime.fromisoformat(data["after"][name]))
    timers = data.get("timers", {}).get("cancelled", ())
    row.others = len(data.get("dues", ())) + len(timers) + ("supplement_was" in data)
    row.kept = sum(data.get("kept", {}).values())
    row.late = bool(data.get("late"))
    return row
