"""Case numbers: 16 digits that tell the day, are not guessable, and catch a slip of the finger."""

from collections.abc import Callable
from datetime import date

from stdnum.iso7064 import mod_11_10

from tongban.kernel.numbers.errors import NumberError
from tongban.kernel.numbers.text import compact

__all__ = [
    "day_of_case_number",
    "format_case_number",
    "is_stream_number",
    "new_case_number",
    "new_stream_number",
    "parse_case_number",
]

_LENGTH = 16
_RANDOM = 9
# Two digits hold the year. Numbers of the 2090s would be beyond 2^53 and no longer exact in JavaScript.
_FIRST_YEAR, _LAST_YEAR = 2000, 2089
_STREAM_MONTHS = 20
"""What is added to the month in the number of what is no case, as other countries' numbers tell centuries apart."""


def new_case_number(*, day: date, random: Callable[[int], int]) -> int:
    """A number for a case of this day: YYMMDD, 9 random digits, a check digit (ISO 7064 MOD 11,10).

    `random(n)` returns one of 0 to n - 1; pass `secrets.randbelow`, so that numbers cannot be guessed. Two calls may
    give the same number: the caller tries again. Raises `NumberError` `number.date` before 2000 and after 2089.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise NumberError("number.date", kind="case")
    body = f"{day:%y%m%d}{random(10**_RANDOM):0{_RANDOM}}"
    return int(body + mod_11_10.calc_check_digit(body))


def new_stream_number(*, day: date, random: Callable[[int], int]) -> int:
    """A number for something of this day that is no case but has a log: the same, with 20 added to the month.

    No case ever has it, and nobody who types a case's number by mistake finds it. Raises as `new_case_number` does.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise NumberError("number.date", kind="stream")
    body = f"{day:%y}{day.month + _STREAM_MONTHS}{day:%d}{random(10**_RANDOM):0{_RANDOM}}"
    return int(body + mod_11_10.calc_check_digit(body))


def is_stream_number(n: int) -> bool:
    """Whether a number of a log is that of something that is no case."""
    month = n // 1_000_000_000_000 % 100
    return month > _STREAM_MONTHS


def format_case_number(n: int) -> str:
    """The number as people read it: `2611 2204 8391 7722`."""
    digits = f"{n:0{_LENGTH}}"
    return " ".join(digits[at : at + 4] for at in range(0, _LENGTH, 4))


def parse_case_number(text: str) -> int:
    """Read a number as people type it: spaces, dashes and full-width digits are welcome.

    Raises `NumberError`: `number.digits`, `number.length`, `number.check`, `number.date`.
    """
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberError("number.digits" if digits else "number.length", kind="case", expected=_LENGTH, length=0)
    if len(digits) != _LENGTH:
        raise NumberError("number.length", kind="case", expected=_LENGTH, length=len(digits))
    if mod_11_10.calc_check_digit(digits[:-1]) != digits[-1]:
        raise NumberError("number.check", kind="case")
    number = int(digits)
    day_of_case_number(number)
    return number


def day_of_case_number(n: int) -> date:
    """The day on which a case was numbered. Raises `NumberError` `number.date`."""
    head = n // 10 ** (_LENGTH - 6)
    try:
        day = date(2000 + head // 10_000, head // 100 % 100, head % 100)
    except ValueError:
        raise NumberError("number.date", kind="case") from None
    if day.year > _LAST_YEAR:
        raise NumberError("number.date", kind="case")
    return day
