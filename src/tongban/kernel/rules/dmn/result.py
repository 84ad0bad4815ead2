"""What a decision came to, and the rows that decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.kernel.rules.values import Reason, Value

__all__ = ["Result", "RuleHit", "result_of"]


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A row that decided. `index` counts from 1; `annotations` hold, by column, the words beside the row: its law."""

    index: int
    id: str
    annotations: Mapping[str, str]
    decision: str = ""


class Result:
    """What a decision came to. `hits` are the rows that decided, those of required decisions before its own.

    `value` is null where no answer could be computed; `reasons` say why. `inputs` are the values it was asked with.
    """

    # Filled by `result_of`, or attribute by attribute by the short way of a table: an `__init__` would cost it a tenth.
    __slots__ = ("hits", "inputs", "reasons", "value")

    value: Value
    hits: tuple[RuleHit, ...]
    inputs: Mapping[str, Value]
    reasons: tuple[Reason, ...]

    def __repr__(self) -> str:
        # Inputs may be personal data, and logs show what is represented.
        return f"Result(value={self.value!r}, hits={self.hits!r}, reasons={self.reasons!r})"


def result_of(
    value: Value, hits: tuple[RuleHit, ...], inputs: Mapping[str, Value], reasons: tuple[Reason, ...] = ()
) -> Result:
    """A result with all that it has."""
    made = Result()
    made.value, made.hits, made.inputs, made.reasons = value, hits, inputs, reasons
    return made
