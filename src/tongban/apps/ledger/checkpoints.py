"""Reading what was signed: checkpoints, keys, proofs; and checking all of it against the log as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection, models
from django.db.models import F

from tongban.apps.ledger.errors import NotCovered, UnknownEvent
from tongban.apps.ledger.models import Checkpoint, CheckpointHead, CheckpointKey, Event
from tongban.apps.ledger.queries import body_of
from tongban.apps.ledger.readings import Given, Reading
from tongban.kernel import chain

__all__ = [
    "Fault",
    "Key",
    "Rewritten",
    "check_checkpoints",
    "count_checkpoints",
    "get_checkpoint",
    "iterate_rewritten",
    "leaves_of",
    "list_checkpoints",
    "list_keys",
    "list_signed_ends",
    "newest_end",
    "newest_key",
    "prove",
    "value_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key, and the days whose checkpoints it signs. ``change`` is how it took over; None for the first."""

    id: str
    public: bytes
    first_day: date
    last_day: date | None
    change: chain.Rotation | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the checkpoint of a day, by code:

    ``day`` (one is missing before it), ``gone`` (it was there and is not), ``previous`` (it does not follow the one
    before), ``key`` (its key is unknown or was not in force), ``signature``, ``heads`` (the ends of logs kept for it
    are not those that were signed), ``rotation`` (the key that signs from that day on was not endorsed by the old one).
    """

    day: date
    code: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A log that is not what was signed: one of the events ``first`` to ``last`` was changed, or they are gone."""

    case: int
    first: int
    last: int
    kind: str
    day: date


# --- what is published -----------------------------------------------------------------------------------------------


def count_checkpoints() -> int:
    """Return how many days are signed."""
    return Checkpoint.objects.count()


def list_checkpoints(*, before: date | None = None, limit: int = 50) -> list[chain.Checkpoint]:
    """Return signed days, newest first, from before a day on; one query."""
    rows = Checkpoint.objects.order_by("-day")
    if before is not None:
        rows = rows.filter(day__lt=before)
    return [value_of(row) for row in rows[:limit]]


def get_checkpoint(*, day: date) -> chain.Checkpoint | None:
    """Return what was signed for a day."""
    row = Checkpoint.objects.filter(day=day).first()
    return value_of(row) if row is not None else None


def list_keys() -> list[Key]:
    """Return all keys that sign or signed, oldest first; one query."""
    rows = CheckpointKey.objects.select_related("follows").order_by("first_day", F("last_day").asc(nulls_last=True))
    return [
        Key(
            id=row.id,
            public=bytes(row.public),
            first_day=row.first_day,
            last_day=row.last_day,
            change=_change(row),
        )
        for row in rows
    ]


def newest_end(*, case: int) -> tuple[date, bytes] | None:
    """Return the last day that a case's log was signed for, and its hash then; one query."""
    row = CheckpointHead.objects.filter(case=case).order_by("-seq").values_list("day", "hash").first()
    return (row[0], bytes(row[1])) if row is not None else None


def prove(*, case: int, seq: int | None = None, head: bytes | None = None, shown: bool = True) -> chain.Proof:
    """Return the proof that an event is covered by a checkpoint; without ``seq``, that the log as a whole is.

    As a whole means up to where it was signed last, or as it ended in ``head``. The event is shown whole, or with
    ``shown`` off by its digest; those after it by digest wherever their hash allows.
    Raises ``UnknownEvent``, or ``NotCovered`` when no checkpoint covers it yet.
    """
    events: list[Event] = []
    if seq is not None:
        events = list(Event.objects.filter(case=case, seq__in=(seq - 1, seq)).order_by("seq"))
        if not events or events[-1].seq != seq:
            raise UnknownEvent
    elif not Event.objects.filter(case=case).exists():
        raise UnknownEvent
    end = _end(case, seq, head)
    signed = value_of(Checkpoint.objects.get(day=end.day))
    index = CheckpointHead.objects.filter(day=end.day, case__lt=case).count()
    found = chain.Proof(
        case=case,
        head_seq=end.seq,
        head=bytes(end.hash),
        index=index,
        path=chain.merkle_path(
            leaves=list(leaves_of(end.day, signed.algorithm)), index=index, algorithm=signed.algorithm
        ),
        checkpoint=signed,
        public=bytes(CheckpointKey.objects.get(pk=signed.key).public),
    )
    if seq is None:
        return found
    return replace(
        found,
        seq=seq,
        previous=bytes(events[0].hash) if seq > 1 else chain.GENESIS,
        event=_link(events[-1], shown=shown),
        following=[
            _link(row, shown=False)
            for row in Event.objects.filter(case=case, seq__gt=seq, seq__lte=end.seq).order_by("seq")
        ],
    )


