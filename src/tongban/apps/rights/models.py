"""What is on record of people's rights over their own data."""

import uuid

from django.db import models

__all__ = ["CarriedOut", "Export", "Hold", "Look", "Removal"]


class Look(models.Model):
    """Somebody in office looked at the data of a person or an organisation: one row a look. Rows are only added.

    ``actor`` is a sign-in or a department's own system; those looked at see the department and the role, supervision
    sees who it was. ``what``: the case file, a paper of it (``no``), who stands at a counter, or a
    line of a list that was searched. ``purpose``: why.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    department = models.CharField(max_length=64)
    role = models.CharField(max_length=16, blank=True)
    what = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    case = models.BigIntegerField(null=True)
    no = models.PositiveIntegerField(null=True)
    matter_version = models.ForeignKey(
        "catalog.MatterVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "look"
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="look_at_person"),
            models.Index(fields=["organisation", "-at", "-id"], name="look_at_organisation"),
        ]


class Hold(models.Model):
    """An officer keeps a case whole past its time: an objection is under way (``objection``), or else (``named``)."""

    case = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    reason = models.CharField(max_length=400)
    placed_by = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=64, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hold"
        indexes = [models.Index(fields=["case"], name="hold_of_case")]


class Removal(models.Model):
    """What a case has let go of, when, why and on which law: counts, never what it was. Rows are only added."""

    case = models.BigIntegerField(primary_key=True)
    matter = models.CharField(max_length=64)
    at = models.DateTimeField()
    # The nightly sweep, or the number of the request on which it was done.
    because = models.CharField(max_length=32)
    answers = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    papers = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField()
    basis = models.JSONField()

    class Meta:
        db_table = "removal"
        indexes = [models.Index(fields=["-at"], name="removal_at")]


class CarriedOut(models.Model):
    """A granted request that was carried out, once: what was done, and what stays and by which law. Counts, no data."""

    case = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    done = models.JSONField()
    kept = models.JSONField()

    class Meta:
        db_table = "carried_out"


class Export(models.Model):
    """A copy of somebody's data on its way. ``state``: waiting, making, ready, failed; ``done`` of ``total`` cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    user_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"
        indexes = [models.Index(fields=["person", "-asked_at"], name="export_of_person")]
