"""Counting along the log: what people were spared by what was on file, and how long steps took."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from tongban.apps.cases.queries import list_parties
from tongban.apps.insight.chances import bound_of
from tongban.apps.insight.models import Reuse, StepTime
from tongban.apps.ledger.services import Followed

__all__ = ["ENDING", "KINDS", "count_reuse", "count_times"]

KINDS = ("case.filed",)
ENDING = ("case.accepted", "case.refused", "task.completed", "case.decided", "case.delivered")
"""Kinds of events that end a step of a department, and say how long it took."""
_COUNTED = ("questions", "papers", "trips", "pages")


def count_reuse(events: Sequence[Followed], at: datetime) -> None:
    """Add what these filings spared. Each event is counted once: its place in the log moves in the same transaction."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("cases", *_COUNTED), 0))
    for each in events:
        about = each.event.data.get("about", {})
        reused = about.get("reused")
        if reused:
            counts = found[about["matter"]]
            counts["cases"] += 1
            for name in _COUNTED:
                counts[name] += reused.get(name, 0)
    for matter, counts in sorted(found.items()):
        Reuse.objects.get_or_create(matter=matter)
        Reuse.objects.filter(pk=matter).update(**{name: F(name) + count for name, count in counts.items()})


def count_times(events: Sequence[Followed], at: datetime) -> None:
    """Count how long the steps that somebody ended took since they were opened, in working minutes; each once.

    What a rule or a register has done at once, and what silence has accepted, says nothing of how long people take.
    """
    of_people = [each for each in events if each.event.capacity != "system"]
    ended = [each for each in of_people if each.event.node and each.event.opened is not None]
    parties = list_parties(numbers={each.case for each in ended})
    found = Counter(
        (parties[each.case].matter, each.event.node, bound_of((each.event.waiting or 0) + (each.event.working or 0)))
        for each in ended
        if each.case in parties
    )
    for (matter, node, bound), steps in sorted(found.items()):
        row, _made = StepTime.objects.get_or_create(matter=matter, node=node, bound=bound)
        StepTime.objects.filter(pk=row.pk).update(steps=F("steps") + steps)