def _end(case: int, seq: int | None, head: bytes | None) -> CheckpointHead:
    heads = CheckpointHead.objects.filter(case=case)
    if seq is not None:
        found = heads.filter(seq__gte=seq).order_by("seq").first()
    elif head is not None:
        found = heads.filter(hash=head).first()
    else:
        found = heads.order_by("-seq").first()
    if found is None:
        raise NotCovered
    return found


def _link(row: Event, *, shown: bool) -> chain.Link:
    return chain.Link.of(hash=bytes(row.hash), body=body_of(row), shown=shown)


# --- what is checked -------------------------------------------------------------------------------------------------


def check_checkpoints(
    *, since: date | None = None, case: int | None = None, with_heads: bool = True
) -> Iterator[Fault]:
    """Check links, keys and signatures of checkpoints and the heads that they cover, and yield what is wrong, by day.

    Of all days, of those from ``since`` on (heads; links and signatures of all), or of those that cover a case. Heads
    cost a walk over all cases of the day; ``with_heads`` off leaves them out.
    """
    if case is not None:
        days = CheckpointHead.objects.filter(case=case).values("day")
        covering = list(Checkpoint.objects.filter(day__in=days).order_by("day"))
        keys = {key.id: key for key in list_keys()} if covering else {}
        for row in covering:
            yield from _check_one(value_of(row), keys, with_heads=with_heads)
        return
    keys = {key.id: key for key in list_keys()}
    yield from _check_keys(keys)
    before: chain.Checkpoint | None = None
    for row in Checkpoint.objects.order_by("day").iterator(chunk_size=500):
        signed = value_of(row)
        if before is not None and signed.day != before.day + timedelta(days=1):
            yield Fault(signed.day, "day")
        elif signed.previous != (before.hash if before is not None else b""):
            yield Fault(signed.day, "previous")
        yield from _check_one(signed, keys, with_heads=with_heads and signed.day >= (since or date.min))
        before = signed
    yield from _heads_without_checkpoint(since)


def list_signed_ends(*, case: int) -> list[tuple[int, bytes]]:
    """Return where a case's log ended when it was signed, by its place, and its hash there; one query."""
    return [(seq, bytes(head)) for seq, head in _signed_ends(case=case)]


_signed_ends = Reading(
    lambda: (
        CheckpointHead.objects.filter(case=Given("case", models.BigIntegerField()))
        .order_by("seq")
        .values_list("seq", "hash")
    )
)


