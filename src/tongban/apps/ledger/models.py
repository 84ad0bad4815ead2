"""The one log. Rows are appended and never changed; every other table is a view of them."""

from django.db import models

__all__ = ["Event"]


class Event(models.Model):
    """What happened to one case, already linked to what happened before it.

    ``waiting`` and ``working`` are minutes within office hours; ``hash`` covers this row and the row before it.
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
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "event"
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.case}/{self.seq} {self.kind}"
