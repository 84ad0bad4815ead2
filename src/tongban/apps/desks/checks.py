"""Which materials of a case an officer has checked: a mark to work with, no part of the log, gone with the work."""

from dataclasses import dataclass
from datetime import datetime

from tongban.apps.cases.consequences import Work
from tongban.apps.desks.errors import StepMoved
from tongban.apps.desks.models import Checked

__all__ = ["CheckedRow", "list_of", "mark", "sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """Who has checked it, by sign-in and by name in Chinese and English, and when."""

    user_id: int
    name: tuple[str, str]
    at: datetime


def mark(*, work: Work, material: int, checked: bool, at: datetime) -> None:
    """See ``services.mark_checked``."""
    me = work.actor.user_id
    if me is None or not work.mine or material not in {item.no for item in work.view.materials}:
        raise StepMoved
    row = {"case_id": work.view.number, "material": material, "user_id": me}
    if checked:
        Checked.objects.get_or_create(**row, defaults={"at": at})
    else:
        Checked.objects.filter(**row).delete()


def list_of(*, case: int) -> dict[int, list[CheckedRow]]:
    """See ``queries.list_checked``."""
    found: dict[int, list[CheckedRow]] = {}
    for row in Checked.objects.filter(case=case).select_related("user").order_by("at"):
        name = (row.user.name, row.user.name_en or row.user.name)
        found.setdefault(row.material, []).append(CheckedRow(user_id=row.user_id, name=name, at=row.at))
    return found


def sweep() -> int:
    """See ``services.sweep_checked``."""
    return Checked.objects.filter(case__closed_at__isnull=False).delete()[0]
