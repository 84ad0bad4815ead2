"""What a document of an authority says: its head, a number, to whom, the words, who signs and when."""

from dataclasses import dataclass

__all__ = ["Letter", "LetterPart", "Listing"]


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things under a line that says what they are ("" for none)."""

    lead: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """A document in one language."""

    language: str
    issuer: str
    title: str
    number: str
    addressee: str
    body: tuple[str | Listing, ...]
    date: str
    foot: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A document in all its languages, the one that counts first; ``check_url`` leads to where it can be compared."""

    number: str
    parts: tuple[LetterPart, ...]
    check_url: str
