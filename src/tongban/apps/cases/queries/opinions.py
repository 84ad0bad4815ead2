"""Who reads what the departments of a joint review say, and when: as the matter has it (``opinions``).

``open``: every official at once. ``together``: nobody reads another department before all have said theirs, so that
none leans on the first. ``lead``: only the lead department. A department always reads its own, and whoever settles
disagreement and whoever oversees reads all. What is not to be read is taken out here, before any page or interface sees
it; that somebody has answered, and when, is for all to see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tongban.apps.cases.models import Case
from tongban.apps.cases.permissions import is_overseer
from tongban.apps.cases.queries.views import TaskView, TimelineEntry
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = ["LEAD", "OPEN", "TOGETHER", "Reader", "may_read"]

OPEN, TOGETHER, LEAD = "open", "together", "lead"
_SAYING = frozenset({"task.completed", "task.proposed", "task.reported", "cosign.signed", "cosign.objected"})
_SAID = frozenset({"outcome", "opinion", "reason", "result", "data", "set"})
"""What of an event tells an opinion: in words, or as conditions see it."""


def may_read(*, rule: str, department: str, actor: Actor, lead: str, settling: Iterable[str], complete: bool) -> bool:
    """Whether the actor may know what ``department`` has said. ``complete``: no department has still to answer."""
    if rule == OPEN or department in actor.departments or is_overseer(actor):
        return True
    if not actor.departments.isdisjoint(settling):
        return True
    if rule == TOGETHER:
        return complete and bool(actor.departments)
    return lead in actor.departments


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader of one case, and what is kept from them."""

    rule: str
    actor: Actor
    lead: str
    settling: frozenset[str]
    complete: bool
    steps: frozenset[str]

    @classmethod
    def of(cls, *, case: Case, definition: MatterDefinition, state: flow.State, actor: Actor) -> "Reader":
        """The reader of a case as it stands now."""
        nodes = definition.process.nodes
        giving = {node.index for node in nodes if node.act is flow.Act.OPINION}
        return cls(
            rule=definition.opinions,
            actor=actor,
            lead=case.authority_id,
            settling=frozenset(node.department for node in nodes if node.settles),
            complete=not any(task.node in giving for task in state.tasks),
            steps=frozenset(nodes[index].id for index in giving),
        )

    def of_step(self, task: TaskView) -> TaskView:
        """A step, without what it says where that is kept back."""
        if task.node not in self.steps or task.finished is None or self._may_read(task.department):
            return task
        return replace(task, outcome="", opinion="", withheld=True)

    def of_entry(self, entry: TimelineEntry) -> TimelineEntry:
        """A line of the log, the same."""
        if entry.kind not in _SAYING or entry.step not in self.steps or self._may_read(entry.department):
            return entry
        return replace(entry, data={key: value for key, value in entry.data.items() if key not in _SAID})

    def _may_read(self, department: str) -> bool:
        return may_read(
            rule=self.rule,
            department=department,
            actor=self.actor,
            lead=self.lead,
            settling=self.settling,
            complete=self.complete,
        )
