"""What need not be asked for a whole order: looked up for each part, taken or declined for all of them at once.

Each part asks by itself, on its own ground: a register is asked for a matter, not for an order. They ask in one round:
what one part was told is not fetched again for another, and a register that is away is waited for once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.apps.exchange.services import Round
from tongban.apps.intake.on_file import Saved, decline_on_file, look_up, refresh, take_on_file
from tongban.apps.intake.orders.contents import Contents, contents_of
from tongban.apps.intake.orders.queries import OrderView, PartView, get_order
from tongban.apps.intake.orders.services import lock_order, write_answers
from tongban.apps.people.actors import Actor

__all__ = ["decline_known", "look_up_parts", "refresh_parts", "take_known"]


def look_up_parts(
    *, order: UUID, actor: Actor, at: datetime, consented: Collection[str] = (), first: bool = False
) -> bool:
    """Ask the registers for every part of a cart; return whether there was any part to ask for.

    ``first``: only for the parts for which nobody has been asked yet. Never inside a transaction. Raises
    ``UnknownOrder``, and ``RecordNotWritten`` from the exchange.
    """
    found = get_order(order=order, actor=actor, at=at)
    asked = [part for part in found.parts if not (first and any(each.extract for each in part.on_file.sources))]
    within = Round()
    for part in asked:
        look_up(draft=part.draft, actor=actor, at=at, consented=consented, within=within)
    return bool(asked)


def refresh_parts(*, order: OrderView, actor: Actor, at: datetime) -> list[PartView]:
    """Ask again, before a cart is sent, for what has become stale; return the parts of which something else is said.

    Never inside a transaction. Raises ``RecordNotWritten`` from the exchange.
    """
    within, unsent = Round(), [part for part in order.parts if part.case is None]
    return [part for part in unsent if refresh(draft=part.draft, actor=actor, at=at, within=within)]


def take_known(*, order: UUID, actor: Actor, at: datetime) -> Saved:
    """Take all that was shown, for every part; return what the whole order is spared, each thing counted once.

    What a register has answered for one part, and others ask in the same words, is written into those as well: they
    ask it once, and the applicant has read it. Never inside a transaction. Raises ``UnknownOrder``, ``OrderSent``.
    """
    for part in get_order(order=order, actor=actor, at=at).parts:
        take_on_file(draft=part.draft, actor=actor, at=at)
    with transaction.atomic():
        found = contents_of(lock_order(order, actor, at))
        _answer_once(found, at)
    return _saved(found, get_order(order=order, actor=actor, at=at))


def decline_known(*, order: UUID, actor: Actor, at: datetime) -> None:
    """Use nothing of it, in any part: everything is asked. Raises ``UnknownOrder``."""
    for part in get_order(order=order, actor=actor, at=at).parts:
        decline_on_file(draft=part.draft, actor=actor, at=at)


def _answer_once(found: Contents, at: datetime) -> None:
    """Give what was taken in one place of a shared question to its other places, where their forms take it."""
    given: dict[str, dict[str, Any]] = {}
    for one in found.asked_once():
        places = [(held, field) for held, field in found.places_of(one) if held.case is None]
        taken = next((held.answers.get(field.name) for held, field in places if field.name in held.taken), None)
        for held, field in places if taken is not None else ():
            if field.name not in held.taken and not held.definition.form.read(field, taken).code:
                given.setdefault(held.matter, {})[field.name] = taken
    for held in found.parts:
        write_answers(held, given.get(held.matter, {}), at)


def _saved(found: Contents, order: OrderView) -> Saved:
    """What is asked once counts once, so do a paper that several want and a department that several would go to."""
    spared = {(held.matter, name) for held in found.parts for name in held.taken}
    shared = [{(matter, field.name) for matter, field in one.places} for one in found.asked_once()]
    once = [places for places in shared if places & spared]
    papers = {(part.matter, code) for part in order.parts for code in part.on_file.spared_papers}
    same = [set(paper.codes.items()) for paper in found.papers()]
    together = [places for places in same if places & papers]
    departments = frozenset[str]().union(*(part.on_file.spared_departments for part in order.parts))
    return Saved(
        questions=len(once) + len(spared.difference(*once)),
        papers=len(together) + len(papers.difference(*together)),
        trips=len(departments),
        pages=sum(part.on_file.pages for part in order.parts),
    )
