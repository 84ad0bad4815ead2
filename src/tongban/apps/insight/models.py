"""What is counted along the log, because reading all of it for each page would take too long."""

from django.db import models
from django.db.models import Q

__all__ = ["Deed", "DepartmentTime", "Evasion", "Reuse", "Standing", "StepTime"]


class Reuse(models.Model):
    """What people were spared by what was on file, over all cases of a matter (``case.filed``, ``about.reused``)."""

    matter = models.CharField(primary_key=True, max_length=64)
    cases = models.PositiveBigIntegerField(default=0)
    questions = models.PositiveBigIntegerField(default=0)
    papers = models.PositiveBigIntegerField(default=0)
    trips = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "reuse"


class StepTime(models.Model):
    """How long steps took: how many of a matter's node took up to ``bound`` working minutes (``chances.BOUNDS``)."""

    matter = models.CharField(max_length=64)
    node = models.CharField(max_length=64)
    bound = models.PositiveIntegerField()
    steps = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "step_time"
        constraints = [models.UniqueConstraint(fields=["matter", "node", "bound"], name="step_time_once")]


class Evasion(models.Model):
    """A case in which a pattern was seen that evades the clock (``evasion.PATTERNS``), once for each pattern."""

    pattern = models.CharField(max_length=16)
    case = models.BigIntegerField()
    department = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    version_id = models.BigIntegerField()
    at = models.DateTimeField()
    measure = models.PositiveIntegerField()

    class Meta:
        db_table = "evasion"
        constraints = [models.UniqueConstraint(fields=["case", "pattern"], name="evasion_once")]
        indexes = [
            models.Index(fields=["at"], name="evasion_at"),
            models.Index(fields=["pattern", "department", "matter", "at"], name="evasion_list"),
        ]


class Standing(models.Model):
    """What must be remembered of a case that is not over: since when its clock stands, whether more was asked for."""

    case = models.BigIntegerField(primary_key=True)
    paused_since = models.DateTimeField(null=True)
    was_asked = models.BooleanField(default=False)

    is_over = False

    class Meta:
        db_table = "standing"
        indexes = [
            models.Index(fields=["paused_since"], name="standing_paused", condition=Q(paused_since__isnull=False))
        ]


class Deed(models.Model):
    """What an officer ended, and what became of it: an entry of a case's log, and whose it is.

    ``kind``: ``done`` (they ended a step), ``returned`` (what they had done was sent back), ``rated`` (a case that they
    had decided was rated). Of what is done: working ``minutes`` since the step was opened, and whether it was ``late``
    (None: nothing limited it).
    """

    pk = models.CompositePrimaryKey("case", "seq")
    case = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    officer = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    node = models.CharField(max_length=64)
    at = models.DateTimeField()
    minutes = models.PositiveIntegerField(null=True)
    late = models.BooleanField(null=True)
    decided = models.BooleanField(default=False)
    grade = models.PositiveSmallIntegerField(null=True)
    # In whose place it was done; null in one's own right.
    stood_for = models.BigIntegerField(null=True)

    class Meta:
        db_table = "deed"
        indexes = [
            models.Index(fields=["officer", "kind", "at"], name="deed_of_officer"),
            models.Index(
                fields=["stood_for", "at"], name="deed_in_place_of", condition=models.Q(stood_for__isnull=False)
            ),
        ]


class DepartmentTime(models.Model):
    """How many steps of a department, ended by people on a day, took up to ``bound`` working minutes."""

    department = models.CharField(max_length=64)
    day = models.DateField()
    bound = models.PositiveIntegerField()
    steps = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "department_time"
        constraints = [models.UniqueConstraint(fields=["department", "day", "bound"], name="department_time_once")]
