"""BPMN 2.0 XML in, an executable definition out, or every reason why not.

Nothing that a diagram says is skipped in silence: an element either is executed, or is decoration that moves no
token, or is refused with its id, name and line and with what to draw instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from .connecting import connect
from .definition import Definition, MessageFlow, Participant
from .departments import resolvable
from .elements import READERS, NodeReader
from .errors import DefinitionError, Problem
from .markup import parse
from .picturing import read_picture
from .ports import Decisions
from .reading import Draft, RawFlow, kept
from .tables import compile_draft
from .vocabulary import BPMN, DECORATION, TB

__all__ = ["load_bpmn", "load_processes", "process_ids"]

_NO_DECISIONS: Mapping[str, Decisions] = {}
_NO_FILES: Mapping[str, bytes] = {}
_MOST_CALLS = 20


class _File(NamedTuple):
    """A file that was parsed: its processes with content, everything with an id, what stands around the processes."""

    root: etree._Element
    source: str
    processes: Mapping[str, etree._Element]
    roots: Mapping[str, etree._Element]


def load_bpmn(
    xml: bytes,
    *,
    source: str = "",
    decisions: Mapping[str, Decisions] = _NO_DECISIONS,
    departments: Mapping[str, str] | None = None,
    process: str = "",
    executable: bool | None = None,
    called: Mapping[str, bytes] = _NO_FILES,
) -> Definition:
    """Read and compile one process. `decisions` are the loaded DMN files by name, for business-rule tasks.

    `departments` says what general names of lanes stand for in this matter: `authority`, and `window`, the front desk,
    which is the authority's own where nothing is said. `process` is the id of the one wanted where the file has
    several; `called` are other files by the id of the process that they hold, for call activities. `executable`:
    whether it must be possible to run it; None leaves that to the file. What is not executable can be drawn, described
    and analysed, but no case can be filed on it.

    Raises `DefinitionError` with all problems at once.
    """
    file = _open(xml, source)
    chosen = _choose(file, process)
    return _load(file, chosen, decisions, resolvable(departments or {}), executable, called)


def load_processes(
    xml: bytes,
    *,
    source: str = "",
    decisions: Mapping[str, Decisions] = _NO_DECISIONS,
    executable: bool | None = None,
    called: Mapping[str, bytes] = _NO_FILES,
    assume: bool = False,
) -> tuple[Definition, ...]:
    """Read every process of a file that has content, in its order. Raises `DefinitionError` with all problems.

    With `assume`, decisions, called processes and operations that are not at hand are taken to be there, to judge the
    diagram alone: they are told in `Definition.assumed`, and no case can be filed on such a process.
    """
    file = _open(xml, source)
    found: list[Definition] = []
    problems: list[Problem] = []
    for process in file.processes.values():
        try:
            found.append(_load(file, process, decisions, {}, executable, called, assume=assume))
        except DefinitionError as error:
            problems += error.problems
    if problems:
        told = dict.fromkeys(problems)  # of what several processes call it is told once
        raise DefinitionError(sorted(told, key=lambda problem: problem.line), source=source)
    return tuple(found)


def process_ids(xml: bytes) -> tuple[str, ...]:
    """The ids of the processes of a file that have content. Raises `DefinitionError`."""
    return tuple(_open(xml, "").processes)


def _open(xml: bytes, source: str) -> _File:
    root = parse(xml, source=source)
    draft = Draft(source=source, decisions={})
    filled: list[etree._Element] = []
    if root.tag != f"{{{BPMN}}}definitions":
        message = f"The root element is {root.tag}, not the definitions of BPMN 2.0."
        draft.problem("bpmn.not-bpmn", root, message, f"Export the diagram as BPMN 2.0 XML (namespace {BPMN}).")
    else:
        filled = [process for process in root.iterfind(f"{{{BPMN}}}process") if _has_nodes(process)]
        for local in ("choreography", "globalChoreographyTask"):
            for element in root.iterfind(f"{{{BPMN}}}{local}"):
                if any(_children(element)):
                    draft.unsupported(element, always=True)
        if not filled and not draft.problems:
            draft.problem("bpmn.no-process", root, "The file has no process with content.", "Draw a process.")
    if draft.problems:
        raise DefinitionError(draft.problems, source=source)
    processes = {process.get("id") or f"process.{number}": process for number, process in enumerate(filled)}
    roots = {str(element.get("id")): element for element in root.iter(etree.Element) if element.get("id")}
    return _File(root, source, processes, roots)


def _has_nodes(process: etree._Element) -> bool:
    return any(local in READERS or local == "sequenceFlow" for local, _ in _children(process))


def _choose(file: _File, wanted: str) -> etree._Element:
    if wanted:
        if wanted in file.processes:
            return file.processes[wanted]
        message = f"The file has no process “{wanted}” with content."
        cure = f"It has {', '.join(file.processes)}."
        raise DefinitionError([Problem("bpmn.no-process", "definitions", "", 0, message, cure)], source=file.source)
    every = list(file.processes.values())
    called = {
        str(call.get("calledElement", "")).rpartition(":")[2] for call in file.root.iter(f"{{{BPMN}}}callActivity")
    }
    for some in (every, [one for one in every if _flag(one)], [one for one in every if one.get("id") not in called]):
        if len(some) == 1:
            return some[0]
    draft = Draft(source=file.source, decisions={})
    for other in every[1:]:
        draft.problem(
            "bpmn.many-processes", other, "The file has more than one process that could be meant.",
            f"Say which, of {', '.join(file.processes)}; or put each in its own file.",
        )  # fmt: skip
    raise DefinitionError(draft.problems, source=file.source)


def _flag(process: etree._Element) -> bool:
    return process.get("isExecutable", "").strip() in ("true", "1")


def _load(
    file: _File,
    process: etree._Element,
    decisions: Mapping[str, Decisions],
    departments: dict[str, str],
    executable: bool | None,
    called: Mapping[str, bytes],
    *,
    assume: bool = False,
) -> Definition:
    wanted = _flag(process) if executable is None else executable
    draft = Draft(
        source=file.source,
        decisions=decisions,
        departments=departments,
        executable=wanted,
        assume=assume,
        roots=file.roots,
        process=process,
    )
    draft.id, draft.name = process.get("id", ""), process.get("name", "")
    draft.name_en = process.get(f"{{{TB}}}name_en", "")
    draft.calls.append(draft.id)
    draft.extensions = kept(process)["extensions"]
    draft.participants, draft.messages = _collaboration(file.root)
    draft.picture = read_picture(file.root, process)
    _Reader(draft, file, called).process(process, scope=0)
    connect(draft)
    definition = compile_draft(draft) if not draft.problems else None
    if definition is None or draft.problems:
        raise DefinitionError(sorted(draft.problems, key=lambda problem: problem.line), source=file.source)
    return definition


def _collaboration(root: etree._Element) -> tuple[tuple[Participant, ...], tuple[MessageFlow, ...]]:
    pools = tuple(
        Participant(pool.get("id", ""), pool.get("name", ""), pool.get("processRef", "").rpartition(":")[2])
        for pool in root.iter(f"{{{BPMN}}}participant")
    )
    messages = tuple(
        MessageFlow(
            flow.get("id", ""),
            flow.get("name", ""),
            flow.get("sourceRef", "").rpartition(":")[2],
            flow.get("targetRef", "").rpartition(":")[2],
        )
        for flow in root.iter(f"{{{BPMN}}}messageFlow")
    )
    return pools, messages


def _children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The BPMN children by local name. Comments and elements of other namespaces are left alone."""
    for child in element:
        if isinstance(child.tag, str):
            name = etree.QName(child)
            if name.namespace == BPMN:
                yield name.localname, child


