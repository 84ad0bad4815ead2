"""Patterns that evade the clock, found along the log: what is allowed each time, and telling when it happens often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from tongban.apps.cases.queries.near import ClockFact, list_clock_facts
from tongban.apps.catalog.city import get_calendar, get_supervision
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.supervision import Thresholds
from tongban.apps.catalog.queries import get_versions
from tongban.apps.insight.models import Evasion, Standing
from tongban.apps.ledger.services import Followed
from tongban.kernel.clock import Calendar, Unit

__all__ = [
    "PATTERNS",
    "WATCHED",
    "EvasionCount",
    "EvasionRow",
    "count_evasions",
    "find_evasions",
    "find_standstills",
    "list_cases_with",
    "list_evasions",
]

PATTERNS = ("long_pause", "asked_late", "accepted_late", "withdrawn_near", "last_hour")
WATCHED = (
    *("clock.paused", "clock.resumed", "supplement.requested", "case.accepted", "case.withdrawn", "case.decided"),
    "case.closed",
)
_MOST = 200
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EvasionCount:
    """How often a department did it in a matter."""

    department: str
    matter: str
    matter_name: Text
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvasionRow:
    """One case in which it happened. ``measure`` is in the pattern's own unit: working days, percent or minutes."""

    case: int
    department: str
    matter: Text
    at: datetime
    measure: int


# --- along the log ----------------------------------------------------------------------------------------------------


def find_evasions(events: Sequence[Followed], at: datetime) -> None:
    """Write down what these events show, once for a case and a pattern, by the thresholds in force as it is read."""
    facts = list_clock_facts(numbers={each.case for each in events})
    standing = {row.case: row for row in Standing.objects.filter(case__in=facts)}
    limits, calendar = get_supervision().thresholds, get_calendar()
    found: list[Evasion] = []
    for each in events:
        fact = facts.get(each.case)
        if fact is None:
            continue
        row = standing.setdefault(each.case, Standing(case=each.case))
        shown = _shown(each, fact, row, limits, calendar)
        if shown is not None:
            pattern, measure = shown
            found.append(_evasion(pattern, each.case, fact, each.event.at, measure))
        _move(row, each)
    _write(found)
    kept = [row for row in standing.values() if not row.is_over]
    Standing.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["case"], update_fields=["paused_since", "was_asked"]
    )
    Standing.objects.filter(case__in=[row.case for row in standing.values() if row.is_over]).delete()


@transaction.atomic
def find_standstills(*, at: datetime) -> int:
    """Write down which clocks have stood still for long and still do; return how many are new, 500 at most.

    The log says nothing while nothing happens, so the worker asks from time to time. When the clock runs again the
    measure becomes the whole time. Of a case whose clock runs by now, its own log will say how long it stood.
    """
    calendar = get_calendar()
    limit = get_supervision().thresholds.pause_days
    first = calendar.add_working_days(calendar.local_date(at), -limit)
    known = Evasion.objects.filter(case=OuterRef("case"), pattern="long_pause")
    rows = Standing.objects.filter(~Exists(known), paused_since__lt=calendar.end_of_day(first))
    standing = dict(rows.order_by("paused_since", "case").values_list("case", "paused_since")[:_BATCH])
    facts = list_clock_facts(numbers=standing)
    found = []
    for case, since in standing.items():
        fact = facts.get(case)
        days = calendar.count(unit=Unit.WORKING_DAYS, start=since, end=at) if since is not None else 0
        if fact is not None and fact.paused and days >= limit:
            found.append(_evasion("long_pause", case, fact, at, days))
    _write(found)
    return len(found)


def _evasion(pattern: str, case: int, fact: ClockFact, at: datetime, measure: int) -> Evasion:
    return Evasion(
        pattern=pattern,
        case=case,
        department=fact.authority,
        matter=fact.matter,
        version_id=fact.version_id,
        at=at,
        measure=measure,
    )


def _write(found: Sequence[Evasion]) -> None:
    """Once for a case and a pattern; of a standstill that was seen before, how long it has become."""
    pauses = {row.case: row for row in found if row.pattern == "long_pause"}
    Evasion.objects.bulk_create([row for row in found if row.pattern != "long_pause"], ignore_conflicts=True)
    Evasion.objects.bulk_create(
        pauses.values(), update_conflicts=True, unique_fields=["case", "pattern"], update_fields=["measure"]
    )


