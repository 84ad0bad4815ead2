"""Four eyes: nobody reviews or decides what they handled themselves, in their own name or in somebody's place.

A matter asks for it with ``four_eyes``, or by having its decisions drafted (``drafted_at``). Whoever acts in an absent
colleague's place is held to it in every matter: a stand-in must not bring the same eyes to a case twice.
"""

from collections.abc import Iterable, Sequence

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.kernel import flow

__all__ = ["people_of", "same_eyes"]

_HANDLING = frozenset({"handle", "inspect", "opinion"})
_JUDGING = frozenset({"review", "decide"})
_DONE = frozenset({"task.completed", "task.reported", "task.proposed"})


def people_of(*, actor: str, capacity: str) -> frozenset[str]:
    """Whose eyes these are: who acted, and in whose place."""
    if capacity.startswith(flow.STAND_IN):
        return frozenset({actor, capacity.removeprefix(flow.STAND_IN)})
    return frozenset({actor})


def applies(*, act: str, capacity: str, definition: MatterDefinition) -> bool:
    """Whether it has to be looked at for a step of this kind."""
    asked = definition.four_eyes or bool(definition.drafted_at)
    return act in _JUDGING and (asked or capacity.startswith(flow.STAND_IN))


def same_eyes(
    *, act: str, actor: str, capacity: str, definition: MatterDefinition, history: Sequence[flow.Event]
) -> bool:
    """Whether who would judge now has handled the case before, work that was returned since included."""
    if not applies(act=act, capacity=capacity, definition=definition):
        return False
    now = people_of(actor=actor, capacity=capacity)
    return any(now & people_of(actor=event.actor, capacity=event.capacity) for event in _handled(definition, history))


def _handled(definition: MatterDefinition, history: Iterable[flow.Event]) -> Iterable[flow.Event]:
    nodes = definition.process.nodes
    index = definition.process.index
    for event in history:
        if event.kind in _DONE and event.node in index and str(nodes[index[event.node]].act) in _HANDLING:
            yield event
