"""Reads of event rooms: lists, one room, what became of each statement, and whom a statement concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.db.models import Q

from tongban.apps.cases.queries import list_parties
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import UnknownRoom
from tongban.apps.voice.models import Inquiry, Room, RoomEntry, RoomStatement, Topic
from tongban.apps.voice.rooms.services import department_for, may_state

__all__ = [
    "Entry",
    "Piece",
    "RoomRow",
    "RoomView",
    "Statement",
    "difference",
    "get_room",
    "list_concerned",
    "list_rooms",
    "list_titles",
]

_AROUND = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRow:
    """An event in a list. ``versions``: how many statements there have been."""

    number: int
    title: str
    opened_at: datetime
    closed_at: datetime | None
    last_at: datetime
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact (``words``), a question (``words``, answered by ``more``) or a rumour (``words``; ``more`` is right)."""

    id: int
    kind: str
    words: str
    more: str
    source: str
    known_at: datetime
    added_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a statement against the one before: ``same``, ``new`` or ``gone``."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One version of what government says, and its effect: inquiries of the topic a day in the week before it and
    since it (at most a week); None without a topic, and for ``after`` in its first hours."""

    version: int
    words: str
    department: str
    at: datetime
    changes: Sequence[Piece]
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """A room whole; the newest of everything first. ``draft`` is "" for whoever does not keep rooms."""

    row: RoomRow
    topic: int | None
    signal: str
    facts: Sequence[Entry]
    questions: Sequence[Entry]
    rumours: Sequence[Entry]
    statements: Sequence[Statement]
    draft: str
    may_keep: bool
    may_state: bool


def list_rooms(*, topic: int | None = None, stated_only: bool = False, limit: int = 50) -> list[RoomRow]:
    """Events, the newest first; ``topic``: known from it; ``stated_only``: of which government has said something.

    Two queries.
    """
    rooms = Room.objects.order_by("-opened_at", "-pk")
    if topic is not None:
        rooms = rooms.filter(Q(topic=topic) | Q(topic__merged_into=topic))
    if stated_only:
        rooms = rooms.filter(pk__in=RoomStatement.objects.values("room"))
    found = list(rooms[:limit])
    versions: dict[int, int] = {}
    for room in RoomStatement.objects.filter(room__in=[each.pk for each in found]).values_list("room", flat=True):
        versions[room] = versions.get(room, 0) + 1
    return [_row(each, versions.get(each.pk, 0)) for each in found]


def get_room(*, number: int, actor: Actor, at: datetime) -> RoomView:
    """One room. Whoever does not keep rooms finds it once something stands in it that is not withdrawn.

    Raises ``UnknownRoom``.
    """
    row = Room.objects.filter(pk=number).first()
    keeps = bool(department_for(actor=actor, at=at))
    if row is None:
        raise UnknownRoom("there is no such event")
    entries = [_entry(each) for each in RoomEntry.objects.filter(room=row).order_by("-known_at", "-pk")]
    statements = list(RoomStatement.objects.filter(room=row).order_by("version"))
    if not keeps and not statements and all(each.withdrawn_at for each in entries):
        raise UnknownRoom("nothing is said of it yet")
    topic = _standing(row.topic_id)
    return RoomView(
        row=_row(row, len(statements)),
        topic=topic,
        signal=row.signal,
        facts=[each for each in entries if each.kind == "fact"],
        questions=[each for each in entries if each.kind == "question"],
        rumours=[each for each in entries if each.kind == "rumour"],
        statements=_statements(statements, topic, at),
        draft=row.draft if keeps else "",
        may_keep=keeps and row.closed_at is None,
        may_state=may_state(actor=actor, at=at) and row.closed_at is None,
    )


def list_concerned(*, numbers: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """By room, the people on file who said something in its topic, with the case in which they did last."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, topic in Room.objects.filter(pk__in=numbers, topic__isnull=False).values_list("pk", "topic"):
        cases = list(Inquiry.objects.filter(topic=_standing(topic)).order_by("filed_at").values_list("pk", flat=True))
        people = {party.person: case for case, party in list_parties(numbers=cases).items() if party.person is not None}
        found[number] = sorted(people.items())
    return found


def list_titles(*, numbers: Sequence[int]) -> dict[int, str]:
    """What events are called, by number; one query."""
    return dict(Room.objects.filter(pk__in=numbers).values_list("pk", "title"))


def difference(old: str, new: str) -> list[Piece]:
    """What a statement says otherwise than the one before, in pieces of its words."""
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", old[a:b]))
            continue
        pieces += [Piece("gone", old[a:b])] if b > a else []
        pieces += [Piece("new", new[c:d])] if d > c else []
    return pieces


def _statements(rows: Sequence[RoomStatement], topic: int | None, at: datetime) -> list[Statement]:
    filed = _filed(rows, topic)
    found, before = [], ""
    for row in rows:
        hours = min(at - row.at, _AROUND) / timedelta(hours=1)
        found.append(
            Statement(
                version=row.version,
                words=row.words,
                department=row.department,
                at=row.at,
                changes=difference(before, row.words) if before else (),
                before=None if topic is None else sum(row.at - _AROUND <= each < row.at for each in filed) / 7,
                after=None
                if topic is None or hours < 12
                else sum(row.at <= each <= row.at + _AROUND for each in filed) * 24 / hours,
            )
        )
        before = row.words
    return found[::-1]


def _filed(rows: Sequence[RoomStatement], topic: int | None) -> list[datetime]:
    if topic is None or not rows:
        return []
    span = (rows[0].at - _AROUND, rows[-1].at + _AROUND)
    return list(Inquiry.objects.filter(topic=topic, filed_at__range=span).values_list("filed_at", flat=True))


def _standing(topic: int | None) -> int | None:
    """The topic, or the one that it has gone into."""
    if topic is None:
        return None
    return Topic.objects.filter(pk=topic).values_list("merged_into", flat=True).first() or topic


def _row(row: Room, versions: int) -> RoomRow:
    return RoomRow(
        number=row.number,
        title=row.title,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        last_at=row.last_at,
        versions=versions,
    )


def _entry(row: RoomEntry) -> Entry:
    return Entry(
        id=row.pk,
        kind=row.kind,
        words=row.words,
        more=row.more,
        source=row.source,
        known_at=row.known_at,
        added_at=row.added_at,
        withdrawn_at=row.withdrawn_at,
    )
