"""Who asks, who acts for them, and who serves."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

__all__ = [
    "Consent",
    "ConsentWords",
    "Department",
    "Mandate",
    "MandateKind",
    "MandateSource",
    "Membership",
    "Organisation",
    "Person",
    "PseudonymClaim",
    "Role",
    "StandIn",
    "User",
]


class User(AbstractUser):
    """A sign-in. What its holder may do follows from a ``Person``, mandates and memberships."""

    name = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    display = models.CharField(max_length=80, blank=True)
    """How they want pages shown, as the pages write it; nothing here reads it."""

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
    phone_hash = models.CharField(max_length=64, blank=True)
    # Why the number was registered although its check character does not fit; empty where it does.
    check_overridden = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "person"
        # Several may have one telephone: a family has.
        indexes = [models.Index(fields=["phone_hash"], name="person_telephone")]


class Organisation(models.Model):
    """A company or other body, by its unified social credit code (GB 32100)."""

    credit_code = models.CharField(primary_key=True, max_length=18)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    legal_representative = models.CharField(max_length=80, blank=True)
    check_overridden = models.CharField(max_length=200, blank=True)
    """Why an officer registered a code whose check character does not fit; empty where it fits."""
    phone_sealed = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organisation"


class MandateKind(models.TextChoices):
    """On what somebody may act for another."""

    MANDATE = "mandate"  # given by who is represented
    REPRESENTATIVE = "representative"  # the legal representative of an organisation, by law and without a mandate
    GUARDIAN = "guardian"  # of a child or of somebody who cannot act, by law


class MandateSource(models.TextChoices):
    """Where a mandate comes from."""

    ONLINE = "online"  # given, or asked for and accepted, by both sides signed in
    COUNTER = "counter"  # put on record by a clerk, with both sides' cards on the counter
    REGISTER = "register"  # told by a register: of companies, of civil status
    CITY = "city"  # loaded with the city's people


class Mandate(models.Model):
    """A person may act for an organisation, or for another person: for which matters (None: all), until when.

    Exactly one of ``organisation`` and ``person`` is represented. It holds from ``accepted_at`` on, within its days,
    until ``revoked_at``. ``proposed_by`` says which side began (``represented``, ``agent``; empty: neither had to), so
    the other one answers. ``assurance`` is the level with which it was given. What happened to it is the log
    ``number`` in the ledger.
    """

    number = models.BigIntegerField(null=True, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="mandates")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="represented_by")
    kind = models.CharField(max_length=16, choices=MandateKind.choices, default=MandateKind.MANDATE)
    agent = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates")
    matters = models.JSONField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=16, choices=MandateSource.choices, default=MandateSource.CITY)
    assurance = models.CharField(max_length=16, blank=True)
    proposed_by = models.CharField(max_length=16, blank=True)
    proposed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "mandate"
        # Between two there is at most one that holds, and at most one that waits for its answer.
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[whom, "agent", "kind"],
                    condition=Q(**{other: None}, revoked_at=None, accepted_at__isnull=waits),
                    name=name,
                )
                for whom, other, waits, name in (
                    ("organisation", "person", False, "mandate_once"),
                    ("person", "organisation", False, "mandate_once_for_person"),
                    ("organisation", "person", True, "mandate_asked_once"),
                    ("person", "organisation", True, "mandate_asked_once_of_person"),
                )
            ),
            models.CheckConstraint(condition=Q(organisation=None) ^ Q(person=None), name="mandate_for_one"),
            models.CheckConstraint(condition=Q(person=None) | ~Q(person=F("agent")), name="mandate_for_another"),
        ]


class PseudonymClaim(models.Model):
    """A pseudonym of an identity provider that has signed in and is nobody yet: whoever it is comes to a counter.

    ``code_hash`` is the digest of the code that they show there.
    """

    provider = models.CharField(max_length=200)
    uid = models.CharField(max_length=191)
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "pseudonym_claim"
        constraints = [models.UniqueConstraint(fields=["provider", "uid"], name="pseudonym_claim_once")]


class StandIn(models.Model):
    """A person does an absent colleague's work, from one day to another, unless revoked.

    ``department`` None: in all departments of the absent person; ``roles`` None: in all working roles. Rows stay: they
    are the record of who could act for whom, and on whose word.
    """

    absent = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stand_ins")
    stand_in = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stands_in_for")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    roles = models.JSONField(null=True)
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stand_in"
        indexes = [models.Index(fields=["stand_in", "until"], name="stand_in_now", condition=Q(revoked_at=None))]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="stand_in_period"),
            models.CheckConstraint(condition=~Q(absent=F("stand_in")), name="stand_in_other"),
        ]


class ConsentWords(models.Model):
    """Words that somebody has agreed to, kept as they were read, whatever the city's file says today. Rows stay."""

    purpose = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    text_zh = models.TextField()
    text_en = models.TextField()

    class Meta:
        db_table = "consent_words"
        constraints = [models.UniqueConstraint(fields=["purpose", "version", "sha256"], name="consent_words_once")]


class Consent(models.Model):
    """A person lets what government holds of them be used for one purpose; ``sources`` says what. Rows stay.

    Withdrawn as easily as given (Personal Information Protection Law, 15): the row then has an end.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=16)
    sources = models.JSONField()
    # What they read before they said so; None for what was said before words were kept.
    words = models.ForeignKey(ConsentWords, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose"], condition=Q(ended_at=None), name="consent_once")
        ]
