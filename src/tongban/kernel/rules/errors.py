"""What the reader of rules refuses, and where."""

from collections.abc import Mapping

__all__ = ["RulesError"]


class RulesError(Exception):
    """Text or a file that cannot become a rule.

    `code` is stable and is what callers test and translate; `params` fill its sentence; `line` and `column` count
    from 1 and point into the text given (for a DMN file: into the file; 0 where the position is not known).
    """

    def __init__(self, code: str, params: Mapping[str, object] | None = None, line: int = 0, column: int = 0) -> None:
        self.code = code
        self.params: dict[str, object] = dict(params or {})
        self.line = line
        self.column = column
        super().__init__(code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.params.items())
        place = f" at line {self.line}" + (f", column {self.column}" if self.column else "") if self.line else ""
        return f"{self.code}{place}" + (f" ({told})" if told else "")

    def inside(self, *, line: int, **params: object) -> "RulesError":
        """The same refusal seen from the file: its line, and the id and name of the element that holds the text."""
        place = line + max(self.line - 1, 0)
        return RulesError(self.code, {**self.params, **params}, place, self.column if self.line > 1 else 0)
