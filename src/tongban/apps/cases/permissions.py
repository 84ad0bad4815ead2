"""Who may see a case, and who may do what to it."""

from collections.abc import Iterable
from functools import cache

from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_city
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_version
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = [
    "ROLES_FOR_ACT",
    "capacity_in",
    "capacity_of",
    "extending_department",
    "is_overseer",
    "is_owner",
    "is_served",
    "may_do_act",
    "may_do_task",
    "may_see",
    "require_supplement_allowed",
]

# What a step takes, by its act (GB/T 39046 actions): the roles any of which suffices.
ROLES_FOR_ACT: dict[str, frozenset[str]] = {
    "accept": frozenset({"clerk", "handler"}),
    "handle": frozenset({"clerk", "handler"}),
    "inspect": frozenset({"handler"}),
    "opinion": frozenset({"handler", "reviewer", "decider"}),
    "review": frozenset({"reviewer", "decider"}),
    "decide": frozenset({"decider"}),
    "deliver": frozenset({"clerk", "handler"}),
    "cosign": frozenset({"handler", "reviewer", "decider"}),
}
_OVERSEERS = ("supervisor", "administrator")


def is_overseer(actor: Actor) -> bool:
    """Whether somebody looks after how all departments do, and reads every case for it."""
    return any(actor.has_role(role) for role in _OVERSEERS)


def is_owner(*, case: Case, actor: Actor) -> bool:
    """Whether the case is the actor's own: as applicant, or for who is represented, in this matter and today.

    Whoever acts for another person sees what they themselves have filed for them, and as long as they may.
    """
    if case.organisation_id is not None:
        return actor.acts_for(case.organisation_id, matter=case.matter)
    if actor.person_id is None or case.person_id is None:
        return False
    filed_for = actor.person_id == case.agent_id and actor.acts_for_person(case.person_id, matter=case.matter)
    return actor.person_id == case.person_id or filed_for


def is_served(*, case: Case, actor: Actor, served: str) -> bool:
    """Whether the case is that of ``served``, an applicant by key, who stands before the actor, a clerk."""
    whose = f"organisation:{case.organisation_id}" if case.organisation_id else f"person:{case.person_id}"
    return served == whose and actor.has_role("clerk")


def may_see(*, case: Case, actor: Actor, departments: Iterable[str]) -> bool:
    """Whether the actor may open the case; ``departments`` are those that have or had a task in it."""
    if is_owner(case=case, actor=actor) or is_overseer(actor):
        return True
    # Whoever was served at a counter comes back to a counter, also with what no step of it lies at.
    if case.channel == "window" and actor.has_role("clerk", department=get_city().front_desk):
        return True
    if not actor.departments.isdisjoint({case.authority_id, *departments}):
        return True
    government = get_city().extends_joint_reviews
    return actor.has_role("decider", department=government) and government == extending_department(
        get_version(version_id=case.matter_version_id).definition, authority=str(case.authority_id)
    )


def extending_department(definition: MatterDefinition, *, authority: str) -> str:
    """The department whose deciders may lengthen the limit of a case that is its ``authority``'s: for a joint review,
    that of its government."""
    return (definition.joint_with and get_city().extends_joint_reviews) or authority


def require_supplement_allowed(state: flow.State) -> None:
    """Raise ``flow.Refused`` where the city asks for nothing more once a case is accepted (docs/adr/0014)."""
    if state.accepted is not None and not state.supplement and not get_city().supplement_after_acceptance:
        raise flow.Refused(flow.Refusal.SUPPLEMENT_TOO_LATE)


def may_do_act(*, act: str, department: str, actor: Actor) -> bool:
    """Whether the actor may do a step of this kind in this department."""
    return not actor.roles.isdisjoint(_roles_for(act, department))


@cache
def _roles_for(act: str, department: str) -> frozenset[tuple[str, str]]:
    return frozenset((department, role) for role in ROLES_FOR_ACT.get(act, frozenset()))


def may_do_task(*, no: int, act: str, department: str, holder: int | None, state: flow.State, actor: Actor) -> bool:
    """Whether the actor may do this open step: by role, or because it was delegated to them, or they are asked to sign.

    The last two need no more than serving in its department: what was delegated is confirmed by its owner.
    """
    if may_do_act(act=act, department=department, actor=actor):
        return True
    if not actor.has_in_hand(holder) or department not in actor.departments:
        return False
    signer = flow.signer_of(state, no)
    return bool(flow.handover_of(state, no).owner or (signer is not None and signer.who == f"user:{holder}"))


def capacity_of(*, act: str, department: str, holder: int | None, actor: Actor) -> str:
    """As what the actor does an open step: ``officer``, or ``stand-in:user:7`` in whose place.

    In one's own right wherever that suffices; what an absent colleague has taken on is done in their place.
    """
    if holder is not None and holder != actor.user_id and holder in actor.absent:
        return f"{flow.STAND_IN}user:{holder}"
    wanted = _roles_for(act, department)
    return "officer" if not actor.own_roles.isdisjoint(wanted) else _lent(wanted, actor)


def capacity_in(*, roles: Iterable[str], department: str, actor: Actor) -> str:
    """The same for what takes one of these roles in a department."""
    wanted = frozenset((department, role) for role in roles)
    return "officer" if not actor.own_roles.isdisjoint(wanted) else _lent(wanted, actor)


def _lent(wanted: frozenset[tuple[str, str]], actor: Actor) -> str:
    lent = sorted(user for user, *role in actor.stands_for if tuple(role) in wanted)
    return f"{flow.STAND_IN}user:{lent[0]}" if lent else "officer"
