"""Files that people hand in, and certificates that government hands out."""

import uuid

from django.db import models

__all__ = ["Certificate", "StoredFile"]


class StoredFile(models.Model):
    """A file as it came: its bytes lie outside the web root under their own hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "stored_file"


class Certificate(models.Model):
    """A result that anyone can verify by its identifier (GB/T 36904) and check code."""

    identifier = models.CharField(primary_key=True, max_length=120)
    case = models.BigIntegerField(unique=True)
    matter = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=120)
    holder_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    fields = models.JSONField(default=list)

    class Meta:
        db_table = "certificate"
        indexes = [models.Index(fields=["holder_hash"], name="certificate_holder")]
