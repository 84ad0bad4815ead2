"""What is read of orders: carts and what they became, in values that pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.queries import CaseRow
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.definitions.bundles import Bundle, Dependency, Paper
from tongban.apps.evidence.queries import FileView
from tongban.apps.intake.on_file import OnFile
from tongban.apps.intake.orders.contents import Shared

__all__ = [
    "AwayView",
    "OrderRow",
    "OrderView",
    "PaperView",
    "PartView",
    "ShareView",
    "WantedPart",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part as its order's page shows it. ``open_fields`` are those that are missing or wrong, as its own pages ask.

    ``state``: open (being filled in), waiting, wanted, stopped, filed. ``why``: the code for which it is wanted.
    ``asks_later``: something is asked only when its turn has come.
    """

    matter: str
    definition: MatterDefinition
    draft: UUID
    state: str
    why: str
    optional: bool
    note: Text | None
    after: Sequence[tuple[Text, Dependency]]
    asks_later: bool
    has_pages: bool
    is_done: bool
    answers: Mapping[str, Any]
    elsewhere: frozenset[str]
    errors: Sequence[Any]
    case: CaseRow | None
    on_file: OnFile = field(default_factory=OnFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper that is handed in once, with the files that are there; ``id`` of a file is what removing it takes."""

    name: str
    paper: Paper
    files: Sequence[tuple[int, FileView]]
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """A link that was made for somebody else; ``by`` is who has taken it (Chinese, English)."""

    id: int
    made_at: datetime
    expires_at: datetime
    by: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayView:
    """What is under way elsewhere. ``state``: cart, waiting, open, granted or ended.

    ``case``, ``order`` and ``cart`` are where, as far as the reader may open them.
    """

    matter: str
    name: Text
    state: str
    case: int | None
    order: int | None
    cart: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order whole: answers opened, because it is shown to nobody but who fills it in.

    ``is_assisted``: a clerk fills it in with who stands at a counter.
    """

    id: UUID
    number: int | None
    name: Text | None
    icon: str
    bundle: Bundle | None
    guide: Mapping[str, str]
    applicant_name: str
    applicant_key: str
    is_assisted: bool
    is_owner: bool
    owner_name: tuple[str, str]
    parts: Sequence[PartView]
    removed: Sequence[PartView]
    away: Sequence[AwayView]
    shared: Sequence[Shared]
    shared_answers: Mapping[str, Any]
    shared_missing: frozenset[str]
    papers: Sequence[PaperView]
    fetched: Sequence[Paper]
    shares: Sequence[ShareView]
    started_at: datetime
    saved_at: datetime
    submitted_at: datetime | None
    kept_until: datetime | None

    @property
    def shared_open(self) -> bool:
        """Whether anything that is asked once is missing or wrong."""
        return bool(self.shared_missing)

    @property
    def is_offered(self) -> bool:
        """Whether anything is on file for any part that somebody has to say yes or no to."""
        return any(part.on_file.is_open for part in self.parts)

    @property
    def is_ready(self) -> bool:
        """Whether it can be sent: nothing is missing that is not to come later."""
        done = all(part.is_done for part in self.parts) and not any(paper.is_missing for paper in self.papers)
        return bool(self.parts) and done and not self.shared_open


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order in a list: a cart (``number`` None), or one that was sent. ``wanted``: how many parts wait for them."""

    id: UUID
    number: int | None
    name: Text | None
    icon: str
    applicant_name: str
    is_owner: bool
    parts: Sequence[tuple[Text, str]]
    wanted: int
    saved_at: datetime
    submitted_at: datetime | None
    kept_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPart:
    """A part that waits for ``person``, who owns its ``order``; ``case`` is one of the cases of that order."""

    part: int
    order: int | None
    person: int
    matter_name: Text
    case: int | None
