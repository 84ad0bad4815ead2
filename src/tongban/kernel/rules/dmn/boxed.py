"""Boxed expressions to the syntax tree of FEEL."""

from collections.abc import Callable, Collection

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.dmn.itemtypes import ItemTypes
from tongban.kernel.rules.dmn.table import Clause, Row, Table
from tongban.kernel.rules.dmn.xml import Element, children, first, line_of, local, name_of, refuse, text_in
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.parser import parse_expression, parse_unary_tests
from tongban.kernel.rules.pieces import Outer
from tongban.kernel.rules.types import Type

__all__ = ["EXPRESSIONS", "Reader"]

_POLICIES = {
    "UNIQUE": "U", "FIRST": "F", "PRIORITY": "P", "ANY": "A", "COLLECT": "C", "RULE ORDER": "R", "OUTPUT ORDER": "O",
}  # fmt: skip
_AGGREGATIONS = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}


class Reader:
    """Reads the expressions of one file. `names` are all names of several words that may occur in it."""

    def __init__(self, *, names: Collection[str], types: ItemTypes, outer: Outer) -> None:
        self.names = names
        self.types = types
        self.outer = outer
        self.owner = ""

    def expression_in(self, holder: Element) -> n.Node | None:
        """The one expression an element holds; None for none."""
        found = first(holder, *EXPRESSIONS)
        return None if found is None else self.expression(found)

    def needed(self, holder: Element | None, parent: Element, part: str) -> n.Node:
        node = None if holder is None else self.expression_in(holder)
        if node is None:
            raise refuse("rules.missing", parent, part=part)
        return node

    def expression(self, element: Element) -> n.Node:
        node = _READ[local(element)](self, element)
        if local(element) == "decisionTable":
            return node
        return self.typed(node, element.get("typeRef"), element)

    def typed(self, node: n.Node, reference: str | None, element: Element) -> n.Node:
        wanted = self.types.named(reference, element)
        return node if wanted is None else n.Typed(node, wanted)

    def feel(self, text: str, element: Element) -> n.Node:
        try:
            return parse_expression(text, names=self.names, types=self.types)
        except RulesError as error:
            raise self.placed(error, element) from error

    def tests(self, text: str, element: Element) -> n.Tests:
        try:
            return parse_unary_tests(text, names=self.names, types=self.types)
        except RulesError as error:
            raise self.placed(error, element) from error

    def placed(self, error: RulesError, element: Element) -> RulesError:
        text = first(element, "text")
        line = line_of(element if text is None else text)
        return error.inside(line=line, element=local(element), id=element.get("id") or "", name=self.owner)

    # --- one method an element --------------------------------------------------------------------------------

    def literal(self, element: Element) -> n.Node:
        language = element.get("expressionLanguage") or ""
        if language and "feel" not in language.lower():
            raise refuse("rules.language", element, found=language, instead="FEEL")
        if first(element, "importedValues") is not None:
            raise refuse("rules.unsupported", element, found="importedValues", instead="text")
        text = text_in(element)
        return self.feel(text, element) if text else n.Const(None)

    def context(self, element: Element) -> n.Node:
        entries: list[tuple[str, n.Node]] = []
        for entry in children(element, "contextEntry"):
            node = self.needed(entry, entry, "expression")
            variable = first(entry, "variable")
            if variable is None:
                return n.Block(tuple(entries), node)
            if any(name_of(variable) == name for name, _ in entries):
                raise refuse("rules.duplicate-key", variable, key=name_of(variable))
            if isinstance(node, n.Lambda):
                node = n.Lambda(node.parameters, node.body, name_of(variable))
                entries.append((name_of(variable), node))
            else:
                entries.append((name_of(variable), self.typed(node, variable.get("typeRef"), variable)))
        return n.Context(tuple(entries))

    def invocation(self, element: Element) -> n.Node:
        callee = self.needed(element, element, "called function")
        names: list[str] = []
        arguments: list[n.Node] = []
        for binding in children(element, "binding"):
            parameter = first(binding, "parameter")
            if parameter is None:
                raise refuse("rules.missing", binding, part="parameter")
            names.append(name_of(parameter))
            arguments.append(self.expression_in(binding) or n.Const(None))
        return n.Call(callee, tuple(arguments), tuple(names))

    def list_(self, element: Element) -> n.Node:
        return n.Items(tuple(self.expression(item) for item in children(element, *EXPRESSIONS)))

    def relation(self, element: Element) -> n.Node:
        columns = [name_of(column) for column in children(element, "column")]
        rows: list[n.Node] = []
        for row in children(element, "row"):
            cells = [self.expression(cell) for cell in children(row, *EXPRESSIONS)]
            if len(cells) != len(columns):
                raise refuse("rules.row-length", row, found=len(cells), expected=len(columns))
            rows.append(n.Context(tuple(zip(columns, cells, strict=True))))
        return n.Items(tuple(rows))

    def function(self, element: Element) -> n.Lambda:
        if (element.get("kind") or "FEEL") != "FEEL":
            raise refuse("rules.external-function", element, found=element.get("kind"), instead="FEEL")
        parameters = self.parameters(element)
        body = self.expression_in(element)
        return n.Lambda(parameters, n.Const(None) if body is None else body)

    def parameters(self, element: Element) -> tuple[tuple[str, Type | None], ...]:
        held = children(element, "formalParameter")
        return tuple((name_of(one), self.types.named(one.get("typeRef"), one)) for one in held)

    def conditional(self, element: Element) -> n.Node:
        parts = [self.needed(first(element, part), element, part) for part in ("if", "then", "else")]
        return n.If(parts[0], parts[1], parts[2], strict=True)

    def filter(self, element: Element) -> n.Node:
        source, match = (self.needed(first(element, part), element, part) for part in ("in", "match"))
        return n.Filter(source, match, strict=True)

    def iteration(self, element: Element) -> tuple[n.Iteration, ...]:
        name = " ".join((element.get("iteratorVariable") or "").split())
        if not name:
            raise refuse("rules.missing", element, part="iteratorVariable")
        holder = first(element, "in")
        return (n.Iteration(name, self.typed_in(holder, element)),)

    def typed_in(self, holder: Element | None, parent: Element) -> n.Node:
        node = self.needed(holder, parent, "in")
        return node if holder is None else self.typed(node, holder.get("typeRef"), parent)

    def for_(self, element: Element) -> n.Node:
        return n.For(self.iteration(element), self.needed(first(element, "return"), element, "return"))

    def quantified(self, element: Element) -> n.Node:
        body = self.needed(first(element, "satisfies"), element, "satisfies")
        return n.Quantified(local(element) == "every", self.iteration(element), body, strict=True)

    # --- decision tables --------------------------------------------------------------------------------------

    def table(self, element: Element) -> n.Node:
        policy = _POLICIES.get(element.get("hitPolicy") or "UNIQUE")
        aggregation = element.get("aggregation") or ""
        if policy is None or (aggregation and aggregation not in _AGGREGATIONS):
            found = element.get("hitPolicy") if policy is None else aggregation
            raise refuse("rules.hit-policy", element, found=found, instead=", ".join(_POLICIES))
        inputs = [self.input(held) for held in children(element, "input")]
        outputs = [self.output(held) for held in children(element, "output")]
        if not outputs:
            raise refuse("rules.missing", element, part="output")
        if len(outputs) > 1 and any(not output.name for output in outputs):
            raise refuse("rules.missing", element, part="name of output")
        annotations = [name_of(held) for held in children(element, "annotation")]
        rows = [
            self.row(held, number, len(inputs), len(outputs), annotations)
            for number, held in enumerate(children(element, "rule"), 1)
        ]
        made = Table(
            owner=self.owner, policy=policy + (_AGGREGATIONS[aggregation] if aggregation and policy == "C" else ""),
            inputs=inputs, outputs=outputs, rows=rows, outer=self.outer,
        )  # fmt: skip
        if policy in "PO" and not all(output.allowed for output in outputs[:1]):
            raise refuse("rules.missing", element, part="outputValues (they give the order of priority)")
        return self.typed(n.TableNode(made), element.get("typeRef"), element)

    def input(self, element: Element) -> Clause:
        holder = first(element, "inputExpression")
        if holder is None or not text_in(holder):
            raise refuse("rules.missing", element, part="inputExpression")
        node = self.feel(text_in(holder), holder)
        allowed = first(element, "inputValues")
        tests = self.tests(text_in(allowed), allowed) if allowed is not None and text_in(allowed) else None
        return Clause(element.get("label") or text_in(holder), node, tests, text=text_in(holder))

    def output(self, element: Element) -> Clause:
        allowed = first(element, "outputValues")
        tests = self.tests(text_in(allowed), allowed) if allowed is not None and text_in(allowed) else None
        default = first(element, "defaultOutputEntry")
        wanted = self.types.named(element.get("typeRef"), element)
        if tests is None and wanted is not None:
            tests = self.types.listed.get(wanted.name)
        node = None if default is None or not text_in(default) else self.feel(text_in(default), default)
        return Clause(name_of(element), node, tests, wanted)

    def row(self, element: Element, number: int, inputs: int, outputs: int, annotations: list[str]) -> Row:
        cells = list(children(element, "inputEntry"))
        results = list(children(element, "outputEntry"))
        if len(cells) != inputs or len(results) != outputs:
            expected = f"{inputs} + {outputs}"
            raise refuse("rules.row-length", element, found=f"{len(cells)} + {len(results)}", expected=expected)
        notes: dict[str, str] = {}
        for place, entry in enumerate(children(element, "annotationEntry")):
            name = annotations[place] if place < len(annotations) and annotations[place] else f"annotation {place + 1}"
            if text_in(entry):
                notes[name] = text_in(entry)
        description = first(element, "description")
        if description is not None and (description.text or "").strip():
            notes["description"] = (description.text or "").strip()
        made = [self.feel(text_in(held), held) if text_in(held) else n.Const(None) for held in results]
        tests = [self.tests(text_in(held), held) for held in cells]
        texts, answers = tuple(map(text_in, cells)), tuple(map(text_in, results))
        return Row(number, element.get("id") or "", tests, made, notes, texts, answers)


_READ: dict[str, Callable[[Reader, Element], n.Node]] = {
    "literalExpression": Reader.literal, "context": Reader.context, "invocation": Reader.invocation,
    "list": Reader.list_, "relation": Reader.relation, "functionDefinition": Reader.function,
    "conditional": Reader.conditional, "filter": Reader.filter, "for": Reader.for_, "some": Reader.quantified,
    "every": Reader.quantified, "decisionTable": Reader.table,
}  # fmt: skip
EXPRESSIONS = tuple(_READ)
