"""In which order the log grew: the hidden column ``event.turn`` (docs/adr/0019).

SQLite has one writer at a time and numbers rows as they come. PostgreSQL stamps each row with the number of its
transaction; what lies below the oldest transaction that is still running is complete and stays so.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from tongban.apps.ledger.models import TurnOrigin

__all__ = ["END", "START", "Position", "first_since", "horizon", "is_elsewhere", "mend", "newest"]

_EVERYTHING = 2**63 - 1


class Position(NamedTuple):
    """A place in the order in which the log grew."""

    turn: int
    case: int
    seq: int


START = Position(-1, 0, 0)
END = Position(_EVERYTHING, 0, 0)


def horizon() -> int:
    """Return the turn below which nothing can be added any more. Ask it before reading, never after."""
    if connection.vendor == "sqlite":
        return _EVERYTHING
    (oldest,) = _row("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(oldest) + _origin().added


def newest() -> Position:
    """Return where the log ends now; ``START`` for an empty one."""
    found = _row('SELECT "turn", "case", "seq" FROM "event" ORDER BY "turn" DESC, "case" DESC, "seq" DESC LIMIT 1')
    return Position(*found) if found else START


def first_since(*, since: datetime) -> Position:
    """Return the place just before the first event whose ``at`` is not earlier than ``since``; the end without one."""
    value = connection.ops.adapt_datetimefield_value(since)
    (turn,) = _row('SELECT MIN("turn") FROM "event" WHERE "at" >= %s', value) or (None,)
    return newest() if turn is None else Position(int(turn), 0, 0)


def is_elsewhere() -> bool:
    """Whether the database was restored into another cluster, where transactions are numbered anew."""
    return connection.vendor == "postgresql" and _origin().cluster != _cluster()


@transaction.atomic
def mend() -> int:
    """Number on from the newest turn after a restore into another cluster; return how many rows were moved.

    Rows that were written there before this ran bear a low number: they are known by it, because a restored row has
    the number of the transaction that restored it. Does nothing where nothing is wrong.
    """
    if not is_elsewhere():
        return 0
    with connection.cursor() as cursor:
        cursor.execute('LOCK TABLE "event" IN ACCESS EXCLUSIVE MODE')
        origin = TurnOrigin.objects.select_for_update().get()
        before, added = origin.added, max(newest().turn, origin.added)
        (now,) = _row("SELECT pg_current_xact_id()::text::bigint")
        cursor.execute(
            'UPDATE "event" SET "turn" = "turn" + %s WHERE "turn" > %s AND "turn" <= %s '
            'AND xmin::text::bigint = (("turn" - %s) & 4294967295)',
            [added - before, before, before + now, before],
        )
        moved = int(cursor.rowcount)
        cursor.execute(
            f'ALTER TABLE "event" ALTER COLUMN "turn" SET DEFAULT (pg_current_xact_id()::text::bigint + {int(added)})'
        )
        origin.cluster, origin.added = _cluster(), added
        origin.save()
    return moved


def _origin() -> TurnOrigin:
    return TurnOrigin.objects.first() or TurnOrigin.objects.create(cluster=_cluster())


def _cluster() -> str:
    if connection.vendor != "postgresql":
        return ""
    return str(_row("SELECT system_identifier::text FROM pg_control_system()")[0])


def _row(sql: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone() or ())
