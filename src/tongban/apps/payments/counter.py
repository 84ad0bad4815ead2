"""Cash at a counter: taken by a clerk against a numbered receipt, paid back the same way, and counted each day.

The receipt is the proof: it bears the clerk's name, and its number counts once. What a till holds in the evening is
held against the receipts, as a provider's statement is against the payments.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from tongban.apps.cases.queries import CaseView
from tongban.apps.cases.services import FEE_PAID, record_fee
from tongban.apps.payments.collecting import new_receipt_no, settle
from tongban.apps.payments.errors import AmountUnfit, NothingOwed, ReceiptUsed, UnknownPayment
from tongban.apps.payments.fees import COUNTER, fee_of, read_reference, yuan
from tongban.apps.payments.models import Difference, Payment, Reconciliation, Refund
from tongban.apps.payments.providers import Seen
from tongban.apps.payments.refunding import take_refund_proof
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed

__all__ = ["count_till", "record_cash", "record_cash_refund"]

_LONGEST = 40


def record_cash(*, case: CaseView, receipt: str, amount: Decimal, actor: Actor, at: datetime) -> None:
    """Write down that a clerk took the fee of a case in cash, under the number of the receipt that they gave.

    A payment that was begun online is closed first, so that nobody pays twice. Raises ``NotAllowed``, ``NothingOwed``,
    ``AmountUnfit`` (``left``: what is owed), ``ReceiptUsed``; ``ProviderAway`` when that cannot be made sure of.
    """
    if not actor.has_role("clerk"):
        raise NotAllowed
    number = receipt.strip()[:_LONGEST]
    fee = fee_of(case)
    if fee.opened:
        settle(reference=fee.opened, at=at, close=True)
        fee = fee_of(case)
    if fee.state not in ("due", "later") or not number:
        raise NothingOwed
    if amount != fee.amount:
        raise AmountUnfit(left=fee.amount)
    try:
        with transaction.atomic():
            _take(case, number, fee.fen, actor, at)
    except IntegrityError as error:
        raise ReceiptUsed(receipt=number) from error


def _take(case: CaseView, receipt: str, fen: int, actor: Actor, at: datetime) -> None:
    if Payment.objects.select_for_update().filter(case=case.number, status="paid", surplus=False).exists():
        raise NothingOwed  # a colleague, or the provider, was faster
    said = {"at": at.isoformat(), "by": actor.id, "case": f"{case.number:016d}", "fen": fen, "receipt": receipt}
    kept = case.definition.fee.kept
    row = Payment.objects.create(
        case_id=case.number,
        amount=fen,
        provider=COUNTER,
        status="paid",
        kept=kept,
        watched=not kept,
        opened_at=at,
        expires_at=at,
        opened_by=actor.id,
        paid_at=at,
        provider_no=receipt,
        proof=_words(said),
        receipt_no=new_receipt_no(at),
    )
    record_fee(number=case.number, kind=FEE_PAID, amount=str(yuan(fen)), reference=str(row.reference), at=at)


def record_cash_refund(*, case: CaseView, reference: str, receipt: str, actor: Actor, at: datetime) -> None:
    """Write down that a clerk handed back, against a receipt, what was to be paid back in cash.

    Raises ``NotAllowed``, ``UnknownPayment`` when nothing is to be handed back, ``ReceiptUsed``.
    """
    if not actor.has_role("clerk"):
        raise NotAllowed
    number = receipt.strip()[:_LONGEST]
    row = Refund.objects.filter(
        pk=read_reference(reference), payment__case=case.number, payment__provider=COUNTER, status="asked"
    ).first()
    if row is None or not number:
        raise UnknownPayment
    if Refund.objects.filter(payment__provider=COUNTER, provider_no=number).exists():
        raise ReceiptUsed(receipt=number)
    said = {"at": at.isoformat(), "by": actor.id, "fen": row.amount, "receipt": number, "refund": str(row.reference)}
    seen = Seen(
        type="refund",
        reference=str(row.reference),
        state="refunded",
        amount=row.amount,
        provider_no=number,
        at=at,
        proof=_words(said),
    )
    take_refund_proof(seen=seen, at=at)


def count_till(*, day: date, counted: Decimal, note: str, actor: Actor, at: datetime) -> Decimal:
    """Hold what was counted for a day (in yuan, what came in less what was handed back) against its receipts.

    Return by how much it differs; that stands among the differences until an administrator has settled it. Counted
    again, a day is held anew. Raises ``NotAllowed``.
    """
    if not actor.has_role("administrator"):
        raise NotAllowed
    taken = Payment.objects.filter(provider=COUNTER, status="paid", paid_at__date=day)
    given = Refund.objects.filter(payment__provider=COUNTER, status="done", done_at__date=day)
    sums = taken.aggregate(count=Count("pk"), sum=Sum("amount"))
    back = given.aggregate(count=Count("pk"), sum=Sum("amount"))
    paid, refunded, theirs = sums["sum"] or 0, back["sum"] or 0, int(counted * 100)
    said = {"by": actor.id, "counted": theirs, "at": at.isoformat(), "note": note[:400]}
    with transaction.atomic():
        values = {"at": at, "payments": sums["count"], "refunds": back["count"], "paid": paid, "refunded": refunded}
        Reconciliation.objects.update_or_create(
            provider=COUNTER, day=day, defaults={**values, "statement": _words(said)}
        )
        open_ones = Difference.objects.filter(provider=COUNTER, day=day, settled_at=None)
        open_ones.update(settled_at=at, settled_by=actor.id, note=note[:400])
        if theirs != paid - refunded:
            Difference.objects.create(
                provider=COUNTER,
                day=day,
                kind="amount",
                type="till",
                reference=f"{COUNTER}:{day.isoformat()}:{at.isoformat()}",
                ours=paid - refunded,
                theirs=theirs,
                found_at=at,
            )
    return yuan(theirs - (paid - refunded))


def _words(said: Mapping[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
