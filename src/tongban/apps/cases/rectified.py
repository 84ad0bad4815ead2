"""What stands between the check of a pledge and its end: a day by which something can still be put right."""

from datetime import datetime

from tongban.apps.cases.errors import RectificationRunning
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Rectification
from tongban.apps.catalog.definitions import Rectify

__all__ = ["require_time_is_over", "rule_of", "settle"]

FAILS = "fail"


def rule_of(journal: Journal, task: int) -> Rectify | None:
    """What the matter says about putting right what this step finds; None where the step is no such check."""
    pledge = journal.definition.pledge
    if pledge is None or pledge.rectify is None:
        return None
    nodes = journal.definition.process.nodes
    here = any(each.no == task and nodes[each.node].id == pledge.rectify.step for each in journal.state.tasks)
    return pledge.rectify if here else None


def require_time_is_over(journal: Journal, task: int, *, outcome: str, at: datetime) -> None:
    """Raise ``RectificationRunning`` for a check that fails while what it found can still be put right."""
    if outcome != FAILS or rule_of(journal, task) is None:
        return
    row = Rectification.objects.filter(case=journal.case.number, task=task).first()
    if row is not None and row.state == Rectification.State.OPEN and at <= row.due:
        raise RectificationRunning(due=journal.calendar.local_date(row.due).isoformat())


def settle(*, number: int, task: int, outcome: str) -> None:
    """The check has ended: so has what was to be put right."""
    state = Rectification.State.BROKEN if outcome == FAILS else Rectification.State.KEPT
    Rectification.objects.filter(case=number, task=task).update(state=state)
