"""Followers of the log: whoever does something about what has happened, after it has happened (docs/adr/0019).

An app registers one in its ``ready()``; the worker runs them. A follower is handed events in the order in which they
were committed, each at least once, and writes in the transaction that moves its place: what it keeps in this database
happens exactly once.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from tongban.apps.ledger.errors import LogIsElsewhere, UnknownFollower
from tongban.apps.ledger.models import Event, Follower
from tongban.apps.ledger.turns import END, START, Position, first_since, horizon, is_elsewhere, mend, newest
from tongban.kernel import flow
from tongban.kernel.numbers import is_stream_number

__all__ = [
    "Followed",
    "FollowerRow",
    "follow",
    "follow_all",
    "list_followers",
    "mend",
    "register",
    "replay",
    "skip",
]

BATCH = 500
_COUNTED = 10_000
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Followed:
    """An event of a case, and its place in that case's log."""

    case: int
    seq: int
    event: flow.Event


Take = Callable[[Sequence[Followed], datetime], None]


@dataclass(frozen=True, slots=True)
class _Registered:
    take: Take
    kinds: frozenset[str] | None
    from_beginning: bool
    streams: bool

    def wants(self, followed: Followed) -> bool:
        """Whether it is handed this event."""
        of_its_kind = self.kinds is None or followed.event.kind in self.kinds
        return of_its_kind and (self.streams or not is_stream_number(followed.case))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerRow:
    """How a follower is doing. ``behind``: events that it has not seen, counted up to 10,000; ``since``: the oldest."""

    name: str
    behind: int
    since: datetime | None
    moved_at: datetime
    tries: int
    due: datetime | None
    error: str


_registered: dict[str, _Registered] = {}


def register(
    *,
    name: str,
    take: Take,
    kinds: Sequence[str] | None = None,
    from_beginning: bool = False,
    streams: bool = False,
) -> None:
    """Let ``take(events, at)`` follow the log under ``name``; only events of ``kinds``, if given.

    Events of cases; with ``streams`` also those of what is no case (``streams.begin_stream``).

    It begins with what happens from now on, unless ``from_beginning``. ``take`` runs in a transaction, must be quick,
    and must not talk to other systems: it writes down what is to be done.
    """
    wanted = None if kinds is None else frozenset(kinds)
    _registered[name] = _Registered(take, wanted, from_beginning, streams)


def follow_all(*, at: datetime) -> int:
    """Run each follower that has something to read, a batch each; return how many events were read."""
    return sum(follow(name=name, at=at) for name in tuple(_registered))


def follow(*, name: str, at: datetime, limit: int = BATCH) -> int:
    """Hand the next events to a follower and move its place past them, in one transaction; return how many.

    Where the follower raises, nothing of the batch stays; it is then handed one event at a time, up to the one at
    which it fails. That one is tried again later, longer apart each time: it is never passed over by itself. Two
    workers never run one follower at once. Raises ``UnknownFollower``, ``LogIsElsewhere``.
    """
    registered = _known(name)
    if not _has_news(name, registered, at):
        return 0
    if is_elsewhere():
        raise LogIsElsewhere
    try:
        return _take(name, registered, at, limit)
    except DatabaseError:
        raise
    except Exception:
        return _one_by_one(name, registered, at, limit)


def list_followers(*, at: datetime) -> list[FollowerRow]:
    """Return how each registered follower is doing, by name."""
    kept = {row.name: row for row in Follower.objects.all()}
    return [_row_of(kept.get(name) or _fresh(name, each, at)) for name, each in sorted(_registered.items())]


@transaction.atomic
def replay(*, name: str, since: datetime | None, at: datetime) -> None:
    """Set a follower back to what happened at ``since`` or later (None: to the beginning). Raises ``UnknownFollower``.

    What it has seen it is handed again: it must know by itself what it has done already.
    """
    row = Follower.objects.select_for_update().get(pk=_place(name, _known(name), at).pk)
    _move(row, START if since is None else first_since(since=since), at)


@transaction.atomic
def skip(*, name: str, at: datetime) -> Followed | None:
    """Pass over the one event at which a follower stands, on an operator's word, and return it.

    Raises ``UnknownFollower``.
    """
    row = Follower.objects.select_for_update().get(pk=_place(name, _known(name), at).pk)
    found = _read(_position(row), limit=1)
    if not found:
        return None
    position, followed = found[0]
    log.warning("Follower %s passes over %s/%s (%s)", name, followed.case, followed.seq, followed.event.kind)
    _move(row, position, at)
    return followed


