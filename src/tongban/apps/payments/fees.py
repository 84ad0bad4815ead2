"""What a case costs and how it stands with that: one place for pages, commands and the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tongban.apps.cases.queries import CaseView
from tongban.apps.payments.models import Payment, Refund
from tongban.apps.payments.providers import is_on

__all__ = ["COUNTER", "ENDED_WITHOUT", "FeeView", "PaymentLine", "RefundLine", "fee_of", "read_reference", "yuan"]

ENDED_WITHOUT: Mapping[str, str] = {"denied": "denied", "withdrawn": "withdrawn", "not_accepted": "not_accepted"}
"""Outcomes that give the applicant nothing, and the cause of the refund that follows from each."""


COUNTER = "counter"
"""Instead of a provider: paid in cash at a counter."""


def yuan(fen: int) -> Decimal:
    """An amount in yuan with two decimals."""
    return (Decimal(fen) / 100).quantize(Decimal("0.01"))


def read_reference(text: str) -> UUID:
    """A reference of ours as others write it; the nil UUID, which no row has, for what cannot be one."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """Money that goes or went back. ``cause``: ``surplus``, an outcome, or ``officer``."""

    reference: str
    amount: Decimal
    cause: str
    reason: str
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """A payment that was made."""

    reference: str
    amount: Decimal
    paid_at: datetime
    receipt_no: str
    provider_no: str
    surplus: bool
    cash: bool
    refunds: Sequence[RefundLine]

    @property
    def left(self) -> Decimal:
        """What has not been paid back, nor is going to be."""
        return self.amount - sum((each.amount for each in self.refunds), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeView:
    """A case's fee. ``state``: ``none``, ``later`` (not due yet), ``due``, ``paid``, ``refunding``, ``refunded``,
    ``lapsed`` (the case is over and nothing was paid).

    ``opened`` is the reference of a payment that is under way; ``counter`` that it is not taken online.
    """

    amount: Decimal
    state: str
    due: str
    counter: bool
    payments: Sequence[PaymentLine] = ()
    opened: str = ""

    @property
    def fen(self) -> int:
        """The amount in fen."""
        return int(self.amount * 100)

    @property
    def paid(self) -> PaymentLine | None:
        """The payment that counts."""
        return next((each for each in self.payments if not each.surplus), None)


def fee_of(case: CaseView) -> FeeView:
    """How it stands with the fee of a case; two queries, none where it costs nothing."""
    fee = case.definition.fee
    amount = fee.amount_for(case.definition.form.facts(case.answers))
    online = case.definition.online_payment and is_on()
    if amount == 0:
        return FeeView(amount=amount, state="none", due=fee.due, counter=False)
    rows = list(Payment.objects.filter(case=case.number, status__in=("opened", "paid")).order_by("opened_at"))
    lines = _lines([row for row in rows if row.status == "paid"])
    opened = next((str(row.reference) for row in rows if row.status == "opened"), "")
    counted = next((each for each in lines if not each.surplus), None)
    state = _paid_state(counted) if counted else _unpaid_state(case)
    return FeeView(
        # What was paid is what it cost, whatever the answers say since.
        amount=counted.amount if counted else amount,
        state=state,
        due=fee.due,
        counter=not online,
        payments=lines,
        opened=opened,
    )


def _lines(rows: Sequence[Payment]) -> list[PaymentLine]:
    if not rows:
        return []
    refunds: dict[object, list[RefundLine]] = {}
    for each in Refund.objects.filter(payment__in=rows).order_by("asked_at"):
        line = RefundLine(
            reference=str(each.reference),
            amount=yuan(each.amount),
            cause=each.cause,
            reason=each.reason,
            asked_at=each.asked_at,
            done_at=each.done_at,
        )
        refunds.setdefault(each.payment_id, []).append(line)
    return [
        PaymentLine(
            reference=str(row.reference),
            amount=yuan(row.amount),
            paid_at=row.paid_at,
            receipt_no=row.receipt_no or "",
            provider_no=row.provider_no,
            surplus=row.surplus,
            cash=row.provider == COUNTER,
            refunds=refunds.get(row.pk, ()),
        )
        for row in rows
        if row.paid_at is not None
    ]


def _paid_state(line: PaymentLine) -> str:
    if line.left > 0:
        return "paid"
    return "refunded" if all(each.done_at for each in line.refunds) else "refunding"


def _unpaid_state(case: CaseView) -> str:
    if case.row.outcome in ENDED_WITHOUT or (case.row.closed_at is not None and case.row.outcome != "granted"):
        return "lapsed"
    due = case.definition.fee.due
    if due == "acceptance" and case.row.accepted_at is None:
        return "later"
    if due == "grant" and case.row.outcome != "granted":
        return "later"
    return "due"
