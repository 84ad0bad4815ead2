"""Commands of crossings: offer what neighbours offer, send what they have to know, compare both logs."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.apps.crossings.adopting import adopt
from tongban.apps.crossings.models import Brought, Crossing
from tongban.apps.crossings.sending import send_due
from tongban.apps.evidence.services import remove_files
from tongban.apps.ledger.queries import get_history
from tongban.apps.neighbours.errors import NeighbourError, NeighbourRefused
from tongban.apps.neighbours.queries import get_neighbours
from tongban.apps.neighbours.services import ask

__all__ = ["Compared", "adopt", "adopt_all", "compare", "send_due", "sweep_files"]

_KEPT = timedelta(days=7)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """What one case's log says of the other city's, beside what that city says now.

    ``state``: ``same``, ``differs`` (one of the two logs was rewritten), or ``away`` (the neighbour did not answer).
    """

    case: int
    neighbour: str
    other: int
    seq: int
    state: str


def adopt_all(*, at: datetime) -> None:
    """Once in a while: offer what each city among the neighbours offers. Who does not answer is asked the next time."""
    for each in get_neighbours().values():
        if each.kind != "city" or "crossings" not in each.may:
            continue
        try:
            new, refused = adopt(neighbour=each.code, at=at)
        except NeighbourError as error:
            log.warning("No matters of %s: %s", each.code, error)
            continue
        for code in new:
            log.info("Matter %s of %s is offered here", code, each.code)
        for stands in refused:
            log.warning("%s", stands)


def compare(*, case: int | None = None, at: datetime) -> Iterator[Compared]:
    """Ask neighbours for every hash that our logs say of theirs, and yield each with what came of it."""
    crossings = Crossing.objects.filter(state="linked").order_by("case")
    for crossing in crossings if case is None else crossings.filter(case=case):
        for event in get_history(case=crossing.case):
            if event.kind.startswith("crossing."):
                yield _compare(crossing, int(event.data["seq"]), str(event.data["hash"]), at)


def _compare(crossing: Crossing, seq: int, known: str, at: datetime) -> Compared:
    said = {"case": crossing.other, "seq": seq}
    try:
        told = ask(neighbour=crossing.neighbour, service="crossings/hash", said=said, at=at).get("hash")
        state = "same" if told == known else "differs"
    except NeighbourRefused as error:
        state = "differs" if error.is_final else "away"
    except NeighbourError:
        state = "away"
    return Compared(crossing.case, crossing.neighbour, crossing.other or 0, seq, state)


def sweep_files(*, at: datetime) -> int:
    """Remove what neighbours sent ahead a week ago: cases have their own records of it. Return how many."""
    old = list(Brought.objects.filter(brought_at__lt=at - _KEPT)[:1000])
    for row in old:
        Brought.objects.filter(neighbour=row.neighbour, sha256=row.sha256).delete()
    remove_files(ids=[row.file for row in old])
    return len(old)
