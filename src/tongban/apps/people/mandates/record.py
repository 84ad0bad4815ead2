"""What happens to a mandate, on record: a log of its own in the ledger, that both sides read."""

from datetime import date, datetime
from typing import Any

from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.people.models import Mandate
from tongban.kernel import flow

__all__ = [
    "ACCEPTED",
    "CHANGED",
    "DECLINED",
    "KINDS",
    "PROPOSED",
    "REGISTERED",
    "REPLACED",
    "REVOKED",
    "WITHDRAWN",
    "put_on_record",
]

PROPOSED, ACCEPTED, DECLINED, WITHDRAWN, REVOKED, REPLACED, REGISTERED, CHANGED = KINDS = (
    "mandate.proposed",
    "mandate.accepted",
    "mandate.declined",
    "mandate.withdrawn",
    "mandate.revoked",
    "mandate.replaced",
    "mandate.registered",
    "mandate.changed",
)


def put_on_record(
    row: Mandate, kind: str, *, actor_id: str, capacity: str, on: date, at: datetime, reason: str = ""
) -> None:
    """Append to the mandate's log, in the caller's transaction; the row is given its number with the first entry.

    The entry says whom it is between by key, never by name or identity number.
    """
    event = flow.Event(kind=kind, at=at, data=_about(row, reason), actor=actor_id, capacity=capacity)
    if row.number is None:
        row.number = begin_stream(kind="mandate", event=event, day=on, at=at)
        row.save(update_fields=["number"])
    else:
        continue_stream(number=row.number, event=event)


def _about(row: Mandate, reason: str) -> dict[str, Any]:
    whom = f"organisation:{row.organisation_id}" if row.organisation_id else f"person:{row.person_id}"
    data: dict[str, Any] = {
        "represented": whom,
        "agent": f"person:{row.agent_id}",
        "as": str(row.kind),
        "matters": row.matters,
        "from": row.valid_from.isoformat(),
        "until": row.valid_until.isoformat() if row.valid_until else None,
        "source": str(row.source),
        "assurance": row.assurance,
    }
    return data | ({"reason": reason} if reason else {})
