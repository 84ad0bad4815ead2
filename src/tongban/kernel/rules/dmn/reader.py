"""A DMN file to Decisions: what it declares, what requires what, and each expression compiled."""

from collections.abc import Mapping

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import compile_node
from tongban.kernel.rules.dmn import xml as x
from tongban.kernel.rules.dmn.boxed import EXPRESSIONS, Reader
from tongban.kernel.rules.dmn.decisions import Decisions, Element, Requirement, plan_of
from tongban.kernel.rules.dmn.itemtypes import ItemTypes
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.pieces import Outer
from tongban.kernel.rules.types import Type

__all__ = ["load_dmn"]

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
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")


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

    def _imports(self, available: Mapping[str, Decisions]) -> dict[str, tuple[str, Decisions]]:
        """By namespace: the name under which an import is spoken of, and its decisions."""
        made: dict[str, tuple[str, Decisions]] = {}
        for element in x.children(self.root, "import"):
            namespace = element.get("namespace") or ""
            if "DMN" not in (element.get("importType") or ""):
                raise x.refuse("rules.import-type", element, found=element.get("importType"), instead="a DMN file")
            if namespace not in available:
                raise x.refuse("rules.import-missing", element, namespace=namespace)
            made[namespace] = (x.name_of(element), available[namespace])
        return made

    def _reader(self) -> Reader:
        names = {x.name_of(element) for element in self.root.iter() if x.local(element) in _NAMED} - {""}
        for element in self.root.iter():
            variable = element.get("iteratorVariable") if isinstance(element.tag, str) else None
            if variable:
                names.add(" ".join(variable.split()))
        imported: dict[str, Type] = {}
        for prefix, decisions in self.imports.values():
            names |= decisions.spoken
            imported.update({f"{prefix}.{name}": held for name, held in decisions.types.items()})
        shadowing = {x.name_of(element) for element in x.children(self.root, *_WHAT)}
        return Reader(names=names, types=ItemTypes(self.root, imported), outer=Outer(shadowing, trusted=True))

    def load(self) -> Decisions:
        for element in x.children(self.root):
            if x.local(element) in _WHAT:
                self.declare(element)
            elif x.local(element) not in _IGNORED:
                raise x.refuse("rules.unsupported", element, instead=", ".join(_WHAT))
        for key, made in self.elements.items():
            made.requirements = self.requirements(self.sources[key])
            if made.what == "service":
                self.service(made, self.sources[key])
        self.refuse_cycles()
        for key, made in self.elements.items():
            self.guarded(made, self.sources[key])
            made.plan = plan_of(made)
        for name in list(self.reader.types):
            _ = self.reader.types[name]
        return Decisions(
            self.source, x.name_of(self.root), self.namespace, self.elements, self.reader.types,
            frozenset(self.reader.names), self.found(),
        )  # fmt: skip

    def found(self) -> dict[str, Element]:
        """Decisions and services by id and by name; a name wins over an id, a decision over a service."""
        made: dict[str, Element] = {}
        for what in ("input", "knowledge", "service", "decision"):
            made.update({element.id: element for element in self.elements.values() if element.what == what})
        for what in ("service", "decision"):
            made.update({element.name: element for element in self.elements.values() if element.what == what})
        return {key: element for key, element in made.items() if element.what in ("decision", "service")}

    def declare(self, element: x.Element) -> None:
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
            made.extend(self.required(held) for held in x.children(holder, *_REQUIRED))
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
            self.required(part) for kind in ("inputDecision", "inputData") for part in x.children(held, kind)
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
                    raise x.refuse("rules.requirement-cycle", self.sources[key])
                elif key not in done:
                    path.append(key)
                    waiting.append((key, True))
                    required = [one.element.id for one in self.elements[key].requirements if not one.prefix]
                    waiting.extend((one, False) for one in required)

    # --- logic ------------------------------------------------------------------------------------------------

    def guarded(self, element: Element, held: x.Element) -> None:
        try:
            self.compile(element, held)
        except RulesError as error:
            error.params.setdefault("decision", element.name)
            if self.problems is None:
                raise
            element.broken = error
            self.problems.append(error)

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
                element.compiled, element.reads = node.table.run, node.table.free
            else:
                element.compiled, element.reads = compile_node(node, outer=self.reader.outer)
        except RulesError as error:
            raise error.inside(line=element.line, id=element.id, name=element.name) from error

    def logic(self, element: Element, held: x.Element) -> n.Node | None:
        if element.what == "knowledge":
            # The type of its variable is that of its result or of the function, by the habit of the tool.
            if element.type is not None and element.type.base == "function":
                element.type = element.type.result
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
