"""What is proposed for a field, and how much it is worth: ``marked`` where a person must look before it is taken."""

import re
from dataclasses import dataclass
from datetime import date

from tongban.apps.recognition.labels import Said
from tongban.kernel.numbers import NumberError, parse_credit_code, parse_identity_number, parse_mobile

__all__ = ["Proposal", "as_code", "as_date", "as_number", "as_phone", "as_words", "day_in", "doubted"]

SURE = 0.97
"""So surely must each character of words be read that nothing else checks. Measured: see ``make bench NAME=ocr``."""
CHECKED = 0.80
"""The same where a check character or another field on the paper checks it."""
_LOOKS_LIKE = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"})
_NOT_IN_CODES = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2"})
_DAY = re.compile(r"([12][0-9]{3})[年.\-/]([01]?[0-9])[月.\-/]([0-3]?[0-9])日?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A value for a field. ``confidence`` from 0 to 1; ``why`` it is ``marked``, by code, "" where it is not.

    ``strips`` are the cut-outs that it was read from.
    """

    name: str
    text: str
    confidence: float
    marked: bool
    why: str = ""
    strips: tuple[int, ...] = ()


def as_words(name: str, said: Said, *, form: str = "", least: float = SURE) -> Proposal:
    """Words: marked where a character is unsure, or they are not of that form (a regular expression)."""
    fits = bool(re.fullmatch(form, said.text)) if form else bool(said.text)
    return _judged(name, said.text, said, least=least, doubt="" if fits else "form")


def as_date(name: str, said: Said, *, least: float = CHECKED) -> Proposal:
    """A day, as ISO 8601; the words themselves where they are none, marked."""
    day = day_in(said.text)
    return _judged(name, day.isoformat() if day else said.text, said, least=least, doubt="" if day else "form")


def as_number(name: str, said: Said) -> Proposal:
    """An identity number: its check character and its date checked (GB 11643)."""
    text = said.text.upper()
    number = text[:17].translate(_LOOKS_LIKE) + text[17:]
    try:
        parse_identity_number(number)
        doubt = "" if number == text else "letters"
    except NumberError as error:
        doubt = error.code
    return _judged(name, number, said, least=CHECKED, doubt=doubt)


def as_code(name: str, said: Said) -> Proposal:
    """A unified social credit code, its check character checked (GB 32100)."""
    text = said.text.upper()
    code = text.translate(_NOT_IN_CODES)
    try:
        parse_credit_code(code)
        doubt = "" if code == text else "letters"
    except NumberError as error:
        doubt = error.code
    return _judged(name, code, said, least=CHECKED, doubt=doubt)


def as_phone(name: str, said: Said) -> Proposal:
    """A mobile phone number: nothing in it checks it, so each digit must be sure."""
    try:
        return _judged(name, parse_mobile(said.text), said, least=SURE, doubt="")
    except NumberError as error:
        return _judged(name, said.text, said, least=SURE, doubt=error.code)


def doubted(proposal: Proposal, why: str) -> Proposal:
    """The same, marked for that reason."""
    return Proposal(
        name=proposal.name,
        text=proposal.text,
        confidence=round(min(proposal.confidence, 0.5), 3),
        marked=True,
        why=proposal.why or why,
        strips=proposal.strips,
    )


def day_in(text: str) -> date | None:
    """The day that a text is, None where it is none."""
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _judged(name: str, text: str, said: Said, *, least: float, doubt: str) -> Proposal:
    why = doubt or ("unsure" if said.sureness < least else "")
    confidence = said.sureness if not doubt else min(said.sureness, 0.5)
    strips = tuple(dict.fromkeys(number for line in said.lines for number in (line.number, *line.also)))
    return Proposal(name=name, text=text, confidence=round(confidence, 3), marked=bool(why), why=why, strips=strips)
