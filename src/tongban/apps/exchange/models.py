"""Who asked which register for what (no answers: of those there is a keyed digest), and what is kept of it, sealed."""

from django.db import models
from django.db.models import Q

__all__ = ["Extract", "Lookup"]


class Lookup(models.Model):
    """One request to a register: the mirror of its log, whose number it has.

    ``side``: ``both`` where asker and register are departments of this city, ``consumer`` where the register is
    elsewhere, ``provider`` where the asker is; ``peer`` is then the other city or system, ``peer_record`` the number
    of its own record. ``subject_hash``: the keyed hash of whose number was asked for. ``outcome``: empty while nothing
    has come back; found, absent, refused or away.
    """

    number = models.BigIntegerField(primary_key=True)
    side = models.CharField(max_length=8, default="both")
    register = models.CharField(max_length=64)
    provider = models.CharField(max_length=64)
    consumer = models.CharField(max_length=64)
    purpose = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    matter = models.CharField(max_length=64, blank=True)
    case = models.BigIntegerField(null=True)
    draft = models.UUIDField(null=True)
    subject_hash = models.CharField(max_length=64)
    consent = models.BooleanField(default=False)
    actor = models.CharField(max_length=64)
    peer = models.CharField(max_length=64, blank=True)
    peer_record = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    request_hash = models.CharField(max_length=64)
    answer_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "lookup"
        indexes = [
            models.Index(fields=["subject_hash", "-asked_at"], name="lookup_of_subject"),
            models.Index(fields=["asked_at"], name="lookup_asked"),
            models.Index(fields=["case"], name="lookup_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["draft"], name="lookup_of_draft", condition=Q(draft__isnull=False)),
        ]


class Extract(models.Model):
    """What a register said about one person or body, for one draft and then for the case that it became; sealed.

    ``of``: whose record it is (the applicant's, or the representative's). ``state``: offered to the applicant, taken,
    declined, absent (the register has no such record), pending (it did not answer: to be confirmed) or confirmed
    (it answered after the filing). ``due``: when it is asked again by itself. ``lookup``: the last request's record.
    """

    draft = models.UUIDField()
    case = models.BigIntegerField(null=True)
    matter = models.CharField(max_length=64)
    register = models.CharField(max_length=64)
    of = models.CharField(max_length=16)
    consumer = models.CharField(max_length=64)
    purpose = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    consent = models.BooleanField(default=False)
    key_sealed = models.CharField(max_length=200)
    values_sealed = models.TextField(blank=True)
    # What was taken before the register said something else; until that is taken or declined.
    before_sealed = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12)
    lookup = models.BigIntegerField(null=True)
    fetched_at = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "extract"
        constraints = [models.UniqueConstraint(fields=["draft", "register", "of"], name="extract_once")]
        indexes = [
            models.Index(fields=["case"], name="extract_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["due"], name="extract_due", condition=Q(due__isnull=False)),
        ]
