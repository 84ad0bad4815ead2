"""Money that cases cost: paid, paid back, and held against what the provider says. Amounts are whole fen."""

import uuid

from django.db import models
from django.db.models import Q

__all__ = ["Difference", "Payment", "Reconciliation", "Refund"]


class Payment(models.Model):
    """One way to the cashier for one case. ``paid`` only with the provider's signed proof, which is kept.

    ``opened`` → ``paid``, or ``closed`` when it was not used in time. A second payment for a case that is paid already
    is ``surplus``, and goes back. ``provider`` is ``counter`` where a clerk took cash; the proof is their receipt.
    """

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.PositiveBigIntegerField()
    provider = models.CharField(max_length=64)
    status = models.CharField(max_length=8, default="opened")
    surplus = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)
    # Paid, and the case has not come to its outcome: what came of it decides whether the money goes back.
    watched = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    page = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    provider_no = models.CharField(max_length=64, blank=True)
    proof = models.TextField(blank=True)
    receipt_no = models.CharField(max_length=32, null=True, unique=True)

    class Meta:
        db_table = "payment"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(status="opened"), name="payment_open_once"),
            # A receipt of the counter counts once.
            models.UniqueConstraint(fields=["provider_no"], condition=Q(provider="counter"), name="payment_cash_once"),
            models.CheckConstraint(
                condition=~Q(status="paid") | (Q(paid_at__isnull=False) & ~Q(proof="")), name="payment_proven"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-opened_at"], name="payment_of_case"),
            models.Index(fields=["asked_at", "opened_at"], name="payment_open", condition=Q(status="opened")),
            models.Index(fields=["case"], name="payment_watched", condition=Q(watched=True)),
            models.Index(fields=["provider", "paid_at"], name="payment_paid", condition=Q(status="paid")),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class Refund(models.Model):
    """Money that goes back: ``asked`` until the provider proves it ``done``; tried again with growing pauses."""

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    cause = models.CharField(max_length=12)
    reason = models.CharField(max_length=400, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    status = models.CharField(max_length=8, default="asked")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    provider_no = models.CharField(max_length=64, blank=True)
    proof = models.TextField(blank=True)

    class Meta:
        db_table = "refund"
        constraints = [
            # What goes back by rule goes back once; officers may pay back in parts.
            models.UniqueConstraint(fields=["payment", "cause"], condition=~Q(cause="officer"), name="refund_once"),
            models.CheckConstraint(
                condition=~Q(status="done") | (Q(done_at__isnull=False) & ~Q(proof="")), name="refund_proven"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try"], name="refund_due", condition=Q(status="asked")),
            models.Index(fields=["done_at"], name="refund_done", condition=Q(status="done")),
        ]


class Reconciliation(models.Model):
    """One day of one provider, held against its signed statement."""

    provider = models.CharField(max_length=64)
    day = models.DateField()
    at = models.DateTimeField()
    payments = models.PositiveIntegerField()
    refunds = models.PositiveIntegerField()
    paid = models.BigIntegerField()
    refunded = models.BigIntegerField()
    statement = models.TextField()

    class Meta:
        db_table = "reconciliation"
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="reconciliation_once")]
        ordering = ["-day"]


class Difference(models.Model):
    """Where the provider and we disagree: ``missing_here``, ``missing_there``, ``amount``.

    ``settled_at`` is set when a later look agrees, or an official says how it was settled.
    """

    provider = models.CharField(max_length=64)
    day = models.DateField()
    kind = models.CharField(max_length=16)
    type = models.CharField(max_length=8)
    reference = models.CharField(max_length=64)
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "payment_difference"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "type", "reference", "kind"], name="difference_once", condition=Q(settled_at=None)
            )
        ]
        indexes = [models.Index(fields=["-day"], name="difference_open", condition=Q(settled_at=None))]
