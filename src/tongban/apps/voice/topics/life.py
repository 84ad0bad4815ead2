"""The life of a topic: rising, answered, settled, back again. Decisions are events, and only events change a state.

The app writes the events into the topic's own numbered stream (`topic.joined`, `topic.answered`, `topic.settled`,
`topic.came_back`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["BACK_WITHIN", "PEOPLE_BACK", "Event", "Life", "NotAnswered", "answer", "applied", "join", "settle"]

PEOPLE_BACK = 3
"""So many different people after an answer, within `BACK_WITHIN`, mean that it did not settle the matter."""
BACK_WITHIN = timedelta(days=30)
Kind = Literal["topic.joined", "topic.answered", "topic.settled", "topic.came_back"]


class NotAnswered(Exception):
    """What nobody has answered cannot be called settled."""

    code = "voice.topic-not-answered"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a topic; ``person`` is a hash, and only of who joined."""

    kind: Kind
    at: datetime
    person: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """How a topic stands; ``since`` are the people who wrote after the last answer, with when they last did."""

    stage: Literal["rising", "answered", "settled", "back"] = "rising"
    messages: int = 0
    answers: int = 0
    returns: int = 0
    changed: datetime | None = None
    since: tuple[tuple[int, datetime], ...] = ()


def join(life: Life, *, at: datetime, person: int) -> tuple[Event, ...]:
    """A message joined; it brings an answered or settled topic back if it is the third person's within a month."""
    joined = Event("topic.joined", at, person)
    after = applied(life, joined)
    recent = [each for each, when in after.since if abs(at - when) <= BACK_WITHIN]
    if after.stage in ("answered", "settled") and len(recent) >= PEOPLE_BACK:
        return joined, Event("topic.came_back", at)
    return (joined,)


def answer(life: Life, *, at: datetime) -> tuple[Event, ...]:
    """The topic is answered as a whole; once more, where it has been."""
    return (Event("topic.answered", at),)


def settle(life: Life, *, at: datetime) -> tuple[Event, ...]:
    """What was promised is done, or the people concerned are content; nothing, where it is settled. Raises
    NotAnswered.
    """
    if life.stage == "settled":
        return ()
    if life.stage != "answered":
        raise NotAnswered
    return (Event("topic.settled", at),)


def applied(life: Life, event: Event) -> Life:
    """The state after an event."""
    match event.kind:
        case "topic.joined":
            since = dict(life.since)
            since[event.person] = event.at
            return replace(life, messages=life.messages + 1, since=tuple(sorted(since.items())))
        case "topic.answered":
            return replace(life, stage="answered", answers=life.answers + 1, changed=event.at, since=())
        case "topic.settled":
            return replace(life, stage="settled", changed=event.at, since=())
        case "topic.came_back":
            return replace(life, stage="back", returns=life.returns + 1, changed=event.at)
