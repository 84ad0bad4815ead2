"""BPMN 2.0 XML in, an executable definition out, or every reason why not.

Nothing that a diagram says is skipped in silence: an element either is executed, or is decoration that moves no
token, or is refused with its id, name and line and with what to draw instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from .definition import Definition
from .elements import READERS, NodeReader
from .errors import DefinitionError
from .markup import parse
from .ports import Decisions
from .reading import Draft
from .tables import compile_draft
from .vocabulary import BPMN, DECORATION, TB

__all__ = ["load_bpmn"]

_NO_DECISIONS: Mapping[str, Decisions] = {}


def load_bpmn(
    xml: bytes,
    *,
    source: str = "",
    decisions: Mapping[str, Decisions] = _NO_DECISIONS,
    departments: Mapping[str, str] | None = None,
) -> Definition:
    """Read and compile one process. `decisions` are the loaded DMN files by name, for business-rule tasks.

    `departments` says what general names of lanes stand for in this matter, such as `authority`.

    Raises `DefinitionError` with all problems at once.
    """
    root = parse(xml, source=source)
    draft = Draft(source=source, decisions=decisions, departments=dict(departments or {}))
    process = _process(root, draft)
    if process is not None:
        draft.id, draft.name = process.get("id", ""), process.get("name", "")
        draft.name_en = process.get(f"{{{TB}}}name_en", "")
        _read_lanes(process, draft)
        _read_scope(process, draft, scope=0)
        _resolve(draft)
    definition = compile_draft(draft) if not draft.problems else None
    if definition is None or draft.problems:
        raise DefinitionError(sorted(draft.problems, key=lambda problem: problem.line), source=source)
    return definition


def _process(root: etree._Element, draft: Draft) -> etree._Element | None:
    if root.tag != f"{{{BPMN}}}definitions":
        message = f"The root element is {root.tag}, not the definitions of BPMN 2.0."
        draft.problem("bpmn.not-bpmn", root, message, f"Export the diagram as BPMN 2.0 XML (namespace {BPMN}).")
        return None
    for element in root.iter(f"{{{BPMN}}}messageFlow", f"{{{BPMN}}}choreography", f"{{{BPMN}}}conversation"):
        draft.unsupported(element)
    filled = [process for process in root.iterfind(f"{{{BPMN}}}process") if any(_children(process))]
    if not filled:
        draft.problem("bpmn.no-process", root, "The file has no process with content.", "Draw a process.")
        return None
    for other in filled[1:]:
        draft.problem("bpmn.many-processes", other, "The file has more than one process.", "Put each in its own file.")
    return filled[0]


def _children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The BPMN children by local name. Comments and elements of other namespaces are left alone."""
    for child in element:
        if isinstance(child.tag, str):
            name = etree.QName(child)
            if name.namespace == BPMN:
                yield name.localname, child


def _read_lanes(process: etree._Element, draft: Draft) -> None:
    for lane in process.iter(f"{{{BPMN}}}lane"):
        index = draft.add_lane(lane)
        for ref in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
            # Inner lanes come later in document order, so the innermost wins.
            draft.lane_of[(ref.text or "").strip()] = index


def _read_scope(element: etree._Element, draft: Draft, *, scope: int) -> None:
    reader = NodeReader(draft, scope)
    for local, child in _children(element):
        if local == "sequenceFlow":
            draft.raw_flows.append((child, scope))
        elif local in READERS:
            node = reader.read(local, child)
            if node is not None and local == "subProcess":
                _read_scope(child, draft, scope=draft.inner[node])
        elif local not in DECORATION and not local.endswith("LoopCharacteristics"):
            # Loop characteristics are reported by the subprocess that they belong to.
            draft.unsupported(child)
    if not draft.starts[scope]:
        message = "There is no start event."
        draft.problem("start.missing", element, message, "Draw one start event and connect it.")


def _resolve(draft: Draft) -> None:
    """Connect flows and boundary events, now that every node is known."""
    for element, scope in draft.raw_flows:
        draft.add_flow(element, scope)
    for node, element in draft.raw_boundaries:
        draft.attach(node, element)
