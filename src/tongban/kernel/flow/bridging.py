"""From one version of a process to another: which place of the old one is which of the new.

Steps, gateways and subprocesses are the same when they have the same id (or are said to be, by a mapping) and do the
same; a sequence flow is the same when it has the same id and leads to the same, or is the only one between the same
two nodes. Names, departments, limits, conditions and whatever lies beside the way may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from .definition import Act, Definition, Node

__all__ = ["Bridge", "Note", "Obstacle"]

_WORK = frozenset({Act.HANDLE, Act.REVIEW, Act.INSPECT, Act.OPINION})


class Obstacle(StrEnum):
    """Why a case cannot move to another version, and what to know of one that can."""

    OVER = "case.over"  # it is over, or has not begun
    NODE_GONE = "node.gone"  # something waits in a node that the new version does not have
    NODE_OTHER = "node.other"  # that node does something else there, or lies elsewhere
    FLOW_GONE = "flow.gone"  # a token waits on a flow that the new version does not have
    JOIN_OTHER = "join.other"  # it waits for other branches there
    STUCK = "end.stuck"  # the new version could not come to its end from there
    UNKNOWN = "end.unknown"  # there are too many ways on to look at all of them
    UNDECIDED = "end.undecided"  # it would end without a decision
    TWICE = "node.twice"  # a step could be open twice
    VARIABLE = "variable.missing"  # a condition ahead asks for what came of a new step that the case has passed by
    ANSWER = "answer.unfit"  # the form of the new version does not take the answers as they are
    # No obstacles, but good to know:
    TIMER_GONE = "timer.gone"
    TIMER_NEW = "timer.new"
    DEPARTMENT = "department.other"  # an open step goes to another department, and nobody has it there


class Note(NamedTuple):
    """One obstacle, or one thing to know, with the element of either version that it is about."""

    code: Obstacle
    element: str = ""
    name: str = ""
    detail: str = ""

    def __str__(self) -> str:
        where = f" {self.element}" if self.element else ""
        named = f" “{self.name}”" if self.name and self.name != self.element else ""
        return f"{self.code}{where}{named}{f': {self.detail}' if self.detail else ''}"


class Bridge:
    """Two versions of a process, and `mapping`: ids of nodes in the old one to those that they are in the new."""

    def __init__(self, old: Definition, new: Definition, mapping: Mapping[str, str] | None = None) -> None:
        self.old = old
        self.new = new
        self.mapping = dict(mapping or {})
        self.ahead: dict[tuple[tuple[int, ...], bool, bool], tuple[Note, ...]] = {}
        """What was found of a marking of the new version, for the next case in it."""
        self._nodes: dict[int, Node | Note] = {}

    def node(self, index: int) -> Node | Note:
        """The node of the new version that a node of the old one is, or why there is none."""
        if index not in self._nodes:
            self._nodes[index] = self._found(self.old.nodes[index])
        return self._nodes[index]

    def _found(self, node: Node) -> Node | Note:
        there = self.new.index.get(self.mapping.get(node.id, node.id))
        if there is None:
            return Note(Obstacle.NODE_GONE, node.id, node.name)
        found = self.new.nodes[there]
        if self._differs(node, found):
            return Note(Obstacle.NODE_OTHER, node.id, node.name, f"{_what(node)} → {_what(found)}")
        if self.scope(node.scope) != found.scope:
            return Note(Obstacle.NODE_OTHER, node.id, node.name, "in another subprocess")
        return found

    def _differs(self, node: Node, found: Node) -> bool:
        chosen = node.id in self.mapping  # who names both says that one kind of work stands for the other
        same_act = node.act is found.act or (chosen and node.act in _WORK and found.act in _WORK)
        return (
            node.kind is not found.kind
            or not same_act
            or (node.loop is None) != (found.loop is None)
            or (node.loop is not None and node.id != found.id)  # variables of rounds are kept under its id
            or node.triggered != found.triggered
            or tuple(one.kind for one in node.triggers) != tuple(one.kind for one in found.triggers)
        )

    def scope(self, scope: int) -> int | None:
        """The scope of the new version that one of the old is."""
        if scope == 0:
            return 0
        found = self.node(self.old.scopes[scope].node)
        return found.inner if isinstance(found, Node) else None

    def flow(self, index: int) -> int | Note:
        """The sequence flow of the new version that one of the old is, or why there is none."""
        flow = self.old.flows[index]
        target, source = self.node(flow.target), self.node(flow.source)
        if isinstance(target, Note):
            return target
        into = [self.new.flows[at] for at in self.new.ins[target.index]]
        same = [one for one in into if one.id == flow.id]
        if not same and isinstance(source, Node):
            same = [one for one in into if one.source == source.index]
        return same[0].index if len(same) == 1 else Note(Obstacle.FLOW_GONE, flow.id, flow.name)

    def place(self, place: int) -> int | Note:
        """The place of the new version that one of the old is, whichever copy of it."""
        old, new = self.old, self.new
        flows, nodes, scopes = len(old.flows), len(old.nodes), len(old.scopes)
        if place < flows:
            return self.flow(place)
        if place < flows + nodes:
            node = self.node(place - flows)
            return new.place(node.index) if isinstance(node, Node) else node
        if place < flows + nodes + scopes:
            scope = self.scope(place - flows - nodes)
            return Note(Obstacle.NODE_GONE) if scope is None else new.scopes[scope].done
        host = next(index for index, counted in old.rounds.items() if counted == place)
        node = self.node(host)
        return new.rounds[node.index] if isinstance(node, Node) else node

    def token(self, token: int) -> int | Note:
        """The token of the new version that one of the old is."""
        copy, place = self.old.at(token)
        found = self.place(place)
        return found if isinstance(found, Note) else copy * self.new.size + found

    def joins_alike(self, index: int) -> bool:
        """Whether a node of the old version is fed by the same flows in the new."""
        found = self.node(index)
        if isinstance(found, Note):
            return False
        return {self.flow(flow) for flow in self.old.ins[index]} == set(self.new.ins[found.index])


def _what(node: Node) -> str:
    repeats = " that repeats" if node.loop is not None else ""
    return f"{node.act or node.kind.name.lower()}{repeats}"
