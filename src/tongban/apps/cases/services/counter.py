"""How long it took at a counter, put on record once whoever came there has left the window."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tongban.apps.cases.services.way import lock
from tongban.apps.cases.store import save
from tongban.apps.ledger.queries import get_event
from tongban.apps.people.actors import Actor

__all__ = ["CASE_SERVED", "note_served"]

CASE_SERVED = "case.served"


def note_served(*, number: int, ticket: Mapping[str, str | int], minutes: int, actor: Actor, at: datetime) -> bool:
    """Put on record how long a case's ticket had waited and was served; whether the case came in with that ticket.

    ``ticket`` as the filing has it, with ``waited``; both are minutes by the clock. It changes nothing else of the
    case, and may come after its end.
    """
    with transaction.atomic():
        journal = lock(number)
        filed = get_event(case=number, seq=1)
        if filed.data.get("about", {}).get("ticket", {}).get("number") != ticket["number"]:
            return False
        journal.record(
            kind=CASE_SERVED,
            data=dict(ticket) | {"served": minutes},
            actor=actor,
            capacity="clerk",
            at=at,
            waiting=int(ticket["waited"]),
            working=minutes,
        )
        save([journal])
    return True
