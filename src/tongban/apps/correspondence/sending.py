"""Sending what is written to people: claimed under a lease, sent, and its outcome written down, each a transaction.

Killed between sending and writing down, the lease runs out and the same is sent again under the same key; so it is sent
at least once, and once where the provider knows the key. What somebody is told goes out in the order it was written.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tongban.apps.correspondence import ways
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.errors import UnknownMessage
from tongban.apps.correspondence.going import Held, Later, Never, pause_before
from tongban.apps.correspondence.models import Message, State
from tongban.apps.correspondence.receiving import provider_hash
from tongban.apps.correspondence.wording import get_rule
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed

__all__ = ["LEASE", "MOST_TRIES", "retry", "send_due"]

LEASE = timedelta(minutes=3)
MOST_TRIES = 14
"""Given up after so many: the last one is some two days after the first."""
_ON_THE_WAY = (State.WAITING, State.SENDING)

log = logging.getLogger(__name__)


def send_due(*, now: Callable[[], datetime], limit: int = 10) -> int:
    """Send up to ``limit`` of what is due; return how many were tried. Any number of workers may do so at once."""
    if not _due(now()).exists():
        return 0
    claimed = _claim(now(), limit)
    for message in claimed:
        if message.due is not None and now() < message.due:  # the lease still holds
            _send(message, now)
    return len(claimed)


def retry(*, message_id: int, at: datetime) -> None:
    """Let something that was given up be tried anew, on an operator's word. Raises ``UnknownMessage``."""
    changed = Message.objects.filter(pk=message_id, inbound=False, state=State.FAILED).update(
        state=State.WAITING, tries=0, due=at, error="", done_at=None
    )
    if not changed:
        raise UnknownMessage


def _due(at: datetime) -> QuerySet[Message]:
    before = Message.objects.filter(
        correspondent=OuterRef("correspondent"), inbound=False, state__in=_ON_THE_WAY, pk__lt=OuterRef("pk")
    )
    return Message.objects.filter(~Exists(before), inbound=False, state__in=_ON_THE_WAY, due__lte=at)


@transaction.atomic
def _claim(at: datetime, limit: int) -> list[Message]:
    rows = _due(at).order_by("due", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    ids = list(rows.values_list("pk", flat=True)[:limit])
    Message.objects.filter(pk__in=ids).update(state=State.SENDING, due=at + LEASE, tries=F("tries") + 1)
    return list(Message.objects.filter(pk__in=ids).select_related("correspondent").order_by("pk"))


def _send(message: Message, now: Callable[[], datetime]) -> None:
    try:
        provider_id = _hand_over(message, now())
    except Held:
        _hold(message, now())
    except Later as error:
        _put_off(message, str(error), now())
    except Never as error:
        _give_up(message, str(error), now())
    except SealBroken:
        _put_off(message, "seal-broken", now())
    except Exception as error:  # a fault of ours: it must not take the others along
        log.error("Message %s by %s: %s", message.pk, message.channel, type(error).__name__)
        _put_off(message, f"fault-{type(error).__name__}", now())
    else:
        hashed = _known_as(message, provider_id) if provider_id else None
        _write(message, state=State.SENT, provider_hash=hashed, error="", due=None, done_at=now())


def _hand_over(message: Message, at: datetime) -> str:
    row, channel = message.correspondent, message.channel
    if not ways.is_on(channel):
        raise Later("way-off")
    if not row.address_sealed or not message.content_sealed:
        raise Never("no-address")
    window = get_rule().window(channel)
    if window and at > row.last_at + window:
        raise Held
    content = open_content(message.content_sealed)
    return ways.send(
        channel=channel,
        address=open_sealed(row.address_sealed),
        text=content.text,
        key=message.key or "",
        case=message.case,
        language=row.language,
        content=content,
    )


def _known_as(message: Message, provider_id: str) -> str:
    """So that a reply to it is known to be one."""
    address = open_sealed(message.correspondent.address_sealed)
    return provider_hash(channel=message.channel, address=address, provider_id=provider_id)


def _hold(message: Message, at: datetime) -> None:
    """Kept for when they next write; they are told that there is something, where the way has means for it."""
    _write(message, state=State.HELD, due=None, error="")
    row = message.correspondent
    try:
        address = open_sealed(row.address_sealed)
        ways.tell_of_held(channel=row.channel, address=address, key=message.key or "", language=row.language)
    except (Later, Never) as error:
        Message.objects.filter(pk=message.pk, state=State.HELD).update(error=str(error)[:120])


def _put_off(message: Message, code: str, at: datetime) -> None:
    if message.tries >= MOST_TRIES:
        _give_up(message, code, at)
        return
    pause = pause_before(tries=message.tries, key=message.key or "00000000")
    _write(message, state=State.WAITING, error=code[:120], due=at + pause)


def _give_up(message: Message, code: str, at: datetime) -> None:
    _write(message, state=State.FAILED, error=code[:120], due=None, done_at=at)


def _write(message: Message, **values: object) -> None:
    """Only by the attempt that holds it: who comes late after its lease changes nothing."""
    held = Q(pk=message.pk, state=State.SENDING, tries=message.tries)
    Message.objects.filter(held).update(**values)