# --- one batch --------------------------------------------------------------------------------------------------------


@transaction.atomic
def _take(name: str, registered: _Registered, at: datetime, limit: int) -> int:
    rows = Follower.objects.filter(name=name)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    if row is None or (row.due is not None and row.due > at):
        return 0
    found = _read(_position(row), limit=limit)
    if not found:
        return 0
    wanted = [each for _, each in found if registered.wants(each)]
    if wanted:
        registered.take(wanted, at)
    _move(row, found[-1][0], at)
    return len(found)


def _one_by_one(name: str, registered: _Registered, at: datetime, limit: int) -> int:
    done = 0
    try:
        while done < limit and _take(name, registered, at, 1):
            done += 1
    except DatabaseError:
        raise
    except Exception as error:
        _failed(name, error, at)
    return done


def _failed(name: str, error: Exception, at: datetime) -> None:
    """What went wrong, without what it was about: messages of exceptions may hold anything."""
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_globals.get('__name__', '')}:{where.tb_lineno}" if where else ""
    row = Follower.objects.get(name=name)
    row.tries += 1
    row.error = f"{type(error).__name__} {place}"[:200]
    row.due = at + min(_FIRST_WAIT * 2 ** min(row.tries - 1, 12), _LONGEST_WAIT)
    row.save(update_fields=["tries", "error", "due"])
    log.error("Follower %s stands still: %s", name, row.error)


def _move(row: Follower, to: Position, at: datetime) -> None:
    row.turn, row.case, row.seq = to
    row.moved_at, row.tries, row.due, row.error = at, 0, None, ""
    row.save()


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(after: Position, *, limit: int) -> list[tuple[Position, Followed]]:
    below = horizon()  # before reading: what it covers is then there to be read
    rows = _after(after).extra(where=['"event"."turn" < %s'], params=[below])
    names = flow.Event._fields
    return [
        (Position(turn, case, seq), Followed(case, seq, flow.Event._make(values)))
        for turn, case, seq, *values in rows.values_list("turn", "case", "seq", *names)[:limit]
    ]


def _after(after: Position) -> "QuerySet[Event]":
    turn = RawSQL('"event"."turn"', [], output_field=BigIntegerField())
    return (
        Event.objects.annotate(turn=turn)
        .extra(
            where=['"event"."turn" >= %s AND ("event"."turn", "event"."case", "event"."seq") > (%s, %s, %s)'],
            params=[after.turn, *after],
        )
        .order_by("turn", "case", "seq")
    )


def _has_news(name: str, registered: _Registered, at: datetime) -> bool:
    """Whether there may be something to read; asked without a transaction, because mostly there is nothing."""
    return newest() > _position(_place(name, registered, at))


def _known(name: str) -> _Registered:
    if name not in _registered:
        raise UnknownFollower(name=name)
    return _registered[name]


def _place(name: str, registered: _Registered, at: datetime) -> Follower:
    row = Follower.objects.filter(name=name).first()
    if row is None:
        fresh = _fresh(name, registered, at)
        given = {"turn": fresh.turn, "case": fresh.case, "seq": fresh.seq, "moved_at": at}
        row = Follower.objects.get_or_create(name=name, defaults=given)[0]
    return row


def _fresh(name: str, registered: _Registered, at: datetime) -> Follower:
    turn, case, seq = START if registered.from_beginning else _settled()
    return Follower(name=name, turn=turn, case=case, seq=seq, moved_at=at)


def _settled() -> Position:
    """Where the log ends, as far as it can be read: what is being committed right now is still to come."""
    below = horizon()
    last = Event.objects.annotate(turn=RawSQL('"event"."turn"', [], output_field=BigIntegerField()))
    row = last.extra(where=['"event"."turn" < %s'], params=[min(below, END.turn)])
    found = row.order_by("-turn", "-case", "-seq").values_list("turn", "case", "seq").first()
    return Position(*found) if found else START


def _position(row: Follower) -> Position:
    return Position(row.turn, row.case, row.seq)


def _row_of(row: Follower) -> FollowerRow:
    ahead = _after(_position(row))
    return FollowerRow(
        name=row.name,
        behind=ahead[:_COUNTED].count(),
        since=ahead.values_list("at", flat=True).first(),
        moved_at=row.moved_at,
        tries=row.tries,
        due=row.due,
        error=row.error,
    )
