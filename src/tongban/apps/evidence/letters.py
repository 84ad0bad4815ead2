"""What a document of an authority says: its head, a number, to whom, the words, who signs and when."""

from dataclasses import dataclass, field

from tongban.apps.catalog.definitions.seals import Seal

__all__ = ["Box", "Drawn", "Gap", "Heading", "Letter", "LetterPart", "Listing", "Picture", "Seal", "SealPlace"]

Box = tuple[int, int, int, int]
"""Left, bottom, right and top of a place on a page, in points."""


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where a seal is drawn; ``page`` counts from 0."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PDF, and where its seal is drawn; None: it has none."""

    content: bytes
    seal: SealPlace | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things under a line that says what they are ("" for none)."""

    lead: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a part of a paper is about."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A place to fill in with a pen: so many lines, ``cells`` for a character each, or ``choices`` to tick."""

    label: str
    hint: str = ""
    lines: int = 1
    cells: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (JPEG or PNG) with words below it, so many points high."""

    content: bytes
    words: str
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """A document in one language."""

    language: str
    issuer: str
    title: str
    number: str
    addressee: str
    body: tuple[str | Listing | Picture | Heading | Gap, ...]
    date: str
    foot: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A document in all its languages, the one that counts first: that one is sealed.

    ``check_url`` leads to where it can be compared.
    """

    number: str
    parts: tuple[LetterPart, ...]
    check_url: str
    seal: Seal = field(default_factory=Seal)
