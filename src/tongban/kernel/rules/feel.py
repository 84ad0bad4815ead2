"""FEEL for callers: text in, a reusable compiled expression out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from tongban.kernel.rules.compiler import compile_node, compile_tests
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.parser import parse_expression, parse_unary_tests
from tongban.kernel.rules.shortcut import LEAVES, Shortcut, shortcut_of
from tongban.kernel.rules.values import Exhausted, Reason, Run, Value, admit, release

__all__ = ["Expression", "UnaryTests", "compile_expression", "compile_unary_tests"]

_Made = TypeVar("_Made")


def run_safely(run: Run, compute: Callable[..., Value], *arguments: Any) -> Value:
    """The value as callers get it, or null with a reason when the evaluation passes its bounds."""
    try:
        return release(compute(*arguments), run)
    except Exhausted as error:
        return run.null(str(error))
    except RecursionError:
        return run.null("rules.null.too-deep")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `names` are the variables it reads from the scope (functions of the library aside)."""

    text: str
    names: frozenset[str]
    _compiled: Callable[[Any, Run], Value] = field(repr=False, compare=False)
    _shortcut: Shortcut | None = field(default=None, repr=False, compare=False)

    def evaluate(
        self, scope: Mapping[str, Value], *, at: datetime | None = None, reasons: list[Reason] | None = None
    ) -> Value:
        """The value in `scope`; null where FEEL has no answer, with why added to `reasons` if given.

        `at` is what `now()` and `today()` answer. Never raises for what the scope holds.
        """
        if self._shortcut is not None:
            try:
                return self._shortcut(scope)
            except LEAVES:
                return self._evaluate(scope, at, reasons)
        return self._evaluate(scope, at, reasons)

    def _evaluate(self, scope: Mapping[str, Value], at: datetime | None, reasons: list[Reason] | None) -> Value:
        """The long way, which knows all of FEEL."""
        run = Run(at)
        value = run_safely(run, self._compiled, scope, run)
        if reasons is not None:
            reasons.extend(run.reasons)
        return value


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """Compiled tests of a value, as in a cell of a decision table."""

    text: str
    names: frozenset[str]
    _compiled: Callable[[Value, Any, Run], Value] = field(repr=False, compare=False)

    def evaluate(
        self,
        value: Value,
        scope: Mapping[str, Value] | None = None,
        *,
        at: datetime | None = None,
        reasons: list[Reason] | None = None,
    ) -> bool | None:
        """True when `value` passes; False, or None where it cannot be told, otherwise."""
        run = Run(at)
        result = run_safely(run, self._compiled, admit(value), {} if scope is None else scope, run)
        if reasons is not None:
            reasons.extend(run.reasons)
        return result if type(result) is bool else None

    def matches(self, value: Value, scope: Mapping[str, Value] | None = None, *, at: datetime | None = None) -> bool:
        """Whether `value` passes; what cannot be told does not."""
        return self.evaluate(value, scope, at=at) is True


def _placed(compute: Callable[[], _Made]) -> _Made:
    """A refusal of the whole text, such as its depth, stands at its beginning."""
    try:
        return compute()
    except RulesError as error:
        raise error if error.line else RulesError(error.code, error.params, 1, 1) from error


@lru_cache(maxsize=4096)
def _expression(text: str, names: tuple[str, ...]) -> Expression:
    node = _placed(lambda: parse_expression(text, names=names))
    compiled, free = _placed(lambda: compile_node(node))
    return Expression(text, free, compiled, shortcut_of(node))


@lru_cache(maxsize=4096)
def _unary_tests(text: str, names: tuple[str, ...]) -> UnaryTests:
    compiled, free = _placed(lambda: compile_tests(parse_unary_tests(text, names=names)))
    return UnaryTests(text, free, compiled)


def compile_expression(text: str, *, names: Iterable[str] = ()) -> Expression:
    """Compile one FEEL expression. Raises RulesError with code, line and column.

    `names` are those variables of the scope whose names have several words or signs in them (`Applicant's age`);
    plain identifiers need no mention. Compiling the same text again is a look-up.
    """
    return _expression(text, tuple(names))


def compile_unary_tests(text: str, *, names: Iterable[str] = ()) -> UnaryTests:
    """Compile unary tests: `< 18, [65..80]`, `not("a", "b")`, `-`, `? > limit and ? < 3`. Raises RulesError."""
    return _unary_tests(text, tuple(names))
