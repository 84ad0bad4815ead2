"""A department that does not answer within its limit: what its silence counts as is drawn, and stands still with it.

A timer on the border of a step may say what silence means there: `tb:silence="agreed"` (the step counts as if nothing
stood against it) or `"escalate"` (whoever settles disagreement hears of it). Its duration is the step's own limit. Such
a timer is that limit: while the clocks of the case stand still it is taken away, and set again for the day on which the
step is due when they go on (Administrative Licensing Law, 45: time that is not counted).

Disagreement is an opinion of `fail`, or a silence that escalates. Where the diagram has a step that settles it
(`tb:settles="true"`), a grant is refused as long as that step has not found for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from tongban.kernel.rules import Value

from .definition import Act, Definition, Node
from .state import State, Task
from .times import to_text

__all__ = ["AGREED", "ESCALATE", "SILENCES", "Opposition", "is_settled", "opposition", "silence_timers", "timers_anew"]

AGREED, ESCALATE = "agreed", "escalate"
SILENCES = (AGREED, ESCALATE)


class Opposition(NamedTuple):
    """A step whose answer stands against a grant: `fail`, or `silent`."""

    node: Node
    answer: str


def silence_timers(definition: Definition, state: State) -> list[int]:
    """The numbers of the timers that count the limits of steps."""
    return [timer.no for timer in state.timers if timer.node >= 0 and definition.nodes[timer.node].silence]


def timers_anew(
    definition: Definition, tasks: Iterable[Task], dues: Mapping[str, str], first: int
) -> list[dict[str, Any]]:
    """Timers for the days on which steps are due, numbered from `first`; `dues` are those that move just now."""
    found: list[dict[str, Any]] = []
    for task in tasks:
        for index in definition.boundaries[task.node]:
            due: datetime | str | None = dues.get(str(task.no), task.due)
            if not definition.nodes[index].silence or due is None:
                continue
            row: dict[str, Any] = {
                "no": first + len(found),
                "node": definition.nodes[index].id,
                "due": due if isinstance(due, str) else to_text(due),
                "task": task.no,
            }
            found.append(row | ({"copy": task.copy} if task.copy else {}))
    return found


def opposition(*, definition: Definition, state: State) -> tuple[Opposition, ...]:
    """What stands against a grant, as the answers are now; whether it was settled is another question."""
    found = []
    for node in definition.nodes:
        if node.act is Act.OPINION and _outcome(state.variables.get(node.variable)) == "fail":
            found.append(Opposition(node, "fail"))
        if node.silence == ESCALATE and _outcome(state.variables.get(node.variable)) == "silent":
            found.append(Opposition(definition.nodes[node.attached], "silent"))
    return tuple(found)


def is_settled(*, definition: Definition, state: State) -> bool:
    """Whether a step that settles disagreement has found for a grant, or the diagram has none."""
    settling = [node for node in definition.nodes if node.settles]
    return not settling or any(_outcome(state.variables.get(node.variable)) == "pass" for node in settling)


def _outcome(value: Value) -> object:
    return value.get("outcome") if isinstance(value, Mapping) else None
