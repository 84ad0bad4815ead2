"""A DMN file to Decisions: what it declares, what requires what, and each expression compiled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import compile_node
from tongban.kernel.rules.dmn import xml as x
from tongban.kernel.rules.dmn.boxed import EXPRESSIONS, Reader
from tongban.kernel.rules.dmn.decisions import Decisions, Element, Requirement, plan_of
from tongban.kernel.rules.dmn.itemtypes import ItemTypes
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.pieces import Outer
from tongban.kernel.rules.types import Type

__all__ = ["load_dmn", "namespaces_of"]

_WHAT = {
    "inputData": "input", "decision": "decision", "businessKnowledgeModel": "knowledge", "decisionService": "service",
}  # fmt: skip
# What carries no logic: documentation, drawing, grouping, organisation.
_IGNORED = frozenset({
    "description", "extensionElements", "import", "itemDefinition", "knowledgeSource", "textAnnotation", "association",
    "group", "elementCollection", "performanceIndicator", "organizationUnit", "DMNDI",
})  # fmt: skip
_NAMED = (
    "variable", "itemComponent", "formalParameter", "column", "output", "inputData", "decision", "import", "parameter",
    "businessKnowledgeModel", "decisionService",
)  # fmt: skip
_KNOWLEDGE = "businessKnowledgeModel"
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")


def namespaces_of(xml: bytes) -> tuple[str, frozenset[str]]:
    """The namespace of a file, and those of the DMN files it imports. Raises RulesError for what is no DMN file."""
    root = x.parse(xml)
    wanted = {element.get("namespace") or "" for element in x.children(root, "import") if _is_dmn(element)}
    return root.get("namespace") or "", frozenset(wanted)


def _is_dmn(element: x.Element) -> bool:
    return "DMN" in (element.get("importType") or "")


def load_dmn(
    xml: bytes,
    *,
    source: str = "",
    imports: Mapping[str, Decisions] | None = None,
    problems: list[RulesError] | None = None,
) -> Decisions:
    """Read and compile a DMN 1.1 to 1.5 file. `imports` are the files it may import, by their namespace.

    Raises RulesError (code, id, name, line) for the first thing that is malformed or unsupported. With a list of
    `problems` every refused expression is added there instead, and its decision answers null; a file that cannot be
    read at all is still raised.
    """
    try:
        return _Loader(x.parse(xml), source, imports or {}, problems).load()
    except RulesError as error:
        if source:
            error.params.setdefault("source", source)
        raise


class _Loader:
    def __init__(
        self, root: x.Element, source: str, available: Mapping[str, Decisions], problems: list[RulesError] | None
    ) -> None:
        self.root = root
        self.source = source
        self.problems = problems
        self.namespace = root.get("namespace") or ""
        self.imports = self._imports(available)
        self.elements: dict[str, Element] = {}
        self.sources: dict[str, x.Element] = {}
        self.reader = self._reader()

    @contextmanager
    def tolerated(self, element: Element | None = None) -> Iterator[None]:
        """Where problems are collected, what is refused inside is told there, and the element answers null."""
        try:
            yield
        except RulesError as error:
            if element is not None:
                error.params.setdefault("decision", element.name)
                element.broken = error
            if self.problems is None:
                raise
            self.problems.append(error)

    def _imports(self, available: Mapping[str, Decisions]) -> dict[str, tuple[str, Decisions]]:
        """By namespace: the name under which an import is spoken of, and its decisions."""
        made: dict[str, tuple[str, Decisions]] = {}
        for element in x.children(self.root, "import"):
            with self.tolerated():
                made[element.get("namespace") or ""] = (x.name_of(element), self._import(element, available))
        return made

    def _import(self, element: x.Element, available: Mapping[str, Decisions]) -> Decisions:
        if not _is_dmn(element):
            raise x.refuse("rules.import-type", element, found=element.get("importType"), instead="a DMN file")
        found = available.get(element.get("namespace") or "")
        if found is None:
            raise x.refuse("rules.import-missing", element, namespace=element.get("namespace") or "")
        return found

    def _reader(self) -> Reader:
        names = {x.name_of(element) for element in self.root.iter() if x.local(element) in _NAMED} - {""}
        for element in self.root.iter():
            variable = element.get("iteratorVariable") if isinstance(element.tag, str) else None
            if variable:
                names.add(" ".join(variable.split()))
        imported: dict[str, Type] = {}
        for prefix, decisions in self.imports.values():
            names |= decisions.spoken
            within = f"{prefix}." if prefix else ""
            imported.update({within + name: held for name, held in decisions.types.items()})
        shadowing = {x.name_of(element) for element in x.children(self.root, *_WHAT)}
        return Reader(names=names, types=ItemTypes(self.root, imported), outer=Outer(shadowing, trusted=True))

    def load(self) -> Decisions:
        for element in x.children(self.root):
            with self.tolerated():
                self.declare(element)
        for key, made in self.elements.items():
            made.requirements = self.requirements(self.sources[key])
            if made.what == "service":
                with self.tolerated(made):
                    self.service(made, self.sources[key])
        self.refuse_cycles()
        for key, made in self.elements.items():
            with self.tolerated(made):
                self.compile(made, self.sources[key])
            made.plan = plan_of(made)
        types: dict[str, Type] = {}
        for name in self.reader.types:
            with self.tolerated():
                types[name] = self.reader.types[name]
        return Decisions(
            self.source, x.name_of(self.root), self.namespace, self.elements, types, frozenset(self.reader.names),
            self.found(), self.callable(),
        )  # fmt: skip

    def found(self) -> dict[str, Element]:
        """Decisions and services by id and by name; a name wins over an id, a decision over a service."""
        made: dict[str, Element] = {}
        for what in ("input", "knowledge", "service", "decision"):
            made.update({element.id: element for element in self.elements.values() if element.what == what})
        for what in ("service", "decision"):
            made.update({element.name: element for element in self.elements.values() if element.what == what})
        return {key: element for key, element in made.items() if element.what in ("decision", "service")}

    def callable(self) -> dict[str, Element]:
        """What can be called with arguments, by id and by name: knowledge models and services."""
        held = [element for element in self.elements.values() if element.what in ("knowledge", "service")]
        return {**{element.id: element for element in held}, **{element.name: element for element in held}}

    def declare(self, element: x.Element) -> None:
        if x.local(element) in _IGNORED:
            return
        if x.local(element) not in _WHAT:
            raise x.refuse("rules.unsupported", element, instead=", ".join(_WHAT))
        variable = x.first(element, "variable")
        name = x.name_of(element) or (x.name_of(variable) if variable is not None else "")
        if not name:
            raise x.refuse("rules.missing", element, part="name")
        key = element.get("id") or name
        if key in self.elements:
            raise x.refuse("rules.duplicate-id", element)
        self.elements[key] = Element(_WHAT[x.local(element)], key, name, x.line_of(element))
        self.sources[key] = element

    # --- requirements -----------------------------------------------------------------------------------------

    def requirements(self, element: x.Element) -> tuple[Requirement, ...]:
        made: list[Requirement] = []
        for holder in x.children(element, "informationRequirement", "knowledgeRequirement"):
            for held in x.children(holder, *_REQUIRED):
                with self.tolerated():
                    found = self.required(held)
                    # A knowledge model always knows itself, so that it can call itself.
                    if self.sources.get(found.element.id) is not element or x.local(element) != _KNOWLEDGE:
                        made.append(found)
        return tuple(made)

    def required(self, element: x.Element) -> Requirement:
        namespace, _, key = (element.get("href") or "").rpartition("#")
        if namespace and namespace != self.namespace and namespace in self.imports:
            prefix, decisions = self.imports[namespace]
            found = decisions.elements.get(key)
        else:
            prefix, found = "", self.elements.get(key)
        if found is None:
            raise x.refuse("rules.unknown-reference", element, href=element.get("href") or "")
        return Requirement(found, prefix)

    def service(self, element: Element, held: x.Element) -> None:
        element.outputs = tuple(self.required(part).element for part in x.children(held, "outputDecision"))
        if not element.outputs:
            raise x.refuse("rules.missing", held, part="outputDecision")
        element.parameters = tuple(
            self.required(part) for kind in ("inputData", "inputDecision") for part in x.children(held, kind)
        )

    def refuse_cycles(self) -> None:
        done: set[str] = set()
        for start in self.elements:
            path: list[str] = []
            waiting: list[tuple[str, bool]] = [(start, False)]
            while waiting:
                key, left = waiting.pop()
                if left:
                    done.add(path.pop())
                elif key in path:
                    with self.tolerated(self.elements[key]):
                        raise x.refuse("rules.requirement-cycle", self.sources[key])
                elif key not in done:
                    path.append(key)
                    waiting.append((key, True))
                    required = [one.element.id for one in self.elements[key].requirements if not one.prefix]
                    waiting.extend((one, False) for one in required)

    # --- logic ------------------------------------------------------------------------------------------------

    def compile(self, element: Element, held: x.Element) -> None:
        self.reader.owner = element.name
        present = frozenset(required.prefix or required.element.name for required in element.requirements)
        self.reader.outer = self.reader.outer._replace(present=present)
        variable = x.first(held, "variable")
        if variable is not None:
            element.type = self.reader.types.named(variable.get("typeRef"), variable)
        node = self.logic(element, held)
        if node is None:
            return
        try:
            if isinstance(node, n.TableNode):
                element.compiled, element.reads, element.table = node.table.run, node.table.free, node.table
            else:
                if isinstance(node, n.Typed) and isinstance(node.value, n.TableNode):
                    element.table = node.value.table
                element.compiled, element.reads = compile_node(node, outer=self.reader.outer)
        except RulesError as error:
            raise error.inside(line=element.line, id=element.id, name=element.name) from error

    def logic(self, element: Element, held: x.Element) -> n.Node | None:
        if element.what in ("knowledge", "service") and element.type is not None and element.type.base == "function":
            # The type of its variable is that of its result or of the function, by the habit of the tool.
            element.type = element.type.result
        if element.what == "knowledge":
            body = x.first(held, "encapsulatedLogic")
            if body is None:
                return None
            made = self.reader.function(body)
            result = made.body if element.type is None else n.Typed(made.body, element.type)
            return n.Lambda(made.parameters, result, element.name)
        if element.what != "decision":
            return None
        if x.first(held, *EXPRESSIONS) is None:
            return None
        return self.reader.expression_in(held)
