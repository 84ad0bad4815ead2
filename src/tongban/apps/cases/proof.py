"""Proving the log: hashes recomputed, ends compared with what cases say, and all of it with what was signed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice

from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.checkpoints import Fault, check_checkpoints, iterate_rewritten, list_signed_ends
from tongban.apps.ledger.queries import Broken, Checked, Link, check_log, have_log, iterate_checked
from tongban.apps.ledger.streams import heads_of_streams, streams_without_log
from tongban.kernel import flow
from tongban.kernel.numbers import is_stream_number

__all__ = ["Proof", "verify", "verify_read"]

_BATCH = 500


@dataclass(slots=True)
class Proof:
    """What was checked, and the first break of every log that has one; ``faults`` are those of checkpoints."""

    logs: int = 0
    events: int = 0
    broken: list[Broken] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing was changed, cut off or taken out."""
        return not self.broken and not self.faults


def verify(
    *,
    case: int | None = None,
    since: date | None = None,
    with_heads: bool = True,
    progress: Callable[[Proof], None] | None = None,
) -> Proof:
    """Check one log, those that grew on a day or later, or all of them; memory stays flat however many there are.

    ``with_heads`` off leaves out the roots of checkpoints, which cost a walk over all cases of a day. ``progress`` is
    called now and then with what has been checked so far.
    """
    proof = Proof()
    start = datetime.combine(since, time(0), get_calendar().timezone) if since is not None else None
    logs = iterate_checked(case=case, since=start)
    while batch := list(islice(logs, _BATCH)):
        heads = _heads([log.case for log in batch])
        for log in batch:
            proof.logs += 1
            proof.events += log.events
            broken = log.broken or _tail(log, heads.get(log.case))
            if broken:
                proof.broken.append(broken)
        if progress is not None:
            progress(proof)
    if since is None and (case is None or not proof.logs):
        for number in _cases_without_log(case):
            proof.logs += 1
            proof.broken.append(Broken(number, 1, "case.filed", "tail"))
        for number in streams_without_log(number=case):
            proof.logs += 1
            proof.broken.append(Broken(number, 1, "?", "tail"))
    _compare_with_signed(proof, case, since, with_heads)
    return proof


def verify_read(
    *, case: int, events: Sequence[flow.Event], links: Sequence[Link], head: tuple[int, bytes] | None
) -> Proof:
    """Check one log that was read already, against what its case says (``head``) and the ends that were signed.

    What ``verify`` finds wrong in a log, this finds too; signatures of checkpoints are not looked at. One query.
    """
    log = check_log(case=case, events=events, links=links)
    proof = Proof(logs=1, events=log.events)
    broken = log.broken or _tail(log, head) or _rewritten(case, events, links)
    if broken:
        proof.broken.append(broken)
    return proof


def _rewritten(case: int, events: Sequence[flow.Event], links: Sequence[Link]) -> Broken | None:
    """Where hashes follow from each other, but are not those that were signed."""
    stored, before = dict(links), 0
    for seq, signed in list_signed_ends(case=case):
        if stored.get(seq) != signed:
            kind = events[before].kind if before < len(events) else "?"
            return Broken(case, before + 1, kind, "rewritten", seq)
        before = seq
    return None


def _compare_with_signed(proof: Proof, case: int | None, since: date | None, with_heads: bool) -> None:
    known = {broken.case for broken in proof.broken}
    for other in iterate_rewritten(case=case, since=since):
        if other.case not in known:
            proof.broken.append(Broken(other.case, other.first, other.kind, "rewritten", other.last))
    proof.faults.extend(check_checkpoints(since=since, case=case, with_heads=with_heads))


def _heads(numbers: list[int]) -> dict[int, tuple[int, bytes]]:
    rows = Case.objects.filter(pk__in=numbers).values_list("number", "last_seq", "last_hash")
    found = {number: (seq, bytes(head)) for number, seq, head in rows}
    streams = [number for number in numbers if is_stream_number(number)]
    return found | heads_of_streams(numbers=streams) if streams else found


def _tail(log: Checked, head: tuple[int, bytes] | None) -> Broken | None:
    """A log cut short verifies by itself; only its case knows how long it was."""
    if head is None:
        return Broken(log.case, 1, "case.filed", "orphan")
    if head != (log.events, log.head):
        return Broken(log.case, log.events + 1, "?", "tail")
    return None


def _cases_without_log(case: int | None) -> Iterator[int]:
    """Cases all of whose events were removed."""
    rows = Case.objects.order_by("number") if case is None else Case.objects.filter(pk=case)
    numbers = rows.values_list("number", flat=True).iterator(chunk_size=5000)
    while batch := list(islice(numbers, _BATCH)):
        logged = have_log(cases=batch)
        yield from (number for number in batch if number not in logged)
