"""Loaded decisions, and evaluating one with what it requires."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from tongban.kernel.rules.compiler import Compiled
from tongban.kernel.rules.dmn.explanation import Explanation, explain_table
from tongban.kernel.rules.dmn.result import Result, result_of
from tongban.kernel.rules.dmn.shortcut import Plain, Shortcut, shortcut_of
from tongban.kernel.rules.dmn.table import Table
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.feel import run_safely
from tongban.kernel.rules.runtime.collections import invoke_named, require
from tongban.kernel.rules.types import Type
from tongban.kernel.rules.values import LIMIT, Function, Run, Value, admit, release

__all__ = ["Decisions", "Element", "Requirement"]

_MISSING: Any = object()


class Requirement(NamedTuple):
    """A required element; `prefix` is the name of the import it comes through, or ""."""

    element: "Element"
    prefix: str


# The name of each input, the Python type that needs no further look, and the input itself.
Plan: TypeAlias = "tuple[tuple[str, type, Element], ...]"


@dataclass(eq=False, slots=True)
class Element:
    """A node of the requirement graph: input data, decision, business knowledge model or decision service."""

    what: str
    id: str
    name: str
    line: int
    type: Type | None = None
    requirements: tuple[Requirement, ...] = ()
    compiled: Compiled | None = None
    # The names that its expression reads; those that no requirement gives are null.
    reads: frozenset[str] = frozenset()
    # Of a decision service: what its callers give, and what it answers.
    parameters: tuple[Requirement, ...] = ()
    outputs: tuple["Element", ...] = ()
    # Of a decision that needs input data only.
    plan: "Plan | None" = None
    # Of a decision that is a table, whether or not its result is held to a type.
    table: Table | None = None
    broken: RulesError | None = None


_QUICK: dict[str, type] = {"number": int, "string": str, "boolean": bool, "date": date}


def plan_of(element: Element) -> "Plan | None":
    """The inputs of a decision that needs nothing else, for the short way of evaluating it."""
    if element.what != "decision" or element.compiled is None:
        return None
    if any(prefix or required.what != "input" for required, prefix in element.requirements):
        return None
    plan: list[tuple[str, type, Element]] = []
    for required, _ in element.requirements:
        plain = required.type is not None and required.type.plain
        plan.append((required.name, _QUICK.get(required.type.base, Run) if plain and required.type else Run, required))
    return tuple(plan)


def _plain(name: str, declared: Type | None) -> Plain | None:
    """An input for the short way; None for one whose values are not of one Python type."""
    if declared is None:
        return Plain(name, None)
    quick = _QUICK.get(declared.base)
    return None if quick is None else Plain(name, quick, declared.allowed)


class _Session:
    """One evaluation of one graph: each element is computed once."""

    __slots__ = ("given", "inputs", "made", "run")

    def __init__(self, inputs: Mapping[str, Value], run: Run) -> None:
        self.inputs = inputs
        self.run = run
        self.made: dict[Element, Value] = {}

    def value(self, element: Element, prefix: str = "") -> Value:
        value = self.made.get(element, _MISSING)
        if value is _MISSING:
            value = self.made[element] = _COMPUTE[element.what](self, element, prefix)
        return value

    def scope(self, requirements: tuple[Requirement, ...]) -> dict[str, Value]:
        made: dict[str, Value] = {}
        for element, prefix in requirements:
            value = self.value(element, prefix)
            if prefix:
                made.setdefault(prefix, {})[element.name] = value
            else:
                made[element.name] = value
        return made

    def short(self, element: Element) -> Value:
        """A decision on input data alone: most values pass by their Python type."""
        assert element.plan is not None
        assert element.compiled is not None
        scope: dict[str, Value] = {}
        given = self.inputs.get
        for name, quick, required in element.plan:
            value = given(name, _MISSING)
            if type(value) is quick and (quick is not int or -LIMIT < value < LIMIT):
                scope[name] = value
            else:
                scope[name] = self.input(required, "")
        value = element.compiled(scope, self.run)
        return value if element.type is None else require(self.run, value, element.type)

    def input(self, element: Element, prefix: str) -> Value:
        given = self.inputs.get(element.name, _MISSING)
        if given is _MISSING and prefix:
            inner = self.inputs.get(prefix)
            given = inner.get(element.name, _MISSING) if isinstance(inner, Mapping) else _MISSING
        if given is _MISSING:
            return self.run.null("rules.null.input-missing", name=element.name)
        value = admit(given)
        return value if element.type is None else require(self.run, value, element.type)

    def decision(self, element: Element, prefix: str) -> Value:
        if element.broken is not None:
            return self.run.null("rules.null.refused-at-load", name=element.name, refusal=element.broken.code)
        if element.compiled is None:
            return None
        value = element.compiled(self.scope(element.requirements), self.run)
        return value if element.type is None else require(self.run, value, element.type)

    def knowledge(self, element: Element, prefix: str) -> Value:
        if element.broken is not None or element.compiled is None:
            refusal = "" if element.broken is None else element.broken.code
            return self.run.null("rules.null.refused-at-load", name=element.name, refusal=refusal)
        scope = self.scope(element.requirements)
        # The function finds itself by name when it is called.
        function = scope[element.name] = element.compiled(scope, self.run)
        return function

    def service(self, element: Element, prefix: str) -> Value:
        """The service as a function. Its inputs are what it is called with, nothing of the caller's."""
        if element.broken is not None:
            return self.run.null("rules.null.refused-at-load", name=element.name, refusal=element.broken.code)

        def call(run: Run, arguments: list[Value]) -> Value:
            if len(arguments) != len(element.parameters):
                return run.null("rules.null.arguments", function=element.name)
            inner = _Session({}, run)
            for (parameter, _), argument in zip(element.parameters, arguments, strict=True):
                held = argument if parameter.type is None else require(run, argument, parameter.type)
                inner.made[parameter] = held
            return inner.answer(element)

        return Function(element.name, tuple(parameter.element.name for parameter in element.parameters), call)

    def answer(self, service: Element) -> Value:
        """The results of a service's output decisions: one as itself, several as a context."""
        values = {output.name: self.value(output) for output in service.outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        return value if service.type is None else require(self.run, value, service.type)

    def serve(self, service: Element) -> Value:
        for parameter, prefix in service.parameters:
            self.made[parameter] = self.input(parameter, prefix)
        return self.answer(service)


_COMPUTE: dict[str, Callable[[_Session, Element, str], Value]] = {
    "input": _Session.input, "decision": _Session.decision, "knowledge": _Session.knowledge,
    "service": _Session.service,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """The decisions of one file. `source` is what its loader called it; it appears in nothing but messages."""

    source: str
    name: str
    namespace: str
    elements: Mapping[str, Element] = field(repr=False)
    types: Mapping[str, Type] = field(repr=False)
    # Every name of several words in the file: an importing file must know them to read its own text.
    spoken: frozenset[str] = field(repr=False)
    _found: dict[str, Element] = field(repr=False)
    _callable: dict[str, Element] = field(repr=False)
    # The short ways, by name and id of those decisions that have one.
    _shortcuts: dict[str, Shortcut] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for key, element in self._found.items():
            made = self._shortcut(element)
            if made is not None:
                self._shortcuts[key] = made

    def _shortcut(self, element: Element) -> Shortcut | None:
        if element.plan is None or element.table is None or element.broken is not None:
            return None
        inputs = [_plain(name, required.type) for name, _, required in element.plan]
        if any(one is None for one in inputs):
            return None
        plain = [one for one in inputs if one is not None]
        return shortcut_of(element.table, plain, lambda given: self._evaluate(element, given, None))

    def __contains__(self, name_or_id: object) -> bool:
        """Whether the file has a decision of that name or id."""
        return name_or_id in self._found

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the decisions, in the order of the file."""
        return tuple(element.name for element in self.elements.values() if element.what == "decision")

    @property
    def captions(self) -> tuple[tuple[str, str], ...]:
        """What the tables say in words: each input column with the expression that it asks, each annotation with ""."""
        tables = [element.table for element in self.elements.values() if element.table is not None]
        columns = [(clause.name, clause.text.strip()) for table in tables for clause in table.inputs]
        notes = [(words, "") for table in tables for row in table.rows for words in row.annotations.values() if words]
        return tuple(dict.fromkeys((*columns, *notes)))

    def inputs_of(self, name_or_id: str) -> tuple[str, ...]:
        """The names of all input data a decision needs, its own and those of the decisions it requires."""
        made: dict[str, None] = {}
        waiting = [self._element(name_or_id)]
        seen: set[Element] = set()
        while waiting:
            element = waiting.pop()
            if element not in seen:
                seen.add(element)
                if element.what == "input":
                    made[element.name] = None
                waiting.extend(required for required, _ in (*element.requirements, *element.parameters))
        return tuple(sorted(made))

    def can_call(self, name_or_id: str) -> bool:
        """Whether the file has a business knowledge model or decision service of that name or id."""
        return name_or_id in self._callable

    def call(self, name_or_id: str, arguments: Mapping[str, Value], *, at: datetime | None = None) -> Result:
        """Call a business knowledge model or decision service with arguments by name, as an invocation does.

        Raises RulesError `rules.unknown-decision` only.
        """
        element = self._callable.get(name_or_id)
        if element is None:
            raise RulesError("rules.unknown-decision", {"name": name_or_id, "known": ", ".join(self._callable)})
        run = Run(at)
        session = _Session({}, run)
        admitted = {name: admit(value) for name, value in arguments.items()}
        value = run_safely(run, lambda: invoke_named(run, session.value(element), admitted))
        return result_of(value, tuple(run.hits), arguments, tuple(run.reasons))

    def _element(self, name_or_id: str) -> Element:
        element = self._found.get(name_or_id)
        if element is None:
            raise RulesError("rules.unknown-decision", {"name": name_or_id, "known": ", ".join(self.names)})
        return element

    def evaluate(self, name_or_id: str, inputs: Mapping[str, Value], *, at: datetime | None = None) -> Result:
        """Decide by name or id. `at` is what `now()` and `today()` answer.

        Missing or ill-typed inputs are null, with a reason. Raises RulesError `rules.unknown-decision` only.
        """
        try:
            result = self._shortcuts[name_or_id](inputs)
        except KeyError:  # no short way, or an input is missing
            result = None
        if result is not None:
            return result
        return self._evaluate(self._element(name_or_id), inputs, at)

    def explain(
        self, name_or_id: str, inputs: Mapping[str, Value], *, at: datetime | None = None
    ) -> tuple[Explanation, ...]:
        """Why `evaluate` answers what it does: each decision taken part in, those required before the one asked for.

        Raises RulesError `rules.unknown-decision` only.
        """
        element = self._element(name_or_id)
        run = Run(at)
        session = _Session(inputs, run)
        run_safely(run, session.value if element.what == "decision" else session.serve, element)
        made: list[Explanation] = []
        for one, value in list(session.made.items()):
            if one.what == "decision" and one.table is not None and one.broken is None:
                hit = frozenset(held.index for held in run.hits if held.decision == one.name)
                scope = session.scope(one.requirements)
                made.append(explain_table(one.table, value, scope, hit, Run(at)))
            elif one.what == "decision":
                made.append(Explanation(one.name, release(value)))
        return tuple(made)

    def _evaluate(self, element: Element, inputs: Mapping[str, Value], at: datetime | None) -> Result:
        """The long way, which knows all of DMN."""
        run = Run(at)
        session = _Session(inputs, run)
        if element.plan is not None:
            value = run_safely(run, session.short, element)
        elif element.what == "service":
            value = run_safely(run, session.serve, element)
        else:
            value = run_safely(run, session.value, element)
        return result_of(value, tuple(run.hits), inputs, tuple(run.reasons))
