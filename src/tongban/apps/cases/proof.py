"""Proving the log: every hash recomputed, and the end of each log compared with what its case says it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tongban.apps.cases.models import Case
from tongban.apps.ledger.queries import Broken, Checked, have_log, iterate_checked

__all__ = ["Proof", "verify"]

_BATCH = 500


@dataclass(slots=True)
class Proof:
    """What was checked, and the first break of every log that has one."""

    cases: int = 0
    events: int = 0
    broken: list[Broken] = field(default_factory=list)


def verify(*, case: int | None = None) -> Proof:
    """Check one log or all of them; memory stays flat however many there are."""
    proof = Proof()
    logs = iterate_checked(case=case)
    while batch := list(islice(logs, _BATCH)):
        heads = _heads([log.case for log in batch])
        for log in batch:
            proof.cases += 1
            proof.events += log.events
            broken = log.broken or _tail(log, heads.get(log.case))
            if broken:
                proof.broken.append(broken)
    for number in _cases_without_log(case):
        proof.cases += 1
        proof.broken.append(Broken(number, 1, "case.filed", "tail"))
    return proof


def _heads(numbers: list[int]) -> dict[int, tuple[int, bytes]]:
    rows = Case.objects.filter(pk__in=numbers).values_list("number", "last_seq", "last_hash")
    return {number: (seq, bytes(head)) for number, seq, head in rows}


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
