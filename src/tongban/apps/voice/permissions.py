"""Who may do what with what people say, beside what the case itself allows."""

from datetime import date

from tongban.apps.catalog.city import get_dispatch
from tongban.apps.catalog.queries import get_matter
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import NotForThem

__all__ = ["coordinating_department", "is_coordinator", "may_look", "require_coordinator", "require_look"]

_WORKING = ("clerk", "handler", "reviewer", "decider")


def coordinating_department(*, on: date) -> str:
    """The department that dispatches what is said (the hotline), "" where nothing can be said in this city."""
    code = get_dispatch().speaks_in
    return get_matter(code=code, on=on).definition.authority if code else ""


def is_coordinator(*, actor: Actor, department: str) -> bool:
    """Whether the actor works where inquiries are dispatched."""
    return bool(department) and any(actor.has_role(role, department=department) for role in _WORKING)


def require_coordinator(*, actor: Actor, department: str) -> None:
    """Raise ``NotForThem`` for everybody else."""
    if not is_coordinator(actor=actor, department=department):
        raise NotForThem("only a coordinator may do that")


def may_look(*, actor: Actor, authority: str, coordinating: str) -> bool:
    """Whether the actor may have the last look at what becomes public: who dispatches, or who answers."""
    return any(is_coordinator(actor=actor, department=each) for each in (authority, coordinating))


def require_look(*, actor: Actor, authority: str, coordinating: str) -> None:
    """Raise ``NotForThem`` for everybody else."""
    if not may_look(actor=actor, authority=authority, coordinating=coordinating):
        raise NotForThem("only who dispatches or answers it may do that")
