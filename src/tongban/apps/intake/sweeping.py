"""Drafts that nobody has come back to: they are kept no longer than it says on their pages."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tongban.apps.evidence import services as evidence
from tongban.apps.exchange.extracts import forget
from tongban.apps.intake.models import Draft, Order, OrderPart
from tongban.apps.intake.orders.under_way import look_again

__all__ = ["remove_draft", "sweep_drafts", "swept_at"]


def swept_at(saved_at: datetime) -> datetime | None:
    """Return from when a draft saved then may be removed; None where drafts are kept for ever."""
    return saved_at + timedelta(days=settings.DRAFT_DAYS) if settings.DRAFT_DAYS > 0 else None


def sweep_drafts(*, at: datetime, limit: int = 500) -> int:
    """Remove drafts that were not saved for ``settings.DRAFT_DAYS``, with their files; return how many.

    Each goes in a transaction of its own, and is looked at once more under lock: one that was saved or filed meanwhile
    stays. What has been filed is never touched.
    """
    if settings.DRAFT_DAYS <= 0:
        return 0
    before = at - timedelta(days=settings.DRAFT_DAYS)
    stale = _stale(before).order_by("saved_at").values_list("pk", flat=True)
    swept = sum(_sweep(draft, before) for draft in list(stale[:limit]))
    if swept:
        Order.objects.filter(number=None, parts=None, saved_at__lt=before).delete()
    return swept


def _stale(before: datetime) -> QuerySet[Draft]:
    """Not those of an order that has been sent: they are filed when their turn comes."""
    sent = OrderPart.objects.filter(order__number__isnull=False).values("draft")
    return Draft.objects.filter(case=None, saved_at__lt=before).exclude(pk__in=sent)


def _sweep(draft: UUID, before: datetime) -> bool:
    with transaction.atomic():
        row = _stale(before).select_for_update(of=("self",)).filter(pk=draft).first()
        if row is None:
            return False
        remove_draft(row)
        return True


def remove_draft(row: Draft) -> None:
    """Delete an unfiled draft, which the caller has locked, with the files in it."""
    files = list(row.files.values_list("file", flat=True))
    look_again(parts=list(OrderPart.objects.filter(draft=row.pk).values_list("pk", flat=True)))
    forget(drafts=[row.pk])
    row.delete()
    evidence.remove_files(ids=files)
