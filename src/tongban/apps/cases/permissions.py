"""Who may see a case, and who may do what to it."""

from collections.abc import Iterable

from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_city
from tongban.apps.people.actors import Actor

__all__ = ["ROLES_FOR_ACT", "is_owner", "may_do_act", "may_see"]

# What a step takes, by its act (GB/T 39046 actions): the roles any of which suffices.
ROLES_FOR_ACT: dict[str, frozenset[str]] = {
    "accept": frozenset({"clerk", "handler"}),
    "handle": frozenset({"clerk", "handler"}),
    "inspect": frozenset({"handler"}),
    "opinion": frozenset({"handler", "reviewer", "decider"}),
    "review": frozenset({"reviewer", "decider"}),
    "decide": frozenset({"decider"}),
    "deliver": frozenset({"clerk", "handler"}),
}
_OVERSEERS = ("supervisor", "administrator")


def is_owner(*, case: Case, actor: Actor) -> bool:
    """Whether the case is the actor's own: as applicant, or for an organisation under a mandate for its matter."""
    if case.organisation_id is not None:
        return actor.acts_for(case.organisation_id, matter=case.matter)
    return actor.person_id is not None and actor.person_id in (case.person_id, case.agent_id)


def may_see(*, case: Case, actor: Actor, departments: Iterable[str]) -> bool:
    """Whether the actor may open the case; ``departments`` are those that have or had a task in it."""
    if is_owner(case=case, actor=actor) or any(actor.has_role(role) for role in _OVERSEERS):
        return True
    # Whoever was served at a counter comes back to a counter, also with what no step of it lies at.
    if case.channel == "window" and actor.has_role("clerk", department=get_city().front_desk):
        return True
    return not actor.departments.isdisjoint({case.authority_id, *departments})


def may_do_act(*, act: str, department: str, actor: Actor) -> bool:
    """Whether the actor may do a step of this kind in this department."""
    return any(actor.has_role(role, department=department) for role in ROLES_FOR_ACT.get(act, frozenset()))
