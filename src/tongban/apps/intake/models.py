"""What is being filled in: kept as it is typed, filed once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Draft", "DraftFile", "HiddenOffer", "Order", "OrderElsewhere", "OrderPart", "OrderShare", "Unasked"]


class Draft(models.Model):
    """A filing under way. ``case`` is set when it has been filed, so that a second submit finds the first.

    ``sent``: with an order, in which it waits for its turn; the same can be asked for once more beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    matter_version = models.ForeignKey("catalog.MatterVersion", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=64)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    # "person:7" or "organisation:9135…": one column, because NULLs are distinct in a unique index.
    applicant_key = models.CharField(max_length=40)
    # Who stood at the counter for them; null where they came themselves, and for what is not filed at a counter.
    agent = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    steps_done = models.JSONField(default=list)  # and single questions that were passed: see ``passing``
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    case = models.BigIntegerField(null=True)
    sent = models.BooleanField(default=False)
    # What the applicant is spared by what is on file, as it goes to the log: questions, papers, trips.
    reused = models.JSONField(default=dict)
    # The applicant hands in papers anew that government has already.
    papers_declined = models.BooleanField(default=False)

    class Meta:
        db_table = "draft"
        constraints = [
            # Starting again offers the draft that is there instead of a second one.
            models.UniqueConstraint(
                fields=["owner", "matter", "applicant_key"], condition=Q(case=None, sent=False), name="draft_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-saved_at"], name="draft_of_owner", condition=Q(case=None)),
            models.Index(fields=["saved_at"], name="draft_stale", condition=Q(case=None)),
            # Which draft, and so which order, a case came from.
            models.Index(fields=["case"], name="draft_filed", condition=Q(case__isnull=False)),
            # What an applicant has sent and what waits for its turn: so that it is not asked for twice by mistake.
            models.Index(fields=["applicant_key", "matter"], name="draft_waiting", condition=Q(case=None, sent=True)),
        ]


class DraftFile(models.Model):
    """A file put into a draft for one of the matter's materials.

    ``source``: where it was taken from, such as ``case:2603…``; empty for what somebody has handed in.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    code = models.CharField(max_length=64)
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=128, blank=True, default="")

    class Meta:
        db_table = "draft_file"


class HiddenOffer(models.Model):
    """Something that a person does not want to be offered any more."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=64)
    hidden_at = models.DateTimeField()

    class Meta:
        db_table = "hidden_offer"
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="hidden_offer_once")]


class Unasked(models.Model):
    """Whether something was granted to a person without asking, once for each ``period`` ("" or a year).

    Without a ``case`` somebody was looked at and it was not granted, on ``looked_at``; ``because`` is why it was, in
    both languages, and until ``until`` it can be declined.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=64)
    period = models.CharField(max_length=4, blank=True)
    looked_at = models.DateTimeField()
    case = models.BigIntegerField(null=True, unique=True)
    because = models.JSONField(default=dict)
    until = models.DateField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "unasked"
        constraints = [models.UniqueConstraint(fields=["person", "code", "period"], name="unasked_once")]


class Order(models.Model):
    """Several matters filed together for one applicant: a cart until it is sent, then followed by its ``number``.

    ``guide`` are the answers to the questions of its bundle: plain choices, nothing personal. ``sent_by``: who sent it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.BigIntegerField(null=True, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    bundle_version = models.ForeignKey("catalog.BundleVersion", on_delete=models.PROTECT, null=True, related_name="+")
    guide = models.JSONField(default=dict)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    applicant_key = models.CharField(max_length=40)
    channel = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "intake_order"  # ORDER is a word of SQL
        indexes = [models.Index(fields=["owner", "-saved_at"], name="order_of_owner")]


class OrderPart(models.Model):
    """A matter in an order. ``state``: open, waiting, wanted (of its owner), stopped or filed.

    ``look``: its turn may have come.
    ``by_hand``: put in by itself, so that other answers to the guide do not take it out. ``again``: put in although the
    same was under way. ``why``: the code for which it could not be filed by itself.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="parts")
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="part")
    matter = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    removed = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    again = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="open")
    look = models.BooleanField(default=False)
    why = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "order_part"
        constraints = [models.UniqueConstraint(fields=["order", "matter"], name="order_part_once")]
        indexes = [
            models.Index(fields=["id"], name="order_part_look", condition=Q(look=True)),
            models.Index(fields=["id"], name="order_part_wanted", condition=Q(state="wanted")),
        ]


class OrderElsewhere(models.Model):
    """A matter that belongs to an order and is not asked for in it, because it is under way already.

    Either as ``part`` of another order of the same applicant, or as ``case``. What depends on it waits for it there.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="elsewhere")
    matter = models.CharField(max_length=64)
    matter_version = models.ForeignKey("catalog.MatterVersion", on_delete=models.PROTECT, related_name="+")
    part = models.ForeignKey(OrderPart, on_delete=models.CASCADE, null=True, related_name="awaited")
    case = models.BigIntegerField(null=True)

    class Meta:
        db_table = "order_elsewhere"
        constraints = [
            models.UniqueConstraint(fields=["order", "matter"], name="order_elsewhere_once"),
            models.CheckConstraint(
                condition=Q(part=None, case__isnull=False) | Q(part__isnull=False, case=None),
                name="order_elsewhere_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="order_elsewhere_case", condition=Q(case__isnull=False)),
        ]


class OrderShare(models.Model):
    """A link under which one other person may open an unsent order. Only the hash of its secret is kept."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shares")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "order_share"
        indexes = [models.Index(fields=["taken_by", "expires_at"], name="order_share_taken")]
