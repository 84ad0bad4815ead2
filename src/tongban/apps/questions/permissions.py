"""Who sees a question, and who answers it."""

from datetime import datetime

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import get_case
from tongban.apps.people.actors import Actor
from tongban.apps.questions.models import Question
from tongban.kernel import flow

__all__ = ["capacity_of", "is_askers", "is_colleagues", "sees_case"]


def is_askers(*, row: Question, actor: Actor) -> bool:
    """Whether the actor asked it, or stands in for who did."""
    return actor.has_in_hand(row.asker_id)


def is_colleagues(*, row: Question, actor: Actor) -> bool:
    """Whether the actor was asked, or stands in for who was."""
    return actor.has_in_hand(row.colleague_id)


def sees_case(*, number: int, actor: Actor, at: datetime) -> bool:
    """Whether the actor may open the case as an official: nobody reads what is asked about their own."""
    try:
        return not get_case(number=number, actor=actor, at=at).is_owner
    except UnknownCase:
        return False


def capacity_of(*, user: int, actor: Actor) -> str:
    """As what the actor does what was ``user``'s to do: ``officer``, or ``stand-in:user:7`` in their place."""
    return "officer" if actor.user_id == user else f"{flow.STAND_IN}user:{user}"