def iterate_rewritten(*, case: int | None = None, since: date | None = None) -> Iterator[Rewritten]:
    """Compare the log with the ends that were signed, and yield each log that is another, with its first difference.

    This finds what recomputed hashes hide. One statement; nothing is held in memory but what is wrong.
    """
    condition: str = ""
    params: list[int | str] = []
    if case is not None:
        condition, params = 'AND h."case" = %s', [case]
    elif since is not None:
        condition, params = "AND h.day >= %s", [since.isoformat()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT h."case", MIN(h.seq) FROM checkpoint_head AS h
            LEFT JOIN event AS e ON e."case" = h."case" AND e.seq = h.seq
            WHERE (e.hash IS NULL OR e.hash <> h.hash) {condition}
            GROUP BY h."case" ORDER BY h."case"
            """,  # noqa: S608  # no words from outside
            params,
        )
        found: list[tuple[int, int]] = cursor.fetchall()
    for number, seq in found:
        head = CheckpointHead.objects.get(case=number, seq=seq)
        held = CheckpointHead.objects.filter(case=number, seq__lt=seq).order_by("-seq").values_list("seq", flat=True)
        first = (held.first() or 0) + 1
        kind = Event.objects.filter(case=number, seq=first).values_list("kind", flat=True).first()
        yield Rewritten(number, first, seq, kind or "?", head.day)


# --- shared with signing ---------------------------------------------------------------------------------------------


def leaves_of(day: date, algorithm: chain.Algorithm) -> Iterator[bytes]:
    """The leaves of a day's tree, in the order of case numbers; streamed."""
    rows = CheckpointHead.objects.filter(day=day).order_by("case").values_list("case", "seq", "hash")
    for case, seq, link in rows.iterator(chunk_size=5000):
        yield chain.head_leaf(case=case, seq=seq, link=bytes(link), algorithm=algorithm)


def newest_key() -> CheckpointKey | None:
    """The key that signs now: the one that no other follows."""
    return CheckpointKey.objects.filter(followed_by=None).first()


def value_of(row: Checkpoint) -> chain.Checkpoint:
    """A row as the value that was signed."""
    return chain.Checkpoint(
        city=row.city,
        day=row.day,
        timezone=row.timezone,
        algorithm=chain.Algorithm(row.algorithm),
        cases=row.cases,
        root=bytes(row.root),
        previous=bytes(row.previous),
        key=row.key_id,
        signed_at=row.signed_at,
        signature=bytes(row.signature),
    )


def _change(row: CheckpointKey) -> chain.Rotation | None:
    if row.follows is None:
        return None
    return chain.Rotation(
        old=bytes(row.follows.public),
        new=bytes(row.public),
        first_day=row.first_day,
        by_old=bytes(row.by_old),
        by_new=bytes(row.by_new),
    )


def _check_keys(keys: dict[str, Key]) -> Iterator[Fault]:
    beginners = [key for key in keys.values() if key.change is None]
    for key in beginners[1:]:
        yield Fault(key.first_day, "rotation")
    for key in keys.values():
        change = key.change
        # A key that was lost could not endorse its successor; that is on record by the empty signature, and shown.
        if change is not None and not (change.is_endorsed if change.by_old else change.is_acknowledged):
            yield Fault(key.first_day, "rotation")


def _check_one(signed: chain.Checkpoint, keys: dict[str, Key], *, with_heads: bool) -> Iterator[Fault]:
    key = keys.get(signed.key)
    if key is None or not key.first_day <= signed.day <= (key.last_day or date.max):
        yield Fault(signed.day, "key")
    elif not signed.is_signed_by(key.public):
        yield Fault(signed.day, "signature")
    if with_heads and not _heads_hold(signed):
        yield Fault(signed.day, "heads")


def _heads_hold(signed: chain.Checkpoint) -> bool:
    count = CheckpointHead.objects.filter(day=signed.day).count()
    root = chain.merkle_root(leaves=leaves_of(signed.day, signed.algorithm), algorithm=signed.algorithm)
    return count == signed.cases and root == signed.root


def _heads_without_checkpoint(since: date | None) -> Iterator[Fault]:
    """Days whose checkpoint is gone while the ends of logs that it covered are still there."""
    heads = CheckpointHead.objects.exclude(day__in=Checkpoint.objects.values("day"))
    if since is not None:
        heads = heads.filter(day__gte=since)
    for day in heads.order_by("day").values_list("day", flat=True).distinct().iterator(chunk_size=500):
        yield Fault(day, "gone")
