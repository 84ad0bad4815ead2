"""What somebody recorded on the spot, and the photos that belong to it."""

from django.conf import settings
from django.db import models

__all__ = ["Inspection", "Photo"]


class Inspection(models.Model):
    """A record of a visit. ``key`` comes from where it was written: the same key is the same record, sent twice or not.

    ``state``: ``arriving`` (photos come, the words do not yet), ``recorded`` (it is in the case's log), ``kept``
    (something stands against it, see ``conflict``), ``noted`` (it was put beside the case all the same). ``written``
    is everything that was answered, sealed whole. ``told_at`` is when the device says that it was finished,
    ``sent_told_at`` when it says that it was sent: with ``received_at`` they show by how much its clock is wrong.
    ``entry`` is its place in the log.
    """

    key = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.PositiveIntegerField()
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, default="arriving")
    conflict = models.CharField(max_length=24, blank=True)
    checklist = models.CharField(max_length=12, blank=True)
    result = models.CharField(max_length=8, blank=True)
    rectify_by = models.DateField(null=True)
    signing = models.CharField(max_length=8, blank=True)
    signature = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    written = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    sent_told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    entry = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "inspection"
        indexes = [
            models.Index(fields=["case", "task", "-received_at"], name="inspection_of_step"),
            models.Index(fields=["inspector", "-begun_at"], name="inspection_of_inspector"),
        ]


class Photo(models.Model):
    """A photo of a record, upright and without what the camera wrote into it; what that said of time and place is here.

    ``source`` is the hash of the bytes as they were sent. ``told`` is what device and camera said of time and place,
    sealed. ``item`` is the item of the checklist that it shows, "" for none.
    """

    key = models.UUIDField(primary_key=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="photos", db_index=False)
    no = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=64)
    told = models.TextField(blank=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "inspection_photo"
        constraints = [models.UniqueConstraint(fields=["inspection", "no"], name="inspection_photo_no")]
