"""Who called, and what they could be told. Rows are mirrors of logs in the ledger, a log for each call."""

from django.db import models
from django.db.models import Q

__all__ = ["Call", "Level", "Try"]


class Level(models.TextChoices):
    """How far a caller has shown who they are."""

    NOBODY = ""
    CASE = "case"
    """They know one case: where it stands is told, nothing else."""
    PERSON = "person"


class Call(models.Model):
    """A call, from when a clerk begins it until they end it. ``number`` is that of its log.

    The telephone is sealed and let go of after its time. ``key`` tells a press that was sent twice from two presses.
    Whose call it is stands here once they have shown it; ``case`` is the one that they know, at level ``case``.
    """

    number = models.BigIntegerField(primary_key=True)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=64)
    key = models.UUIDField()
    telephone_sealed = models.CharField(max_length=200, blank=True)
    telephone_hash = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    level = models.CharField(max_length=8, choices=Level.choices, blank=True, default=Level.NOBODY)
    way = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    case = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "call"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="call_one_at_a_time"),
            models.UniqueConstraint(fields=["user", "key"], name="call_press_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-begun_at"], name="call_of_clerk"),
            models.Index(fields=["begun_at"], name="call_kept", condition=~Q(telephone_sealed="")),
        ]


class Try(models.Model):
    """Somebody tried to show who they are. ``whose``: as whom (``Applicant.key``), where one was found."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=64)
    whose = models.CharField(max_length=40, blank=True)
    passed = models.BooleanField()

    class Meta:
        db_table = "call_try"
        indexes = [models.Index(fields=["whose", "at"], name="call_try_in_vain", condition=Q(passed=False))]
