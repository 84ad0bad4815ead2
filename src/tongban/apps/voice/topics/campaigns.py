"""Signs that messages are organised: shown with their reasons, and never a reason to leave one out."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tongban.apps.voice.topics.clustering import Topics

__all__ = ["Sign", "signs"]

SAME_WITHIN, SAME_PEOPLE, SAME_NEW = timedelta(hours=72), 6, 0.6
"""So many people who send the same text within so long, of whom at least this share has never written before."""
ONE_WITHIN, ONE_MESSAGES, ONE_TOPICS = timedelta(days=7), 8, 5
"""One person's messages within so long, to so many topics."""


@dataclass(frozen=True, slots=True)
class Sign:
    """``same-text``: one text by many people, most of whom are new; ``one-sender``: one person about many things.
    With the keys of
    the messages and what was counted."""

    kind: Literal["same-text", "one-sender"]
    keys: tuple[str, ...]
    people: int
    new: int
    topics: int
    hours: float


def signs(topics: Topics, *, since: datetime, until: datetime) -> list[Sign]:
    """All signs among the messages of a span, in the order of their first messages."""
    rows = topics.rows
    begin, end = since.timestamp(), until.timestamp()
    first: dict[int, float] = {}
    texts, senders = defaultdict(list), defaultdict(list)
    for row in range(len(topics)):
        when, person = rows.seconds[row], rows.persons[row]
        first[person] = min(when, first.get(person, when))
        if begin <= when <= end:
            texts[rows.origins[row]].append(row)
            senders[person].append(row)
    found = [sign for held in texts.values() if (sign := _same(topics, held, first))]
    found += [sign for held in senders.values() if (sign := _one(topics, held))]
    return sorted(found, key=lambda each: (rows.row[each.keys[0]], each.kind))


def _same(topics: Topics, held: list[int], first: dict[int, float]) -> Sign | None:
    rows = topics.rows
    best = max(_spans(topics, held, SAME_WITHIN), key=lambda span: len({rows.persons[row] for row in span}))
    people = {rows.persons[row] for row in best}
    new = sum(
        any(rows.persons[row] == person and rows.seconds[row] <= first[person] for row in best) for person in people
    )
    if len(people) < SAME_PEOPLE or new < SAME_NEW * len(people):
        return None
    return _sign(topics, "same-text", best, len(people), new)


def _one(topics: Topics, held: list[int]) -> Sign | None:
    best = max(_spans(topics, held, ONE_WITHIN), key=len)
    found = {topics.links.topic(topics.rows.strands[row]) for row in best}
    if len(best) < ONE_MESSAGES or len(found) < ONE_TOPICS:
        return None
    return _sign(topics, "one-sender", best, 1, 0)


def _spans(topics: Topics, held: list[int], within: timedelta) -> list[list[int]]:
    """The rows of each span of this length that begins with one of them."""
    rows = sorted(held, key=lambda row: (topics.rows.seconds[row], row))
    spans, end = [], 0
    for begin in range(len(rows)):
        limit = topics.rows.seconds[rows[begin]] + within.total_seconds()
        while end < len(rows) and topics.rows.seconds[rows[end]] <= limit:
            end += 1
        spans.append((begin, end))
    widest = sorted(spans, key=lambda span: (span[0] - span[1], span[0]))[:8]
    return [rows[begin:end] for begin, end in widest]


def _sign(topics: Topics, kind: Literal["same-text", "one-sender"], held: list[int], people: int, new: int) -> Sign:
    rows = topics.rows
    times = [rows.seconds[row] for row in held]
    found = {topics.links.topic(rows.strands[row]) for row in held}
    keys = tuple(rows.keys[row] for row in held)
    return Sign(kind, keys, people, new, len(found), (max(times) - min(times)) / 3600)
