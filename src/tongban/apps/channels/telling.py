"""Telling people something: the notice, and the ways by which it goes out to each of them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.digests import can_wait, digest_after
from tongban.apps.channels.models import Delivery, Notice, Preference, PushSubscription
from tongban.apps.channels.quiet import after_quiet
from tongban.apps.channels.transports import DISTURBING, is_on
from tongban.apps.channels.wanted import by_channel, on_desk
from tongban.apps.channels.words import get_kind
from tongban.apps.people.queries import list_reachable

__all__ = ["NEWS", "Telling", "tell", "unread_key"]

NEWS = timedelta(days=3)
"""After so long something is in the inbox only: an SMS about last week helps nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One thing to tell one person. ``key`` says what it is about: told again under it, nothing happens.

    ``order``: number of the order that it belongs to. ``desk``: told to an official about their work. ``whose``: the
    applicant (by key) whom it concerns, and ``matter``: in which matter.
    """

    person_id: int
    kind: str
    key: str
    at: datetime
    params: Mapping[str, Any] = field(default_factory=dict)
    case: int | None = None
    order: int | None = None
    desk: bool = False
    whose: str = ""
    matter: str = ""


def tell(*, tellings: Sequence[Telling], at: datetime) -> int:
    """Make the notices that are not there yet, and note down how each goes out; return how many are new.

    In the caller's transaction; a constant number of queries. Raises ``KeyError`` for a kind that there is not.
    """
    wanted = {each.key: each for each in tellings}
    if not wanted:
        return 0
    there = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = _wanted([each for key, each in wanted.items() if key not in there])
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=each.person_id,
                kind=each.kind,
                key=each.key,
                case=each.case,
                order=each.order,
                desk=each.desk,
                whose=each.whose,
                matter=each.matter,
                at=each.at,
                told_at=at,
                params=dict(each.params),
                legal=get_kind(each.kind).legal,
            )
            for each in new
        ],
        ignore_conflicts=True,
    )
    made = list(Notice.objects.filter(key__in=[each.key for each in new]))
    Delivery.objects.bulk_create(_deliveries(made, at), ignore_conflicts=True)
    cache.delete_many([unread_key(each.person_id, desk=each.desk) for each in new])
    return len(made)


def unread_key(person_id: int, *, desk: bool = False) -> str:
    """Under which the number of somebody's unread notices is kept for a while."""
    return f"unread:{person_id}{':desk' if desk else ''}"


def _wanted(tellings: list[Telling]) -> list[Telling]:
    """Without what officials have switched off at their desk; what residents are told is always in their inbox."""
    officials = {each.person_id for each in tellings if each.desk}
    if not officials:
        return tellings
    settled = dict(Preference.objects.filter(person__in=officials).values_list("person", "chosen"))
    return [
        each
        for each in tellings
        if not each.desk or get_kind(each.kind).group in on_desk(settled.get(each.person_id, {}))
    ]


def _deliveries(notices: Iterable[Notice], at: datetime) -> list[Delivery]:
    outward = [each for each in notices if get_kind(each.kind).outward and each.at > at - NEWS]
    people = {each.person_id for each in outward}
    if not people:
        return []
    preferences = {each.person_id: each for each in Preference.objects.filter(person__in=people)}
    browsers: dict[int, list[PushSubscription]] = {}
    if is_on("push"):
        for each in PushSubscription.objects.filter(person__in=people):
            browsers.setdefault(each.person_id, []).append(each)
    phones = list_reachable(person_ids=people) if is_on("sms") else set()
    return [
        _delivery(notice, channel, browser, preferences.get(notice.person_id), at)
        for notice in outward
        for channel, browser in _ways(
            notice, preferences.get(notice.person_id), notice.person_id in phones, browsers.get(notice.person_id, ())
        )
    ]


def _delivery(
    notice: Notice, channel: str, browser: PushSubscription | None, preference: Preference | None, at: datetime
) -> Delivery:
    """At once, or with all that can wait: then the day's delivery is one, whichever notice is the first of it."""
    whole = digest_after(at) if preference is not None and preference.digest and can_wait(notice) else None
    about = f"digest:{notice.person_id}:{whole.isoformat()}" if whole is not None else notice.key
    return Delivery(
        notice=notice,
        subscription=browser,
        channel=channel,
        key=_key(about, channel, browser),
        case=notice.case if whole is None else None,
        digest=whole,
        due=_due(channel, preference, whole or at),
        created_at=at,
    )


def _ways(
    notice: Notice, preference: Preference | None, has_phone: bool, browsers: Iterable[PushSubscription]
) -> list[tuple[str, PushSubscription | None]]:
    """By which channels this goes out: those that the city has, that reach the person, and that they have left on."""
    reached: list[tuple[str, PushSubscription | None]] = []
    if is_on("email") and preference is not None and preference.email_verified_at is not None:
        reached.append(("email", None))
    if is_on("sms") and has_phone:
        reached.append(("sms", None))
    if is_on("wechat") and preference is not None and preference.wechat_sealed:
        reached.append(("wechat", None))
    reached += [("push", each) for each in browsers]
    group, chosen = get_kind(notice.kind).group, preference.chosen if preference is not None else {}
    return [(channel, browser) for channel, browser in reached if group in by_channel(chosen, channel)]


def _due(channel: str, preference: Preference | None, at: datetime) -> datetime:
    if preference is None or channel not in DISTURBING:
        return at
    zone = get_calendar().timezone
    return after_quiet(at=at, start=preference.quiet_from, end=preference.quiet_until, zone=zone)


def _key(about: str, channel: str, browser: PushSubscription | None) -> str:
    """The same for the same notice by the same way, whoever computes it."""
    way = f"{channel}:{browser.pk}" if browser is not None else channel
    return hashlib.sha256(f"{way}:{about}".encode()).hexdigest()