class _Reader:
    """Reads scopes, subprocesses and called processes into a draft."""

    def __init__(self, draft: Draft, file: _File, called: Mapping[str, bytes]) -> None:
        self.draft = draft
        self.file = file
        self.called = called
        self.others: dict[str, _File] = {}

    def process(self, process: etree._Element, *, scope: int) -> None:
        """Lanes and content of a process."""
        for lane in process.iter(f"{{{BPMN}}}lane"):
            index = self.draft.add_lane(lane)
            for ref in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
                # Inner lanes come later in document order, so the innermost wins.
                self.draft.lane_of[self.draft.prefix + (ref.text or "").strip()] = index
        self.scope(process, scope=scope)

    def scope(self, element: etree._Element, *, scope: int) -> None:
        """Everything inside a process or subprocess."""
        draft = self.draft
        reader = NodeReader(draft, scope)
        for local, child in _children(element):
            if local == "sequenceFlow":
                draft.raw_flows.append(RawFlow(child, draft.prefix))
            elif local in READERS:
                node = reader.read(local, child)
                if node is None or node not in draft.inner:
                    continue
                if local == "callActivity":
                    self.call(node, child)
                else:
                    self.scope(child, scope=draft.inner[node])
            elif local not in DECORATION and not local.endswith("LoopCharacteristics") and local not in _OF_SUBPROCESS:
                # Loop characteristics are read by the subprocess that they belong to.
                draft.unsupported(child, always=True)

    def call(self, node: int, element: etree._Element) -> None:
        """The called process, put in the place of the call."""
        draft = self.draft
        wanted = draft.nodes[node].called
        if wanted in draft.calls or len(draft.calls) > _MOST_CALLS:
            again = wanted in draft.calls
            message = f"It calls “{wanted}”, which leads back to itself." if again else "Calls are nested too deep."
            draft.demand("call.recursion", element, message, "Draw a loop with an exclusive gateway instead.")
            return
        file = self._file(wanted)
        if file is None:
            message = (
                f"There is no process “{wanted}” to call." if wanted else "It does not say which process it calls."
            )
            draft.outside("call.unknown", element, message, "Put the process into the same file, or load it with it.")
            return
        # Problems inside are told with the lines of the other file, so it says which that is.
        before, roots = (draft.prefix, len(draft.problems)), draft.roots
        draft.prefix = f"{draft.nodes[node].id}/"
        draft.roots = file.roots
        draft.calls.append(wanted)
        self.process(file.processes[wanted], scope=draft.inner[node])
        draft.calls.pop()
        draft.prefix, draft.roots = before[0], roots
        if file is not self.file:
            name = file.source or wanted
            draft.problems[before[1] :] = [
                problem._replace(message=f"In {name}: {problem.message}") for problem in draft.problems[before[1] :]
            ]

    def _file(self, wanted: str) -> _File | None:
        if wanted in self.file.processes:
            return self.file
        if wanted not in self.others and wanted in self.called:
            self.others[wanted] = _open(self.called[wanted], wanted)
        found = self.others.get(wanted)
        return found if found is not None and wanted in found.processes else None


_OF_SUBPROCESS = frozenset({"completionCondition", "method"})
"""Children of ad-hoc subprocesses and transactions, which are only drawn."""
