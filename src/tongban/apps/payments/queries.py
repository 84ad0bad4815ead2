"""Reads of payments: a case's fee, what is owed to whom, and how the days agree with the provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q

from tongban.apps.cases.queries import CaseView
from tongban.apps.payments.errors import UnknownPayment
from tongban.apps.payments.fees import FeeView, PaymentLine, RefundLine, fee_of, read_reference, yuan
from tongban.apps.payments.models import Difference, Payment, Reconciliation, Refund
from tongban.apps.payments.owing import Owed, list_owed, list_owed_of
from tongban.apps.payments.providers import get_provider, is_on
from tongban.apps.payments.receipts import render_receipt

__all__ = [
    "DayView",
    "DifferenceView",
    "FeeView",
    "Owed",
    "PaymentLine",
    "RefundLine",
    "get_cashier",
    "get_fee",
    "get_payment_case",
    "get_stuck",
    "is_on",
    "list_days",
    "list_differences",
    "list_owed",
    "list_owed_of",
    "render_receipt",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """A day as it was reconciled, with how many differences are open."""

    provider: str
    day: date
    at: datetime
    payments: int
    refunds: int
    paid: Decimal
    refunded: Decimal
    open_differences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """Where the provider and we disagree, amounts in yuan; None where one side knows nothing of it."""

    id: int
    day: date
    kind: str
    type: str
    reference: str
    case: int | None
    ours: Decimal | None
    theirs: Decimal | None
    found_at: datetime
    settled_at: datetime | None
    note: str


def get_fee(*, case: CaseView) -> FeeView:
    """How it stands with the fee of a case that the reader may see."""
    return fee_of(case)


def get_payment_case(*, reference: str) -> int:
    """The case of a payment. Raises ``UnknownPayment``."""
    found = Payment.objects.filter(pk=read_reference(reference)).values_list("case", flat=True).first()
    if found is None:
        raise UnknownPayment
    return found


def get_cashier() -> str:
    """The origin of the provider's pages (``https://pay.example``). Raises ``PaymentsOff``."""
    return get_provider().origin


def get_stuck(*, before: datetime) -> tuple[int, int]:
    """How many payments were opened, and refunds asked for, before then and are neither done nor closed."""
    opened = Payment.objects.filter(status="opened", opened_at__lt=before).count()
    return opened, Refund.objects.filter(status="asked", asked_at__lt=before).count()


def list_days(*, before: date | None = None, limit: int = 31) -> list[DayView]:
    """Days that were reconciled, the latest first; two queries."""
    rows = Reconciliation.objects.order_by("-day", "provider")
    found = list(rows.filter(day__lt=before)[:limit] if before else rows[:limit])
    counted = Difference.objects.filter(settled_at=None, day__in=[row.day for row in found])
    open_ones = {
        (each["provider"], each["day"]): each["count"]
        for each in counted.values("provider", "day").annotate(count=Count("pk"))
    }
    return [
        DayView(
            provider=row.provider,
            day=row.day,
            at=row.at,
            payments=row.payments,
            refunds=row.refunds,
            paid=yuan(row.paid),
            refunded=yuan(row.refunded),
            open_differences=open_ones.get((row.provider, row.day), 0),
        )
        for row in found
    ]


def list_differences(*, settled: bool = False, limit: int = 200) -> list[DifferenceView]:
    """Differences that are open, or were settled, the latest first; two queries."""
    rows = list(Difference.objects.filter(settled_at__isnull=not settled).order_by("-day", "-pk")[:limit])
    cases = _cases([row.reference for row in rows])
    return [
        DifferenceView(
            id=row.pk,
            day=row.day,
            kind=row.kind,
            type=row.type,
            reference=row.reference,
            case=cases.get(row.reference),
            ours=None if row.ours is None else yuan(row.ours),
            theirs=None if row.theirs is None else yuan(row.theirs),
            found_at=row.found_at,
            settled_at=row.settled_at,
            note=row.note,
        )
        for row in rows
    ]


def _cases(references: Sequence[str]) -> dict[str, int]:
    known = [read_reference(each) for each in references]
    rows = Payment.objects.filter(Q(pk__in=known) | Q(refunds__in=known))
    found = {str(pk): case for pk, case in rows.values_list("pk", "case")}
    return found | {str(pk): case for pk, case in rows.values_list("refunds", "case") if pk is not None}
