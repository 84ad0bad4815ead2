"""A process, compiled: integer-indexed tables that the token engine reads.

Places, on which tokens lie, are numbered: first the sequence flows, then one place a node (a token there waits in
the node), then one place a scope, where tokens that reached an end are kept until the scope as a whole ends, then one
place an incoming flow of a complex gateway, which remembers that it was taken in, then one place an activity that
repeats, where its finished rounds are counted. Keeping them makes every firing account for what
it consumed, which is what a return for rework needs.

What runs several times at once lies on copies of its places: copy `c` of place `p` is the token `c * size + p`. Copies
nest: number `i` (from 1) inside copy `c` is `c * COPIES + i`. A marking thus stays a sorted tuple of small integers,
and a process that repeats nothing has copy 0 only.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from tongban.kernel.clock import Limit
from tongban.kernel.rules import Expression

from .durations import TimerRule
from .errors import Problem
from .ports import Decisions

if TYPE_CHECKING:
    from .automaton import Place
    from .tokens import Walk

__all__ = [
    "ACTS",
    "COPIES",
    "SPECIAL",
    "Act",
    "Definition",
    "Extension",
    "Flow",
    "JoinReach",
    "Kind",
    "Lane",
    "Loop",
    "MessageFlow",
    "Node",
    "Participant",
    "Picture",
    "Scope",
    "Transfer",
    "Trigger",
    "copy_depth",
    "within",
]

COPIES = 1024
"""One more than how often something may run at the same time in one scope."""


def within(copy: int, outer: int) -> bool:
    """Whether a copy is another, or nested in it."""
    while copy > outer:
        copy //= COPIES
    return copy == outer


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
    THROW = 11  # passes, and tells somebody
    SCRIPT = 12  # an expression in FEEL, worked out at once
    EVENTS = 13  # an event-based gateway: waits for the first of the events behind it
    COMPLEX = 14  # a complex gateway that joins: goes on once its condition holds, then takes in what still comes


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


class Trigger(NamedTuple):
    """What an event waits for or tells: `timer`, `message`, `signal`, `error`, `escalation`, `conditional`, `link`.

    In processes that are only drawn also `compensation` and `cancel`. `names` are all by which it is known: name, code,
    id; none means any.
    """

    kind: str
    names: tuple[str, ...] = ()
    timer: TimerRule | None = None
    condition: Expression | None = None
    text: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.names[0] if self.names else ""

    def answers(self, kind: str, names: Iterable[str]) -> bool:
        """Whether something of this kind and name triggers it."""
        return self.kind == kind and (not self.names or any(name in self.names for name in names))


class Transfer(NamedTuple):
    """A value handed into or out of an activity."""

    target: str
    value: Expression


class Loop(NamedTuple):
    """How an activity repeats: once for each of a number or collection, or while a condition holds (`standard`).

    `condition` ends a multi-instance activity early, or keeps a standard loop going. `most` bounds a standard loop.
    """

    sequential: bool
    standard: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str = ""
    condition: Expression | None = None
    before: bool = False
    most: int = 0
    result: str = ""
    result_item: Expression | None = None


class Extension(NamedTuple):
    """An element of another vendor as it stood in the file: kept, never interpreted here."""

    name: str  # {namespace}local
    attributes: tuple[tuple[str, str], ...]
    text: str
    children: tuple[Extension, ...] = ()


class Participant(NamedTuple):
    """A pool. A black box has no process."""

    id: str
    name: str
    process: str


class MessageFlow(NamedTuple):
    """A message between two pools or nodes, by their ids. It moves no token."""

    id: str
    name: str
    source: str
    target: str


class Picture(NamedTuple):
    """Where the file draws things: boxes `x, y, width, height` and lines, by element id."""

    boxes: Mapping[str, tuple[float, float, float, float]]
    lines: Mapping[str, tuple[tuple[float, float], ...]]
    collapsed: frozenset[str]


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
    triggers: tuple[Trigger, ...] = ()
    loop: Loop | None = None
    script: Expression | None = None  # of a complex gateway its activation condition
    called: str = ""  # the id of the process that a call activity runs
    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()
    triggered: bool = False  # an event subprocess
    silence: str = ""  # of a timer on a border: what it counts as that the step was not done in time
    settles: bool = False  # whoever does it settles disagreement
    dispatches: bool = False  # whoever does it says which department is responsible
    hidden: bool = False  # not in the file: stands for a start that is not drawn
    attributes: tuple[tuple[str, str], ...] = ()  # of other vendors
    extensions: tuple[Extension, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a token stays in it until a command or a timer comes."""
        return self.kind in (Kind.TASK, Kind.CATCH, Kind.EVENTS) or self.decides_by_rule

    @property
    def variable(self) -> str:
        """The name under which conditions find what came of it: inside a called process, its id there."""
        return self.id.rpartition("/")[2]

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
    hidden: bool = False  # not in the file: from a link to its other end, or from a start that is not drawn


