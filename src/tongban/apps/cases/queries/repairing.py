"""Earlier ends of the bar after a broken pledge (信用修复): for whoever asks, and for who decides."""

from tongban.apps.cases.errors import RepairGone, UnknownCase
from tongban.apps.cases.models import BrokenPledge, Case, PledgeRepair
from tongban.apps.cases.queries.petitions import PetitionLine, Petitions
from tongban.apps.cases.queries.views import Page, RepairView
from tongban.apps.people.actors import Actor

__all__ = ["REPAIR_FILES", "count_repairs", "forget_repairs", "get_repair", "list_repairs", "require_repair"]

REPAIR_FILES = "pledge_repair"
"""Under this code comes in what shows that somebody may be trusted again; no matter asks for it."""
_REPAIRS = Petitions(PledgeRepair, "repairs")


def get_repair(*, case: int) -> RepairView | None:
    """Return what was asked for last and came of it; None where nobody asked. For whoever may see the case."""
    row = PledgeRepair.objects.filter(case=case).first()
    return None if row is None else view_of(row)


def require_repair(*, number: int, actor: Actor) -> tuple[RepairView, BrokenPledge]:
    """Return what was asked for, and the bar, as who may decide on it sees them.

    Raises ``UnknownCase`` for who does not serve there, ``RepairGone`` where nobody has asked.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None or not actor.has_role("decider", department=case.authority_id):
        raise UnknownCase
    row = PledgeRepair.objects.filter(case=number).first()
    broken = BrokenPledge.objects.filter(case=number).first()
    if row is None or broken is None:
        raise RepairGone
    return view_of(row), broken


def list_repairs(*, actor: Actor, cursor: str = "", limit: int = 25) -> Page[PetitionLine]:
    """Return those that wait for the actor, as ``Petitions.list`` does."""
    return _REPAIRS.list(actor=actor, cursor=cursor, limit=limit)


def count_repairs(*, actor: Actor) -> int:
    """Return how many wait for the actor's departments; kept for a minute, or until one changes."""
    return _REPAIRS.count(actor=actor)


def forget_repairs(*, department: str) -> None:
    """Let them be counted anew: one of this department has changed."""
    _REPAIRS.forget(department=department)


def view_of(row: PledgeRepair) -> RepairView:
    """A row as pages read it."""
    return RepairView(
        state=row.state,
        why=row.why,
        words=row.words,
        asked_at=row.asked_at,
        due=row.due,
        concluded_at=row.concluded_at,
    )
