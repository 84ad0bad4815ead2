"""Whose drafts and orders somebody may open: their own, and those of an order that was shared with them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tongban.apps.intake.models import Draft, Order, OrderPart, OrderShare
from tongban.apps.people.actors import Actor

__all__ = ["find_draft", "may_use_order", "orders_of"]


def find_draft(*, draft: UUID, actor: Actor, at: datetime | None = None, lock: bool = False) -> Draft | None:
    """Return a draft that ``actor`` may open, else None; ``at`` None: their own only.

    With ``lock`` it is locked, in the caller's transaction. One query for an own draft, another for one that is lent.
    """
    if actor.user_id is None:
        return None
    drafts = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects
    row = drafts.filter(pk=draft).first()
    if row is None or row.owner_id == actor.user_id:
        return row
    if at is None:
        return None
    lent = OrderPart.objects.filter(draft=draft, order__in=_taken(actor, at), removed=False)
    return row if lent.exists() else None


def orders_of(actor: Actor, *, at: datetime) -> QuerySet[Order]:
    """The orders that ``actor`` may open."""
    return Order.objects.filter(Q(owner=actor.user_id) | Q(pk__in=_taken(actor, at)))


def may_use_order(order: Order, actor: Actor, at: datetime) -> bool:
    """Whether ``actor`` may open this order."""
    if actor.user_id is None:
        return False
    return order.owner_id == actor.user_id or _taken(actor, at).filter(order=order.pk).exists()


def _taken(actor: Actor, at: datetime) -> QuerySet[OrderShare, dict[str, object]]:
    shares = OrderShare.objects.filter(taken_by=actor.user_id, revoked_at=None, expires_at__gt=at)
    return shares.values("order")  # type: ignore[return-value]
