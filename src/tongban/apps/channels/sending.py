"""Sending what is due: claimed under a lease, sent, and its outcome written down, each a transaction of its own.

Killed between sending and writing down, the lease runs out and the same is sent again under the same key. So it is sent
at least once, and once as the receiver counts who knows the key.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from tongban.apps.channels import transports
from tongban.apps.channels.composing import compose, is_over
from tongban.apps.channels.errors import UnknownDelivery
from tongban.apps.channels.models import Delivery, Preference, PushSubscription, Status
from tongban.apps.channels.transports import Later, Never
from tongban.apps.people.errors import SealBroken

__all__ = ["LEASE", "MOST_TRIES", "pause_before", "retry", "send_due"]

LEASE = timedelta(minutes=3)
"""How long a worker has for what it has claimed; longer than all of it can take."""
MOST_TRIES = 14
"""Given up after so many: the last one is some two days after the first."""
_AT_ONCE = 10
_FIRST, _LONGEST = timedelta(seconds=20), timedelta(hours=8)

log = logging.getLogger(__name__)


def send_due(*, now: Callable[[], datetime], limit: int = _AT_ONCE) -> int:
    """Send up to ``limit`` of what is due; return how many were tried. Any number of workers may do so at once."""
    if not _due(now()).exists():
        return 0
    claimed = _claim(now(), limit)
    for delivery in claimed:
        if now() < delivery.due:  # the lease still holds
            _send(delivery, now)
    return len(claimed)


def retry(*, delivery_id: int, at: datetime) -> None:
    """Let something that was given up be tried anew, on an operator's word. Raises ``UnknownDelivery``."""
    changed = Delivery.objects.filter(pk=delivery_id, status=Status.FAILED).update(
        status=Status.WAITING, tries=0, due=at, error="", done_at=None
    )
    if not changed:
        raise UnknownDelivery


def pause_before(*, tries: int, key: str) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time up to 8 hours, spread by a half either way.

    The spread comes from the key: those that failed together do not come back together.
    """
    spread = 0.5 + int(key[(tries * 4) % 56 :][:8], 16) / 0x1_0000_0000
    pause: timedelta = min(_FIRST * 2 ** min(tries - 1, 12), _LONGEST)
    return pause * spread


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(status__in=[Status.WAITING, Status.SENDING], due__lte=at)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[Delivery]:
    rows = _due(at).order_by("due", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    ids = list(rows.values_list("pk", flat=True)[:limit])
    until = at + LEASE
    Delivery.objects.filter(pk__in=ids).update(status=Status.SENDING, due=until, tries=F("tries") + 1)
    related = ("notice", "webhook", "subscription")
    return list(Delivery.objects.filter(pk__in=ids).select_related(*related).order_by("pk"))


def _send(delivery: Delivery, now: Callable[[], datetime]) -> None:
    try:
        if is_over(delivery=delivery, at=now()):
            raise Never("not-wanted")
        outgoing = compose(delivery=delivery)
        provider_id = transports.send(channel=delivery.channel, outgoing=outgoing)
    except Later as error:
        _put_off(delivery, str(error), error.after, now())
    except Never as error:
        if error.gone:
            _forget_address(delivery)
        _give_up(delivery, str(error), now())
    except SealBroken:
        _put_off(delivery, "seal-broken", None, now())
    except Exception as error:  # a fault of ours: it must not take the others along
        log.error("Delivery %s by %s: %s", delivery.pk, delivery.channel, type(error).__name__)
        _put_off(delivery, f"fault-{type(error).__name__}", None, now())
    else:
        _write(delivery, status=Status.SENT, provider_id=provider_id, error="", done_at=now())


def _put_off(delivery: Delivery, code: str, after: timedelta | None, at: datetime) -> None:
    if delivery.tries >= MOST_TRIES:
        _give_up(delivery, code, at)
        return
    pause = max(after or timedelta(), pause_before(tries=delivery.tries, key=delivery.key))
    _write(delivery, status=Status.WAITING, error=code[:120], due=at + pause)


def _give_up(delivery: Delivery, code: str, at: datetime) -> None:
    status = Status.DROPPED if code in _NOT_WANTED else Status.FAILED
    _write(delivery, status=status, error=code[:120], done_at=at)


_NOT_WANTED = frozenset({"not-wanted", "no-address", "revoked"})


def _write(delivery: Delivery, **values: object) -> None:
    """Only by the attempt that holds it: who comes late after its lease changes nothing."""
    held = Q(pk=delivery.pk, status=Status.SENDING, tries=delivery.tries)
    Delivery.objects.filter(held).update(**values)


def _forget_address(delivery: Delivery) -> None:
    """The receiver says that there is nobody under it any more."""
    if delivery.subscription_id is not None:
        PushSubscription.objects.filter(pk=delivery.subscription_id).delete()
    elif delivery.channel == "wechat" and delivery.notice is not None:
        Preference.objects.filter(person=delivery.notice.person_id).update(wechat_sealed="")
