"""A process while it is being read: nodes and flows so far, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from tongban.kernel.rules import RulesError, compile_expression

from .definition import Flow, Kind, Lane, Node
from .errors import Problem
from .ports import Decisions
from .vocabulary import BPMN, INSTEAD, PROPERTIES, SUPPORTED, TB

__all__ = ["Draft", "line_of", "local_name", "text_of"]

_ACTIVITIES = (Kind.TASK, Kind.SUBPROCESS)


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


@dataclass(slots=True)
class Draft:
    """A process while it is being read: nodes and flows so far, and everything that is wrong with them."""

    source: str
    decisions: Mapping[str, Decisions]
    departments: Mapping[str, str] = field(default_factory=dict)
    id: str = ""
    name: str = ""
    name_en: str = ""
    problems: list[Problem] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    lane_of: dict[str, int] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    parents: list[tuple[int, int]] = field(default_factory=lambda: [(-1, -1)])  # (subprocess node, outer scope)
    starts: list[list[int]] = field(default_factory=lambda: [[]])
    inner: dict[int, int] = field(default_factory=dict)
    raw_flows: list[tuple[etree._Element, int]] = field(default_factory=list)
    raw_boundaries: list[tuple[int, etree._Element]] = field(default_factory=list)
    defaults: dict[str, int] = field(default_factory=dict)  # flow id -> the node whose default it is

    def problem(self, code: str, element: etree._Element, message: str, cure: str) -> None:
        """Note what is wrong with an element."""
        self.problems.append(
            Problem(
                code,
                element.get("id") or local_name(element),
                element.get("name") or "",
                line_of(element),
                message,
                cure,
            )
        )

    def node_problem(self, code: str, node: Node, message: str, cure: str) -> None:
        """Note what is wrong with a node that was read."""
        self.problems.append(Problem(code, node.id, node.name, node.line, message, cure))

    def unsupported(self, element: etree._Element, what: str = "") -> None:
        """Note an element that cannot be executed."""
        local = local_name(element)
        cure = INSTEAD.get(what or local, "Leave it out.")
        message = f"{what + ' in ' if what else ''}{local} cannot be executed."
        self.problem("element.unsupported", element, message, f"{cure} {SUPPORTED}")

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

    def add_flow(self, element: etree._Element, scope: int) -> None:
        """A sequence flow between two nodes of the same scope, with its condition."""
        self.check_own(element)
        ends = []
        for key in ("sourceRef", "targetRef"):
            ref = element.get(key, "")
            end = self.index.get(ref)
            if end is None:
                if not self._is_refused(ref):
                    message = f"{key} “{ref}” is no node of this process."
                    self.problem("flow.dangling", element, message, "Connect both ends.")
            elif self.nodes[end].scope != scope:
                message = f"It crosses the border of a subprocess at “{ref}”."
                self.problem("flow.crosses", element, message, "Connect it to the subprocess itself.")
            else:
                ends.append(end)
        text, condition = self._condition(element)
        if len(ends) < 2:
            return
        flow_id = element.get("id", "")
        default = self.defaults.get(flow_id) == ends[0]
        self.flows.append(
            Flow(
                index=len(self.flows),
                id=flow_id,
                name=element.get("name", ""),
                name_en=self.own(element, "name_en"),
                source=ends[0],
                target=ends[1],
                line=line_of(element),
                text=text,
                condition=None if default else condition,
                default=default,
            )
        )

    def _is_refused(self, ref: str) -> bool:
        """Whether the node was there but was refused: one problem is enough."""
        return any(problem.element == ref for problem in self.problems)

    def _condition(self, element: etree._Element) -> tuple[str, Any]:
        raw = element.find(f"{{{BPMN}}}conditionExpression")
        if raw is None:
            return "", None
        text = text_of(raw).removeprefix("=").strip()
        language = raw.get("language") or ""
        if language and "feel" not in language.lower() and "dmn" not in language.lower():
            message = f"Its condition is written in {language}."
            self.problem("condition.language", element, message, "Write it in FEEL.")
            return text, None
        if not text:
            self.problem("condition.empty", element, "Its condition is empty.", "Write it in FEEL, or remove it.")
            return text, None
        try:
            return text, compile_expression(text)
        except RulesError as error:
            self.problem("condition.feel", element, f"Its condition “{text}” is not FEEL: {error}.", "Correct it.")
            return text, None

    def attach(self, node: int, element: etree._Element) -> None:
        """Hang a boundary event on its activity."""
        ref = element.get("attachedToRef", "")
        host = self.index.get(ref)
        if host is None:
            if not self._is_refused(ref):
                message = f"It is attached to “{ref}”, which is no node of this process."
                self.problem("boundary.dangling", element, message, "Attach it to a task or a subprocess.")
            return
        at = self.nodes[host]
        if at.kind not in _ACTIVITIES or at.scope != self.nodes[node].scope:
            message = f"It cannot hang on “{ref}”."
            self.problem("boundary.host", element, message, "Attach it to a task that waits, or to a subprocess.")
            return
        self.nodes[node] = replace(self.nodes[node], attached=host)
