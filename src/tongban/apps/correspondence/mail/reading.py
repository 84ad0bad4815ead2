"""A mail as bytes becomes what somebody says: bounded, whatever its parts, charsets and claims. Pure: no I/O."""

import email
import email.utils
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message

from lxml import etree, html

from tongban.apps.correspondence.errors import MessageUnreadable
from tongban.apps.correspondence.mail.stripping import own_words

__all__ = ["Mail", "read_mail", "why_not"]

_MOST_PARTS, _DEEPEST = 200, 20
_MOST_TEXT = 400_000
"""Bytes of a body that are looked at: a letter of a hundred pages."""
MOST_ATTACHED = 50_000_000
_ID = re.compile(r"<[^<>\s]{1,250}>")
_ADDRESS = re.compile(r"^[^@\s<>,;:\"\\]{1,64}@[A-Za-z0-9.\-\u0080-\uffff]{1,253}$")
_NOBODY = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce"})
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "utf8": "utf-8"}
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr", "pre"}
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "blockquote"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says. ``identity``: its Message-ID, or a digest of it. ``noted``: what servers on the way say of it,
    which anybody may have written.
    """

    sender: str = field(repr=False)
    identity: str
    message_id: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    references: tuple[str, ...] = ()
    said_at: datetime
    noted: str = ""
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    left_out: tuple[str, ...] = ()


def read_mail(raw: bytes, *, at: datetime) -> tuple[Message, Mail]:
    """Read a mail. Raises ``MessageUnreadable`` for what has no sender, or is built to hurt."""
    try:
        message = email.message_from_bytes(raw)
        parts = list(_parts(message))
        text, files, left_out = _contents(parts)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise MessageUnreadable from error
    sender = _sender(message)
    if not sender:
        raise MessageUnreadable
    message_id = next(iter(_ids(message, "message-id")), "")
    subject = header_text(message, "subject")
    return message, Mail(
        sender=sender,
        identity=message_id or hashlib.sha256(raw).hexdigest(),
        message_id=message_id,
        subject=subject,
        text=own_words(text),
        references=tuple(dict.fromkeys([*_ids(message, "in-reply-to"), *reversed(_ids(message, "references"))]))[:30],
        said_at=_said_at(message, at),
        noted=header_text(message, "authentication-results")[:300],
        files=tuple(files),
        left_out=tuple(left_out),
    )


def why_not(message: Message, *, sender: str, own: str) -> str:
    """Why a mail is no person's and gets no answer (RFC 3834): automatic, list, bounce, own; "" where it is one's."""
    said = header_text(message, "auto-submitted").strip().casefold()
    if said and not said.startswith("no"):
        return "automatic"
    if any(name in message for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return "automatic"
    if header_text(message, "precedence").strip().casefold() in ("bulk", "list", "junk", "auto_reply"):
        return "list"
    if any(name in message for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list")):
        return "list"
    returns = header_text(message, "return-path").strip()
    if returns == "<>" or message.get_content_type() == "multipart/report":
        return "bounce"
    if sender.partition("@")[0].casefold() in _NOBODY:
        return "bounce"
    return "own" if sender.casefold() == own.casefold() else ""


def header_text(message: Message, name: str) -> str:
    """A header in words: as encoded (RFC 2047), or as bytes that a program has left as they were."""
    raw = next((value for each, value in message.raw_items() if each.casefold() == name), "")
    found = str(raw).replace("\r", "").replace("\n", "")[:4000]
    try:
        parts = decode_header(found)
    except (ValueError, email.errors.HeaderParseError):
        parts = [(found, None)]
    words = [_decode(part, charset) if isinstance(part, bytes) else _loose(part) for part, charset in parts]
    return "".join(words)


def _loose(text: str) -> str:
    if any("\ud800" <= each <= "\udfff" for each in text):
        return _decode(text.encode("utf-8", "surrogateescape"), None)
    return text


def _decode(raw: bytes, charset: str | None) -> str:
    """By what it says that it is, else by what it can be; Chinese programs say less than they mean."""
    named = _CHARSETS.get((charset or "").casefold(), charset or "")
    for each in dict.fromkeys([named, "utf-8", "gb18030"]):
        try:
            if each and "unknown" not in each:
                return raw.decode(each)
        except (LookupError, ValueError):
            continue
    return raw.decode("utf-8", "replace")


def _parts(message: Message) -> Iterator[Message]:
    """The leaves; mails within mails are leaves, too, and are not opened."""
    stack, seen = [(message, 0)], 0
    while stack:
        part, depth = stack.pop()
        seen += 1
        if seen > _MOST_PARTS or depth > _DEEPEST:
            raise ValueError("too many parts")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            stack.extend((each, depth + 1) for each in reversed(inner) if isinstance(each, Message))
        else:
            yield part


def _contents(parts: list[Message]) -> tuple[str, list[tuple[str, bytes]], list[str]]:
    plain, marked, files, left_out, total = "", "", [], [], 0
    for part in parts:
        kind, name = part.get_content_type(), _filename(part)
        is_body = kind in ("text/plain", "text/html") and not name and part.get_content_disposition() != "attachment"
        if kind == "message/rfc822":
            left_out.append(f"{name or 'mail'} (not-opened)")
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        if is_body:
            words = _decode(raw[:_MOST_TEXT], part.get_content_charset())
            plain, marked = (plain + words, marked) if kind == "text/plain" else (plain, marked + words)
        elif raw:
            total += len(raw)
            if total > MOST_ATTACHED:
                left_out.append(f"{name or kind} (too-large)")
            else:
                files.append((name or kind.replace("/", "."), raw))
    return plain if plain.strip() else _from_html(marked), files, left_out


def _filename(part: Message) -> str:
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):
        name = None
    if not name:
        return ""
    try:
        words = [
            _decode(each, charset) if isinstance(each, bytes) else _loose(each) for each, charset in decode_header(name)
        ]
    except (ValueError, email.errors.HeaderParseError):
        words = [_loose(name)]
    return "".join(words).replace("\n", " ")[:150]


def _from_html(text: str) -> str:
    """The words of a page: blocks are lines; what is quoted, and what nobody sees, is left out."""
    if not text.strip():
        return ""
    try:
        root = html.document_fromstring(
            text.replace("\0", ""), parser=html.HTMLParser(no_network=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return re.sub(r"<[^<>]{0,500}>", " ", text)
    words: list[str] = []
    hidden = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            hidden += tag in _UNSEEN
            if not hidden and tag in _BLOCKS:
                words.append("\n")
            if not hidden and tag and node.text:
                words.append(re.sub(r"\s+", " ", node.text))
            continue
        hidden -= tag in _UNSEEN
        if not hidden and tag in _BLOCKS and tag != "br":
            words.append("\n")
        if not hidden and node.tail:
            words.append(re.sub(r"\s+", " ", node.tail))
    lines = [line.strip() for line in "".join(words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _sender(message: Message) -> str:
    _name, address = email.utils.parseaddr(header_text(message, "from"))
    return address.casefold() if _ADDRESS.match(address) else ""


def _ids(message: Message, name: str) -> list[str]:
    return _ID.findall(str(message.get(name, ""))[:8000])


def _said_at(message: Message, at: datetime) -> datetime:
    """As the mail says, where that can be: programs' clocks are wrong by years."""
    try:
        said = email.utils.parsedate_to_datetime(str(message.get("date", "")))
    except (ValueError, TypeError, OverflowError, IndexError):
        return at
    said = said if said.tzinfo is not None else said.replace(tzinfo=UTC)
    try:
        return said if at - timedelta(days=7) < said <= at + timedelta(minutes=5) else at
    except OverflowError:
        return at
