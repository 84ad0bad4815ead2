"""Reads: somebody's inbox, what they want, and what did not go out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.core.cache import cache
from django.db.models import Q

from tongban.apps.cases.queries.cursors import cursor_of, read_cursor
from tongban.apps.channels.checklists import checklist_words
from tongban.apps.channels.concerning import concerning
from tongban.apps.channels.models import Delivery, Notice, Preference, PushSubscription, Status, Webhook
from tongban.apps.channels.telling import unread_key
from tongban.apps.channels.transports import CHANNELS, is_on
from tongban.apps.channels.transports.push import public_key
from tongban.apps.channels.wanted import by_channel, on_desk
from tongban.apps.channels.words import DESK_GROUPS, GROUPS, KINDS, get_kind, say
from tongban.apps.people.queries import get_phone
from tongban.apps.people.sealing import open_sealed

__all__ = [
    "DESK_GROUPS",
    "GROUPS",
    "Failure",
    "InboxPage",
    "NoticeRow",
    "Preferences",
    "checklist_words",
    "count_failures",
    "count_unread",
    "count_unread_of",
    "get_preferences",
    "is_on",
    "list_failures",
    "list_notices",
    "list_webhooks",
    "push_key",
]

_KEPT = 60
"""Seconds for which a number of unread notices is kept; whatever changes it ends it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice in the reader's language."""

    id: int
    kind: str
    group: str
    title: str
    body: str
    case: int | None
    order: int | None
    at: datetime
    legal: bool
    read: bool
    sent: Sequence[str] = ()  # by which channels it went out as well
    own: bool = True  # told to the reader themselves; else to somebody else who acts for the same applicant

    @property
    def leads(self) -> bool:
        """Whether there is a page of what it is about."""
        of_its_own = self.kind in ("draft_ends", "cart_ends") or self.kind.startswith("mandate_")
        return self.case is not None or of_its_own


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """One page of an inbox; ``next`` is the cursor of the one after it, "" on the last."""

    rows: Sequence[NoticeRow]
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What somebody wants, and by what they can be reached; addresses are masked."""

    language: str
    on: Sequence[str]  # the channels that the city has
    chosen: Mapping[str, Sequence[str]]
    quiet_from: time | None
    quiet_until: time | None
    digest: bool
    desk: Sequence[str]  # of what they are told at their desk
    email: str
    asked_email: str
    phone: str
    wechat: bool
    browsers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A delivery that was given up: what an operator needs, nobody's name or address."""

    id: int
    channel: str
    kind: str
    case: int | None
    tries: int
    error: str
    at: datetime
    webhook: str


