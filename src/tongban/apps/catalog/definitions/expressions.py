"""FEEL in definitions: compiled, with the names that it looks at checked against those that exist there."""

import dataclasses
import difflib
from collections.abc import Collection, Iterator, Sequence

from tongban.kernel.rules import Expression, RulesError, compile_expression
from tongban.kernel.rules import nodes as n
from tongban.kernel.rules.parser import parse_expression

from .problems import Problem
from .source import Document

__all__ = ["expression_of", "free_names", "unknown_names"]


def expression_of(
    document: Document,
    path: Sequence[str | int],
    text: str | None,
    *,
    names: Collection[str] | None,
    problems: list[Problem],
) -> Expression | None:
    """The compiled expression at ``path``; adds a problem when it is not FEEL, or names what is not in ``names``.

    ``names`` None means that names are not checked here.
    """
    if text is None:
        return None
    try:
        expression = compile_expression(text)
    except RulesError as error:
        message = f"`{text}` is not FEEL: {error}."
        problems.append(document.problem(path, "feel.syntax", message, 'write an expression such as `kind = "renewal"`'))
        return None
    for message, cure in unknown_names(text, names) if names is not None else ():
        problems.append(document.problem(path, "feel.unknown-name", message, cure))
    return expression


def unknown_names(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Message and cure for each name in a FEEL text that nothing gives a value to."""
    for name in sorted(free_names(text)):
        if name in names:
            continue
        close = difflib.get_close_matches(name, list(names), 1)
        known = ", ".join(sorted(names)) or "nothing"
        yield f"`{text}` names `{name}`, which is not known here.", f"did you mean `{close[0]}`?" if close else f"known here: {known}"


def free_names(text: str) -> frozenset[str]:
    """The names that an expression takes from its surroundings; none when it is not FEEL."""
    try:
        return frozenset(_free(parse_expression(text), frozenset({"item", "?", "partial"})))
    except RulesError:
        return frozenset()


def _free(node: object, bound: frozenset[str]) -> Iterator[str]:
    match node:
        case n.Name(name):
            if name not in bound:
                yield name
        case n.Call(callee, arguments):
            # The name of a function that does not exist was refused when the expression was compiled.
            if not isinstance(callee, n.Name):
                yield from _free(callee, bound)
            yield from _free(arguments, bound)
        case n.For(iterations, body) | n.Quantified(_, iterations, body):
            for iteration in iterations:
                yield from _free(iteration.source, bound)
                yield from _free(iteration.end, bound)
                bound |= {iteration.name}
            yield from _free(body, bound)
        case n.Lambda(parameters, body):
            yield from _free(body, bound | {name for name, _ in parameters})
        case n.Context(entries):
            for name, entry in entries:
                yield from _free(entry, bound)
                bound |= {name}
        case tuple():
            for one in node:
                yield from _free(one, bound)
        case _ if dataclasses.is_dataclass(node):
            # A filter's condition may name keys of the filtered contexts; those look free here and are told as unknown.
            for part in dataclasses.fields(node):
                yield from _free(getattr(node, part.name), bound)
        case _:
            return
