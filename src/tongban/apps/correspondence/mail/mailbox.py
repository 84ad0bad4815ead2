"""Looking into the mailbox (IMAP): each mail once by its number, and once more by its Message-ID if numbers change.

A mail stays where it is and is marked as seen. Where we are is written down after each: killed in between, the mail is
read again and is known. Python's own ``imaplib`` does what is needed; libraries on top of it read whole mails into
objects of theirs before anybody can say that they are too large.
"""

import contextlib
import hashlib
import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.errors import MessageUnreadable
from tongban.apps.correspondence.mail.reading import Mail, read_mail, why_not
from tongban.apps.correspondence.mail.way import own_address
from tongban.apps.correspondence.models import Mailbox, TurnedAway
from tongban.apps.correspondence.receiving import Incoming, receive

__all__ = ["LARGEST", "poll_mail"]

LARGEST = 72_000_000
"""Bytes of a whole mail: 50 MB of files, as mails write them."""
_EVERY, _LEASE = timedelta(minutes=1), timedelta(minutes=10)
_AT_ONCE = 50
_SECONDS = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

log = logging.getLogger(__name__)


def poll_mail(*, now: Callable[[], datetime]) -> int:
    """Take in what is new in the mailbox, where there is one and it is time; return how many mails were looked at."""
    if not settings.INBOUND_MAIL or not (box := _claim(now())):
        return 0
    done, error = 0, ""
    try:
        with _opened() as server:
            for uid in _new(server, box):
                _take(server, box, uid, now())
                Mailbox.objects.filter(pk=box.pk).update(last_uid=uid)
                done += 1
    except (imaplib.IMAP4.error, OSError, ssl.SSLError) as failure:
        error = type(failure).__name__
        log.error("The mailbox was not looked into: %s", error)
    due = now() if done == _AT_ONCE else now() + _EVERY
    Mailbox.objects.filter(pk=box.pk).update(due=due, polled_at=now(), error=error)
    return done


def _claim(at: datetime) -> Mailbox | None:
    """One worker at a time, for as long as its lease lasts."""
    name = hashlib.sha256(settings.INBOUND_MAIL.encode()).hexdigest()
    Mailbox.objects.get_or_create(name=name, defaults={"due": at})
    if not Mailbox.objects.filter(name=name, due__lte=at).update(due=at + _LEASE):
        return None
    return Mailbox.objects.get(name=name)


@contextlib.contextmanager
def _opened() -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(settings.INBOUND_MAIL)
    server = _connect(parts)
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if server.select(f'"{folder}"')[0] != "OK":
            raise imaplib.IMAP4.error("no such folder")
        yield server
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _connect(parts: SplitResult) -> imaplib.IMAP4:
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=_SECONDS)
    if host not in settings.PRIVATE_TARGETS:
        raise imaplib.IMAP4.error("without TLS only hosts in TONGBAN_PRIVATE_TARGETS")
    return imaplib.IMAP4(host, parts.port or 143, timeout=_SECONDS)


def _new(server: imaplib.IMAP4, box: Mailbox) -> list[int]:
    """The numbers of mails that were not looked at; all of them where the server has numbered anew."""
    _status, said = server.response("UIDVALIDITY")
    validity = int(said[0]) if said and said[0] else 0
    if validity != box.validity:
        box.validity, box.last_uid = validity, 0
        Mailbox.objects.filter(pk=box.pk).update(validity=validity, last_uid=0)
    _status, found = server.uid("SEARCH", f"UID {box.last_uid + 1}:*")
    numbers = sorted(int(each) for each in (found[0] or b"").split())
    return [each for each in numbers if each > box.last_uid][:_AT_ONCE]


def _take(server: imaplib.IMAP4, box: Mailbox, uid: int, at: datetime) -> None:
    size = _SIZE.search(b" ".join(_told(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))))
    whole = size is not None and int(size[1]) <= LARGEST
    wanted = "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])"
    _status, found = server.uid("FETCH", str(uid), wanted)
    raw = next((each[1] for each in found if isinstance(each, tuple)), None)
    if raw is None:  # removed meanwhile
        return
    why = _hand_over(raw, whole=whole, at=at)
    if why:
        TurnedAway.objects.get_or_create(mailbox=box, validity=box.validity, uid=uid, defaults={"why": why, "at": at})
    server.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")


def _told(answer: tuple[str, list[object]]) -> Iterator[bytes]:
    for each in answer[1]:
        yield each[0] if isinstance(each, tuple) else each if isinstance(each, bytes) else b""


def _hand_over(raw: bytes, *, whole: bool, at: datetime) -> str:
    """Take in one mail; return why it was not, "" where it was."""
    try:
        message, mail = read_mail(raw, at=at)
    except MessageUnreadable:
        return "unreadable"
    if why := why_not(message, sender=mail.sender, own=own_address()):
        return why
    receive(incoming=_incoming(mail, whole=whole), at=at)
    return "" if whole else "too-large"


def _incoming(mail: Mail, *, whole: bool) -> Incoming:
    content = Content(
        text=mail.text,
        subject=mail.subject,
        reference=mail.message_id,
        references=mail.references,
        noted=mail.noted,
        left_out=mail.left_out,
    )
    return Incoming(
        channel="mail",
        address=mail.sender,
        provider_id=mail.identity,
        kind="mail" if whole else "too-large",
        said_at=mail.said_at,
        content=content,
        files=mail.files,
    )
