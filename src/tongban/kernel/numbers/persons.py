"""Numbers of people and organisations, and how much of them may be shown."""

import re
from datetime import date

from stdnum.cn import ric, uscc

from tongban.kernel.numbers.errors import NumberError
from tongban.kernel.numbers.text import compact

__all__ = [
    "birth_date",
    "is_known_area",
    "mask_identity",
    "mask_name",
    "mask_phone",
    "parse_credit_code",
    "parse_identity_number",
    "parse_mobile",
]

_IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
# GB 32100: authority and kind, six digits of the area, nine of the organisation, the check; no I O S V Z.
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def parse_identity_number(text: str, *, ignore_check: bool = False) -> str:
    """A resident identity number (GB 11643) in plain form: 18 characters, X in capitals.

    The area is not judged: areas are renamed and abolished, the numbers given there stay valid. `ignore_check` is for
    an officer who overrides, on record: cards with a wrong check character were issued.
    Raises `NumberError`: `number.length`, `number.digits`, `number.check`, `number.date`.
    """
    number = compact(text)
    _check_form(number, _IDENTITY, kind="identity", length=18)
    if not ignore_check and ric.calc_check_digit(number) != number[-1]:
        raise NumberError("number.check", kind="identity")
    birth_date(number)
    return number


def birth_date(number: str) -> date:
    """The date of birth in a plain identity number. Raises `NumberError` `number.date`."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise NumberError("number.date", kind="identity") from None


def is_known_area(number: str) -> bool:
    """True when the area of a plain identity number is known for its year; a hint to an officer, never a refusal."""
    try:
        ric.get_birth_place(number)
    except ValueError:
        return False
    return True


def parse_credit_code(text: str, *, ignore_check: bool = False) -> str:
    """A unified social credit code (GB 32100) in plain form: 18 characters, capitals.

    Codes whose check character is wrong do circulate: `ignore_check` is for an officer who overrides, on record.
    Raises `NumberError`: `number.length`, `number.digits`, `number.check`.
    """
    code = compact(text)
    _check_form(code, _CREDIT_CODE, kind="credit-code", length=18)
    if not ignore_check and uscc.calc_check_digit(code[:-1]) != code[-1]:
        raise NumberError("number.check", kind="credit-code")
    return code


def parse_mobile(text: str) -> str:
    """A mobile phone number of China in plain form: 11 digits, with or without +86 before it.

    Raises `NumberError`: `number.length`, `number.digits`.
    """
    number = compact(text).removeprefix("+86")
    if len(number) == 13:
        number = number.removeprefix("86")
    _check_form(number, _MOBILE, kind="mobile", length=11)
    return number


def mask_identity(number: str) -> str:
    """`3601***********014`: the province and city and the last three; nothing of what is too short to hide."""
    return _masked(number, first=4, last=3)


def mask_phone(number: str) -> str:
    """`138****5678`: the first three and the last four; nothing of what is too short to hide."""
    return _masked(number, first=3, last=4)


def mask_name(name: str) -> str:
    """`王**`: the first character only."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def _masked(text: str, *, first: int, last: int) -> str:
    hidden = len(text) - first - last
    # At least as much is hidden as half of what is shown, else a short number is readable through its mask.
    if hidden * 2 < first + last:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[-last:]


def _check_form(text: str, form: re.Pattern[str], *, kind: str, length: int) -> None:
    if len(text) != length:
        raise NumberError("number.length", kind=kind, expected=length, length=len(text))
    if not form.fullmatch(text):
        raise NumberError("number.digits", kind=kind)
