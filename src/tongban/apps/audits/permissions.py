"""Who sees an audit, who audits, and who answers."""

from collections.abc import Collection

from tongban.apps.audits.models import Audit, State
from tongban.apps.people.actors import Actor

__all__ = ["is_impartial", "may_answer", "may_see", "oversees"]


def oversees(actor: Actor) -> bool:
    """Whether the actor sees the audits of all departments."""
    return actor.has_role("supervisor") or actor.has_role("administrator")


def may_see(*, audit: Audit, actor: Actor) -> bool:
    """Whether the actor watches over it, or serves in the department: those are told once something was found."""
    return oversees(actor) or (audit.state != State.OPEN and audit.department in actor.departments)


def is_impartial(*, audit: Audit, actor: Actor, handlers: Collection[int]) -> bool:
    """Whether the actor serves elsewhere, and had no step in the file, nor anybody for whom they stand in."""
    involved = {actor.user_id, *actor.absent} & set(handlers)
    return audit.department not in actor.departments and not involved


def may_answer(*, audit: Audit, actor: Actor, roles: Collection[str]) -> bool:
    """Whether it is the actor's to answer for the department."""
    return any(actor.has_role(role, department=audit.department) for role in roles)
