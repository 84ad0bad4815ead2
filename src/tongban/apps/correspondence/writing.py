"""Writing to a correspondent: a message of ours is a row first; what carries it comes to fetch it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from tongban.apps.correspondence.contents import Content, seal_content
from tongban.apps.correspondence.models import Correspondent, Message, State

__all__ = ["answer_at_once", "release_held", "write"]

_LONGEST = {"wechat": 600, "weibo": 280, "mail": 20_000}
"""Characters in one message by each way; what is longer goes out in several."""


def write(
    row: Correspondent,
    *,
    kind: str,
    text: str,
    key: str,
    at: datetime,
    case: int | None = None,
    user: int | None = None,
    reference: str = "",
) -> None:
    """Note down what is to be said; under the same ``key`` nothing is said twice. In the caller's transaction.

    ``reference``: the Message-ID that a mail answers.
    """
    for no, part in enumerate(_parts(text, _LONGEST[row.channel])):
        hashed = hashlib.sha256(f"{row.number}:{key}:{no}".encode()).hexdigest()
        fields = _fields(row, kind=kind, text=part, case=case, at=at, reference=reference)
        Message.objects.get_or_create(
            key=hashed, defaults=fields | {"state": State.WAITING, "user_id": user, "due": at}
        )


def answer_at_once(
    row: Correspondent,
    *,
    kind: str,
    text: str,
    answers: Message,
    case: int | None,
    at: datetime,
    reference: str = "",
) -> str:
    """Note down what is said in the same breath, and return it; a mail has no such breath and is written one."""
    if row.channel == "mail":
        write(row, kind=kind, text=text, key=f"answer:{answers.pk}", case=case, at=at, reference=reference)
        return ""
    fields = _fields(row, kind=kind, text=text, case=case, at=at)
    Message.objects.create(**fields, state=State.SENT, answers=answers, done_at=at)
    return text


def release_held(row: Correspondent, *, at: datetime) -> None:
    """They have just written, so the provider lets us write again: what was held goes out now."""
    Message.objects.filter(correspondent=row, inbound=False, state=State.HELD).update(
        state=State.WAITING, due=at, tries=0, error=""
    )


def _fields(
    row: Correspondent, *, kind: str, text: str, case: int | None, at: datetime, reference: str = ""
) -> dict[str, object]:
    content = seal_content(Content(text=text, references=(reference,) if reference else ()))
    same = {"correspondent": row, "inbound": False, "channel": row.channel, "kind": kind, "case": case}
    return same | {"said_at": at, "at": at, "content_sealed": content}


def _parts(text: str, longest: int) -> Iterator[str]:
    """Cut at the end of a line or a sentence where there is one in the second half."""
    while len(text) > longest:
        cut = max(text.rfind(each, longest // 2, longest) for each in "\n。.！？!?；; ")
        cut = cut + 1 if cut > 0 else longest
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text
