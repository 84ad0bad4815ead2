"""Where cases stand, in brief: for whoever tells people who need not be on file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.cases.models import Case

__all__ = ["Standing", "list_standings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case as anybody whose it is may hear of it. ``status`` as in ``flow.Status``; no names, no answers."""

    number: int
    matter: str
    version_id: int
    authority: str
    status: str
    outcome: str
    promised_due: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done."""
        return not self.outcome and self.closed_at is None


def list_standings(*, numbers: Collection[int]) -> dict[int, Standing]:
    """Return where cases stand, by number; one query."""
    columns = ("number", "matter", "matter_version", "authority", "status", "outcome", "promised_due", "closed_at")
    names = ("number", "matter", "version_id", *columns[3:])
    rows = Case.objects.filter(pk__in=numbers).values_list(*columns)
    return {row[0]: Standing(**dict(zip(names, row, strict=True))) for row in rows}
