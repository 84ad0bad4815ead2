"""Signing the log day by day, and changing the key that signs. What was signed is never changed.

An event belongs to the local day of its instant. The checkpoint of a day covers the logs of all cases that have an
event of that day, each up to its last event before midnight. An event that is written after its day was signed is late:
the next checkpoint covers it. A day without events is signed too, so that a dropped day is seen.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tongban.apps.ledger.checkpoints import leaves_of, newest_key, value_of
from tongban.apps.ledger.errors import KeyMissing, KeyRetired, KeyUnusable, WrongKey
from tongban.apps.ledger.models import Checkpoint, CheckpointHead, CheckpointKey, Event
from tongban.kernel import chain

__all__ = ["RESTS", "make_checkpoints", "missing_days", "rotate_key", "signing_keys"]

RESTS = timedelta(minutes=10)
"""How long a day rests before it is signed: what was begun before midnight is written by then."""

_BATCH = 5000


def signing_keys() -> list[chain.SigningKey]:
    """Return the keys in the settings; the first signs.

    Raises ``KeyMissing`` when there is none, ``KeyUnusable`` when one is not a key.
    """
    keys = []
    for number, text in enumerate(settings.CHECKPOINT_KEYS, start=1):
        try:
            keys.append(chain.SigningKey.from_text(text))
        except chain.ChainError as error:
            raise KeyUnusable(number=number) from error
    if not keys:
        raise KeyMissing
    return keys


def missing_days(*, at: datetime, timezone: ZoneInfo) -> list[date]:
    """Return the days that are over, have rested and are not signed yet, oldest first; two small queries."""
    newest = Checkpoint.objects.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        first = Event.objects.order_by("at").values_list("at", flat=True).first()
        if first is None:
            return []
        begin = first.astimezone(timezone).date()
    else:
        begin = newest + timedelta(days=1)
    today = (at - RESTS).astimezone(timezone).date()
    return [begin + timedelta(days=n) for n in range((today - begin).days)]


def make_checkpoints(*, at: datetime, city: str, timezone: ZoneInfo) -> Iterator[chain.Checkpoint]:
    """Sign every missing day, and yield each as it is signed; nothing to do is nothing done.

    Each day is one transaction; of several workers that try, one signs. Raises ``KeyMissing``, ``KeyUnusable``, or
    ``WrongKey`` when the first key in the settings is not the one that signs now.
    """
    days = missing_days(at=at, timezone=timezone)
    if not days:
        return
    key = signing_keys()[0]
    for day in days:
        try:
            with transaction.atomic():
                signed = _sign(day, key=key, at=at, city=city, timezone=timezone, takes_late=day == days[-1])
        except IntegrityError:  # another worker was faster
            continue
        if signed is not None:
            yield signed


def rotate_key(*, old_is_lost: bool = False) -> CheckpointKey | None:
    """Let the first key in the settings sign from the next checkpoint on, endorsed by the one that signed so far.

    The old private key must be in the settings too, behind the new one, unless it is lost; the change is then on
    record without its signature, for everybody to see. Returns the key that signs from now on; None before the very
    first checkpoint, which takes the first key in the settings anyway.

    Raises ``KeyMissing``, ``KeyUnusable``, ``KeyRetired``, or ``WrongKey`` when the old key is not in the settings.
    """
    keys = signing_keys()
    new = keys[0]
    with transaction.atomic():
        current = newest_key()
        if current is None or current.id == new.id:
            return current
        if CheckpointKey.objects.filter(pk=new.id).exists():
            raise KeyRetired(key=new.id)
        old = next((key for key in keys if key.id == current.id), None)
        if old is None and not old_is_lost:
            raise WrongKey(current=current.id, given=new.id)
        first_day = Checkpoint.objects.order_by("-day").values_list("day", flat=True)[0] + timedelta(days=1)
        change = chain.Rotation(old=bytes(current.public), new=new.public, first_day=first_day)
        change = change.sign(old=old, new=new)
        CheckpointKey.objects.filter(pk=current.id).update(last_day=first_day - timedelta(days=1))
        return CheckpointKey.objects.create(
            id=new.id,
            public=new.public,
            first_day=first_day,
            follows=current,
            by_old=change.by_old,
            by_new=change.by_new,
        )


def _sign(
    day: date, *, key: chain.SigningKey, at: datetime, city: str, timezone: ZoneInfo, takes_late: bool
) -> chain.Checkpoint | None:
    before = Checkpoint.objects.order_by("-day").first()
    if before is not None and before.day >= day:
        return None
    registered = newest_key() or CheckpointKey.objects.create(id=key.id, public=key.public, first_day=day)
    if registered.id != key.id:
        raise WrongKey(current=registered.id, given=key.id)
    start, end = (datetime.combine(day + timedelta(days=n), time(0), timezone) for n in (0, 1))
    _take_heads(day, start, end)
    if takes_late:
        _take_late_heads(day, end)
    algorithm = chain.Algorithm(settings.LEDGER_ALGORITHM)
    signed = chain.Checkpoint(
        city=city,
        day=day,
        timezone=timezone.key,
        algorithm=algorithm,
        cases=CheckpointHead.objects.filter(day=day).count(),
        root=chain.merkle_root(leaves=leaves_of(day, algorithm), algorithm=algorithm),
        previous=value_of(before).hash if before is not None else b"",
        key=key.id,
        signed_at=at,
    ).sign(key)
    Checkpoint.objects.create(
        day=day,
        city=city,
        timezone=signed.timezone,
        algorithm=algorithm.value,
        cases=signed.cases,
        root=signed.root,
        previous=signed.previous,
        key=registered,
        signed_at=at,
        signature=signed.signature,
    )
    return signed


def _take_heads(day: date, start: datetime, end: datetime) -> None:
    """Keep the ends of the logs that have an event of the day; one statement, so that it sees one state of the log."""
    instant = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO checkpoint_head ("case", seq, day, hash)
            SELECT e."case", e.seq, %s, e.hash
            FROM (
                SELECT before."case", MAX(before.seq) AS seq
                FROM (SELECT DISTINCT "case" FROM event WHERE at >= %s AND at < %s) AS touched
                JOIN event AS before ON before."case" = touched."case" AND before.at < %s
                GROUP BY before."case"
            ) AS newest
            JOIN event AS e ON e."case" = newest."case" AND e.seq = newest.seq
            WHERE NOT EXISTS (
                SELECT 1 FROM checkpoint_head AS h WHERE h."case" = newest."case" AND h.seq >= newest.seq
            )
            """,
            [connection.ops.adapt_datefield_value(day), instant(start), instant(end), instant(end)],
        )


def _take_late_heads(day: date, end: datetime) -> None:
    """Keep the ends of logs that grew by events of days that had been signed before they were written."""
    instant, day_value = connection.ops.adapt_datetimefield_value(end), connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT newest."case", newest.seq
            FROM (SELECT "case", MAX(seq) AS seq FROM event GROUP BY "case") AS newest
            LEFT JOIN (SELECT "case", MAX(seq) AS seq FROM checkpoint_head GROUP BY "case") AS head
            ON head."case" = newest."case"
            WHERE head.seq IS NULL OR head.seq < newest.seq
            """
        )
        # Most of these are of today, and their own day will cover them; what is left is hardly ever much.
        found = cursor.fetchall()
        for begin in range(0, len(found), _BATCH):
            cursor.executemany(
                """
                INSERT INTO checkpoint_head ("case", seq, day, hash)
                SELECT "case", seq, %s, hash FROM event WHERE "case" = %s AND seq = %s AND at < %s
                """,
                [(day_value, case, seq, instant) for case, seq in found[begin : begin + _BATCH]],
            )
