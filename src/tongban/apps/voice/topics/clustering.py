"""Topics over all inquiries, one message after the other: copies first, then what is alike in what it says and where.

All is decided from the messages in the order they come in; the same messages give the same topics. No clock is read,
nothing is drawn by lot.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np

from tongban.apps.voice.topics.kept import Kept
from tongban.apps.voice.topics.links import Links
from tongban.apps.voice.topics.near import Copies, sketch
from tongban.apps.voice.topics.spread import Column, Names, Spread
from tongban.apps.voice.topics.strands import LOOKS, Settings, Strands
from tongban.apps.voice.topics.text import Features, read
from tongban.apps.voice.topics.vectors import Signature, Vocabulary

__all__ = ["Joined", "Message", "Topics", "UnknownHand", "UnknownMessage", "person_number"]

COPY = 0.7
"""Messages that share so much of their text are copies of each other."""
OPENING = 100
"""Districts are looked for in so many characters from the beginning."""


class UnknownMessage(KeyError):
    """No message of this key has been read."""


class UnknownHand(KeyError):
    """There is no merge or split of this number, or it has been taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An inquiry as it came in. ``person`` is a key by which one person's messages are known as theirs, and is kept
    only as a hash;
    ``districts`` are those picked from a list, added to what the text names."""

    key: str
    subject: str
    text: str
    at: datetime
    person: str
    department: str = ""
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Where a message went: its topic, whether it began it, how alike it was, and of which message it is a copy."""

    key: str
    topic: int
    opened: bool
    score: float
    copy_of: str | None
    linked: tuple[int, ...]
    """Topics that became one with this because of the message."""


@dataclass(slots=True)
class _Rows:
    """What is kept of each message, by row."""

    keys: Column = field(default_factory=Column)
    row: Spread[str, int] = field(default_factory=Spread)
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    persons: "array[int]" = field(default_factory=lambda: array("Q"))
    strands: "array[int]" = field(default_factory=lambda: array("i"))
    origins: "array[int]" = field(default_factory=lambda: array("i"))
    departments: "array[int]" = field(default_factory=lambda: array("i"))
    places: Names = field(default_factory=Names)
    districts: Names = field(default_factory=Names)
    supports: dict[int, set[int]] = field(default_factory=dict)


@cache
def _warm() -> None:
    """Go every way once: what is loaded with the first call of a process takes a moment, and not from a message."""
    topics = _Unwarmed()
    for number, text in enumerate(("青石路路灯不亮", "青石路路灯整夜不亮", "白塔家园停水", "青石路路灯又不亮了")):
        topics.add(
            Message(
                key=str(number), subject=text, text=text, at=datetime.fromtimestamp(number, UTC), person=str(number)
            )
        )


