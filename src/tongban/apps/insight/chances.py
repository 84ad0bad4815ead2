"""How likely open steps are to be late: what is left of their limits, against how long such steps took before."""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.cases.queries.near import list_next_steps
from tongban.apps.cases.queries.rows import node_name
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.insight.models import StepTime

__all__ = ["BOUNDS", "FEWEST_STEPS", "LikelyStep", "bound_of", "list_likely"]

FEWEST_STEPS = 5
"""Of fewer earlier steps nothing is concluded."""
BOUNDS = tuple(dict.fromkeys(round(15 * 1.2**power) for power in range(46)))
"""Working minutes up to which steps are counted as one: from a quarter of an hour, each a fifth longer."""
_DAYS = 10
"""Working days ahead that are looked at."""
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyStep:
    """An open step that is not late yet. ``percent`` of its time is used, in working minutes since it was opened.

    Of ``known`` earlier ones that had taken as long as this one has by now, ``longer`` took longer than it has left.
    """

    case: int
    matter: Text
    step: Text
    department: str
    opened: datetime
    due: datetime
    percent: int
    known: int
    longer: int

    @property
    def is_known(self) -> bool:
        """Whether enough went before it to say how likely it is."""
        return self.known >= FEWEST_STEPS

    @property
    def chance(self) -> int:
        """How likely it will be late, in percent; where too little is known, the share of its time that is used."""
        return 100 * self.longer // self.known if self.is_known else self.percent


def bound_of(minutes: int) -> int:
    """Up to which bound a step of so many working minutes counts."""
    return BOUNDS[min(bisect_left(BOUNDS, minutes), len(BOUNDS) - 1)]


def list_likely(*, at: datetime, departments: Collection[str]) -> list[LikelyStep]:
    """Return the open steps of these departments that are due within 10 working days, likeliest to be late first.

    Of more than 200, the 200 that are due first. Four queries, however many cases there are.
    """
    calendar = get_calendar()
    until = calendar.end_of_day(calendar.add_working_days(calendar.local_date(at), _DAYS))
    steps = list_next_steps(departments=departments, since=at, until=until, limit=_MOST)
    versions = get_versions(version_ids={step.version_id for step in steps})
    times = _times({step.matter for step in steps})
    found = []
    for step in steps:
        spent = max(0, calendar.working_minutes(step.opened, at))
        left = max(0, calendar.working_minutes(at, step.due))
        counts = times.get((step.matter, step.node), {})
        definition = versions[step.version_id].definition
        found.append(
            LikelyStep(
                case=step.case,
                matter=definition.name,
                step=node_name(definition, step.node),
                department=step.department,
                opened=step.opened,
                due=step.due,
                percent=100 * spent // max(1, spent + left),
                known=_beyond(counts, spent),
                longer=_beyond(counts, spent + left),
            )
        )
    return sorted(found, key=lambda each: (-each.chance, -each.percent, each.due, each.case))


def _times(matters: Collection[str]) -> Mapping[tuple[str, str], Mapping[int, int]]:
    """How many steps took up to which bound, by matter and node; one query."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    rows = StepTime.objects.filter(matter__in=matters).values_list("matter", "node", "bound", "steps")
    for matter, node, bound, steps in rows:
        found.setdefault((matter, node), {})[bound] = steps
    return found


def _beyond(counts: Mapping[int, int], minutes: int) -> int:
    """How many took longer than so many minutes; those that were counted with it are not sure to have, and left out."""
    if not minutes:
        return sum(counts.values())
    bound = bound_of(minutes)
    return sum(steps for each, steps in counts.items() if each > bound)
