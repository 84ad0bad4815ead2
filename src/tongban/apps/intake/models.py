"""What is being filled in: kept as it is typed, filed once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Draft", "DraftFile"]


class Draft(models.Model):
    """A filing under way. ``case`` is set when it has been filed, so that a second submit finds the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    matter_version = models.ForeignKey("catalog.MatterVersion", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=64)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    # "person:7" or "organisation:9135…": one column, because NULLs are distinct in a unique index.
    applicant_key = models.CharField(max_length=40)
    channel = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    steps_done = models.JSONField(default=list)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.BigIntegerField(null=True)

    class Meta:
        db_table = "draft"
        constraints = [
            # Starting again offers the draft that is there instead of a second one.
            models.UniqueConstraint(
                fields=["owner", "matter", "applicant_key"], condition=Q(case=None), name="draft_open_once"
            )
        ]
        indexes = [models.Index(fields=["owner", "-saved_at"], name="draft_of_owner", condition=Q(case=None))]


class DraftFile(models.Model):
    """A file put into a draft for one of the matter's materials."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    code = models.CharField(max_length=64)
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "draft_file"