class Topics:
    """The state of all topics; ``districts`` finds the city's districts in a text (none, where it is not given)."""

    def __init__(self, *, districts: re.Pattern[str] | None = None, settings: Settings | None = None) -> None:
        self._begin(districts, settings)
        _warm()

    def _begin(self, districts: re.Pattern[str] | None, settings: Settings | None) -> None:
        self.districts = districts
        self.vocabulary = Vocabulary()
        self.links = Links()
        self.copies = Copies()
        self.rows = _Rows()
        self.kept = Kept()
        self.strands = Strands(
            settings or Settings(), kept=self.kept, places=self.rows.places, districts=self.rows.districts
        )
        self.departments: dict[str, int] = {}
        self.hands = 0
        self.splits: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self.rows.keys)

    def add(self, message: Message) -> Joined:
        """Read a message and put it where it belongs; a key read before changes nothing and is answered with where
        it is.
        """
        if message.key in self.rows.row:
            return Joined(message.key, self.topic_of(message.key), False, 1.0, None, ())
        return self._place(message, read(subject=message.subject, text=message.text))

    def add_all(self, messages: Iterable[Message]) -> list[Joined]:
        """Read many messages as they would have come in one by one, in the order of their times."""
        return [self.add(each) for each in sorted(messages, key=lambda each: (_seconds(each.at), each.key))]

    def support(self, *, key: str, person: str) -> bool:
        """Somebody says "me too" to a message; False if they have said so, or it is their own. Raises
        UnknownMessage.
        """
        row, number = self._row(key), person_number(person)
        held = self.rows.supports.setdefault(row, set())
        if number in held or number == self.rows.persons[row]:
            return False
        held.add(number)
        return True

    def topic_of(self, key: str) -> int:
        """The number of the topic that a message is in. Raises UnknownMessage."""
        return self.links.topic(self.rows.strands[self._row(key)])

    def members(self, topic: int) -> list[int]:
        """The rows of a topic's messages, in the order they came in; none if there is no such topic."""
        if topic >= len(self.strands) or self.links.topic(topic) != topic:
            return []
        return sorted(row for number in self.links.strands(topic) for row in self.strands.rows(number))

    def keys(self, topic: int) -> list[str]:
        """The keys of a topic's messages, in the order they came in."""
        return [self.rows.keys[row] for row in self.members(topic)]

    def numbers(self) -> list[int]:
        """All topics that have a message, oldest first."""
        return sorted({self.links.topic(each) for each in range(len(self.strands)) if self.strands.size(each)})

    def merge(self, topics: Iterable[int]) -> int:
        """Make these topics one, by hand, until `unmerge` of the number returned; later messages to any of them join
        it.
        """
        self.hands += 1
        self.links.merge(self.hands, topics)
        return self.hands

    def unmerge(self, number: int) -> None:
        """Take a merge back: what was apart before it is apart again. Raises UnknownHand."""
        if number not in self.links.merges:
            raise UnknownHand(number)
        self.links.unmerge(number)

    def split(self, keys: Iterable[str]) -> int:
        """Move messages of one topic to a new one, by hand, until `unsplit` of the number returned; the machine keeps
        them apart.

        Raises UnknownMessage, and ValueError where they are not of one topic, or all of it.
        """
        rows = sorted({self._row(key) for key in keys})
        topics = {self.links.topic(self.rows.strands[row]) for row in rows}
        if len(topics) != 1 or len(rows) == len(self.members(min(topics))):
            raise ValueError("split some messages of one topic from the others")
        self.hands += 1
        old = self.links.strands(min(topics))
        self.splits[self.hands] = {row: self.rows.strands[row] for row in rows}
        new = self.strands.open()
        self._move(dict.fromkeys(rows, new))
        self.links.split(self.hands, new, old)
        return self.hands

    def unsplit(self, number: int) -> None:
        """Take a split back: its messages are where they were. Messages that came later stay where they went. Raises
        UnknownHand.
        """
        if number not in self.splits:
            raise UnknownHand(number)
        new = self.links.apart[number][0]
        moved = {row: old for row, old in self.splits.pop(number).items() if self.rows.strands[row] == new}
        self._move(moved)
        self.links.unsplit(number)

    def signature(self, row: int) -> Signature:
        """What is kept of a message's terms."""
        terms, weights, where = self.kept.row(row)
        issue = float(np.sqrt((weights[~where] ** 2).sum()))
        return Signature(terms.tolist(), weights.tolist(), where.tolist(), issue)

    def restore(self, kept: dict[str, Any], *, strands: int) -> None:
        """Take a table as saved, and add up so many strands of the rows that are known."""
        self.kept.restore(kept)
        for _ in range(strands):
            self.strands.open()
        for row in range(len(self)):
            self._add_up(row)

    def _add_up(self, row: int) -> None:
        self.strands.put(self.rows.strands[row], row, day=self.rows.seconds[row] / 86400)

    def _place(self, message: Message, features: Features) -> Joined:
        self.vocabulary.learn(features)
        signature = self.vocabulary.weigh(features)
        named = (
            {match.group().lower() for match in self.districts.finditer(features.text[:OPENING])}
            if self.districts
            else set()
        )
        districts, places = tuple(sorted(named | set(message.districts))), tuple(sorted(features.places))
        day = _seconds(message.at) / 86400
        marks = sketch(features.shingles)
        number, score = self.strands.best(signature, places=places, districts=districts, day=day)
        copy = self._copy(marks, places)
        if copy is not None:
            number, score = self.rows.strands[copy], 1.0
        opened = number is None or score < self.strands.settings.joins
        strand = self.strands.open() if opened or number is None else number
        row = self._keep(message, signature, places, districts, strand)
        if copy is not None:
            self.rows.origins[row] = self.rows.origins[copy]
        self.copies.add(marks)
        # It reads the row as kept, in half precision: what is read back from what was saved adds up to the same.
        self.strands.put(strand, row, day=day)
        linked = () if opened else self._link(strand)
        return Joined(
            message.key,
            self.links.topic(strand),
            opened,
            score,
            None if copy is None else self.rows.keys[copy],
            linked,
        )

    def _copy(self, marks: Any, places: tuple[str, ...]) -> int | None:
        """The message that this is a copy of; the same words about another place are none."""
        for row, _ in self.copies.find(marks, least=COPY):
            if not places or not self.rows.places[row] or not set(places).isdisjoint(self.rows.places[row]):
                return row
        return None

    def _link(self, number: int) -> tuple[int, ...]:
        """Look whether a strand that has grown by half since has become like another."""
        if self.strands.size(number) not in LOOKS:
            return ()
        linked = []
        for other, _ in self.strands.like(number):
            topic = self.links.topic(other)
            if self.links.link(number, other):
                linked.append(topic)
        return tuple(linked)

    def _keep(
        self, message: Message, signature: Signature, places: tuple[str, ...], districts: tuple[str, ...], strand: int
    ) -> int:
        row = len(self.rows.keys)
        self.kept.append(signature)
        rows = self.rows
        rows.keys.append(message.key)
        rows.row[message.key] = row
        rows.seconds.append(_seconds(message.at))
        rows.persons.append(person_number(message.person))
        rows.strands.append(strand)
        rows.origins.append(row)
        rows.departments.append(self.departments.setdefault(message.department, len(self.departments)))
        rows.places.append(places)
        rows.districts.append(districts)
        return row

    def _move(self, where: dict[int, int]) -> None:
        """Move rows to strands, and add up anew all strands that are touched."""
        touched = set(where.values()) | {self.rows.strands[row] for row in where}
        members = {number: set(self.strands.rows(number)) for number in touched}
        for row, number in where.items():
            members[self.rows.strands[row]].discard(row)
            members[number].add(row)
            self.rows.strands[row] = number
        for number in sorted(touched):
            self.strands.empty(number)
            for row in sorted(members[number]):
                self._add_up(row)

    def _row(self, key: str) -> int:
        try:
            return self.rows.row[key]
        except KeyError:
            raise UnknownMessage(key) from None


class _Unwarmed(Topics):
    def __init__(self) -> None:
        self._begin(None, None)


def _seconds(at: datetime) -> float:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def person_number(person: str) -> int:
    """What is kept of the key of a person."""
    return int.from_bytes(blake2b(person.encode("utf-8", "replace"), digest_size=8).digest(), "big")
