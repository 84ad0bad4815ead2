"""What the log brings about for neighbours: what they are to be told is written down, and sent afterwards."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tongban.apps.cases.queries import list_parties
from tongban.apps.crossings.models import AdoptedVersion, Crossing, Message
from tongban.apps.ledger.services import Followed

__all__ = ["TOLD_BACK", "WATCHED", "note_down"]

TOLD_AHEAD = ("case.filed", "supplement.answered", "case.withdrawn")
"""Of a case that was filed here: what happens here."""
TOLD_BACK = (
    *("case.accepted", "case.refused", "supplement.requested", "clock.extended", "case.suspended", "case.resumed"),
    *("case.decided", "certificate.issued", "case.delivered"),
)
"""Of a case that came from a neighbour: what happens here, and belongs into the log there."""
WATCHED = (*TOLD_AHEAD, *TOLD_BACK)


def note_down(events: Sequence[Followed], at: datetime) -> None:
    """Write a message for each entry that a neighbour has to know of; four queries, however many events."""
    _begin(events, at)
    crossings = Crossing.objects.in_bulk({each.case for each in events})
    Message.objects.bulk_create(
        [
            Message(
                case=each.case,
                seq=each.seq,
                kind=each.event.kind,
                neighbour=crossing.neighbour,
                noted_at=at,
                due=at,
            )
            for each in events
            if (crossing := crossings.get(each.case)) is not None
            and each.event.kind in (TOLD_AHEAD if crossing.outgoing else TOLD_BACK)
        ],
        ignore_conflicts=True,
    )


def _begin(events: Iterable[Followed], at: datetime) -> None:
    """Cases that were filed for a neighbour's matter begin to cross."""
    filed = [each.case for each in events if each.event.kind == "case.filed"]
    parties = list_parties(numbers=filed) if filed else {}
    adopted = AdoptedVersion.objects.in_bulk({party.version_id for party in parties.values()})
    Crossing.objects.bulk_create(
        [
            Crossing(
                case=party.number,
                neighbour=adopted[party.version_id].neighbour,
                outgoing=True,
                state="sending",
                begun_at=at,
            )
            for party in parties.values()
            if party.version_id in adopted
        ],
        ignore_conflicts=True,
    )
