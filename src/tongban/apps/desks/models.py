"""What officers keep at their desks to work with. None of it is part of a case's log."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Checked", "Missing", "Note", "Phrase", "Present", "QueueFilter", "Unsent"]


class Checked(models.Model):
    """An officer has looked a material of a case over; ``material`` is its number there."""

    pk = models.CompositePrimaryKey("case", "material", "user")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    material = models.PositiveIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "checked"


class Missing(models.Model):
    """What a department of a joint review misses of what was filed, sealed: for the one request that is made of all.

    ``user``: who said it; None where the department's own system did.
    """

    pk = models.CompositePrimaryKey("case", "department")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    department = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "missing"


class Note(models.Model):
    """What an officer notes on a material (by its number) or on an answer (by its field) of a case, sealed."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    material = models.PositiveIntegerField(default=0)
    field = models.CharField(max_length=64, blank=True)
    sealed = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "note"
        constraints = [
            models.CheckConstraint(condition=Q(material=0) ^ Q(field=""), name="note_on_one"),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="note_settled_whole",
            ),
        ]


class Phrase(models.Model):
    """Words to begin an opinion or a reason with: a person's own, or a department's.

    ``matter`` and ``act`` say where it is offered; empty: everywhere. ``version`` counts its changes. ``removed_at``:
    taken out, and put back with a press until it is swept.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    department = models.ForeignKey("people.Department", on_delete=models.PROTECT, null=True, related_name="+")
    matter = models.CharField(max_length=64, blank=True)
    act = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=80)
    words = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "phrase"
        constraints = [
            models.CheckConstraint(condition=Q(user=None) ^ Q(department=None), name="phrase_of_one"),
        ]
        indexes = [
            models.Index(fields=["removed_at"], name="phrase_removed", condition=Q(removed_at__isnull=False)),
        ]


class Present(models.Model):
    """An officer has a case open, from ``since``; ``seen_at`` is the last sign of it."""

    pk = models.CompositePrimaryKey("case", "user")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "present"
        indexes = [models.Index(fields=["seen_at"], name="present_gone")]


class QueueFilter(models.Model):
    """A filter of the queue that its owner has named. ``place`` is its turn, ``is_first``: the desk opens with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    part = models.CharField(max_length=16)
    matter = models.CharField(max_length=64, blank=True)
    within = models.CharField(max_length=8, blank=True)
    place = models.PositiveIntegerField()
    is_first = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "queue_filter"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_first=True), name="queue_filter_first_once"),
        ]


class Unsent(models.Model):
    """What an officer has written in the form of a command and not sent yet, sealed. It goes with its step.

    ``task`` is the step, 0 for what is done to the case as a whole. ``seen`` is how many entries the case's log had
    when it was written.
    """

    pk = models.CompositePrimaryKey("case", "task", "command", "user")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.PositiveIntegerField()
    command = models.CharField(max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    seen = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "unsent"
