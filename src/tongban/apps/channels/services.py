"""Commands: what a person does with their notices, and what they want of them; web hooks of systems."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext, override

from tongban.apps.channels import transports
from tongban.apps.channels.concerning import concerning
from tongban.apps.channels.errors import (
    AddressInvalid,
    AddressUnconfirmed,
    ChannelOff,
    CodeWrong,
    MailNotSent,
    QuietHoursInvalid,
    SubscriptionInvalid,
    TargetForbidden,
    TooOften,
    UnknownNotice,
    WebhookInvalid,
    WeChatRefused,
)
from tongban.apps.channels.models import Notice, Preference, PushSubscription, Webhook
from tongban.apps.channels.rotation import reseal_addresses
from tongban.apps.channels.sending import retry, send_due
from tongban.apps.channels.sources import ask_sources
from tongban.apps.channels.sources.orders import tell_of_parts
from tongban.apps.channels.sources.reports import tell_reports
from tongban.apps.channels.telling import Telling, tell, unread_key
from tongban.apps.channels.transports import CHANNELS, Later, Never, Outgoing, is_on
from tongban.apps.channels.transports.http import check_target
from tongban.apps.channels.transports.push import read_public
from tongban.apps.channels.transports.wechat import ask_openid, authorise_url
from tongban.apps.channels.wanted import KNOWN, by_channel, known_now, on_desk
from tongban.apps.channels.words import DESK_GROUPS, GROUPS
from tongban.apps.evidence.queries import CERTIFICATE_KINDS
from tongban.apps.people.queries import get_department_names, has_organisation
from tongban.apps.people.sealing import lookup_hash, seal
from tongban.kernel import flow

__all__ = [
    "ask_sources",
    "begin_email",
    "begin_wechat",
    "bind_wechat",
    "choose",
    "choose_at_desk",
    "confirm_email",
    "forget_read_notices",
    "mark_all_read",
    "mark_read",
    "register_webhook",
    "remove_email",
    "remove_wechat",
    "reseal_addresses",
    "retry",
    "revoke_webhook",
    "send_due",
    "send_test",
    "set_language",
    "subscribe",
    "tell_of_parts",
    "tell_reports",
    "unsubscribe",
]

CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
_AGAIN = timedelta(minutes=1)


# --- reading ----------------------------------------------------------------------------------------------------------


def forget_read_notices(*, person_id: int) -> int:
    """Delete what somebody has read, with how it went out, at their request; return how many.

    Official notices stay: that they were given must be provable.
    """
    return (
        Notice.objects.filter(person=person_id, legal=False, read_at__isnull=False)
        .delete()[1]
        .get(Notice._meta.label, 0)
    )


def mark_read(*, person_id: int, notice_id: int, at: datetime) -> Notice:
    """Note that somebody has read a notice of theirs; return it. Raises ``UnknownNotice`` for anybody else's."""
    notice = Notice.objects.filter(pk=notice_id, person=person_id).first()
    if notice is None:
        raise UnknownNotice
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)
        cache.delete(unread_key(person_id, desk=notice.desk))
    return notice


def mark_all_read(
    *,
    person_id: int,
    at: datetime,
    until: datetime,
    desk: bool = False,
    whose: str = "",
    matters: Collection[str] | None = None,
) -> int:
    """Note that somebody has read all that had happened ``until`` then; return how many were new to them.

    ``whose``: only what concerns that applicant (by key), in ``matters`` (None: all).
    """
    rows = concerning(person_id, whose, matters) if whose else Notice.objects.filter(desk=desk)
    news = rows.filter(person=person_id, read_at=None, at__lte=until)
    changed = news.update(read_at=at)
    cache.delete(unread_key(person_id, desk=desk))
    return changed


# --- what a person wants ----------------------------------------------------------------------------------------------


def choose(
    *,
    person_id: int,
    chosen: Mapping[str, Iterable[str]],
    quiet_from: time | None,
    quiet_until: time | None,
    digest: bool = False,
) -> None:
    """Keep which groups of notices somebody wants by which channel, and when they want none. The inbox has them all.

    ``digest``: what can wait goes out once a day, together. Raises ``QuietHoursInvalid``.
    """
    if (quiet_from is None) != (quiet_until is None) or (quiet_from is not None and quiet_from == quiet_until):
        raise QuietHoursInvalid
    with transaction.atomic():
        row = _locked(person_id)
        kept = {channel: [each for each in GROUPS if each in set(chosen.get(channel, ()))] for channel in CHANNELS}
        row.chosen = _with(row.chosen, kept, GROUPS, DESK_GROUPS)
        row.quiet_from, row.quiet_until, row.digest = quiet_from, quiet_until, digest
        row.save(update_fields=["chosen", "quiet_from", "quiet_until", "digest"])


