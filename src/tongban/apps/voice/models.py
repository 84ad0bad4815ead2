"""What is known of an inquiry beside its case: how it was sorted, what of it is public, who says the same."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Correction", "Inquiry", "Support"]


class Inquiry(models.Model):
    """What somebody said in a case, sorted. Its words stand in the case; here are only those that may be read by all.

    ``speaker`` is a keyed hash: it tells distinct people apart and says nothing of them. ``pseudonym`` is under which
    name they speak, "" for their own. ``category`` is as far down as was sure, ``thought`` the likeliest of the first
    level, ``sorted_by`` one of ``correction``, ``model``, ``directory``, ``coordinator``; ``reasons`` and
    ``urgent_because`` are words with shares. ``urgency``: 1 is the most urgent, 0 nothing urgent. ``proposed`` is the
    department that the directory names. ``published_at`` None: only the case's readers read it; ``withheld`` says why
    not. ``earlier`` is the same speaker's case about the same; ``again_of`` the answered case that is looked into
    once more because of this one.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    filed_at = models.DateTimeField()
    speaker = models.CharField(max_length=64)
    pseudonym = models.CharField(max_length=40, blank=True)
    may_publish = models.BooleanField(default=False)
    district = models.CharField(max_length=16, blank=True)
    category = models.CharField(max_length=64, blank=True)
    thought = models.CharField(max_length=64, blank=True)
    chance = models.FloatField(default=0)
    sorted_by = models.CharField(max_length=16, blank=True)
    reasons = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(default=0)
    urgent_because = models.JSONField(default=list)
    proposed = models.CharField(max_length=64, blank=True)
    sorted_at = models.DateTimeField(null=True)
    public_subject = models.CharField(max_length=80, blank=True)
    public_text = models.TextField(blank=True)
    public_reply = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    withheld = models.CharField(max_length=24, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    supports = models.PositiveIntegerField(default=0)
    earlier = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    again_of = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="again")
    topic = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "inquiry"
        indexes = [
            models.Index(fields=["speaker", "-filed_at"], name="inquiry_of_speaker"),
            models.Index(fields=["topic", "-filed_at"], name="inquiry_of_topic", condition=Q(topic__isnull=False)),
            models.Index(fields=["-published_at"], name="inquiry_published", condition=Q(published_at__isnull=False)),
            # Those that may be made public and that nobody has looked at yet, the oldest first.
            models.Index(fields=["filed_at"], name="inquiry_to_look_at", condition=Q(may_publish=True, looked_by=None)),
        ]


class Support(models.Model):
    """Somebody says "me too" to a public inquiry: once, whoever they are, however often they press."""

    pk = models.CompositePrimaryKey("inquiry", "speaker")
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="supporters", db_index=False)
    speaker = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "inquiry_support"


class Correction(models.Model):
    """A coordinator puts right how an inquiry was sorted: the next alike follows it, the next training learns it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="corrections")
    was = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "inquiry_correction"
