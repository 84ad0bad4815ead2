"""Who sees a card, and who answers it."""

from tongban.apps.people.actors import Actor
from tongban.apps.supervision.models import Card
from tongban.kernel import flow

__all__ = ["capacity_for", "may_answer", "may_see", "oversees"]


def oversees(actor: Actor) -> bool:
    """Whether the actor sees the cards of all departments."""
    return actor.has_role("supervisor") or actor.has_role("administrator")


def may_see(*, card: Card, actor: Actor) -> bool:
    """Whether the actor watches over limits, or serves in the department that was shown the card."""
    return oversees(actor) or card.department in actor.departments


def may_answer(*, card: Card, actor: Actor) -> bool:
    """Whether it is the actor's to answer: by one of the roles that the rule named, or because the step is theirs."""
    if card.department not in actor.departments:
        return False
    return actor.has_in_hand(card.holder_id) or any(
        actor.has_role(role, department=card.department) for role in card.answered_by.split()
    )


def capacity_for(*, card: Card, actor: Actor) -> str:
    """As what the actor answers: ``officer``, or ``stand-in:user:7`` in whose place."""
    wanted = {(card.department, role) for role in card.answered_by.split()}
    if card.holder_id == actor.user_id or wanted & actor.own_roles:
        return "officer"
    if card.holder_id in actor.absent:
        return f"{flow.STAND_IN}user:{card.holder_id}"
    lent = sorted(user for user, department, role in actor.stands_for if (department, role) in wanted)
    return f"{flow.STAND_IN}user:{lent[0]}" if lent else "officer"
