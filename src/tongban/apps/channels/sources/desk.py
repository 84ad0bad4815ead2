"""What officials are told without an event: a limit that is near, and that they stand in from today."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tongban.apps.cases.queries.awaited import list_claimed_until
from tongban.apps.cases.queries.recounts import count_recounted_by_holder, list_recounts
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_versions
from tongban.apps.channels.choosing import step_name
from tongban.apps.channels.telling import Telling
from tongban.apps.people.queries import list_colleagues, list_persons_of, list_stand_ins_begun
from tongban.kernel.clock import Limit

__all__ = ["NEAR", "limits", "recounted", "standing_in"]

NEAR = Limit.parse("1 working days")
"""So long before a step is due, whoever has it is told."""
_BEGUN = timedelta(days=3)
_AT_ONCE = 500


def limits(at: datetime) -> Iterator[Telling]:
    """Yield, for each step in somebody's hands, that it is due within a working day or was not done in time."""
    calendar = get_calendar()
    until = calendar.deadline(start=at, limit=NEAR)
    after = (0, 0)
    while page := list_claimed_until(until=until, after=after, limit=_AT_ONCE):
        people = list_persons_of(users=[each.claimed_by for each in page if each.claimed_by is not None])
        versions = get_versions(version_ids={each.version_id for each in page})
        for each in page:
            person = people.get(each.claimed_by or 0)
            if person is None:
                continue
            definition, due = versions[each.version_id].definition, calendar.local_date(each.due).isoformat()
            step = step_name(definition, each.node)
            yield Telling(
                person_id=person,
                kind="desk_limit",
                key=f"task:{each.case}/{each.no}:limit:{due}:{person}",
                at=at,
                case=each.case,
                desk=True,
                params={
                    "matter": {"zh": definition.name.zh, "en": definition.name.en},
                    "step": {"zh": step.zh, "en": step.en},
                    "due": due,
                },
            )
        after = (page[-1].case, page[-1].no)


def standing_in(at: datetime) -> Iterator[Telling]:
    """Yield, to each official, whom they stand in for since a few days at most."""
    today = get_calendar().local_date(at)
    for each in list_stand_ins_begun(on=today, since=today - _BEGUN):
        yield Telling(
            person_id=each.person,
            kind="desk_stand_in",
            key=f"stand-in:{each.id}:{each.person}",
            at=at,
            desk=True,
            params={"absent": {"zh": each.absent[0], "en": each.absent[1]}, "until": each.until.isoformat()},
        )


def recounted(at: datetime) -> Iterator[Telling]:
    """Yield, once for each recount of limits, of how many of their cases days have moved, however many there are.

    To who has a step in hand; of steps that nobody has, to those who decide in the department.
    """
    for each in list_recounts(limit=5):
        if each.finished_at is None or each.finished_at < at - _BEGUN:
            continue
        counts = _by_user(each.id)
        people = list_persons_of(users=counts)
        for user, count in sorted(counts.items()):
            if user in people:
                yield Telling(
                    person_id=people[user],
                    kind="desk_recounted",
                    key=f"recount:{each.id}:{people[user]}",
                    at=at,
                    desk=True,
                    params={"notice": each.notice, "count": str(count)},
                )


def _by_user(recount: int) -> dict[int, int]:
    rows = count_recounted_by_holder(recount=recount)
    colleagues = list_colleagues(departments={row.department for row in rows if row.holder is None})
    counts: dict[int, int] = {}
    for row in rows:
        leading = [
            each.user_id
            for each in colleagues
            if each.user_id is not None and each.has_role("decider", department=row.department)
        ]
        for user in leading if row.holder is None else [row.holder]:
            counts[user] = counts.get(user, 0) + row.cases
    return counts
