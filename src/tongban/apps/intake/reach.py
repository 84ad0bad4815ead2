"""Whose drafts and orders somebody may open: their own, and those of an order that was shared with them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from tongban.apps.intake.models import Draft, Order, OrderPart, OrderShare
from tongban.apps.people.actors import Actor

__all__ = ["drafts_of", "may_use_order", "orders_of"]


def drafts_of(actor: Actor, *, at: datetime | None = None) -> QuerySet[Draft]:
    """The drafts that ``actor`` may open; ``at`` None: their own only."""
    own = Q(owner=actor.user_id)
    if at is None:
        return Draft.objects.filter(own)
    lent = OrderPart.objects.filter(order__in=_taken(actor, at), removed=False).values("draft")
    return Draft.objects.filter(own | Q(pk__in=lent))


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
