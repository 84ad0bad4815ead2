"""A department that lets its time in a joint review go by is shown a red card, whatever its silence counts as.

When the time is over the clock ends the step, so nobody finds it open and late any more: what says so is the log, and
this follows it. By the same rules as any other step, once, with the same answers and appeals (docs/adr/0037).
"""

from collections.abc import Sequence
from datetime import datetime

from tongban.apps.cases.queries.near import list_silent_steps
from tongban.apps.catalog.city import get_calendar, get_supervision
from tongban.apps.ledger.services import Followed
from tongban.apps.supervision.issuing import found_of_steps, issue_found, percent_used
from tongban.apps.supervision.models import Card

__all__ = ["WATCHED", "card_silences"]

WATCHED = ("timer.fired",)


def card_silences(events: Sequence[Followed], at: datetime) -> None:
    """Show a red card for each step that ended because its department had not answered; a constant number of reads."""
    silent = {(each.case, each.event.task): each.event.at for each in events if "silent" in each.event.data}
    steps = list_silent_steps(steps=silent)
    if not steps:
        return
    rules, calendar = get_supervision(), get_calendar()
    red = Card.objects.filter(case__in={step.case for step in steps}, colour="red")
    there = set(red.values_list("case", "task"))
    for found in found_of_steps(steps, rules, calendar):
        over = silent[found.case, found.task]
        late = rules.since is None or calendar.local_date(found.due) >= rules.since
        if late and (found.case, found.task) not in there and found.rule.colour(percent=100, late=True) == "red":
            percent = percent_used(total=found.total, due=found.due, at=over, calendar=calendar)
            issue_found(found, "red", percent, calendar, at)
