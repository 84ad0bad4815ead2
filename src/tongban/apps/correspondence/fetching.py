"""Pictures that providers keep for us are fetched by the worker, under a lease, outside any transaction."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from tongban.apps.correspondence import ways
from tongban.apps.correspondence.attaching import attach
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.going import Later, Never, pause_before
from tongban.apps.correspondence.models import Message
from tongban.apps.people.errors import SealBroken

__all__ = ["fetch_due"]

_LEASE = timedelta(minutes=3)
_MOST_TRIES = 7
"""The last is some twenty minutes after the first: whoever sent it waits to be filed."""
LOST = "picture-lost"

log = logging.getLogger(__name__)


def fetch_due(*, now: Callable[[], datetime], limit: int = 5) -> int:
    """Fetch pictures that are due; return how many were tried."""
    claimed = _claim(now(), limit)
    for message in claimed:
        try:
            media = open_content(message.content_sealed).media
            name, found = ways.fetch(channel=message.channel, media=media) if media else ("", b"")
        except Later as error:
            _put_off(message, str(error), now())
        except (Never, SealBroken) as error:
            _lose(message, str(error) or "seal-broken")
        except Exception as error:  # a fault of ours: it must not take the others along
            log.error("Picture of message %s: %s", message.pk, type(error).__name__)
            _put_off(message, f"fault-{type(error).__name__}", now())
        else:
            _keep(message, name, found, now())
    return len(claimed)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[Message]:
    rows = Message.objects.filter(inbound=True, due__lte=at).order_by("due", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    ids = list(rows.values_list("pk", flat=True)[:limit])
    if not ids:
        return []
    Message.objects.filter(pk__in=ids).update(due=at + _LEASE, tries=F("tries") + 1)
    return list(Message.objects.filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def _keep(message: Message, name: str, found: bytes, at: datetime) -> None:
    held = Message.objects.select_for_update().filter(pk=message.pk, tries=message.tries, due__isnull=False).first()
    if held is None or not held.content_sealed:  # another attempt was faster, or it was taken back
        return
    attach(held, [(name, found)] if found else [], at=at)
    Message.objects.filter(pk=held.pk).update(due=None)


def _put_off(message: Message, code: str, at: datetime) -> None:
    if message.tries >= _MOST_TRIES:
        _lose(message, code)
        return
    pause = pause_before(tries=message.tries, key=message.provider_hash or "00000000")
    _write(message, due=at + pause, error=code[:120])


def _lose(message: Message, code: str) -> None:
    _write(message, due=None, error=code[:120], reason=LOST)


def _write(message: Message, **values: object) -> None:
    Message.objects.filter(pk=message.pk, tries=message.tries, due__isnull=False).update(**values)