def choose_at_desk(*, person_id: int, inbox: Iterable[str], chosen: Mapping[str, Iterable[str]]) -> None:
    """Keep of what an official is told in the inbox of their desk, and what of that goes out by which channel too."""
    with transaction.atomic():
        row = _locked(person_id)
        on = [each for each in DESK_GROUPS if each in set(inbox)]
        kept = {channel: [each for each in on if each in set(chosen.get(channel, ()))] for channel in CHANNELS}
        row.chosen = _with(row.chosen, kept, DESK_GROUPS, GROUPS) | {"desk": on}
        row.save(update_fields=["chosen"])


def _with(
    before: Mapping[str, Any], kept: Mapping[str, list[str]], settled: Sequence[str], others: Iterable[str]
) -> dict[str, list[str]]:
    """What is chosen now, beside what was chosen of the other groups: resident and official choose apart."""
    stays = {channel: [each for each in by_channel(before, channel) if each in others] for channel in CHANNELS}
    own = {"desk": list(on_desk(before))} if "desk" in before else {}
    # Whoever settles theirs sees the usual of the others as it is: what they see is settled with it.
    known = {KNOWN: known_now(before, [*settled, *others])}
    return own | known | {channel: [*kept[channel], *stays[channel]] for channel in CHANNELS}


def set_language(*, person_id: int, language: str) -> None:
    """Keep in which of the city's languages somebody is written to. Raises ``ValueError`` for another."""
    if language not in dict(settings.LANGUAGES):
        raise ValueError(language)
    Preference.objects.update_or_create(person_id=person_id, defaults={"language": language})


def begin_email(*, person_id: int, address: str, language: str, at: datetime) -> None:
    """Send a code to an address that somebody says is theirs; the present one counts until it is confirmed.

    Raises ``ChannelOff``, ``AddressInvalid``, ``TooOften``, ``MailNotSent``.
    """
    if not is_on("email"):
        raise ChannelOff
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressInvalid from error
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        row = _locked(person_id)
        if row.asked_at is not None and at - row.asked_at < _AGAIN:
            raise TooOften
        row.asked_sealed, row.asked_code = seal(address), _hash(person_id, code)
        row.asked_at, row.asked_tries = at, 0
        row.save()
    with override(language):
        title = gettext("Your code is %(code)s") % {"code": code}
        text = gettext("Type this code on the page that asked for your address. It is good for 15 minutes.")
    outgoing = Outgoing(
        key=secrets.token_hex(16), target={"address": address}, title=title, text=f"{title}. {text}", language=language
    )
    try:
        transports.send(channel="email", outgoing=outgoing)
    except (Later, Never) as error:
        Preference.objects.filter(person=person_id).update(asked_sealed="", asked_code="", asked_at=None)
        raise MailNotSent from error


def confirm_email(*, person_id: int, code: str, at: datetime) -> None:
    """Take the address on when ``code`` is what was sent there.

    Raises ``AddressUnconfirmed``, ``CodeWrong`` (``left``: how often it may still be tried).
    """
    with transaction.atomic():
        row = _locked(person_id)
        if not row.asked_sealed or row.asked_at is None or at - row.asked_at > CODE_LASTS:
            raise AddressUnconfirmed
        if row.asked_tries >= CODE_TRIES:
            raise AddressUnconfirmed
        right = constant_time_compare(row.asked_code, _hash(person_id, code.strip()))
        row.asked_tries += 1
        left = CODE_TRIES - row.asked_tries
        if right:
            row.email_sealed, row.email_verified_at = row.asked_sealed, at
            row.asked_sealed, row.asked_code, row.asked_at = "", "", None
        row.save()
    if not right:  # outside, so that the attempt counts
        raise CodeWrong(left=left)


def remove_email(*, person_id: int) -> None:
    """Forget somebody's address, confirmed or not."""
    values = {"email_sealed": "", "email_verified_at": None, "asked_sealed": "", "asked_code": "", "asked_at": None}
    Preference.objects.filter(person=person_id).update(**values)


def begin_wechat(*, back: str) -> tuple[str, str]:
    """Return where somebody allows us to write to them in WeChat, and a word that must come back with them.

    Raises ``ChannelOff``.
    """
    if not is_on("wechat"):
        raise ChannelOff
    state = secrets.token_urlsafe(16)
    return authorise_url(back=back, state=state), state


