"""Notices, the ways by which they go out, and what each person wants of them."""

from django.db import models
from django.db.models import Q

__all__ = ["Delivery", "Notice", "Preference", "PushSubscription", "Status", "Webhook"]


class Notice(models.Model):
    """Something that one person is told. ``kind`` names the words, ``params`` fill them in when they are read.

    ``key`` says what it is about: made again, it is the same notice. ``at`` is when it happened, ``told_at`` when it
    was made. ``order``: the number of the order that it belongs to. ``desk``: told to somebody as an official.
    ``whose``: the applicant (by key) whom it concerns, and ``matter``: in which matter; "" where it is about neither.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    case = models.BigIntegerField(null=True)
    order = models.BigIntegerField(null=True)
    desk = models.BooleanField(default=False)
    whose = models.CharField(max_length=40, default="", blank=True)
    matter = models.CharField(max_length=64, default="", blank=True)
    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    params = models.JSONField(default=dict)
    legal = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice"
        indexes = [
            models.Index(fields=["person", "desk", "-at", "-id"], name="notice_of_person"),
            models.Index(fields=["person", "desk"], name="notice_new", condition=Q(read_at=None)),
            models.Index(fields=["case"], name="notice_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["whose", "-at", "-id"], name="notice_of_applicant"),
        ]


class PushSubscription(models.Model):
    """A browser that wants to be told, as its push service knows it. ``endpoint`` and ``auth`` are secrets of it."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    endpoint_sealed = models.TextField()
    endpoint_hash = models.CharField(max_length=64, unique=True)
    public = models.CharField(max_length=100)
    auth_sealed = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "push_subscription"


class Webhook(models.Model):
    """Where the system of an organisation or a department wants to hear of its cases. The secret signs each call."""

    id = models.CharField(primary_key=True, max_length=16)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    department = models.ForeignKey("people.Department", on_delete=models.CASCADE, null=True, related_name="+")
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    secret_sealed = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook"
        constraints = [
            models.CheckConstraint(condition=Q(organisation=None) ^ Q(department=None), name="webhook_of_one"),
        ]


class Status(models.TextChoices):
    """Where a delivery stands. ``dropped``: not wanted any more; ``failed``: given up, for an operator to see."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Delivery(models.Model):
    """One notice, one event for a web hook, or one list for a caller, on its way out by one channel.

    ``key`` is told to the receiver: sent twice, it is the same. ``due`` is when it is tried next and, while it is being
    sent, when that counts as broken off. ``tries`` also says which attempt may write down how it went. ``digest``: it
    tells of all that came until then and can wait; ``notice`` is the first of it. ``checklist``: what to bring, asked
    for in a call (``calls``).
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    subscription = models.ForeignKey(
        PushSubscription, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    checklist = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=16)
    key = models.CharField(max_length=64, unique=True)
    case = models.BigIntegerField(null=True)
    seq = models.PositiveIntegerField(default=0)
    digest = models.DateTimeField(null=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery"
        indexes = [
            models.Index(fields=["due"], name="delivery_due", condition=Q(status__in=["waiting", "sending"])),
            models.Index(fields=["-done_at"], name="delivery_failed", condition=Q(status="failed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, webhook=None, checklist=None)
                | Q(notice=None, webhook__isnull=False, checklist=None)
                | Q(notice=None, webhook=None, checklist__isnull=False),
                name="delivery_of_one",
            ),
        ]


class Preference(models.Model):
    """What a person wants. No row: what is usual.

    ``chosen`` lists, for each channel that they have settled, the groups of notices that they want by it.
    ``email_sealed`` counts once ``email_verified_at`` is set; ``asked_*`` belong to an address that is still to be
    confirmed. Quiet hours are of the city's clock. ``digest``: what can wait goes out once a day, together.
    """

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, primary_key=True, related_name="+")
    language = models.CharField(max_length=16, blank=True)
    chosen = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest = models.BooleanField(default=False)
    email_sealed = models.CharField(max_length=500, blank=True)
    email_verified_at = models.DateTimeField(null=True)
    asked_sealed = models.CharField(max_length=500, blank=True)
    asked_code = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True)
    asked_tries = models.PositiveSmallIntegerField(default=0)
    wechat_sealed = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "notice_preference"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notice_quiet_both",
            )
        ]
