"""What an order files later: a part whose turn comes when what it depends on has been granted.

The log is followed: when a case of an order has been decided, the parts of that order that wait are marked to be looked
at. The worker then looks at each in a transaction of its own, so a process killed at any instant leaves a part either
filed, with its case, or still marked.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.db.models import Q

from tongban.apps.cases.boards import list_by_number
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.errors import CatalogError
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.errors import DraftIncomplete, DraftOutdated, IntakeError
from tongban.apps.intake.models import Draft, Order, OrderElsewhere, OrderPart
from tongban.apps.intake.orders.contents import Contents, Held, contents_of
from tongban.apps.intake.orders.under_way import look_again
from tongban.apps.intake.services import file_draft
from tongban.apps.ledger.services import Followed
from tongban.apps.people.assurance import HIGH
from tongban.apps.people.errors import PeopleError
from tongban.apps.people.queries import get_actor
from tongban.kernel.flow import Refused

__all__ = ["DECIDED", "Looked", "file_what_is_due", "follow_decisions"]

log = logging.getLogger(__name__)

DECIDED = ("case.decided", "case.withdrawn", "case.refused", "case.closed")
"""After these a case has its outcome."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look has come to: how many parts were filed, and which now wait for their owners (ids of parts)."""

    filed: int
    wanted: tuple[int, ...]


def follow_decisions(events: Sequence[Followed], _at: datetime) -> None:
    """Mark the parts that wait for one of these cases."""
    cases = {each.case for each in events}
    orders = OrderPart.objects.filter(draft__case__in=cases).values("order")
    OrderPart.objects.filter(order__in=orders, state="waiting", look=False).update(look=True)
    decided = OrderElsewhere.objects.filter(Q(case__in=cases) | Q(part__draft__case__in=cases)).values("order")
    OrderPart.objects.filter(order__in=decided, state="waiting", look=False).update(look=True)


def file_what_is_due(*, at: datetime, limit: int = 200) -> Looked:
    """Look at every marked part: file it if its turn has come, or leave it to its owner where it cannot be filed."""
    marked = OrderPart.objects.filter(look=True, order__number__isnull=False).order_by("pk")
    states = {part: _look_safely(part, at) for part in list(marked.values_list("pk", flat=True)[:limit])}
    filed = sum(1 for state in states.values() if state == "filed")
    return Looked(filed, tuple(part for part, state in states.items() if state == "wanted"))


def _look_safely(part: int, at: datetime) -> str:
    """One part that cannot be filed stands in nobody's way: its owner is asked to send it."""
    try:
        return _look(part, at)
    except DatabaseError:
        raise  # the next look will do
    except Exception as error:
        log.error("A part of an order could not be filed by itself: %s", type(error).__name__)
        waiting = OrderPart.objects.filter(pk=part, state="waiting")
        changed = waiting.update(state="wanted", why="order.not-by-itself", look=False)
        return "wanted" if changed else ""


def _look(part: int, at: datetime) -> str:
    """Look at one part; return its new state, "" where there was nothing to look at."""
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).filter(parts=part).first()
        row = OrderPart.objects.filter(pk=part, look=True).first()
        if order is None or row is None:
            return ""  # another worker was faster
        found = contents_of(order)
        held = next(each for each in [*found.parts, *found.removed] if each.row.pk == part)
        state = "filed" if held.case is not None else _turn(found, held)
        filed = state == "due" and _file(row, held, order, at)
        if state != "due":
            row.state = state
        row.look = False
        row.save(update_fields=["look", "state", "why"])
        if filed or state == "stopped":
            # What waits for this one in turn: an instant case has been decided by now.
            order.parts.filter(state="waiting").exclude(pk=part).update(look=True)
            look_again(parts=[part])
        return row.state if state == "due" else ""


def _turn(found: Contents, held: Held) -> str:
    """``due`` when everything before has been granted, ``stopped`` when something never will be, else ``waiting``."""
    needed = {one.part for one in found.after(held)}
    away = [each.state for each in found.away if each.matter in needed]
    if "ended" in away:
        return "stopped"
    if away:
        return "waiting"  # what has been granted elsewhere is not waited for any more
    before = [found.part(matter) for matter in needed]
    numbers = [each.case for each in before if each is not None and each.case is not None]
    outcomes = [row.outcome or ("not_accepted" if row.closed_at else "") for row in list_by_number(numbers=numbers)]
    if any(outcome not in ("", "granted") for outcome in outcomes):
        return "stopped"
    if any(each is not None and each.row.state == "stopped" for each in before):
        return "stopped"
    if len(numbers) < len(before) or any(outcome != "granted" for outcome in outcomes):
        return "waiting"
    return "due"


def _file(row: OrderPart, held: Held, order: Order, at: datetime) -> bool:
    """File it in the name of who sent the order; what keeps it from being filed is wanted of its owner."""
    try:
        with transaction.atomic():
            draft = Draft.objects.select_for_update().get(pk=held.draft.pk)
            if get_matter(code=draft.matter, on=get_calendar().local_date(at)).version_id != draft.matter_version_id:
                raise DraftOutdated
            user = get_user_model().objects.get(pk=order.sent_by_id or order.owner_id)
            # How surely they were signed in was asked when the order was sent (`submit_order`).
            actor = get_actor(user=user, on=get_calendar().local_date(at), assurance=HIGH)
            file_draft(row=draft, actor=actor, at=at)
    except (IntakeError, CatalogError, PeopleError, Refused) as error:
        row.state, row.why = "wanted", "" if isinstance(error, DraftIncomplete) else str(error.code)
        return False
    row.state, row.why = "filed", ""
    return True
