"""A prepared cart for somebody else to look at and complete: under a link that only one other person can use.

Who has the link sees nothing before signing in, and who it belongs to can take it back. It gives no right to act for
anybody: who sends the order needs a mandate as always.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.apps.intake.errors import ShareGone, UnknownOrder
from tongban.apps.intake.models import Order, OrderShare
from tongban.apps.intake.orders.services import lock_order
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names

__all__ = ["get_invitation", "revoke_share", "share_order", "take_share"]

MOST_SHARES = 10
"""Of one order at a time."""


def share_order(*, order: UUID, actor: Actor, at: datetime) -> str:
    """Make a link to the order and return its secret, which is kept nowhere. Only the owner may."""
    with transaction.atomic():
        row = lock_order(order, actor, at)
        if row.owner_id != actor.user_id:
            raise UnknownOrder
        if row.shares.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_SHARES:
            raise ShareGone
        secret = secrets.token_urlsafe(18)
        expires_at = at + timedelta(hours=settings.ORDER_SHARE_HOURS)
        OrderShare.objects.create(order=row, secret_hash=_hash(secret), made_at=at, expires_at=expires_at)
        return secret


def revoke_share(*, order: UUID, share: int, actor: Actor, at: datetime) -> None:
    """Take a link back: whoever used it sees the order no longer."""
    OrderShare.objects.filter(pk=share, order=order, order__owner=actor.user_id, revoked_at=None).update(revoked_at=at)


def get_invitation(*, secret: str, actor: Actor, at: datetime) -> tuple[str, str]:
    """Return who shares it (Chinese, English), for whoever is signed in. Raises ``ShareGone``."""
    share = _live(secret, actor, at)
    return get_user_names(ids=[share.order.owner_id]).get(share.order.owner_id, ("", ""))


def take_share(*, secret: str, actor: Actor, at: datetime) -> UUID:
    """Use the link: from then on it is this person's, and nobody else's. Returns the order. Raises ``ShareGone``."""
    with transaction.atomic():
        share = _live(secret, actor, at)
        order = Order.objects.select_for_update().get(pk=share.order_id)
        share = _live(secret, actor, at)  # once more, under the lock
        if order.owner_id != actor.user_id and share.taken_by_id is None:
            share.taken_by_id, share.taken_at = actor.user_id, at
            share.save(update_fields=["taken_by", "taken_at"])
        return order.pk


def _live(secret: str, actor: Actor, at: datetime) -> OrderShare:
    share = OrderShare.objects.select_related("order").filter(secret_hash=_hash(secret)).first()
    if share is None or share.revoked_at is not None or share.expires_at <= at or share.order.number is not None:
        raise ShareGone
    if share.taken_by_id not in (None, actor.user_id) and share.order.owner_id != actor.user_id:
        raise ShareGone
    return share


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
