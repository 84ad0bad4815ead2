"""The one log. Rows are appended and never changed; every other table is a view of them."""

from django.db import models

__all__ = ["Checkpoint", "CheckpointHead", "CheckpointKey", "Event", "Follower", "Stream", "TurnOrigin"]


class Event(models.Model):
    """What happened to one case, already linked to what happened before it.

    ``waiting`` and ``working`` are minutes within office hours; ``hash`` covers this row and the row before it.
    The table has one more column, ``turn``, which the database fills in by itself (docs/adr/0019, ``turns``): no field
    of the model, so that no step writes it.
    """

    pk = models.CompositePrimaryKey("case", "seq")
    case = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    capacity = models.CharField(max_length=32)
    department = models.CharField(max_length=64, blank=True)
    node = models.CharField(max_length=64, blank=True)
    task = models.PositiveIntegerField(default=0)
    previous_activity = models.CharField(max_length=64, blank=True)
    previous_department = models.CharField(max_length=64, blank=True)
    previous_at = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    claimed = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(null=True)
    working = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=33)

    class Meta:
        db_table = "event"
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.case}/{self.seq} {self.kind}"


class Stream(models.Model):
    """Something that is no case but has a life, and so a log of the same shape (a request to a register, say).

    Its number stands where a case's does in ``Event``, and is never a case's (``kernel.numbers.is_stream_number``).
    ``last_seq`` and ``last_hash`` are where its log ends, so that one cut short is found.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    last_seq = models.PositiveIntegerField()
    last_hash = models.BinaryField(max_length=33)

    class Meta:
        db_table = "stream"

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class CheckpointKey(models.Model):
    """A public key that signs, or signed, checkpoints of the days from ``first_day`` to ``last_day``.

    ``by_old`` is the signature of the key before over the change to this one, empty where there was none or it was
    lost; ``by_new`` is this key's own. Rows stay, so that what an old key signed can still be checked.
    """

    id = models.CharField(primary_key=True, max_length=16)
    public = models.BinaryField(max_length=32, unique=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    by_old = models.BinaryField(max_length=64, default=b"")
    by_new = models.BinaryField(max_length=64, default=b"")

    class Meta:
        db_table = "checkpoint_key"


class Checkpoint(models.Model):
    """What was signed for one local day of the city (see ``kernel.chain.Checkpoint``). Never changed."""

    day = models.DateField(primary_key=True)
    city = models.CharField(max_length=64)
    timezone = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)
    cases = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32, default=b"")
    key = models.ForeignKey(CheckpointKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "checkpoint"


class CheckpointHead(models.Model):
    """The end of one case's log as a checkpoint covers it: a leaf of that day's tree. Never changed.

    Its hash is kept beside the event's own, so that a log that was rewritten and chained anew shows where.
    """

    pk = models.CompositePrimaryKey("case", "seq")
    case = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    day = models.DateField()
    hash = models.BinaryField(max_length=33)

    class Meta:
        db_table = "checkpoint_head"
        constraints = [models.UniqueConstraint(fields=["day", "case"], name="checkpoint_head_day")]


class TurnOrigin(models.Model):
    """PostgreSQL only: what is added to a transaction's number to give ``event.turn``, and on which cluster."""

    cluster = models.CharField(max_length=32, blank=True)
    added = models.BigIntegerField(default=0)

    class Meta:
        db_table = "event_turn_origin"


class Follower(models.Model):
    """How far somebody who follows the log has read it: up to and including ``(turn, case, seq)``.

    ``tries`` counts how often it has failed at the next event, ``due`` is when it is tried again, ``error`` why it
    failed: the kind of the exception and where, never what it was about.
    """

    name = models.CharField(primary_key=True, max_length=40)
    turn = models.BigIntegerField()
    case = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    moved_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    due = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "follower"
