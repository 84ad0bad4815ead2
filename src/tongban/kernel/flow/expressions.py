"""Expressions of a diagram: FEEL, also in the wrappings that vendors put around it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from tongban.kernel.rules import Expression, RulesError, compile_expression

from .reading import Draft

__all__ = ["constant", "feel", "is_feel", "unwrapped"]

_WRAPPED = re.compile(r"[$#]\{(?P<inside>(?:(?![$#]\{).)*)\}", re.DOTALL)


def unwrapped(text: str) -> str:
    """The expression inside `= …`, `${…}` or `#{…}`."""
    text = text.strip()
    match = _WRAPPED.fullmatch(text)
    return (match["inside"] if match is not None else text.removeprefix("=")).strip()


def is_feel(language: str) -> bool:
    """Whether a declared language is FEEL; none declared is."""
    return not language or "feel" in language.lower() or "dmn" in language.lower()


def feel(draft: Draft, element: etree._Element, text: str, *, what: str, code: str) -> Expression | None:
    """Compile; None with a problem when it is no FEEL. In a process that is only drawn it may be anything."""
    inside = unwrapped(text)
    if not inside:
        draft.demand(f"{code}.empty", element, f"Its {what} is empty.", "Write it in FEEL, or remove it.")
        return None
    try:
        return compile_expression(inside)
    except RulesError as error:
        message = f"Its {what} “{text.strip()}” is not FEEL: {error}."
        draft.demand(f"{code}.feel", element, message, "Write it in FEEL, such as amount > 100 and kind = “new”.")
        return None


def constant(text: str) -> Any:
    """The value of an expression that needs no data, such as `=duration("PT1H")`; None for everything else."""
    try:
        return compile_expression(unwrapped(text)).evaluate({})
    except RulesError:
        return None
