"""Item definitions to types, in whatever order the file has them."""

from collections.abc import Callable, Iterator, Mapping

from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.compiler import compile_tests
from tongban.kernel.rules.dmn.xml import Element, children, first, line_of, name_of, refuse, text_in
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.parser import parse_unary_tests
from tongban.kernel.rules.types import ANY, BUILT_IN, Type
from tongban.kernel.rules.values import Run, Value

__all__ = ["ItemTypes"]


class ItemTypes(Mapping[str, Type]):
    """The types a file may name: its own item definitions, those of its imports by prefix, and the built-in ones."""

    def __init__(self, root: Element, imported: Mapping[str, Type]) -> None:
        self._elements = {name_of(element): element for element in children(root, "itemDefinition")}
        self._imported = imported
        self._made: dict[str, Type] = {}
        self._making: list[str] = []
        # The allowed values of named types, as written: their order is that of priority where a table has none.
        self.listed: dict[str, n.Tests] = {}

    def __getitem__(self, name: str) -> Type:
        if name in self._made:
            return self._made[name]
        element = self._elements.get(name)
        if element is None:
            return self._imported[name]
        if name in self._making:
            raise refuse("rules.type-cycle", element)
        self._making.append(name)
        self._made[name] = self._definition(element)
        self._making.pop()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._elements, **self._imported})

    def __len__(self) -> int:
        return len({**self._elements, **self._imported})

    def named(self, reference: str | None, element: Element) -> Type | None:
        """The type of a `typeRef`; None for none. Raises RulesError `rules.type-unknown`."""
        if reference is None or not reference.strip():
            return None
        name = " ".join(reference.split())
        if name in self._elements or name in self._imported:
            return self[name]
        plain = name.rpartition("}")[2].removeprefix("feel:")
        found = BUILT_IN.get(plain) or self.get(plain.rpartition(":")[2])
        if found is None:
            raise refuse("rules.type-unknown", element, type=reference)
        return None if found is ANY else found

    def _definition(self, element: Element) -> Type:
        name = name_of(element)
        inner = self._inner(element, name)
        allowed = self._allowed(first(element, "allowedValues"))
        if element.get("isCollection") in ("true", "1"):
            item = _with(inner, allowed) if allowed else inner
            constraint = self._allowed(first(element, "typeConstraint"))
            return Type(name, "list", item=item, allowed=constraint)
        return _with(inner, allowed or self._allowed(first(element, "typeConstraint")), name)

    def _inner(self, element: Element, name: str) -> Type:
        function = first(element, "functionItem")
        if function is not None:
            held = children(function, "parameters")
            parameters = tuple(self.named(one.get("typeRef"), one) or ANY for one in held)
            result = self.named(function.get("outputTypeRef"), function) or ANY
            return Type(name, "function", parameters=parameters, result=result)
        components = tuple((name_of(part), self._definition(part)) for part in children(element, "itemComponent"))
        if components:
            return Type(name, "context", fields=components)
        reference = first(element, "typeRef")
        return self.named(reference.text if reference is not None else None, element) or ANY

    def _allowed(self, element: Element | None) -> Callable[[Value], bool] | None:
        text = text_in(element)
        if element is None or not text:
            return None
        try:
            parsed = parse_unary_tests(text, types=self)
            tests, _ = compile_tests(parsed)
        except RulesError as error:
            raise error.inside(line=line_of(element), element="allowedValues", id=element.get("id") or "") from error
        owner = element.getparent()
        if owner is not None:
            self.listed.setdefault(name_of(owner), parsed)
        return lambda value: tests(value, {}, Run()) is True


def _with(inner: Type, allowed: Callable[[Value], bool] | None, name: str | None = None) -> Type:
    """The type under a new name, its constraint joined to the one it has."""
    both = allowed or inner.allowed
    if allowed is not None and inner.allowed is not None:
        outer, own = allowed, inner.allowed
        both = lambda value: own(value) and outer(value)  # noqa: E731
    return Type(
        name or inner.name, inner.base, item=inner.item, fields=inner.fields, parameters=inner.parameters,
        result=inner.result, allowed=both,
    )  # fmt: skip
