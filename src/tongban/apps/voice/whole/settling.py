"""Rows that say which inquiry is in which topic, brought to what the streaming topics say.

A topic has a row, and a log, once a second inquiry is in it: what one alone says is no topic. Each strand that ever had
one keeps it; where strands are linked to one topic the oldest of their rows stands for all, and the others point to it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tongban.apps.voice.models import Inquiry, Topic
from tongban.apps.voice.topics import life
from tongban.apps.voice.topics.clustering import Joined, Topics
from tongban.apps.voice.whole.record import keep_life, life_of, open_topic, put_on_record

__all__ = ["join", "settle", "standing"]

_BATCH = 500


def join(topics: Topics, joined: Joined, *, at: datetime) -> None:
    """An inquiry has come in: it is alone, makes a topic with another, or joins one and perhaps links it to others."""
    strands = topics.links.strands(joined.topic)
    row = standing(topics, joined.topic)
    if joined.linked or (row is None and not joined.opened):
        settle(topics, strands, why={"by": "machine"}, at=at)
    if row is None:
        return
    row = standing(topics, joined.topic)
    assert row is not None
    number, index = int(joined.key), topics.rows.row[joined.key]
    said_at = datetime.fromtimestamp(topics.rows.seconds[index], tz=at.tzinfo)
    events = life.join(life_of(row), at=said_at, person=topics.rows.persons[index])
    keep_life(row, events)
    row.last_at = max(row.last_at or said_at, said_at)
    put_on_record(row, "topic.joined", {"inquiry": number, "alike": round(joined.score, 3)}, at=at)
    if len(events) > 1:
        put_on_record(row, "topic.came_back", {"returns": row.returns}, at=at)
    Inquiry.objects.filter(pk=number).update(topic=row.number)


def standing(topics: Topics, strand: int) -> Topic | None:
    """The row that stands for the topic that a strand is in: that of its oldest strand that has one; locked."""
    strands = topics.links.strands(topics.links.topic(strand))
    return Topic.objects.select_for_update().filter(strand__in=strands).order_by("strand").first()


def settle(topics: Topics, strands: Iterable[int], *, why: dict[str, object], at: datetime) -> None:
    """Bring the rows of these strands to what the links say now. ``why`` goes on record with what changes."""
    groups: dict[int, list[int]] = defaultdict(list)
    for strand in sorted(set(strands)):
        groups[topics.links.topic(strand)].append(strand)
    known = {each.strand: each for each in Topic.objects.select_for_update().filter(strand__in=set(strands))}
    for number, held in groups.items():
        _settle(topics, number, held, known, why, at)


def _settle(
    topics: Topics, number: int, held: list[int], known: dict[int, Topic], why: dict[str, object], at: datetime
) -> None:
    inquiries = [int(topics.rows.keys[row]) for strand in held for row in topics.strands.rows(strand)]
    row = next((known[strand] for strand in held if strand in known), None)
    if row is None and len(inquiries) > 1:
        row = known[number] = open_topic(strand=number, inquiries=inquiries, at=at)
        row.messages = len(inquiries)
    if row is None or not inquiries:
        _assign(inquiries, None)
        return
    for strand in held:
        other = known.get(strand)
        if other is not None and other is not row and other.merged_into_id != row.number:
            other.merged_into = row
            put_on_record(other, "topic.merged", {"into": row.number, **why}, at=at)
    if row.merged_into_id is not None:
        was, row.merged_into = row.merged_into_id, None
        put_on_record(row, "topic.parted", {"from": was, **why}, at=at)
    _assign(inquiries, row.number)
    row.stale = True
    row.save()


def _assign(inquiries: list[int], number: int | None) -> None:
    for at in range(0, len(inquiries), _BATCH):
        Inquiry.objects.filter(pk__in=inquiries[at : at + _BATCH]).exclude(topic=number).update(topic=number)
