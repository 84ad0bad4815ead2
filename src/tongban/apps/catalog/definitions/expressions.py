"""FEEL in definitions: compiled, with the names that it looks at checked against those that exist there."""

import difflib
from collections.abc import Collection, Iterator, Sequence

from tongban.kernel.rules import Expression, RulesError, compile_expression

from .problems import Problem
from .source import Document

__all__ = ["expression_of", "unknown_names"]


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
        problems.append(
            document.problem(path, "feel.syntax", message, 'write an expression such as `kind = "renewal"`')
        )
        return None
    for message, cure in unknown_names(expression, names) if names is not None else ():
        problems.append(document.problem(path, "feel.unknown-name", message, cure))
    return expression


def unknown_names(expression: Expression, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Message and cure for each name in an expression that nothing gives a value to."""
    for name in sorted(expression.names.difference(names)):
        close = difflib.get_close_matches(name, list(names), 1)
        cure = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(sorted(names)) or 'nothing'}"
        yield f"`{expression.text}` names `{name}`, which is not known here.", cure