def bind_wechat(*, person_id: int, code: str) -> None:
    """Keep who somebody is in WeChat, for the code with which it sent them back. Raises ``WeChatRefused``."""
    if not is_on("wechat"):
        raise ChannelOff
    try:
        openid = ask_openid(code=code)
    except (Later, Never) as error:
        raise WeChatRefused from error
    Preference.objects.update_or_create(person_id=person_id, defaults={"wechat_sealed": seal(openid)})


def remove_wechat(*, person_id: int) -> None:
    """Forget who somebody is in WeChat."""
    Preference.objects.filter(person=person_id).update(wechat_sealed="")


def send_test(*, person_id: int, at: datetime) -> None:
    """Tell somebody something by every channel that they have on, to try it out. Raises ``TooOften``."""
    if not cache.add(f"notice-test:{person_id}", 1, 60):
        raise TooOften
    tell(tellings=[Telling(person_id=person_id, kind="test", key=f"test:{person_id}:{at.isoformat()}", at=at)], at=at)


# --- browsers ---------------------------------------------------------------------------------------------------------


def subscribe(*, person_id: int, subscription: Mapping[str, Any], at: datetime) -> None:
    """Keep a browser's push subscription, as the browser hands it over. Raises ``ChannelOff``, ``SubscriptionInvalid``.

    Who signs in there later takes the browser over: it is not told of somebody else's cases any more.
    """
    if not is_on("push"):
        raise ChannelOff
    try:
        endpoint, keys = subscription["endpoint"], subscription["keys"]
        public, auth = keys["p256dh"], keys["auth"]
        read_public(public)
        check_target(url=endpoint)
        sealed = {"endpoint_sealed": seal(endpoint), "public": public, "auth_sealed": seal(auth)}
        valid = len(endpoint) <= 1_000 and len(public) <= 100 and 16 <= len(auth) <= 40
    except (KeyError, TypeError, ValueError, AttributeError, TargetForbidden) as error:
        raise SubscriptionInvalid from error
    if not valid:
        raise SubscriptionInvalid
    values = {"person_id": person_id, "created_at": at, **sealed}
    PushSubscription.objects.update_or_create(endpoint_hash=_endpoint(endpoint), defaults=values)


def unsubscribe(*, person_id: int, endpoint: str) -> None:
    """Forget a browser of somebody's; "" for all of them."""
    rows = PushSubscription.objects.filter(person=person_id)
    (rows.filter(endpoint_hash=_endpoint(endpoint)) if endpoint else rows).delete()


# --- web hooks --------------------------------------------------------------------------------------------------------


def register_webhook(
    *, organisation: str | None, department: str | None, url: str, kinds: Sequence[str], at: datetime
) -> tuple[str, str]:
    """Register where a system wants to hear of events; return the id and the secret, which is shown once.

    Raises ``WebhookInvalid`` with the reason in words.
    """
    if (organisation is None) == (department is None):
        raise WebhookInvalid(why="A web hook belongs either to an organisation or to a department.")
    if unknown := sorted(set(kinds) - {*flow.KINDS, *CERTIFICATE_KINDS, "case.rated", "fee.paid", "fee.refunded"}):
        raise WebhookInvalid(why=f"Unknown kinds of events: {', '.join(unknown)}.")
    known = has_organisation(code=organisation) if organisation else department in get_department_names()
    if not known:
        raise WebhookInvalid(why="There is no such organisation or department.")
    try:
        check_target(url=url)
    except TargetForbidden as error:
        raise WebhookInvalid(why=_FORBIDDEN[str(error.params["why"])]) from error
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    hook = Webhook.objects.create(
        id=secrets.token_hex(8),
        organisation_id=organisation,
        department_id=department,
        url=url,
        kinds=list(kinds),
        secret_sealed=seal(secret),
        created_at=at,
    )
    return hook.pk, secret


_FORBIDDEN = {
    "not-an-address": "The address must be a URL with a host and without a password.",
    "not-https": "The address must begin with https://.",
    "unknown-host": "The host of the address cannot be found.",
    "private": "The address leads to a machine that is not public; TONGBAN_PRIVATE_TARGETS may name its host.",
}


def revoke_webhook(*, webhook_id: str, at: datetime) -> bool:
    """End a web hook at once; return whether there was one that still ran."""
    return bool(Webhook.objects.filter(pk=webhook_id, revoked_at=None).update(revoked_at=at))


# --- inside -----------------------------------------------------------------------------------------------------------


def _locked(person_id: int) -> Preference:
    Preference.objects.get_or_create(person_id=person_id)
    return Preference.objects.select_for_update().get(person=person_id)


def _hash(person_id: int, code: str) -> str:
    return lookup_hash(kind=f"email-code-{person_id}", text=code)


def _endpoint(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
