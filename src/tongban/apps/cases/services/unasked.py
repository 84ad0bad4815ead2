"""What was granted without being asked for (免申即享): said in the case's log, and given back by whose it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongban.apps.cases.operations import revoke_held
from tongban.apps.cases.queries.by_rule import UNASKED
from tongban.apps.cases.services.way import lock, owner_capacity, require_owner
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = ["UNASKED", "give_back", "note_unasked"]

_HOLDER_ASKED = "holder-asked"


def note_unasked(*, number: int, said: Mapping[str, Any], at: datetime) -> None:
    """Say in the log on what a case rests that nobody has filed; in the transaction in which it was opened."""
    with whole():
        journal = lock(number)
        journal.record(kind="grant.unasked", data=dict(said), actor=SYSTEM, capacity="system", at=at)
        save([journal])


def give_back(*, number: int, actor: Actor, at: datetime) -> None:
    """Put on record that the applicant does not want it; the certificate that came of it ends at their wish.

    Raises ``NotYours`` and ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        require_owner(journal.case, actor)
        capacity = owner_capacity(journal.case, actor)
        journal.record(kind="grant.declined", data={}, actor=actor, capacity=capacity, at=at)
        revoke_held(journal, ground=_HOLDER_ASKED, reason="", actor=actor, capacity=capacity, at=at)
        save([journal])
