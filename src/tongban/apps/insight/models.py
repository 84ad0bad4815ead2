"""What is counted along the log, because reading all of it for each page would take too long."""

from django.db import models

__all__ = ["Reuse", "StepTime"]


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
