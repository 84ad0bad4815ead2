"""What the check of a pledge found and is to be put right: for whose case it is, for who checks, for reminders."""

from collections.abc import Collection
from datetime import datetime

from tongban.apps.cases.models import Rectification
from tongban.apps.cases.queries.views import RectificationView
from tongban.apps.catalog.definitions import MatterDefinition

__all__ = ["RECTIFICATION_FILES", "get_rectification", "list_rectifications", "list_rectifications_due"]

RECTIFICATION_FILES = "rectification"
"""Under this code comes in what shows that something was put right; no matter asks for it."""


def get_rectification(*, case: int, definition: MatterDefinition) -> RectificationView | None:
    """Return what is or was to be put right; None for nothing. No query where the matter knows of no such thing."""
    if definition.pledge is None or definition.pledge.rectify is None:
        return None
    row = Rectification.objects.filter(case=case).first()
    return None if row is None else _view(row)


def list_rectifications(*, cases: Collection[int]) -> dict[int, RectificationView]:
    """Return what is or was to be put right in these cases, by number; one query, or none."""
    rows = Rectification.objects.filter(case__in=cases) if cases else ()
    return {row.case_id: _view(row) for row in rows}


def list_rectifications_due(*, since: datetime, until: datetime, limit: int) -> dict[int, datetime]:
    """Return the cases with something to be put right between these instants that nobody has answered, by number."""
    rows = Rectification.objects.filter(state=Rectification.State.OPEN, due__gt=since, due__lte=until).order_by("due")
    return dict(rows.values_list("case", "due")[:limit])


def _view(row: Rectification) -> RectificationView:
    return RectificationView(
        task=row.task,
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        due=row.due,
        last=row.last,
        words=row.words,
        state=row.state,
        answer=row.answer,
        answered_at=row.answered_at,
    )
