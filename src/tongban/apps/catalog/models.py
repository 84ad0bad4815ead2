"""Matters and bundles as published: what can be asked for, in which version, from which day."""

from django.db import models

__all__ = ["Bundle", "BundleVersion", "Matter", "MatterVersion", "SearchChoice"]


class Matter(models.Model):
    """A thing that can be asked for. What it says is in its versions; the columns here are what lists need."""

    code = models.CharField(primary_key=True, max_length=64)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    summary_zh = models.CharField(max_length=400)
    summary_en = models.CharField(max_length=600)
    icon = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    topics = models.JSONField(default=list)
    served = models.JSONField(default=list)
    search_text = models.TextField()
    withdrawn_from = models.DateField(null=True)

    class Meta:
        db_table = "matter"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class MatterVersion(models.Model):
    """One published version: the whole folder, frozen. Running cases stay on the version that they began with."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    files = models.JSONField()

    class Meta:
        db_table = "matter_version"
        constraints = [models.UniqueConstraint(fields=["matter", "version"], name="matter_version_once")]
        ordering = ["matter", "-version"]

    def __str__(self) -> str:
        return f"{self.matter_id} v{self.version}"


class Bundle(models.Model):
    """Several matters for one event of life. What it says is in its versions."""

    code = models.CharField(primary_key=True, max_length=64)
    withdrawn_from = models.DateField(null=True)

    class Meta:
        db_table = "bundle"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class BundleVersion(models.Model):
    """One published version: the whole folder, frozen. It names matters by code: each in the version of its day."""

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    files = models.JSONField()

    class Meta:
        db_table = "bundle_version"
        constraints = [models.UniqueConstraint(fields=["bundle", "version"], name="bundle_version_once")]
        ordering = ["bundle", "-version"]

    def __str__(self) -> str:
        return f"{self.bundle_id} v{self.version}"


class SearchChoice(models.Model):
    """How often a matter was opened after a search, weighed down as time passes.

    ``key`` is a hash over words that the index itself knows; who searched, and what else they typed, is not here.
    """

    key = models.CharField(max_length=32)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="+", db_index=False)
    weight = models.FloatField()
    day = models.DateField()

    class Meta:
        db_table = "search_choice"
        constraints = [models.UniqueConstraint(fields=["key", "matter"], name="search_choice_once")]
        indexes = [models.Index(fields=["day"], name="search_choice_day")]
