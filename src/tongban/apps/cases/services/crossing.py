"""What another city says of a case goes on record: which case of theirs is linked to it, and where their log stood."""

from datetime import datetime
from typing import Any

from tongban.apps.cases.services.way import lock
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor

__all__ = ["CROSSING_HEARD", "CROSSING_OPENED", "record_crossing"]

CROSSING_OPENED, CROSSING_HEARD = "crossing.opened", "crossing.heard"


def record_crossing(*, number: int, kind: str, data: dict[str, Any], actor: Actor, at: datetime) -> tuple[int, bytes]:
    """Put on record that a case is linked to another city's (``CROSSING_OPENED``), or what that has said of it.

    Returns where the log then ends: number and hash of the entry. Raises ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        if journal.state.updated is not None and at < journal.state.updated:
            at = journal.state.updated
        journal.record(kind=kind, data=data, actor=actor, capacity="neighbour", at=at)
        save([journal])
        return journal.case.last_seq, bytes(journal.case.last_hash)
