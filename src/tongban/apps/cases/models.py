"""A case as it stands now: what its log says, kept ready to be listed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Case", "Material", "Rating", "Task", "Timer"]


class Case(models.Model):
    """One request for one matter by one applicant. Every column follows from the case's events and its filing."""

    number = models.BigIntegerField(primary_key=True)
    matter_version = models.ForeignKey("catalog.MatterVersion", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=64)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    agent = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    applicant_name = models.CharField(max_length=120)
    phone_sealed = models.CharField(max_length=200)
    channel = models.CharField(max_length=16)
    answers = models.JSONField()
    status = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    state = models.TextField()
    last_seq = models.PositiveIntegerField()
    last_hash = models.BinaryField(max_length=32)
    filed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    promised_due = models.DateTimeField(null=True)
    statutory_due = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case"
        indexes = [
            models.Index(fields=["person", "-filed_at"], name="case_of_person"),
            models.Index(fields=["organisation", "-filed_at"], name="case_of_organisation"),
            models.Index(fields=["agent", "-filed_at"], name="case_of_agent"),
            models.Index(fields=["matter", "-decided_at"], name="case_of_matter"),
            models.Index(fields=["promised_due"], name="case_open_due", condition=Q(closed_at=None)),
        ]


class Task(models.Model):
    """A step that a department has or had.

    ``due`` is the earliest of the step's own limit, the silence that accepts, and the promise; the end of the year 9999
    where nothing limits it, because each database sorts NULL to another end.
    """

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    no = models.PositiveIntegerField()
    node = models.CharField(max_length=64)
    act = models.CharField(max_length=16)
    department = models.CharField(max_length=64)
    opened = models.DateTimeField()
    due = models.DateTimeField()
    # The applicant's turn, or a special procedure that an officer began: nothing to do here now.
    waiting = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        db_table = "task"
        indexes = [
            # The desk's queue: open tasks of a department by due date.
            models.Index(
                fields=["department", "waiting", "due", "case", "no"], name="task_queue", condition=Q(finished=None)
            ),
            models.Index(fields=["claimed_by", "due"], name="task_mine", condition=Q(finished=None)),
        ]


class Timer(models.Model):
    """Something that the clock will do to a case."""

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timers")
    no = models.PositiveIntegerField()
    due = models.DateTimeField()

    class Meta:
        db_table = "timer"
        indexes = [models.Index(fields=["due"], name="timer_due")]


class Material(models.Model):
    """Evidence in a case: a file that was handed in, or what the system fetched."""

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials")
    no = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "material"


class Rating(models.Model):
    """What the applicant thought of it: 5 very satisfied … 1 very dissatisfied, once."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="rating")
    matter = models.CharField(max_length=64)
    grade = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        db_table = "rating"
        indexes = [models.Index(fields=["matter", "-rated_at"], name="rating_of_matter")]
        constraints = [models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="rating_grade")]
