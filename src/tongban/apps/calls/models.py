"""Who called, and what they could be told. Rows are mirrors of logs in the ledger, a log for each call."""

from django.db import models
from django.db.models import Q

__all__ = ["Call", "CallBack", "Checklist", "Level", "Promise", "Try"]


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


class Promise(models.TextChoices):
    """Where a promised call stands."""

    OPEN = "open"
    DONE = "done"
    GIVEN_UP = "given-up"
    """Nobody could be reached, as often as it was tried."""


class CallBack(models.Model):
    """A call that was promised to whoever called. ``number`` is that of its log.

    ``department`` has it now; ``promised_by`` is reminded. Telephone and question are sealed and let go of after their
    time. ``person``: who had shown who they are, None for whoever did not.
    """

    number = models.BigIntegerField(primary_key=True)
    call = models.BigIntegerField()
    department = models.CharField(max_length=64)
    promised_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    telephone_sealed = models.CharField(max_length=200, blank=True)
    question_sealed = models.TextField(blank=True)
    case = models.BigIntegerField(null=True)
    promised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=Promise.choices, default=Promise.OPEN)
    ended_at = models.DateTimeField(null=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "call_back"
        indexes = [
            models.Index(fields=["department", "due_at"], name="call_back_open", condition=Q(state="open")),
            models.Index(fields=["due_at"], name="call_back_due", condition=Q(state="open")),
            models.Index(fields=["ended_at"], name="call_back_kept", condition=~Q(telephone_sealed="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state="open") ^ Q(ended_at__isnull=False), name="call_back_ended")
        ]


class Checklist(models.Model):
    """What to bring for a matter, sent to a caller by SMS. ``call`` is the number of the call's log.

    The telephone is sealed and let go of after its time; its hash counts how often it was written to. ``key`` tells a
    press that was sent twice from two presses.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    telephone_sealed = models.CharField(max_length=200, blank=True)
    telephone_hash = models.CharField(max_length=64, blank=True)
    matter = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "call_checklist"
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="call_checklist_once")]
        indexes = [
            models.Index(fields=["telephone_hash", "asked_at"], name="call_checklist_sent"),
            models.Index(fields=["asked_at"], name="call_checklist_kept", condition=~Q(telephone_sealed="")),
        ]
