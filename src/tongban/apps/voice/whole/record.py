"""What happens to a topic, on record: a log of its own in the ledger (docs/adr/0057)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.apps.people.actors import SYSTEM
from tongban.apps.voice.models import Topic
from tongban.apps.voice.topics import life
from tongban.kernel import flow

__all__ = ["COORDINATOR", "keep_life", "life_of", "open_topic", "put_on_record"]

COORDINATOR = "coordinator"


def open_topic(*, strand: int, inquiries: Iterable[int], at: datetime) -> Topic:
    """Open the log of a topic and keep its row, in the caller's transaction."""
    event = flow.Event("topic.opened", at, {"inquiries": sorted(inquiries)}, actor=SYSTEM.id)
    number = begin_stream(kind="topic", event=event, day=get_calendar().local_date(at), at=at)
    return Topic.objects.create(
        number=number, strand=strand, last_kind=event.kind, last_event_at=at, first_at=at, last_at=at
    )


def put_on_record(
    row: Topic,
    kind: str,
    data: dict[str, Any],
    *,
    at: datetime,
    actor_id: str = SYSTEM.id,
    capacity: str = "",
    department: str = "",
) -> None:
    """Append to a topic's log, linked to what was before, and save the row with it, in the caller's transaction."""
    event = flow.Event(
        kind,
        at,
        data,
        actor=actor_id,
        capacity=capacity,
        department=department,
        previous_activity=row.last_kind,
        previous_at=row.last_event_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_event_at, row.stale = kind, at, True
    row.save()


def life_of(row: Topic) -> life.Life:
    """How the topic stands, as its row says."""
    return life.Life(
        stage=cast(Any, row.stage),
        messages=row.messages,
        answers=row.answers,
        returns=row.returns,
        changed=row.changed_at,
        since=tuple((int(person), datetime.fromisoformat(at)) for person, at in row.since),
    )


def keep_life(row: Topic, events: Iterable[life.Event]) -> None:
    """Apply what happened to the row. Who wrote is known by hash only while the topic counts as answered."""
    now = life_of(row)
    for each in events:
        now = life.applied(now, each)
    if now.stage not in ("answered", "settled"):
        now = replace(now, since=())
    row.stage, row.messages, row.answers, row.returns = now.stage, now.messages, now.answers, now.returns
    row.changed_at = now.changed
    row.since = [[person, at.isoformat()] for person, at in now.since]
