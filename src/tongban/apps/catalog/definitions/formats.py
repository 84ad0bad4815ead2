"""The formats that a form's answers may have: how each is written plainly, and what is right."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from jsonschema import FormatChecker

from tongban.kernel.numbers import NumberError, parse_credit_code, parse_identity_number, parse_mobile

__all__ = ["FORMATS", "normal"]

FORMATS = FormatChecker(formats=())

_NUMBERS: dict[str, Callable[[str], str]] = {
    "identity-number": parse_identity_number,
    "credit-code": parse_credit_code,
    "mobile": parse_mobile,
}
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_POSTCODE = re.compile(r"[0-9]{6}")


def normal(text: str, name: str) -> str:
    """The text as the format writes it, if it can be read as such; else only stripped, for the check to refuse."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if name in _NUMBERS:
        try:
            return _NUMBERS[name](plain)
        except NumberError:
            return plain
    if name == "date" and (match := _DATE.fullmatch(plain)):
        return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}"
    return plain.replace(" ", "") if name == "postcode" else plain


@FORMATS.checks("identity-number", raises=NumberError)
def _is_identity_number(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_identity_number(value))


@FORMATS.checks("credit-code", raises=NumberError)
def _is_credit_code(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_credit_code(value))


@FORMATS.checks("mobile", raises=NumberError)
def _is_mobile(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_mobile(value))


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    # Years before 1900 are slips of the finger, never the date of a living person or a thing that is asked for.
    return not isinstance(value, str) or (len(value) == 10 and date.fromisoformat(value).year >= 1900)


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or (len(value) <= 254 and bool(_EMAIL.fullmatch(value)))


@FORMATS.checks("postcode")
def _is_postcode(value: object) -> bool:
    return not isinstance(value, str) or bool(_POSTCODE.fullmatch(value))
