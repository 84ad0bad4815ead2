"""Each day held against the provider's signed statement: what moved there must stand here, and the other way round."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from tongban.apps.payments.collecting import take_proof
from tongban.apps.payments.errors import ProofInvalid, ProviderAway, UnknownPayment
from tongban.apps.payments.fees import read_reference
from tongban.apps.payments.models import Difference, Payment, Reconciliation, Refund
from tongban.apps.payments.providers import Line, get_provider
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed

__all__ = ["reconcile", "reconcile_missing_days", "settle_difference"]

log = logging.getLogger(__name__)

_EARLIEST = time(1, 0)
"""A day is held against its statement from one o'clock of the next on: providers close their books after midnight."""
_MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    type: str
    reference: str
    ours: int | None
    theirs: int | None


def reconcile(*, day: date, at: datetime) -> int:
    """Hold one day against the provider's statement; return how many differences are open for it.

    A payment that the provider knows and we do not is asked about at once, so that what a lost notice left behind is
    put right with its own proof. A second look at a day replaces the first. Raises ``ProviderAway``, ``ProofInvalid``,
    ``PaymentsOff``.
    """
    provider = get_provider()
    statement = provider.statement(day=day)
    _heal(statement.lines, at)
    theirs = {(line.type, line.reference): line.amount for line in statement.lines}
    ours = dict(_ours(provider.name, day))
    found = list(_compare(ours, theirs, asked=_asked(statement.lines)))
    with transaction.atomic():
        Reconciliation.objects.update_or_create(
            provider=provider.name,
            day=day,
            defaults={"at": at, "statement": statement.signed, **_sums(statement.lines)},
        )
        _note(provider.name, day, found, at)
    return Difference.objects.filter(provider=provider.name, day=day, settled_at=None).count()


def reconcile_missing_days(*, at: datetime) -> int:
    """Hold every day that is over, and was not yet, against its statement; return how many days."""
    local = timezone.localtime(at)
    last = local.date() - timedelta(days=1 if local.time() >= _EARLIEST else 2)
    provider = get_provider().name
    first = Payment.objects.filter(provider=provider).order_by("opened_at").values_list("opened_at", flat=True).first()
    if first is None:
        return 0
    start = max(timezone.localdate(first), last - timedelta(days=_MOST_DAYS))
    done = set(Reconciliation.objects.filter(provider=provider, day__gte=start).values_list("day", flat=True))
    count = 0
    for number in range((last - start).days + 1):
        day = start + timedelta(days=number)
        if day not in done:
            reconcile(day=day, at=at)
            count += 1
    return count


def settle_difference(*, number: int, note: str, actor: Actor, at: datetime) -> None:
    """Say how a difference was settled. For administrators. Raises ``NotAllowed``, ``UnknownPayment``."""
    if not actor.has_role("administrator"):
        raise NotAllowed
    changed = Difference.objects.filter(pk=number, settled_at=None).update(
        settled_at=at, settled_by=actor.id, note=note[:400]
    )
    if not changed:
        raise UnknownPayment


def _heal(lines: Iterable[Line], at: datetime) -> None:
    """Ask about payments that the provider has and that we do not hold for paid."""
    wanted = [read_reference(line.reference) for line in lines if line.type == "payment"]
    for row in Payment.objects.filter(pk__in=wanted).exclude(status="paid"):
        try:
            seen = get_provider().ask(reference=str(row.pk))
            if seen.state == "paid":
                take_proof(seen=seen, at=at)
        except (ProviderAway, ProofInvalid, UnknownPayment) as error:
            log.error("payment %s stands in a statement and cannot be asked about: %s", row.pk, error.code)


def _ours(provider: str, day: date) -> Iterator[tuple[tuple[str, str], int]]:
    zone = timezone.get_default_timezone()
    span = (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )
    paid = Payment.objects.filter(provider=provider, status="paid", paid_at__gte=span[0], paid_at__lt=span[1])
    for pk, amount in paid.values_list("pk", "amount"):
        yield ("payment", str(pk)), amount
    back = Refund.objects.filter(payment__provider=provider, status="done", done_at__gte=span[0], done_at__lt=span[1])
    for pk, amount in back.values_list("pk", "amount"):
        yield ("refund", str(pk)), amount


def _asked(lines: Iterable[Line]) -> dict[tuple[str, str], int]:
    """What we had asked for where the provider has been paid something."""
    wanted = [read_reference(line.reference) for line in lines if line.type == "payment"]
    rows = Payment.objects.filter(pk__in=wanted).values_list("pk", "amount")
    return {("payment", str(pk)): amount for pk, amount in rows}


def _compare(
    ours: dict[tuple[str, str], int], theirs: dict[tuple[str, str], int], *, asked: dict[tuple[str, str], int]
) -> Iterator[_Found]:
    for key in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(key, asked.get(key) if asked.get(key) != theirs.get(key) else None), theirs.get(key)
        if here == there:
            continue
        kind = "missing_here" if here is None else "missing_there" if there is None else "amount"
        yield _Found(kind, *key, here, there)


def _note(provider: str, day: date, found: list[_Found], at: datetime) -> None:
    """Keep what differs; what differed and does no longer is settled."""
    rows = Difference.objects.filter(provider=provider, day=day, settled_at=None)
    seen = {(each.type, each.reference, each.kind) for each in found}
    for row in rows:
        if (row.type, row.reference, row.kind) not in seen:
            row.settled_at, row.settled_by = at, "system"
            row.save(update_fields=["settled_at", "settled_by"])
    for each in found:
        Difference.objects.get_or_create(
            provider=provider,
            type=each.type,
            reference=each.reference,
            kind=each.kind,
            settled_at=None,
            defaults={"day": day, "ours": each.ours, "theirs": each.theirs, "found_at": at},
        )
    if found:
        log.error("%s: %d differences with the statement of %s", provider, len(found), day)


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    lines = list(lines)
    paid = [line.amount for line in lines if line.type == "payment"]
    back = [line.amount for line in lines if line.type == "refund"]
    return {"payments": len(paid), "refunds": len(back), "paid": sum(paid), "refunded": sum(back)}
