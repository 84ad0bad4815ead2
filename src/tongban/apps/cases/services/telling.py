"""A case is told what it waits for, by an officer or another system; and what cases tell each other reaches them."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tongban.apps.cases.errors import NotYours, UnknownCase, UnknownEvent
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Case, Sending, Waiting
from tongban.apps.cases.services.way import act, lock, require_authority, run
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.errors import SealBroken
from tongban.kernel import flow

__all__ = ["broadcast_signal", "pass_on", "raise_event", "receive_message", "receive_signal", "record_arrival"]

log = logging.getLogger(__name__)

_AGAIN = timedelta(hours=1)
"""After that a case is tried again which could not go on."""

_GONE = frozenset({"event.not-awaited", "case.ended", "case.not-filed"})
"""Refusals that mean that nothing waits there any more."""


def receive_message(
    *, number: int, name: str, data: Mapping[str, Any], actor: Actor, at: datetime, node: str = ""
) -> None:
    """Deliver a message to the first event of the case that waits for it (or to the one at ``node``).

    For handlers of the authority, and the system. Raises ``UnknownEvent`` for a name that the process never waits for,
    ``flow.Refused`` where it does not wait now.
    """
    command = flow.ReceiveMessage(name=name, data=data, node=node)
    _tell(number, "message", name, command, actor, at)


def receive_signal(*, number: int, name: str, data: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Deliver a signal to every event of this one case that waits for it. Raises what ``receive_message`` raises."""
    _tell(number, "signal", name, flow.ReceiveSignal(name=name, data=data), actor, at)


def _tell(number: int, kind: str, name: str, command: flow.Command, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        journal = lock(number)
        capacity = _capacity(journal.case, actor)
        process = journal.definition.process
        if not flow.hears(definition=process, kind=kind, name=name):
            raise UnknownEvent(name=name)
        run(journal, command, actor=actor, capacity=capacity, at=at)


def _capacity(case: Case, actor: Actor) -> str:
    return "system" if actor == SYSTEM else require_authority(case, actor, roles=("handler",))


def record_arrival(*, number: int, node: str, note: str, actor: Actor, at: datetime) -> None:
    """Put on record that the message or signal has come for which the event ``node`` of the case waits."""
    with transaction.atomic():
        journal = lock(number)
        capacity = _capacity(journal.case, actor)
        run(journal, _arrival(journal, node=node, note=note), actor=actor, capacity=capacity, at=at)


def _arrival(journal: Journal, *, node: str, note: str) -> flow.Command:
    """The command that tells a case what its event ``node`` waits for. Raises ``flow.Refused`` if it does not."""
    for one in flow.expected_events(definition=journal.definition.process, state=journal.state):
        if one.node.id == node:
            return flow.arrival(expected=one, note=note)
    raise flow.Refused(flow.Refusal.NOT_AWAITED, {"name": node})


def raise_event(*, number: int, task: int, name: str, kind: str, reason: str, actor: Actor, at: datetime) -> None:
    """Report an ``error`` or ``escalation`` of a step by its code: what the diagram says then follows.

    Raises ``flow.Refused`` where no event catches it.
    """
    with transaction.atomic():
        journal = lock(number, task=task)
        act(journal, task, flow.Raise(task=task, name=name, kind=kind, reason=reason), actor=actor, at=at)


def broadcast_signal(*, name: str, data: Mapping[str, Any], authority: str, actor: Actor, at: datetime) -> None:
    """Send a signal to all open cases of an authority that wait for it; of the whole city where ``authority`` is "".

    For the authority's handlers; to the whole city, for the system alone. A worker carries it out (``pass_on``).
    """
    if actor != SYSTEM and not (authority and actor.has_role("handler", department=authority)):
        raise NotYours(act="authority")
    Sending.objects.create(kind="signal", name=name, data=dict(data), authority=authority, sent=at, due=at)


# --- carried out by a worker -----------------------------------------------------------------------------------------


def pass_on(*, at: datetime, limit: int = 200) -> int:
    """Carry messages and signals that are on their way to the cases that wait for them; return how many it reached.

    Each case is told in a transaction of its own, which also moves the sending's cursor past it: whoever stops in
    between leaves neither or both. A case that cannot go on is tried again in an hour and holds up nobody else's.
    """
    reached = 0
    for no in list(Sending.objects.filter(due__lte=at).order_by("due", "id").values_list("id", flat=True)[:limit]):
        while (told := _pass_on_once(no, at)) is not None:
            reached += told
            if reached >= limit:
                return reached
    return reached


def _pass_on_once(no: int, at: datetime) -> bool | None:
    """Take one sending one case further: whether that case was told; None when there is none any more."""
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        sending = Sending.objects.select_for_update(skip_locked=skip).filter(pk=no, due__lte=at).first()
        if sending is None:
            return None  # carried out meanwhile, or in the hands of another worker
        number = _next_case(sending)
        if number is None:
            sending.delete()
            return None
        told = _deliver(sending, number, at)
        if sending.target_id is None:
            Sending.objects.filter(pk=no).update(cursor=number)
        elif told is not None:
            sending.delete()
        return bool(told)


def _next_case(sending: Sending) -> int | None:
    """The next case that waits for it, of those that waited as it was sent."""
    if sending.target_id is not None:
        return sending.target_id
    rows = Waiting.objects.filter(kind=sending.kind, name=sending.name, since__lte=sending.sent)
    rows = rows.filter(case__gt=sending.cursor)
    if sending.authority:
        rows = rows.filter(case__authority=sending.authority)
    if sending.source_id is not None:
        rows = rows.exclude(case=sending.source_id)
        if sending.kind == "message":
            rows = _of_the_same_applicant(rows, sending.source_id)
    return rows.order_by("case").values_list("case", flat=True).first()


def _of_the_same_applicant(rows: QuerySet[Waiting], source: int) -> QuerySet[Waiting]:
    """A message is for somebody, a signal for all: what one case says must not move a stranger's."""
    case = Case.objects.only("person", "organisation").get(pk=source)
    if case.organisation_id is not None:
        return rows.filter(case__organisation=case.organisation_id)
    return rows.filter(Q(case__person=case.person_id) & Q(case__organisation=None))


def _deliver(sending: Sending, number: int, at: datetime) -> bool | None:
    """Tell one case: whether it heard; None when it has to be tried again, for which is then provided."""
    command: flow.Command = flow.ReceiveSignal(name=sending.name, data=sending.data)
    if sending.kind == "message":
        command = flow.ReceiveMessage(name=sending.name, data=sending.data)
    try:
        with transaction.atomic():
            journal = lock(number)
            journal.hops = sending.hops + 1
            run(journal, command, actor=SYSTEM, capacity="system", at=at)
    except UnknownCase:
        return False
    except (flow.Refused, SealBroken) as stuck:
        if stuck.code in _GONE:
            return False
        log.error("%s %s does not reach case %s: %s", sending.kind, sending.name, number, stuck.code)
        _try_again(sending, number, at + _AGAIN)
        return None
    return True


def _try_again(sending: Sending, number: int, due: datetime) -> None:
    if sending.target_id is not None:
        Sending.objects.filter(pk=sending.pk).update(due=due)
        return
    Sending.objects.create(
        kind=sending.kind,
        name=sending.name,
        data=sending.data,
        source_id=sending.source_id,
        target_id=number,
        hops=sending.hops,
        sent=sending.sent,
        due=due,
    )
