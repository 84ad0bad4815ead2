"""Reads: the conversation beside a case, its files, and what did not go out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from tongban.apps.cases.queries import CaseView
from tongban.apps.correspondence.contents import Content, open_content
from tongban.apps.correspondence.errors import UnknownMessage
from tongban.apps.correspondence.models import Attachment, Gathering, Mailbox, Message, State, TurnedAway, Way
from tongban.apps.correspondence.ways import is_on
from tongban.apps.evidence.queries import FileView, view_of_file
from tongban.apps.people.actors import Actor

__all__ = [
    "LONGEST_WRITTEN",
    "FileLine",
    "MessageRow",
    "Trouble",
    "Unsent",
    "get_file",
    "get_trouble",
    "has_conversation",
    "is_on",
    "list_messages",
]

LONGEST_WRITTEN = 1000
"""Characters that an official writes at a time."""
_MOST = 200
_OF_THEMSELVES = ("filed", "filed_mail", "joined", "joined_mail", "rated")
"""What is said to everybody alike, and tells an official nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A file of a message, by its place."""

    no: int
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message beside its case. ``inbound``: theirs. ``state``: how far ours has come; ``gone``: let go of."""

    id: int
    inbound: bool
    kind: str
    said_at: datetime
    text: str = field(repr=False)
    subject: str = field(repr=False)
    place: str = field(repr=False)
    state: str
    error: str
    writer: tuple[str, str] | None
    left_out: Sequence[str] = ()
    files: Sequence[FileLine] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A message of ours that was given up: what an operator needs, no words and no address."""

    id: int
    channel: str
    kind: str
    case: int | None
    tries: int
    error: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What an operator should look at: given up, not filed after several tries, the mailbox, mails not taken."""

    unsent: Sequence[Unsent]
    stuck: int
    mailbox_error: str
    turned_away: int

    def __bool__(self) -> bool:
        return bool(self.unsent or self.stuck or self.mailbox_error or self.turned_away)


def has_conversation(*, case: CaseView) -> bool:
    """Whether a case came in by a way by which can be answered."""
    return case.channel in Way.values


def list_messages(*, case: CaseView, actor: Actor) -> list[MessageRow]:
    """The last 200 messages of a case, in the order in which they were said, with their files; one query, or none.

    For officials who may read the case (``case`` is what they were given of it), and nobody else.
    """
    if not has_conversation(case=case) or not actor.is_official or case.is_owner:
        return []
    columns = ("pk", "inbound", "kind", "said_at", "content_sealed", "state", "error", "user__name", "user__name_en")
    found = Message.objects.filter(case=case.number).exclude(kind__in=_OF_THEMSELVES)
    rows = found.order_by("-said_at", "-pk", "attachments__no").values(
        *columns,
        no=F("attachments__no"),
        file=F("attachments__file__name"),
        media_type=F("attachments__file__media_type"),
    )[: _MOST * 2]
    kept: dict[int, tuple[dict[str, Any], list[FileLine]]] = {}
    for row in rows:
        _row, files = kept.setdefault(row["pk"], (row, []))
        if row["no"] is not None:
            files.append(FileLine(no=row["no"], name=row["file"], media_type=row["media_type"]))
    return [_message(row, files) for row, files in reversed(list(kept.values())[:_MOST])]


def _message(row: dict[str, Any], files: list[FileLine]) -> MessageRow:
    content = open_content(row["content_sealed"])
    return MessageRow(
        id=row["pk"],
        inbound=row["inbound"],
        kind=row["kind"],
        said_at=row["said_at"],
        text=content.text,
        subject=content.subject,
        place=_place(content),
        state=row["state"],
        error=row["error"],
        writer=(row["user__name"], row["user__name_en"]) if row["user__name"] else None,
        left_out=content.left_out,
        files=files,
        gone=not row["content_sealed"],
    )


def _place(content: Content) -> str:
    where = f"{content.latitude}, {content.longitude}" if content.latitude else ""
    return " · ".join(each for each in (content.place, where) if each)


def get_file(*, case: CaseView, message: int, no: int, actor: Actor) -> FileView:
    """A file of a message beside a case. Raises ``UnknownMessage`` as for one that there is not."""
    if not has_conversation(case=case) or not actor.is_official or case.is_owner:
        raise UnknownMessage
    rows = Attachment.objects.filter(message=message, message__case=case.number, no=no).select_related("file")
    found = rows.first()
    if found is None:
        raise UnknownMessage
    return view_of_file(found.file)


def get_trouble(*, at: datetime, since: datetime, limit: int = 25) -> Trouble:
    """What an operator should look at, the newest first; ``turned_away``: mails since then; four queries."""
    rows = Message.objects.filter(state=State.FAILED).order_by("-at", "-pk")[:limit]
    columns = ("id", "channel", "kind", "case", "tries", "error", "at")
    return Trouble(
        unsent=[Unsent(**row) for row in rows.values(*columns)],
        stuck=Gathering.objects.filter(over_at=None, tries__gte=3).count(),
        mailbox_error=Mailbox.objects.exclude(error="").values_list("error", flat=True).first() or "",
        turned_away=TurnedAway.objects.filter(at__gt=since, why__in=["unreadable", "too-large"]).count(),
    )
