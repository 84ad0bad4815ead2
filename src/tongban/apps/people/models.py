"""Who asks, who acts for them, and who serves."""

from django.contrib.auth.models import AbstractUser
from django.db import models

__all__ = ["Department", "Mandate", "Membership", "Organisation", "Person", "Role", "User"]


class User(AbstractUser):
    """A sign-in. What its holder may do follows from a ``Person``, mandates and memberships."""

    name = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "user"


class Department(models.Model):
    """An authority that owns matters and serves queues."""

    code = models.CharField(primary_key=True, max_length=64)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    short_zh = models.CharField(max_length=40)
    short_en = models.CharField(max_length=60)
    credit_code = models.CharField(max_length=18)
    level = models.CharField(max_length=1)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "department"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Role(models.TextChoices):
    """What an official does in a department."""

    CLERK = "clerk"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Membership(models.Model):
    """A sign-in holds a role in a department."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        db_table = "membership"
        constraints = [models.UniqueConstraint(fields=["user", "department", "role"], name="membership_once")]


class Person(models.Model):
    """A natural person; one row for one identity number, sealed."""

    user = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, related_name="person")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    identity_sealed = models.CharField(max_length=200)
    identity_hash = models.CharField(max_length=64, unique=True)
    phone_sealed = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "person"


class Organisation(models.Model):
    """A company or other body, by its unified social credit code (GB 32100)."""

    credit_code = models.CharField(primary_key=True, max_length=18)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    legal_representative = models.CharField(max_length=80, blank=True)
    phone_sealed = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organisation"


class Mandate(models.Model):
    """A person may act for an organisation: for which matters (None: all), until when, unless revoked."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates")
    agent = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    matters = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "mandate"
        constraints = [models.UniqueConstraint(fields=["organisation", "agent"], name="mandate_once")]
