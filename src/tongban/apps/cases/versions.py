"""The versions of its matter that a case has been on: what each entry of its log is to be read with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import PublishedMatter, get_numbered
from tongban.kernel import flow

__all__ = ["Versions", "versions_of"]


@dataclass(frozen=True, slots=True)
class Versions:
    """By entry of the log (the first at 0) the definition that held; the former processes by version, for a replay."""

    entries: tuple[MatterDefinition, ...]
    former: Mapping[int, flow.Definition]

    @property
    def all(self) -> tuple[MatterDefinition, ...]:
        """Every definition that it has been on, each once, the first first."""
        return tuple({id(each): each for each in self.entries}.values())

    def at(self, seq: int) -> MatterDefinition:
        """The definition under which that entry (from 1) happened."""
        return self.entries[seq - 1]

    def replay(self, *, history: Sequence[flow.Event], until: int) -> flow.State:
        """The state after that entry (from 1)."""
        kernel = [event for event in history[:until] if event.kind in flow.KINDS]
        return flow.replay(definition=self.at(until).process, events=kernel, former=self.former)


def versions_of(*, history: Sequence[flow.Event], current: PublishedMatter) -> Versions:
    """Return which version each entry belongs to; no query for a case that has never moved."""
    moves = [event for event in history if event.kind == "case.migrated"]
    if not moves:
        return Versions((current.definition,) * len(history), {})
    before = {
        number: get_numbered(code=current.code, version=number).definition
        for number in {int(event.data["from"]) for event in moves}
    }
    entries: list[MatterDefinition] = []
    coming = [before[int(event.data["from"])] for event in moves] + [current.definition]
    for event in history:
        if event.kind == "case.migrated":
            coming.pop(0)
        entries.append(coming[0])
    return Versions(tuple(entries), {number: found.process for number, found in before.items()})
