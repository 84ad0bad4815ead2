"""Samples of decided files, and the audit of each file. Rows are mirrors of logs in the ledger, a log for each."""

from django.db import models
from django.db.models import Q

__all__ = ["Audit", "Grade", "How", "Sample", "State"]


class How(models.TextChoices):
    """How a sample is chosen: by a draw that nobody could know before, or by somebody with a reason."""

    RANDOM = "random"
    TARGETED = "targeted"


class State(models.TextChoices):
    """Where an audit stands."""

    OPEN = "open"
    FOUND = "found"
    """A defect: the department has to answer."""
    ANSWERED = "answered"
    CLOSED = "closed"


class Grade(models.TextChoices):
    """What was found."""

    IN_ORDER = "in_order"
    MINOR = "minor"
    SERIOUS = "serious"


class Sample(models.Model):
    """Files that are to be audited. ``number`` is that of its log; ``plan`` is empty where somebody asked for it.

    ``criteria`` says which files were looked at (``drawing.Criteria``). Of a random one, ``seed_day`` is the day whose
    checkpoint the draw starts from, fixed when it was announced. Once it is drawn (``drawn_at``): ``population`` is how
    many files fitted, ``digest`` the SHA-256 of their numbers, ``seed`` the hash of that checkpoint, ``skipped`` which
    were drawn and left out because they had been audited before.
    """

    number = models.BigIntegerField(primary_key=True)
    plan = models.CharField(max_length=64, blank=True)
    how = models.CharField(max_length=8, choices=How.choices)
    criteria = models.JSONField()
    since = models.DateField()
    share = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=10)
    why = models.TextField(blank=True)
    asked_by = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    seed_day = models.DateField(null=True)
    drawn_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=80, blank=True)
    population = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    skipped = models.JSONField(default=list)

    class Meta:
        db_table = "audit_sample"
        constraints = [
            # However many workers look at one plan: a day is announced once.
            models.UniqueConstraint(fields=["plan", "since"], condition=~Q(plan=""), name="audit_plan_once"),
        ]
        indexes = [
            models.Index(fields=["seed_day"], name="audit_to_draw", condition=Q(drawn_at=None)),
            models.Index(fields=["announced_at", "number"], name="audit_sample_newest"),
        ]


class Audit(models.Model):
    """The audit of one file. ``number`` is that of its log; ``place`` is where it came in the draw.

    A file is drawn once; ``round`` 2 and on are audits that somebody asked for deliberately, with a reason.

    ``said`` keeps the questions with what was said to each, as they were. ``…er`` are actors as logs name them.
    """

    number = models.BigIntegerField(primary_key=True)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="audits")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveIntegerField()
    department = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    version_id = models.BigIntegerField()
    by_rule = models.BooleanField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    grade = models.CharField(max_length=10, choices=Grade.choices, blank=True)
    said = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    found_at = models.DateTimeField(null=True)
    auditor = models.CharField(max_length=64, blank=True)
    answer_due = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answerer = models.CharField(max_length=64, blank=True)
    ruling = models.TextField(blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruler = models.CharField(max_length=64, blank=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "audit"
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="audit_of_case")]
        indexes = [
            models.Index(fields=["state", "opened_at", "number"], name="audit_state"),
            models.Index(fields=["department", "opened_at", "number"], name="audit_of_department"),
            models.Index(fields=["opened_at", "number"], name="audit_newest"),
        ]
