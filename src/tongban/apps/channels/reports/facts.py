"""What there is to report at a time, for all readers at once: a constant number of queries, and one for 500 steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tongban.apps.audits.queries import AuditCounts, count_waiting_by_department
from tongban.apps.cases.queries.awaited import TaskFact, list_claimed_until
from tongban.apps.catalog.city import get_calendar, get_supervision
from tongban.apps.catalog.queries import PublishedMatter, get_versions
from tongban.apps.halls.queries import ServedDay, list_served
from tongban.apps.insight.queries import EvasionCount, LikelyStep, count_evasions, list_likely
from tongban.apps.people.queries import get_department_names
from tongban.apps.supervision.queries import DepartmentCards, count_appealed, count_by_department, count_unanswered

__all__ = ["Facts", "gather", "is_morning", "since_of"]

_LIKELY = 70
"""From so many percent on a step is reported as likely to be late."""
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``due``: steps due by the end of the next working day, by who has them. The rest is of ``since`` until ``at``."""

    at: datetime
    since: datetime
    due: Mapping[int, Sequence[TaskFact]]
    versions: Mapping[int, PublishedMatter]
    likely: Sequence[LikelyStep]
    cards: Mapping[str, DepartmentCards]
    unanswered: Mapping[str, int]
    appealed: int
    patterns: Sequence[EvasionCount]
    audits: Mapping[str, AuditCounts]
    served: Sequence[ServedDay]


def is_morning(*, at: datetime) -> bool:
    """Whether reports go out: on a working day of the city, make-up days included, in the hours that it gives."""
    calendar, hours = get_calendar(), get_supervision().reports
    local = at.astimezone(calendar.timezone)
    return calendar.is_working_day(local.date()) and hours.since <= local.time() < hours.until


def since_of(*, weekly: bool, at: datetime) -> datetime:
    """From when on it is reported: the beginning of the working day before, or of the week before."""
    calendar = get_calendar()
    today = calendar.local_date(at)
    day = today - timedelta(days=7) if weekly else calendar.add_working_days(today, -1)
    return datetime.combine(day, time(0), calendar.timezone)


def gather(*, at: datetime, weekly: bool) -> Facts:
    """Read all of it."""
    calendar, departments = get_calendar(), sorted(get_department_names())
    since, today = since_of(weekly=weekly, at=at), calendar.local_date(at)
    midnight = datetime.combine(today, time(0), calendar.timezone)
    due: dict[int, list[TaskFact]] = {}
    if not weekly:
        until = calendar.end_of_day(calendar.add_working_days(today, 1))
        after = (0, 0)
        while page := list_claimed_until(until=until, after=after, limit=_PAGE):
            for each in page:
                due.setdefault(each.claimed_by or 0, []).append(each)
            after = (page[-1].case, page[-1].no)
    count_unanswered(departments=departments)  # read at once, then one by one from what is kept
    return Facts(
        at=at,
        since=since,
        due=due,
        versions=get_versions(version_ids={each.version_id for steps in due.values() for each in steps}),
        likely=[
            each for each in list_likely(at=at, departments=departments) if each.is_known and each.chance >= _LIKELY
        ],
        cards={each.department: each for each in count_by_department(at=at, since=since)},
        unanswered={each: count_unanswered(departments=[each]) for each in departments},
        appealed=count_appealed(),
        patterns=count_evasions(since=since),
        audits=count_waiting_by_department(at=at),
        served=list_served(since=since, until=midnight),
    )