def list_notices(
    *,
    person_id: int,
    language: str,
    group: str = "",
    unread: bool = False,
    desk: bool = False,
    whose: str = "",
    matters: Collection[str] | None = None,
    cursor: str = "",
    limit: int = 20,
) -> InboxPage:
    """Return somebody's notices, newest first; two queries. ``group``: only those; ``unread``: only the new ones.

    ``desk``: what they are told as an official, which is never among what they are told as a resident. ``whose``: what
    concerns that applicant (by key) only; of an organisation also what others were told who acted for it, each thing
    once, in ``matters`` (None: all): as far as the reader may act for it.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    rows = concerning(person_id, whose, matters) if whose else Notice.objects.filter(person=person_id, desk=desk)
    if unread:
        rows = rows.filter(person=person_id, read_at=None)
    if group:
        rows = rows.filter(kind__in=kinds_of(group))
    if cursor:
        at, last = read_cursor(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    found = list(rows.order_by("-at", "-pk")[: limit + 1])
    page = found[:limit]
    sent = _sent([row.pk for row in page])
    return InboxPage(
        rows=[_row(row, language, sent.get(row.pk, []), own=row.person_id == person_id) for row in page],
        next=cursor_of(page[-1].at, page[-1].pk) if len(found) > limit else "",
    )


def kinds_of(group: str) -> list[str]:
    """The kinds of notices in a group."""
    return [kind for kind in KINDS if get_kind(kind).group == group]


def count_unread_of(*, person_id: int, whose: str, matters: Collection[str] | None) -> int:
    """Return how many of the notices about one applicant the reader has not read, as ``list_notices`` finds them."""
    return concerning(person_id, whose, matters).filter(person=person_id, read_at=None).count()


def count_unread(*, person_id: int, desk: bool = False) -> int:
    """Return how many notices somebody has not read; kept for a minute."""
    key = unread_key(person_id, desk=desk)
    count: int | None = cache.get(key)
    if count is None:
        count = Notice.objects.filter(person=person_id, desk=desk, read_at=None).count()
        cache.set(key, count, _KEPT)
    return count


def get_preferences(*, person_id: int) -> Preferences:
    """Return what somebody wants; what they have not settled is as usual."""
    row = Preference.objects.filter(person=person_id).first() or Preference()
    phone = get_phone(person_id=person_id)
    return Preferences(
        language=row.language,
        on=[channel for channel in CHANNELS if is_on(channel)],
        chosen={channel: by_channel(row.chosen, channel) for channel in CHANNELS},
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        digest=row.digest,
        desk=on_desk(row.chosen),
        email=mask_email(open_sealed(row.email_sealed)) if row.email_sealed else "",
        asked_email=mask_email(open_sealed(row.asked_sealed)) if row.asked_sealed else "",
        phone=f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****" if phone else "",
        wechat=bool(row.wechat_sealed),
        browsers=PushSubscription.objects.filter(person=person_id).count(),
    )


def mask_email(address: str) -> str:
    """An address as its owner knows it again and others do not."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"


def push_key() -> str:
    """The key with which browsers subscribe; "" where the city has no push."""
    return public_key() if is_on("push") else ""


def list_failures(*, cursor: str = "", limit: int = 25) -> tuple[list[Failure], str]:
    """Return what was given up, the newest first, and the cursor of the next page.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    rows = Delivery.objects.filter(status=Status.FAILED).select_related("notice", "webhook")
    if cursor:
        at, last = read_cursor(cursor)
        rows = rows.filter(Q(done_at__lt=at) | Q(done_at=at, pk__lt=last))
    found = list(rows.order_by("-done_at", "-pk")[: limit + 1])
    page = found[:limit]
    following = cursor_of(page[-1].done_at, page[-1].pk) if len(found) > limit and page[-1].done_at else ""
    return [_failure(row) for row in page], following


def count_failures() -> int:
    """Return how many deliveries were given up."""
    return Delivery.objects.filter(status=Status.FAILED).count()


def list_webhooks() -> list[Webhook]:
    """Return all web hooks, oldest first."""
    return list(Webhook.objects.order_by("created_at"))


def _failure(row: Delivery) -> Failure:
    return Failure(
        id=row.pk,
        channel=row.channel,
        kind=row.notice.kind if row.notice else "checklist" if row.checklist is not None else "",
        case=row.case,
        tries=row.tries,
        error=row.error,
        at=row.done_at or row.created_at,
        webhook=row.webhook.url if row.webhook else "",
    )


def _sent(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Delivery.objects.filter(notice__in=ids, status=Status.SENT).order_by("pk")
    for notice, channel in rows.values_list("notice", "channel"):
        if notice is not None and channel not in found.setdefault(notice, []):
            found[notice].append(channel)
    return found


def _row(row: Notice, language: str, sent: Sequence[str], *, own: bool) -> NoticeRow:
    told = say(kind=row.kind, params=row.params, case=row.case, language=language)
    return NoticeRow(
        id=row.pk,
        kind=row.kind,
        group=get_kind(row.kind).group,
        title=told.title,
        body=told.body,
        case=row.case,
        order=row.order,
        at=row.at,
        legal=row.legal,
        read=row.read_at is not None or not own,
        sent=sent if own else (),
        own=own,
    )
