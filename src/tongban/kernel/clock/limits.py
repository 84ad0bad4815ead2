"""Time limits as the law writes them: an amount and a unit."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self

from tongban.kernel.clock.errors import LimitError

__all__ = ["HIGHEST_AMOUNT", "Limit", "Unit"]

# Longer than any limit in any statute; keeps arithmetic far from the end of the calendar.
HIGHEST_AMOUNT = 99_999


class Unit(StrEnum):
    """What a limit counts. The value is what definitions and JSON write."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"

    in_days: bool
    """True when whole days are counted, so that a limit ends with a day and not at an instant."""
    grain: int
    """How many of the smallest counted steps make one: 1 for days, microseconds for hours."""

    def __init__(self, value: str) -> None:
        self.in_days = value.endswith("days")
        self.grain = 1 if self.in_days else 3_600_000_000


_TEXT = re.compile(r"\s*(\d{1,9})\s+([a-z]+(?:[ _][a-z]+)?)\s*", re.ASCII | re.IGNORECASE)
_UNITS = {unit.value.replace("_", " "): unit for unit in Unit} | {
    unit.value.replace("_", " ").removesuffix("s"): unit for unit in Unit
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit, such as 20 working days. Raises `LimitError` `limit.amount` when out of reason."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= HIGHEST_AMOUNT:
            raise LimitError("limit.amount", amount=self.amount, highest=HIGHEST_AMOUNT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `20 working days`, singular or plural.

        Raises `LimitError` with `limit.format`, `limit.unit` or `limit.amount`.
        """
        return cls(*_read(text))

    def __str__(self) -> str:
        words = _WORDS[self.unit]
        return f"{self.amount} {words[:-1] if self.amount == 1 else words}"


_WORDS = {unit: unit.value.replace("_", " ") for unit in Unit}


@lru_cache(maxsize=1024)  # a city has a few dozen, and its cases are read with every step
def _read(text: str) -> tuple[int, Unit]:
    match = _TEXT.fullmatch(text)
    if match is None:
        raise LimitError("limit.format", text=text)
    unit = _UNITS.get(match[2].lower().replace("_", " "))
    if unit is None:
        raise LimitError("limit.unit", unit=match[2])
    return int(match[1]), unit
