"""What a person was asked to look at that a rule had decided: for whose case it is, and for who looks at it."""

from datetime import datetime, timedelta

from tongban.apps.cases.errors import CheckGone, UnknownCase
from tongban.apps.cases.models import Case, HumanCheck
from tongban.apps.cases.queries.petitions import PetitionLine, Petitions
from tongban.apps.cases.queries.views import CheckView, Page
from tongban.apps.catalog.city import get_rights
from tongban.apps.people.actors import Actor

__all__ = [
    "count_checks",
    "forget_checks",
    "get_check",
    "list_checks",
    "may_ask_for_check",
    "require_check",
]

_CHECKS = Petitions(HumanCheck, "checks")


def get_check(*, case: Case) -> CheckView | None:
    """Return what was asked and came of it; None where nobody asked. No query for what no rule decided."""
    row = HumanCheck.objects.filter(case=case.number).first() if case.by_rule else None
    if row is None:
        return None
    return CheckView(
        state=row.state,
        why=row.why,
        words=row.words,
        asked_at=row.asked_at,
        due=row.due,
        concluded_at=row.concluded_at,
    )


def may_ask_for_check(*, by_rule: bool, decided_at: datetime | None, asked: bool, at: datetime) -> bool:
    """Whether it can be asked now that a person look at it."""
    return (
        by_rule
        and not asked
        and decided_at is not None
        and at <= decided_at + timedelta(days=get_rights().human_check.days)
    )


def require_check(*, number: int, actor: Actor) -> CheckView:
    """Return a check as who may conclude it sees it.

    Raises ``UnknownCase`` for who does not serve there, ``CheckGone`` where nobody has asked.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None or not actor.has_role("decider", department=case.authority_id):
        raise UnknownCase
    found = get_check(case=case)
    if found is None:
        raise CheckGone
    return found


def list_checks(*, actor: Actor, cursor: str = "", limit: int = 25) -> Page[PetitionLine]:
    """Return the open checks that wait for the actor, as ``Petitions.list`` does."""
    return _CHECKS.list(actor=actor, cursor=cursor, limit=limit)


def count_checks(*, actor: Actor) -> int:
    """Return how many checks wait for the actor's departments; kept for a minute, or until one changes."""
    return _CHECKS.count(actor=actor)


def forget_checks(*, department: str) -> None:
    """Let them be counted anew: one of this department has changed."""
    _CHECKS.forget(department=department)
