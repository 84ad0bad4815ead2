"""Paying back: what was too much, what a case cost that ended without its result, and what an official decides."""

import logging
import random
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from tongban.apps.cases import queries as cases
from tongban.apps.cases.errors import NotYours
from tongban.apps.cases.queries import CaseView
from tongban.apps.cases.services import FEE_REFUNDED, record_fee
from tongban.apps.payments.errors import AmountUnfit, ProofInvalid, ProviderAway, UnknownPayment
from tongban.apps.payments.fees import COUNTER, ENDED_WITHOUT, read_reference, yuan
from tongban.apps.payments.models import Payment, Refund
from tongban.apps.payments.providers import Seen, get_provider
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = ["carry_out_refunds", "refund", "refund_ended_cases", "take_refund_proof"]

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
_LONGEST_REASON = 400


def refund(*, case: CaseView, reference: str, amount: Decimal, reason: str, actor: Actor, at: datetime) -> None:
    """Pay back ``amount`` yuan of a payment of a case, for a decider of its authority, who says why.

    A worker carries it out. Raises ``NotYours``, ``UnknownPayment``, ``AmountUnfit``.
    """
    if not actor.has_role("decider", department=case.row.authority):
        raise NotYours(act="authority")
    fen = int(amount * 100)
    with transaction.atomic():
        row = (
            Payment.objects.select_for_update()
            .filter(pk=read_reference(reference), case=case.number, status="paid")
            .first()
        )
        if row is None:
            raise UnknownPayment
        left = row.amount - (row.refunds.aggregate(sum=Sum("amount"))["sum"] or 0)
        if not 0 < fen <= left:
            raise AmountUnfit(left=yuan(left))
        _ask(row, amount=fen, cause="officer", reason=reason[:_LONGEST_REASON], by=actor.id, at=at)


def refund_ended_cases(*, at: datetime, limit: int = 1_000) -> int:
    """Ask for what is owed back because a case ended without what was asked for; return how many payments."""
    asked = after = 0
    rows = Payment.objects.filter(watched=True)
    while found := dict(rows.filter(case__gt=after).order_by("case").values_list("case", "pk")[:limit]):
        after = max(found)
        for number, outcome in cases.list_outcomes(numbers=found).items():
            asked += _refund_ended(found[number], outcome, at)
    return asked


def _refund_ended(payment: UUID, outcome: str, at: datetime) -> bool:
    with transaction.atomic():
        row = Payment.objects.select_for_update().filter(pk=payment, watched=True).first()
        if row is None:  # another worker was first
            return False
        row.watched = False
        row.save(update_fields=["watched"])
        left = row.amount - (row.refunds.aggregate(sum=Sum("amount"))["sum"] or 0)
        if outcome not in ENDED_WITHOUT or left <= 0:
            return False
        _ask(row, amount=left, cause=ENDED_WITHOUT[outcome], reason="", by=SYSTEM.id, at=at)
        return True


def _ask(row: Payment, *, amount: int, cause: str, reason: str, by: str, at: datetime) -> None:
    Refund.objects.create(payment=row, amount=amount, cause=cause, reason=reason, asked_at=at, asked_by=by, next_try=at)


def carry_out_refunds(*, at: datetime, limit: int = 100) -> int:
    """Let the provider pay back what is due; return how many it has done. What fails is tried again later.

    Each is taken on for a while before the provider is asked, and asked for under its own reference: two workers, or
    one that was killed in between, pay back once.
    """
    done = 0
    for _ in range(limit):
        row = _take_on(at)
        if row is None:
            break
        try:
            seen = get_provider().refund(
                reference=str(row.reference), payment=str(row.payment_id), amount=row.amount, reason=row.cause
            )
        except (ProviderAway, ProofInvalid) as error:
            log.warning("refund %s is tried again: %s", row.reference, error.code)
            continue
        if seen.state == "refunded":
            take_refund_proof(seen=seen, at=at)
            done += 1
        else:
            log.error("the provider does not carry out refund %s: %s", row.reference, seen.state)
    return done


def _take_on(at: datetime) -> Refund | None:
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        rows = Refund.objects.select_for_update(skip_locked=skip).filter(status="asked", next_try__lte=at)
        rows = rows.exclude(payment__provider=COUNTER)  # a clerk hands that back
        row = rows.order_by("next_try").first()
        if row is None:
            return None
        pause = min(_FIRST_PAUSE * 2 ** min(row.tries, 12), _LONGEST_PAUSE)
        row.tries, row.next_try = row.tries + 1, at + pause * random.uniform(1, 1.25)  # noqa: S311  # not a secret
        row.save(update_fields=["tries", "next_try"])
        return row


def take_refund_proof(*, seen: Seen, at: datetime) -> None:
    """Write down that a refund was made: in the refund and, if the payment counted, in the case's log; once."""
    with transaction.atomic():
        row = Refund.objects.select_for_update().select_related("payment").filter(pk=seen.reference).first()
        if row is None:
            raise UnknownPayment
        if row.status == "done":
            return
        if seen.amount != row.amount:
            raise ProofInvalid(about="refund")
        row.status, row.done_at, row.proof, row.provider_no = "done", seen.at or at, seen.proof, seen.provider_no
        row.save(update_fields=["status", "done_at", "proof", "provider_no"])
        if not row.payment.surplus:
            record_fee(
                number=row.payment.case_id,
                kind=FEE_REFUNDED,
                amount=str(yuan(row.amount)),
                reference=str(row.reference),
                at=at,
            )
