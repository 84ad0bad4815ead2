"""Commands of event rooms: open one, put in what is verified, say what government says, correct rumours, close it.

Who dispatches what people say keeps the room; the one statement that counts is published by who decides in the
department that speaks for the whole government (``announces`` of the dispatch directory).
"""

from datetime import datetime

from django.db import transaction

from tongban.apps.catalog.city import get_calendar, get_dispatch
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import (
    NotForThem,
    NothingSaid,
    RoomClosed,
    SourceMissing,
    StillPersonal,
    UnknownRoom,
    UnknownTopic,
)
from tongban.apps.voice.models import Room, RoomEntry, RoomStatement, Topic
from tongban.apps.voice.permissions import coordinating_department, is_coordinator
from tongban.apps.voice.rooms.record import begin_room, put_on_record
from tongban.apps.voice.text.masking import find

__all__ = [
    "ENTRIES",
    "add_entry",
    "close_room",
    "department_for",
    "draft_statement",
    "may_state",
    "open_room",
    "publish_statement",
    "withdraw_entry",
]

ENTRIES = ("fact", "question", "rumour")


@transaction.atomic
def open_room(*, title: str, topic: int | None = None, signal: str = "", actor: Actor, at: datetime) -> int:
    """Open a room for an event, from a topic or from a signal outside (``signal`` says which); its number.

    Raises ``NotForThem``, ``NothingSaid``, ``StillPersonal``, ``UnknownTopic``, ``SourceMissing`` without either.
    """
    department = _require_keeper(actor, at)
    _require_words(title, signal)
    if topic is None and not signal.strip():
        raise SourceMissing("say what the event is known from")
    if topic is not None and not Topic.objects.filter(pk=topic).exists():
        raise UnknownTopic("there is no such topic")
    number = begin_room(topic=topic, actor=actor, department=department, at=at)
    Room.objects.create(
        number=number,
        title=title.strip(),
        topic_id=topic,
        signal=signal.strip(),
        opened_at=at,
        last_kind="room.opened",
        last_at=at,
    )
    return number


@transaction.atomic
def add_entry(
    *, number: int, kind: str, words: str, more: str = "", source: str, known_at: datetime, actor: Actor, at: datetime
) -> int:
    """Put in a verified fact, a question with its answer, or a rumour with what is right (``more``); its id.

    ``source``: who has verified it or by what it is shown; ``known_at``: for when it holds. Raises ``NotForThem``,
    ``UnknownRoom``, ``RoomClosed``, ``NothingSaid``, ``SourceMissing``, ``StillPersonal``.
    """
    department = _require_keeper(actor, at)
    row = _open(number)
    assert kind in ENTRIES
    if not source.strip():
        raise SourceMissing("say who has verified it, or what shows it")
    _require_words(*((words,) if kind == "fact" else (words, more)), source)
    entry = RoomEntry.objects.create(
        room=row,
        kind=kind,
        words=words.strip(),
        more=more.strip() if kind != "fact" else "",
        source=source.strip(),
        known_at=known_at,
        added_at=at,
        department=department,
    )
    put_on_record(row, "room.noted", {"entry": entry.pk, "what": kind}, actor=actor, department=department, at=at)
    return entry.pk


@transaction.atomic
def withdraw_entry(*, number: int, entry: int, actor: Actor, at: datetime) -> None:
    """Take an entry back: it stays to be read, as withdrawn. Raises as ``add_entry``."""
    department = _require_keeper(actor, at)
    row = _open(number)
    found = RoomEntry.objects.select_for_update().filter(pk=entry, room=row).first()
    if found is None:
        raise UnknownRoom("there is no such entry")
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
        put_on_record(row, "room.withdrawn", {"entry": entry}, actor=actor, department=department, at=at)


@transaction.atomic
def draft_statement(*, number: int, words: str, actor: Actor, at: datetime) -> None:
    """Keep what the next statement is to say; nobody outside reads it. Raises as ``add_entry``."""
    _require_keeper(actor, at)
    row = _open(number)
    row.draft = words.strip()
    row.save(update_fields=["draft"])


@transaction.atomic
def publish_statement(*, number: int, words: str, actor: Actor, at: datetime) -> int:
    """Say what government says, before everybody; its version. The versions before stay readable.

    Raises ``NotForThem`` for whoever does not decide in the department that announces, and as ``add_entry``.
    """
    if not may_state(actor=actor, at=at):
        raise NotForThem("only who decides where government speaks")
    row = _open(number)
    _require_words(words)
    version = RoomStatement.objects.filter(room=row).count() + 1
    department = _announcing(at)
    RoomStatement.objects.create(room=row, version=version, words=words.strip(), department=department, at=at)
    row.draft = ""
    put_on_record(row, "room.stated", {"version": version}, actor=actor, department=department, at=at)
    return version


@transaction.atomic
def close_room(*, number: int, actor: Actor, at: datetime) -> None:
    """The event is over: the room stays readable, and nothing is added to it. Raises as ``add_entry``."""
    department = _require_keeper(actor, at)
    row = _open(number)
    row.closed_at = at
    put_on_record(row, "room.closed", {}, actor=actor, department=department, at=at)


def department_for(*, actor: Actor, at: datetime) -> str:
    """As which department the actor keeps rooms, "" for whoever does not."""
    coordinating = coordinating_department(on=get_calendar().local_date(at))
    if is_coordinator(actor=actor, department=coordinating):
        return coordinating
    return _announcing(at) if may_state(actor=actor, at=at) else ""


def may_state(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor may publish a statement."""
    department = _announcing(at)
    return bool(department) and actor.has_role("decider", department=department)


def _announcing(at: datetime) -> str:
    return get_dispatch().announces or coordinating_department(on=get_calendar().local_date(at))


def _require_keeper(actor: Actor, at: datetime) -> str:
    department = department_for(actor=actor, at=at)
    if not department:
        raise NotForThem("only who dispatches what people say, or decides where government speaks")
    return department


def _open(number: int) -> Room:
    row = Room.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownRoom("there is no such event")
    if row.closed_at is not None:
        raise RoomClosed("it is closed")
    return row


def _require_words(*texts: str) -> None:
    if not texts[0].strip() or (len(texts) > 2 and not texts[1].strip()):
        raise NothingSaid("there is nothing to read")
    for text in texts:
        if sure := [each for each in find(text) if each.sure]:
            raise StillPersonal("this is surely somebody's", words=text[sure[0].start : sure[0].start + 3] + "…")
