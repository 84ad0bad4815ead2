"""Pictures that are read, and what a person made of it. Nothing of it is part of a case."""

import uuid

from django.db import models
from django.db.models import Q

__all__ = ["Reading"]


class Reading(models.Model):
    """A picture somebody wants read.

    ``purpose`` is what it is for and ``back`` where it leads, in the words of whoever began it.
    ``state``: ``waiting``, ``reading``, ``read``, ``unusable`` or ``failed`` (``code`` says why), ``taken`` (a person
    has confirmed it), ``over`` (its words are forgotten). ``found`` is what was seen, ``values`` what was confirmed,
    both sealed and emptied within the hour. What stays is no word of it, only how well it went: how many ``fields``
    there were, how many of them ``marked``, and the names of those that a person ``corrected``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.CharField(max_length=64)
    purpose = models.CharField(max_length=160, blank=True)
    back = models.CharField(max_length=500, blank=True)
    begun_at = models.DateTimeField()
    file = models.UUIDField(null=True)
    state = models.CharField(max_length=12, default="waiting")
    code = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    found = models.TextField(blank=True)
    values = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    fields = models.PositiveSmallIntegerField(default=0)
    marked = models.PositiveSmallIntegerField(default=0)
    corrected = models.JSONField(default=list)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reading"
        indexes = [
            models.Index(fields=["begun_at"], name="reading_open", condition=Q(state__in=["waiting", "reading"])),
            models.Index(fields=["begun_at"], name="reading_kept", condition=~Q(state="over")),
        ]