def _shown(
    followed: Followed, fact: ClockFact, row: Standing, limits: Thresholds, calendar: Calendar
) -> tuple[str, int] | None:
    """The pattern that an event shows, and how much of it; None mostly. What the system did itself shows none."""
    event = followed.event
    match event.kind:
        case "clock.resumed" if row.paused_since is not None:
            days = calendar.count(unit=Unit.WORKING_DAYS, start=row.paused_since, end=event.at)
            return ("long_pause", days) if days >= limits.pause_days else None
        case "supplement.requested" if fact.accepted_at is None or event.at < fact.accepted_at:
            days = calendar.count(unit=Unit.WORKING_DAYS, start=fact.filed_at, end=event.at)
            return ("asked_late", days) if days >= limits.answered_on_day else None
        case "case.accepted" if event.capacity != "system" and not event.data.get("silent") and not row.was_asked:
            days = calendar.count(unit=Unit.WORKING_DAYS, start=fact.filed_at, end=event.at)
            return ("accepted_late", days) if days >= limits.answered_on_day else None
        case "case.withdrawn" if fact.accepted_at is not None and fact.promised_due is not None:
            whole = max(1, calendar.working_minutes(fact.accepted_at, fact.promised_due))
            percent = 100 * calendar.working_minutes(fact.accepted_at, event.at) // whole
            return ("withdrawn_near", percent) if percent >= limits.withdrawn_percent else None
        case "case.decided" if event.capacity != "system" and fact.promised_due is not None:
            left = calendar.working_minutes(event.at, fact.promised_due)
            in_time = event.at <= fact.promised_due
            return ("last_hour", left) if in_time and left <= limits.last_minutes else None
    return None


def _move(row: Standing, followed: Followed) -> None:
    match followed.event.kind:
        case "clock.paused":
            row.paused_since = row.paused_since or followed.event.at
        case "clock.resumed":
            row.paused_since = None
        case "supplement.requested":
            row.was_asked = True
        case "case.withdrawn" | "case.decided" | "case.closed":
            row.is_over = True


# --- what pages show --------------------------------------------------------------------------------------------------


def count_evasions(*, since: datetime | None) -> list[EvasionCount]:
    """Return how often each pattern was shown by department and matter since then, the most first; two queries."""
    rows = Evasion.objects.all() if since is None else Evasion.objects.filter(at__gte=since)
    counted = rows.order_by().values_list("department", "matter", "pattern").annotate(count=Count("id"))
    found: dict[tuple[str, str], dict[str, int]] = {}
    for department, matter, pattern, count in counted:
        found.setdefault((department, matter), {})[pattern] = count
    names = _names({matter for _, matter in found})
    lines = [
        EvasionCount(department=department, matter=matter, matter_name=names[matter], counts=counts)
        for (department, matter), counts in found.items()
    ]
    return sorted(lines, key=lambda each: (-sum(each.counts.values()), each.department, each.matter))


def list_evasions(*, pattern: str, department: str, matter: str, since: datetime | None) -> list[EvasionRow]:
    """Return the cases behind a count, the latest first, 200 at most; two queries. Empty: of all."""
    given = {"department": department, "matter": matter}
    rows = Evasion.objects.filter(pattern=pattern, **{name: value for name, value in given.items() if value})
    rows = rows if since is None else rows.filter(at__gte=since)
    found = list(rows.order_by("-at", "case")[:_MOST])
    versions = get_versions(version_ids={row.version_id for row in found})
    return [
        EvasionRow(
            case=row.case,
            department=row.department,
            matter=versions[row.version_id].definition.name,
            at=row.at,
            measure=row.measure,
        )
        for row in found
    ]


def list_cases_with(*, pattern: str) -> set[int]:
    """Return the numbers of the cases in which a pattern was seen; one query."""
    return set(Evasion.objects.filter(pattern=pattern).values_list("case", flat=True))


def _names(matters: set[str]) -> dict[str, Text]:
    """What these matters are called, by the newest version of which something was found."""
    rows = Evasion.objects.filter(matter__in=matters).order_by().values_list("matter", "version_id").distinct()
    latest = dict(sorted(rows))
    versions = get_versions(version_ids=set(latest.values()))
    return {matter: versions[version].definition.name for matter, version in latest.items()}
