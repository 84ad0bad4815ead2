"""What is counted along the log, because reading all of it for each page would take too long."""

from django.db import models

__all__ = ["Reuse"]


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