class Scope(NamedTuple):
    """The process itself (0) or an embedded subprocess."""

    node: int  # the subprocess, -1 for the process
    parent: int
    starts: tuple[int, ...]  # the flows on which its tokens begin
    places: frozenset[int]  # everything inside, at any depth
    done: int  # the place of tokens that have ended
    depth: int = 0  # in how many repeating things it lies
    frames: tuple[tuple[str, int], ...] = ()  # whose variables it sees, outermost first, and how many copies up
    handlers: tuple[int, ...] = ()  # the starts of its event subprocesses


class JoinReach(NamedTuple):
    """For one incoming flow of an inclusive join: from which places a token can still arrive on it."""

    flow: int
    places: int  # a bitset


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """An executable process. Immutable but for `memo` and `met`, which only remember what follows from it."""

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
    executable: bool = True
    assumed: tuple[Problem, ...] = ()  # what stands outside the file and was only taken to be there
    starts: tuple[int, ...] = ()  # the start events of the process: alternatives
    size: int = 0  # how many places there are
    rounds: Mapping[int, int] = field(default_factory=dict)  # node that repeats -> the place of its finished rounds
    seen: Mapping[int, int] = field(default_factory=dict)  # flow into a complex gateway -> the place that remembers it
    timed: tuple[
        tuple[int, ...], ...
    ] = ()  # by node, the events for which a token in it waits, but for those on its border
    reacts: bool = False  # something waits for a condition, or a signal is sent
    hears: bool = False  # something waits for a message or a signal
    framed: bool = False  # something has variables of its own
    steady: bool = True  # a step follows from marking, command and the answers at gateways, so it may be remembered
    participants: tuple[Participant, ...] = ()
    messages: tuple[MessageFlow, ...] = ()
    picture: Picture | None = None
    extensions: tuple[Extension, ...] = ()
    memo: dict[Any, Walk] = field(default_factory=dict, repr=False)
    met: dict[Any, Place] = field(default_factory=dict, repr=False)

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

    @property
    def looping(self) -> tuple[int, ...]:
        """The nodes that repeat, in the order of their places of finished rounds."""
        return tuple(self.rounds)

    def at(self, token: int) -> tuple[int, int]:
        """Copy and place of a token."""
        return divmod(token, self.size) if token >= self.size else (0, token)

    def standing(self, token: int) -> tuple[Node, int] | None:
        """The node in which a token stands, and in which copy; None on flows and ends."""
        copy, place = self.at(token)
        node = self.waiting(place)
        return None if node is None else (node, copy)

    def holds(self, node: Node, copy: int) -> bool:
        """Whether a token in this copy stands for the whole of an activity that repeats, not for one round."""
        return node.loop is not None and copy_depth(copy) == self.scopes[node.scope].depth

    def inside(self, node: Node, copy: int, marking: Iterable[int]) -> list[int]:
        """The tokens of an activity: the one in it, and all that run inside."""
        places = {self.place(node.index)}
        if node.inner >= 0:
            places |= self.scopes[node.inner].places
        if node.index in self.rounds:
            places.add(self.rounds[node.index])
        return [token for token in marking if self._lies(token, places, copy)]

    def of_scope(self, scope: int, copy: int, marking: Iterable[int]) -> list[int]:
        """The tokens inside one copy of a scope."""
        places = self.scopes[scope].places
        return [token for token in marking if self._lies(token, places, copy)]

    def _lies(self, token: int, places: Container[int], copy: int) -> bool:
        its, place = self.at(token)
        return place in places and within(its, copy)

    def outer(self, node: Node, copy: int) -> int:
        """In which copy the surroundings of a round, or of what runs inside an activity, lie."""
        return copy // COPIES if node.loop is not None or node.triggered else copy

    def frame(self, scope: int, copy: int) -> str:
        """Under which name the variables of the innermost frame are kept; empty for those of the case."""
        frames = self.scopes[scope].frames
        if not frames:
            return ""
        name, up = frames[-1]
        return f"{name}#{copy // COPIES**up}"

    def frames(self, scope: int, copy: int) -> Iterator[str]:
        """The names of all frames that are seen from a scope, outermost first."""
        for name, up in self.scopes[scope].frames:
            yield f"{name}#{copy // COPIES**up}"


def copy_depth(copy: int) -> int:
    """How many copies a copy is nested in."""
    depth = 0
    while copy:
        copy //= COPIES
        depth += 1
    return depth
