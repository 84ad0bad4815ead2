"""Paying: nothing counts as paid without the provider's signed proof, however it reaches us and how often.

The browser that comes back, the provider's notice, and our own asking all bring the same proof; the first that comes
is taken, the others find it done.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from tongban.apps.cases import queries as cases
from tongban.apps.cases.queries import CaseView
from tongban.apps.cases.services import FEE_PAID, record_fee, tell_fee_paid
from tongban.apps.payments.errors import NothingOwed, ProofInvalid, ProviderAway, UnknownPayment
from tongban.apps.payments.fees import fee_of, read_reference, yuan
from tongban.apps.payments.models import Difference, Payment, Refund
from tongban.apps.payments.providers import Checkout, Seen, get_provider
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = ["new_receipt_no", "open_payment", "settle", "settle_open", "take_notice", "take_proof", "tell_waiting_cases"]

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(minutes=30)
"""So long can a checkout be paid."""
ASK_AFTER = timedelta(minutes=2)
"""Between two questions of ours about a payment of which nothing is heard."""


def open_payment(*, case: CaseView, actor: Actor, language: str, return_url: str, notify_url: str, at: datetime) -> str:
    """Return the provider's page where the fee of the actor's own case is paid.

    A second click leads to the same page. Raises ``NothingOwed``, ``UnknownPayment`` for whoever is not the owner,
    ``PaymentsOff``, ``ProviderAway``.
    """
    if not case.is_owner:
        raise UnknownPayment
    provider = get_provider()
    fee = fee_of(case)
    if fee.state != "due" or fee.counter:
        raise NothingOwed
    payment = _opened(case=case, amount=fee.fen, provider=provider.name, actor=actor, at=at)
    if not payment.page:
        payment.page = provider.open(
            checkout=Checkout(
                reference=str(payment.reference),
                amount=payment.amount,
                subject=case.row.matter_name.in_language(language),
                return_url=return_url,
                notify_url=notify_url,
                expires_at=payment.expires_at,
                language=language,
            )
        )
        Payment.objects.filter(pk=payment.pk).update(page=payment.page)
    return payment.page


def _opened(*, case: CaseView, amount: int, provider: str, actor: Actor, at: datetime) -> Payment:
    """The payment of the case that is under way, or a new one. One that is over, or of another amount, is settled."""
    found = Payment.objects.filter(case=case.number, status="opened").first()
    if found is not None and (found.expires_at <= at or found.amount != amount or found.provider != provider):
        settle(reference=str(found.reference), at=at, close=True)
        if Payment.objects.filter(case=case.number, status="paid", surplus=False).exists():
            raise NothingOwed
        found = None
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Payment.objects.create(
                case_id=case.number,
                amount=amount,
                provider=provider,
                kept=case.definition.fee.kept,
                opened_at=at,
                expires_at=at + OPEN_FOR,
                opened_by=actor.id,
            )
    except IntegrityError:  # two clicks at the same moment
        return Payment.objects.get(case=case.number, status="opened")


def settle(*, reference: str, at: datetime, close: bool = False) -> str:
    """Ask the provider what became of a payment and take that in; return its status then.

    ``close`` lets it not be paid any more, unless it was. Raises ``UnknownPayment``, ``ProviderAway``,
    ``ProofInvalid``.
    """
    row = _payment(reference)
    if row.status != "opened":
        return row.status
    provider = get_provider()
    Payment.objects.filter(pk=row.pk).update(asked_at=at)
    over = close or row.expires_at <= at
    seen = provider.close(reference=reference) if over and row.page else provider.ask(reference=reference)
    if seen.state == "paid":
        take_proof(seen=seen, at=at)
    elif over and seen.state in ("closed", "unknown"):
        Payment.objects.filter(pk=row.pk, status="opened").update(status="closed")
    return _payment(reference).status


def settle_open(*, at: datetime, limit: int = 100) -> int:
    """Ask about payments of which nothing has been heard for a while; return how many are settled by it."""
    quiet = Q(asked_at=None, opened_at__lte=at - ASK_AFTER) | Q(asked_at__lte=at - ASK_AFTER)
    rows = Payment.objects.filter(quiet, status="opened").order_by(F("asked_at").asc(nulls_first=True), "opened_at")
    settled = 0
    for reference in list(rows.values_list("reference", flat=True)[:limit]):
        try:
            settled += settle(reference=str(reference), at=at) != "opened"
        except ProviderAway:
            log.warning("the payment provider does not answer; %s is asked about later", reference)
            return settled
        except ProofInvalid:
            log.error("the payment provider's answer about %s cannot be believed", reference)
    return settled


def take_notice(*, body: bytes, headers: Mapping[str, str], at: datetime) -> None:
    """Take in what the provider tells of its own accord; twice is once.

    Raises ``UnknownPayment``, ``ProofInvalid``, ``PaymentsOff``.
    """
    seen = get_provider().read_notice(body=body, headers=headers, at=at)
    if seen.state == "paid":
        take_proof(seen=seen, at=at)


def take_proof(*, seen: Seen, at: datetime) -> None:
    """Write down that a payment was made, in the payment and in the case's log, together and once.

    The wrong amount is no payment of the fee: it is put on record as a difference, for an official to settle.
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update().filter(pk=read_reference(seen.reference)).first()
        if row is None:
            raise UnknownPayment
        if row.status == "paid":
            return
        if seen.amount != row.amount:
            _differs(row, seen, at)
            return
        others = Payment.objects.select_for_update().filter(case=row.case_id, status="paid", surplus=False)
        row.surplus = bool(list(others))
        row.status, row.proof, row.provider_no = "paid", seen.proof, seen.provider_no
        row.paid_at, row.receipt_no = seen.at or at, new_receipt_no(at)
        row.watched = not (row.surplus or row.kept)
        row.save()
        if row.surplus:
            Refund.objects.create(
                payment=row, amount=row.amount, cause="surplus", asked_at=at, asked_by=SYSTEM.id, next_try=at
            )
            return
        record_fee(number=row.case_id, kind=FEE_PAID, amount=str(yuan(row.amount)), reference=str(row.reference), at=at)


def tell_waiting_cases(*, at: datetime, limit: int = 200) -> int:
    """Tell cases that wait for their fee and whose fee was paid before they began to; return how many heard."""
    told = after = 0
    while numbers := cases.list_awaiting(message=FEE_PAID, after=after, limit=limit):
        after = numbers[-1]
        rows = Payment.objects.filter(case__in=numbers, status="paid", surplus=False)
        for row in rows.filter(refunds=None):
            told += tell_fee_paid(number=row.case_id, amount=str(yuan(row.amount)), reference=str(row.reference), at=at)
    return told


def _differs(row: Payment, seen: Seen, at: datetime) -> None:
    log.error("payment %s is of another amount than asked for", row.reference)
    Payment.objects.filter(pk=row.pk, status="opened").update(status="closed")
    Difference.objects.get_or_create(
        provider=row.provider,
        type="payment",
        reference=str(row.reference),
        kind="amount",
        settled_at=None,
        defaults={
            "day": timezone.localdate(seen.at or at),
            "ours": row.amount,
            "theirs": seen.amount,
            "found_at": at,
        },
    )


def _payment(reference: str) -> Payment:
    row = Payment.objects.filter(pk=read_reference(reference)).first()
    if row is None:
        raise UnknownPayment
    return row


def new_receipt_no(at: datetime) -> str:
    """A number of the day that nobody can guess from another; the column refuses one that is there already."""
    return f"{timezone.localtime(at):%Y%m%d}{secrets.randbelow(10**12):012d}"
