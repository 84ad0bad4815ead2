"""What somebody recorded on the spot, its photos, and visits that several departments make at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Answer", "Inspection", "JointPart", "JointVisit", "Photo", "VisitState"]


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


class VisitState(models.TextChoices):
    """Where a joint visit stands."""

    PROPOSED = "proposed"
    """A time is proposed, and departments answer."""
    FIXED = "fixed"
    """The applicant has been told."""
    ASKED = "asked"
    """The applicant cannot then, and has asked for another day."""
    HELD = "held"
    OFF = "off"
    """Called off, or nobody needs to see the place."""


class JointVisit(models.Model):
    """One visit of several departments to what one case is about. ``number`` is that of the log of its arrangement.

    ``times``: how often a time was proposed, which tells answers to one from answers to another. ``fixed_times``: how
    often the applicant was told of one. ``wish_sealed``: what they wrote as they asked for another day.
    """

    number = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=VisitState.choices, default=VisitState.PROPOSED)
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=1)
    fixed_times = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    wish_sealed = models.TextField(blank=True)
    entry = models.PositiveIntegerField(null=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "joint_visit"
        constraints = [
            # One visit for all: whoever proposes at the same moment as somebody else finds the other's proposal.
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=("proposed", "fixed", "asked")), name="joint_visit_open_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="joint_visit_ends"),
        ]
        indexes = [models.Index(fields=["case", "-number"], name="joint_visit_of_case")]


class Answer(models.TextChoices):
    """What a department says to a time."""

    NONE = ""
    YES = "yes"
    OTHER = "other"
    """Not then; ``other_at`` says when it could."""
    NO_NEED = "no_need"
    """It gives its opinion without seeing the place."""
    LEFT_OUT = "left_out"
    """It has not answered, or could not then, and the visit was fixed without it."""


class JointPart(models.Model):
    """A step of a case whose department is asked to a joint visit: what it says, who goes, and what they recorded."""

    visit = models.ForeignKey(JointVisit, on_delete=models.CASCADE, related_name="parts", db_index=False)
    department = models.CharField(max_length=64)
    task = models.PositiveIntegerField()
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    other_at = models.DateTimeField(null=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    record = models.OneToOneField(Inspection, on_delete=models.SET_NULL, null=True, related_name="joint_part")

    class Meta:
        db_table = "joint_visit_part"
        constraints = [
            models.UniqueConstraint(fields=["visit", "task"], name="joint_part_once"),
            models.CheckConstraint(condition=~Q(answer="yes") | Q(officer__isnull=False), name="joint_part_named"),
        ]
        indexes = [
            models.Index(
                fields=["officer"], name="joint_part_to_go", condition=Q(answer="yes") & Q(record__isnull=True)
            ),
        ]
