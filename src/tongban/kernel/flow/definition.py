"""A process, compiled: integer-indexed tables that the token engine reads.

Places, on which tokens lie, are numbered: first the sequence flows, then one place a node (a token there waits in
the node), then one place a scope, where tokens that reached an end are kept until the scope as a whole ends. Keeping
them makes every firing account for what it consumed, which is what a return for rework needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from tongban.kernel.clock import Limit
from tongban.kernel.rules import Expression

from .durations import TimerRule
from .ports import Decisions

if TYPE_CHECKING:
    from .tokens import Walk

__all__ = ["ACTS", "SPECIAL", "Act", "Definition", "Flow", "JoinReach", "Kind", "Lane", "Node", "Scope"]


class Kind(IntEnum):
    """What a node does with a token."""

    START = 0
    END = 1
    TERMINATE = 2
    TASK = 3  # waits for a person or a service
    RULE = 4  # decided by a decision table at once
    CATCH = 5  # waits for a timer
    BOUNDARY = 6
    EXCLUSIVE = 7
    PARALLEL = 8
    INCLUSIVE = 9
    SUBPROCESS = 10


class Act(StrEnum):
    """What a task is for in the life of a case; which command finishes it."""

    ACCEPT = "accept"
    HANDLE = "handle"
    REVIEW = "review"
    INSPECT = "inspect"
    OPINION = "opinion"
    DECIDE = "decide"
    DELIVER = "deliver"
    SERVICE = "service"
    RULE = "rule"


ACTS: tuple[Act, ...] = tuple(act for act in Act if act not in (Act.SERVICE, Act.RULE))
"""The acts that a diagram may give to a person's task."""

SPECIAL: tuple[str, ...] = ("hearing", "inspection", "testing", "expert_review", "other")
"""Special procedures, whose time is not counted (Administrative Licensing Law, 45)."""


class Lane(NamedTuple):
    """A department's band of the diagram."""

    id: str
    name: str
    name_en: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node as read from the diagram."""

    index: int
    id: str
    name: str
    name_en: str
    element: str
    kind: Kind
    line: int
    scope: int
    lane: int = -1
    department: str = ""
    act: Act | None = None
    limit: Limit | None = None
    special: str = ""
    operation: str = ""
    decision: str = ""
    result: str = ""
    outcomes: tuple[str, ...] = ()
    timer: TimerRule | None = None
    attached: int = -1
    interrupting: bool = True
    inner: int = -1

    @property
    def waits(self) -> bool:
        """Whether a token stays in it until a command or a timer comes."""
        return self.kind in (Kind.TASK, Kind.CATCH) or self.decides_by_rule

    @property
    def decides_by_rule(self) -> bool:
        """A decision table that decides the case itself."""
        return self.kind is Kind.RULE and self.act is Act.DECIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow."""

    index: int
    id: str
    name: str
    name_en: str
    source: int
    target: int
    line: int
    text: str = ""
    condition: Expression | None = None
    default: bool = False


class Scope(NamedTuple):
    """The process itself (0) or an embedded subprocess."""

    node: int  # the subprocess, -1 for the process
    parent: int
    starts: tuple[int, ...]  # the flows on which its tokens begin
    places: frozenset[int]  # everything inside, at any depth
    done: int  # the place of tokens that have ended


class JoinReach(NamedTuple):
    """For one incoming flow of an inclusive join: from which places a token can still arrive on it."""

    flow: int
    places: int  # a bitset


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """An executable process. Immutable but for `memo`, which only remembers what the tables imply."""

    id: str
    name: str
    name_en: str
    source: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    scopes: tuple[Scope, ...]
    index: Mapping[str, int]
    ins: tuple[tuple[int, ...], ...]
    outs: tuple[tuple[int, ...], ...]
    boundaries: tuple[tuple[int, ...], ...]
    conditional: tuple[bool, ...]
    joins: Mapping[int, tuple[JoinReach, ...]]
    decisions: Mapping[str, Decisions]
    departments: Mapping[str, str]  # what general names such as `authority` stand for in this matter
    has_accept: bool
    has_special: bool
    automatic: frozenset[int]  # places of rules that decide the case
    memo: dict[Any, Walk] = field(default_factory=dict, repr=False)

    def node(self, node_id: str) -> Node:
        """The node of that id. Raises `KeyError`."""
        return self.nodes[self.index[node_id]]

    def place(self, node: int) -> int:
        """The place of a token that waits in a node."""
        return len(self.flows) + node

    def waiting(self, place: int) -> Node | None:
        """The node in which a token on that place waits; None for flows and ends."""
        at = place - len(self.flows)
        return self.nodes[at] if 0 <= at < len(self.nodes) else None
