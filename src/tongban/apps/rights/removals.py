"""What was let go of, as people and officials read it."""

from dataclasses import dataclass
from datetime import datetime

from tongban.apps.catalog.definitions import Text
from tongban.apps.rights.models import Removal

__all__ = ["RemovalView", "get_removal", "list_removals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalView:
    """What a case let go of, when, and on which law. ``because``: the sweep, or the number of a request."""

    case: int
    matter: str
    at: datetime
    because: str
    answers: int
    files: int
    papers: int
    size: int
    law: Text
    article: Text


def get_removal(*, case: int) -> RemovalView | None:
    """What one case let go of; None where it still has all."""
    row = Removal.objects.filter(pk=case).first()
    return _view(row) if row else None


def list_removals(*, limit: int = 50) -> list[RemovalView]:
    """What was let go of, the latest first; one query."""
    return [_view(row) for row in Removal.objects.order_by("-at", "pk")[:limit]]


def _view(row: Removal) -> RemovalView:
    none = {"zh": "", "en": ""}
    return RemovalView(
        case=row.case,
        matter=row.matter,
        at=row.at,
        because=row.because,
        answers=row.answers,
        files=row.files,
        papers=row.papers,
        size=row.size,
        law=Text(**row.basis.get("law", none)),
        article=Text(**row.basis.get("article", none)),
    )
