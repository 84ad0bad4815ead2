"""Two cases become one matter for their applicant: each log says which case of the other city it is linked to.

What the city that decides says of its case is done to ours, by the authority there: a department in which nobody here
serves. What does not fit any more (it was taken back here meanwhile) is on record as not done, and stops nothing.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from tongban.apps.cases import services as cases
from tongban.apps.cases.errors import CaseError
from tongban.apps.cases.queries import get_filed, get_open_step
from tongban.apps.crossings.models import Crossing
from tongban.apps.neighbours.errors import Malformed
from tongban.apps.neighbours.queries import get_neighbour
from tongban.apps.people.actors import Actor
from tongban.kernel.clock import Limit, LimitError, Unit
from tongban.kernel.flow import Refused

__all__ = ["apply", "authority", "link", "refuse_here", "us_as"]

_ROLES = ("handler", "reviewer", "decider")


def us_as(neighbour: str) -> Actor:
    """Who acts when a neighbour's word is put on record."""
    return Actor(id=f"neighbour:{neighbour}")


def authority(*, neighbour: str, department: str) -> Actor:
    """A neighbour's authority, as it acts on the case that we keep for it."""
    return Actor(
        id=f"neighbour:{neighbour}",
        departments=frozenset({department}),
        roles=frozenset((department, role) for role in _ROLES),
    )


def link(*, number: int, neighbour: str, answer: Mapping[str, Any], at: datetime) -> None:
    """Put on record which case there our case has become; once. Raises ``Malformed``."""
    try:
        other, seq, head = int(answer["case"]), int(answer["head"]["seq"]), bytes.fromhex(answer["head"]["hash"])
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed from error
    with transaction.atomic():
        crossing = Crossing.objects.select_for_update().get(case=number)
        if crossing.other is not None:
            return
        # Not ``heard``: much may have happened there at once, and will be told one by one.
        crossing.other, crossing.state, crossing.head = other, "linked", head
        crossing.save(update_fields=["other", "state", "head"])
        data = {"city": neighbour, "case": other, "seq": seq, "hash": head.hex()}
        cases.record_crossing(number=number, kind=cases.CROSSING_OPENED, data=data, actor=us_as(neighbour), at=at)


def refuse_here(*, number: int, why: str, at: datetime) -> None:
    """The neighbour does not take the case: it is refused in its name, and the applicant is told."""
    crossing = Crossing.objects.select_for_update().get(case=number)
    crossing.state, crossing.why = "refused", why[:60]
    crossing.save(update_fields=["state", "why"])
    name = get_neighbour(crossing.neighbour).name
    reason = f"{name['zh']}没有接收（{why}）。 {name['en']} could not take it ({why})."
    _done(lambda: _refuse(number, _authority_of(number, crossing.neighbour), {"reason": reason}, at))


def apply(*, crossing: Crossing, kind: str, data: Mapping[str, Any], at: datetime) -> str:
    """Do to our case what was done to theirs; return the code of why it could not be done, "" where it was."""
    do = _DOES.get(kind)
    if do is None:
        return ""
    return _done(lambda: do(crossing.case, _authority_of(crossing.case, crossing.neighbour), data, at))


def _done(do: Callable[[], None]) -> str:
    try:
        with transaction.atomic():
            do()
    except (Refused, CaseError) as error:
        return str(error.code)
    except (KeyError, TypeError, ValueError, LimitError):
        return "crossing.unreadable"
    return ""


def _authority_of(number: int, neighbour: str) -> Actor:
    return authority(neighbour=neighbour, department=get_filed(number=number).authority)


def _step(number: int, act: str) -> int:
    step = get_open_step(number=number)
    if step is None or step.act != act:
        raise Refused("task.not-open")
    return step.no


def _accept(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    cases.accept(number=number, task=_step(number, "accept"), actor=actor, at=at)


def _refuse(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    cases.refuse(number=number, task=_step(number, "accept"), reason=str(data["reason"]), actor=actor, at=at)


def _request(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    step = get_open_step(number=number)
    if step is None:
        raise Refused("task.not-open")
    due = parse_datetime(str(data["due"])) if data.get("due") else None
    hours = max(1, math.ceil((due - at).total_seconds() / 3600)) if due is not None else 0
    cases.request_supplement(
        number=number,
        task=step.no,
        items=[str(each) for each in data.get("items", ())],
        note=str(data.get("note", "")),
        within=Limit(hours, Unit.HOURS) if hours else None,
        actor=actor,
        at=at,
    )


def _extend(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    cases.extend(number=number, by=Limit.parse(str(data["by"])), reason=str(data["reason"]), actor=actor, at=at)


def _suspend(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    step = get_open_step(number=number)
    if step is None:
        raise Refused("task.not-open")
    limit = Limit.parse(str(data["limit"]))
    procedure, reason = str(data["procedure"]), str(data["reason"])
    cases.suspend(number=number, task=step.no, procedure=procedure, reason=reason, limit=limit, actor=actor, at=at)


def _resume(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    cases.resume(number=number, actor=actor, at=at)


def _decide(number: int, actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    step = get_open_step(number=number)
    if step is not None and step.act == "accept":
        cases.accept(number=number, task=step.no, actor=actor, at=at)
    task = _step(number, "decide")
    outcome, reason = str(data["outcome"]), str(data.get("reason") or "")
    cases.decide(number=number, task=task, outcome=outcome, reason=reason, actor=actor, at=at)


_DOES = {
    "case.accepted": _accept,
    "case.refused": _refuse,
    "supplement.requested": _request,
    "clock.extended": _extend,
    "case.suspended": _suspend,
    "case.resumed": _resume,
    "case.decided": _decide,
}
