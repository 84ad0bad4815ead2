"""A process while it is being read: nodes and flows so far, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lxml import etree

from .definition import Extension, Flow, Lane, MessageFlow, Node, Participant, Picture
from .errors import Problem
from .ports import Decisions
from .vocabulary import BPMN, INSTEAD, PROPERTIES, SUPPORTED, TB

__all__ = ["Draft", "foreign", "foreign_child", "line_of", "local_name", "text_of"]

_DEEPEST = 20


def local_name(element: etree._Element) -> str:
    """The name without namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def line_of(element: etree._Element) -> int:
    """The line on which it begins, 0 when unknown."""
    line: int | None = element.sourceline  # type: ignore[assignment]  # the stubs say `...`
    return line or 0


def text_of(element: etree._Element) -> str:
    """All of its text, CDATA included."""
    return "".join(str(part) for part in element.itertext()).strip()


def foreign(element: etree._Element, key: str) -> str:
    """An attribute of another vendor by its local name, or nothing."""
    for raw, value in element.attrib.items():
        name = etree.QName(raw)
        if name.localname == key and name.namespace not in (None, BPMN, TB):
            return str(value).strip()
    return ""


def foreign_child(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """The extension elements of that local name, also inside others: `foreign_child(e, "ioMapping", "input")`."""
    level = list(element.iterfind(f"{{{BPMN}}}extensionElements"))
    for name in path:
        level = [child for one in level for child in one if local_name(child) == name]
    yield from level


def extension_of(element: etree._Element, depth: int = 0) -> Extension:
    """An element of another vendor, as plain values."""
    inner = (child for child in element if isinstance(child.tag, str)) if depth < _DEEPEST else ()
    return Extension(
        str(element.tag),
        tuple((str(key), str(value)) for key, value in element.attrib.items()),
        (element.text or "").strip(),
        tuple(extension_of(child, depth + 1) for child in inner),
    )


def kept(element: etree._Element) -> dict[str, Any]:
    """What other vendors say of an element: their attributes and extension elements."""
    attributes = tuple(
        (str(key), str(value))
        for key, value in element.attrib.items()
        if etree.QName(key).namespace not in (None, BPMN, TB)
    )
    extensions = tuple(
        extension_of(child)
        for found in element.iterfind(f"{{{BPMN}}}extensionElements")
        for child in found
        if isinstance(child.tag, str)
    )
    return {"attributes": attributes, "extensions": extensions}


class RawFlow(NamedTuple):
    """A sequence flow before its ends are known."""

    element: etree._Element
    prefix: str


@dataclass(slots=True)
class Draft:
    """A process while it is being read: nodes and flows so far, and everything that is wrong with them."""

    source: str
    decisions: Mapping[str, Decisions]
    executable: bool = True
    assume: bool = False  # what stands outside the file is there
    assumed: list[Problem] = field(default_factory=list)
    departments: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    name: str = ""
    name_en: str = ""
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # ids with a problem, or not read because there are too many
    full: bool = False
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    lane_of: dict[str, int] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    parents: list[tuple[int, int]] = field(default_factory=lambda: [(-1, -1)])  # (subprocess node, outer scope)
    starts: list[list[int]] = field(default_factory=lambda: [[]])
    inner: dict[int, int] = field(default_factory=dict)
    raw_flows: list[RawFlow] = field(default_factory=list)
    raw_boundaries: list[tuple[int, etree._Element, str]] = field(default_factory=list)
    defaults: dict[str, int] = field(default_factory=dict)  # flow id -> the node whose default it is
    drawn: set[str] = field(default_factory=set)  # the nodes at which a flow was drawn, executed or not
    prefix: str = ""  # of the ids of a called process
    roots: Mapping[str, etree._Element] = field(default_factory=dict)  # everything with an id
    undoing: set[str] = field(default_factory=set)  # activities for compensation: nothing leads to them
    process: etree._Element | None = None
    extensions: tuple[Extension, ...] = ()
    participants: tuple[Participant, ...] = ()
    messages: tuple[MessageFlow, ...] = ()
    picture: Picture | None = None
    calls: list[str] = field(default_factory=list)  # the processes that are being read, outermost first

    def problem(self, code: str, element: etree._Element, message: str, cure: str) -> None:
        """Note what is wrong with an element."""
        self._add(self._about(code, element, message, cure))

    def _add(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.refused.add(problem.element)

    def _about(self, code: str, element: etree._Element, message: str, cure: str) -> Problem:
        name = element.get("id") or local_name(element)
        return Problem(code, name, element.get("name") or "", line_of(element), message, cure)

    def demand(self, code: str, element: etree._Element, message: str, cure: str) -> None:
        """Note what only a process that shall be executed must have."""
        if self.executable:
            self.problem(code, element, message, cure)

    def node_demand(self, code: str, node: Node, message: str, cure: str) -> None:
        """The same for a node that was read."""
        if self.executable:
            self.node_problem(code, node, message, cure)

    def outside(self, code: str, element: etree._Element, message: str, cure: str) -> None:
        """Note what stands outside the file and is not at hand; where that is assumed to be there, only put it down."""
        if self.executable and self.assume:
            self.assumed.append(self._about(code, element, message, cure))
        else:
            self.demand(code, element, message, cure)

    @property
    def strict(self) -> bool:
        """Whether what stands outside the file must be at hand."""
        return self.executable and not self.assume

    def name_of(self, ref: str) -> str:
        """The name of a root element such as a message, given by a reference that may carry a prefix."""
        found = self.root(ref)
        return "" if found is None else (found.get("name") or "")

    def root(self, ref: str) -> etree._Element | None:
        """An element of the file by a reference."""
        found = self.roots.get(ref)
        return self.roots.get(ref.rpartition(":")[2]) if found is None else found

    def node_problem(self, code: str, node: Node, message: str, cure: str) -> None:
        """Note what is wrong with a node that was read."""
        self._add(Problem(code, node.id, node.name, node.line, message, cure))

    def unsupported(self, element: etree._Element, what: str = "", *, always: bool = False) -> None:
        """Note an element that cannot be executed."""
        local = local_name(element)
        cure = INSTEAD.get(what, INSTEAD.get(local, "Leave it out."))
        message = f"{what or local} cannot be executed."
        note = self.problem if always else self.demand
        note("element.unsupported", element, message, f"{cure} {SUPPORTED}")

    def own(self, element: etree._Element, key: str) -> str:
        """One of our attributes, or nothing."""
        return (element.get(f"{{{TB}}}{key}") or "").strip()

    def check_own(self, element: etree._Element) -> None:
        """A misspelt attribute of ours would otherwise be skipped in silence."""
        allowed = PROPERTIES.get(local_name(element), frozenset({"name_en"}))
        for raw in element.attrib:
            name = etree.QName(raw)
            if name.namespace == TB and name.localname not in allowed:
                known = ", ".join(f"tb:{key}" for key in sorted(allowed))
                message = f"tb:{name.localname} means nothing on {local_name(element)}."
                self.problem("attribute.unknown", element, message, f"Known here: {known}.")

    def add_lane(self, element: etree._Element) -> int:
        """A lane; its index."""
        self.check_own(element)
        department = self.own(element, "department")
        department = self.departments.get(department, department)
        self.lanes.append(
            Lane(element.get("id", ""), element.get("name", ""), self.own(element, "name_en"), department)
        )
        return len(self.lanes) - 1

    def node_id(self, element: etree._Element) -> str:
        """Its id, or one made up where a process is only drawn."""
        found = element.get("id", "")
        if not found and not self.executable:
            found = f"{local_name(element)}.{len(self.nodes)}"
        return self.prefix + found if found else ""

    def is_refused(self, ref: str) -> bool:
        """Whether the node was there but was refused: one problem is enough."""
        return ref in self.refused

    def hidden_flow(self, source: int, target: int) -> None:
        """A flow that is not drawn: from a link to its other end, or from a start that the file leaves out."""
        one = Flow(
            index=len(self.flows), id="", name="", name_en="", source=source, target=target,
            line=self.nodes[source].line, hidden=True,
        )  # fmt: skip
        self.flows.append(one)

    def change(self, index: int, **changes: Any) -> None:
        """Set what is known of a node only later."""
        self.nodes[index] = replace(self.nodes[index], **changes)
