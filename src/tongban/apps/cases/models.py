"""A case as it stands now: what its log says, kept ready to be listed.

Each index is one more place to write at every step, so there is one where a list or a lookup needs it and none beside
it: keys and the named indexes begin with what a foreign key's own would hold.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = [
    "BrokenPledge",
    "Case",
    "HumanCheck",
    "Material",
    "PledgeRepair",
    "Rating",
    "Recount",
    "Recounted",
    "Rectification",
    "Sending",
    "Task",
    "Timer",
    "Waiting",
    "Worker",
]


class Case(models.Model):
    """One request for one matter by one applicant. Every column follows from the case's events and its filing."""

    number = models.BigIntegerField(primary_key=True)
    matter_version = models.ForeignKey(
        "catalog.MatterVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    matter = models.CharField(max_length=64)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agent = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    applicant_name = models.CharField(max_length=120)
    phone_sealed = models.CharField(max_length=200)
    channel = models.CharField(max_length=16)
    answers = models.JSONField()
    status = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    state = models.TextField()
    last_seq = models.PositiveIntegerField()
    last_hash = models.BinaryField(max_length=33)
    filed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    promised_due = models.DateTimeField(null=True)
    statutory_due = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    # When the special procedure under way should be over; null while there is none.
    procedure_due = models.DateTimeField(null=True)
    # By when the first of the papers is to be there that may be handed in later; null while none is awaited.
    later_due = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # A rule has decided it, and no officer.
    by_rule = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    # When answers and files were let go of, because they need not be kept any longer.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case"
        indexes = [
            models.Index(fields=["person", "-filed_at"], name="case_of_person"),
            models.Index(fields=["organisation", "-filed_at"], name="case_of_organisation"),
            models.Index(fields=["agent", "-filed_at"], name="case_of_agent"),
            models.Index(fields=["matter", "-decided_at"], name="case_of_matter"),
            models.Index(fields=["promised_due"], name="case_open_due", condition=Q(closed_at=None)),
            # What each authority has open and how late it is, counted without opening a case.
            models.Index(
                fields=["authority", "outcome", "accepted_at", "paused", "promised_due", "closed_at"],
                name="case_load",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["procedure_due"], name="case_procedure", condition=Q(procedure_due__isnull=False)),
            models.Index(fields=["later_due"], name="case_later", condition=Q(later_due__isnull=False)),
            models.Index(fields=["decided_at", "number"], name="case_by_rule", condition=Q(by_rule=True)),
        ]


class Task(models.Model):
    """A step that a department has or had.

    ``due`` is the earliest of the step's own limit, the silence that accepts, and the promise; the end of the year 9999
    where nothing limits it, because each database sorts NULL to another end.
    """

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    no = models.PositiveIntegerField()
    node = models.CharField(max_length=64)
    act = models.CharField(max_length=16)
    department = models.CharField(max_length=64)
    opened = models.DateTimeField()
    due = models.DateTimeField()
    # The applicant's turn, or a special procedure that an officer began: nothing to do here now.
    waiting = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    claimed = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    opinion = models.TextField(blank=True)

    class Meta:
        db_table = "task"
        indexes = [
            # The desk's queue: open tasks of a department by due date; and how many of them whose, without opening one.
            # "finished" is null in all of it, and there because SQLite opens a row to see that again otherwise.
            models.Index(
                fields=["department", "waiting", "due", "case", "no", "claimed_by", "finished"],
                name="task_queue",
                condition=Q(finished=None),
            ),
            # What somebody has taken on. Without those that nobody has, which most steps are when they open and end.
            models.Index(
                fields=["claimed_by", "due"], name="task_mine", condition=Q(finished=None, claimed_by__isnull=False)
            ),
        ]


class Worker(models.Model):
    """A process that does what the clock owes, and when it was last seen to live."""

    name = models.CharField(primary_key=True, max_length=80)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "worker"


class Timer(models.Model):
    """Something that the clock will do to a case."""

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timers", db_index=False)
    no = models.PositiveIntegerField()
    due = models.DateTimeField()

    class Meta:
        db_table = "timer"
        indexes = [models.Index(fields=["due"], name="timer_due")]


class Waiting(models.Model):
    """A message or signal that a running case waits for, by one of its names, and since when."""

    pk = models.CompositePrimaryKey("case", "kind", "name")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waiting", db_index=False)
    kind = models.CharField(max_length=16)
    name = models.TextField()
    since = models.DateTimeField()

    class Meta:
        db_table = "waiting"
        indexes = [models.Index(fields=["kind", "name", "case"], name="waiting_for")]


class Sending(models.Model):
    """A message or signal on its way to the cases that wait for it. Deleted once it has reached all of them.

    ``cursor`` is the last case that it has reached, moved in the transaction of its effect there. ``target``: it is
    for that case alone. ``source``: the case that sent it. ``authority``: only for cases of that department. ``hops``
    counts how often one sending has brought about the next.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    name = models.TextField()
    data = models.JSONField(default=dict)
    source = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    target = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    authority = models.CharField(max_length=64, blank=True)
    hops = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField()
    due = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "sending"
        indexes = [models.Index(fields=["due"], name="sending_due")]


class Material(models.Model):
    """Evidence in a case: a file that was handed in, or what the system fetched."""

    pk = models.CompositePrimaryKey("case", "no")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="materials", db_index=False)
    no = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "material"


class Rating(models.Model):
    """What the applicant thought of it: 5 very satisfied … 1 very dissatisfied, once."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="rating")
    matter = models.CharField(max_length=64)
    grade = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    # The applicant lets others read the words, without a name.
    shown = models.BooleanField(default=False)
    rated_at = models.DateTimeField()

    class Meta:
        db_table = "rating"
        indexes = [
            models.Index(fields=["matter", "-rated_at"], name="rating_of_matter"),
            models.Index(fields=["matter", "-rated_at"], name="rating_words", condition=Q(shown=True)),
        ]
        constraints = [models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="rating_grade")]


class HumanCheck(models.Model):
    """The applicant has asked for a person to look at what a rule decided (人工复核): once a case.

    ``due``: by when it is to be answered. What was written is kept apart from the log, so that it can be let go of.
    """

    class State(models.TextChoices):
        """Where it stands: asked for, or what came of it."""

        OPEN = "open"
        CONFIRMED = "confirmed"
        CHANGED = "changed"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="human_check")
    department = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    why = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    words = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "human_check"
        indexes = [
            models.Index(fields=["department", "due", "case"], name="human_check_open", condition=Q(state="open"))
        ]


class PledgeRepair(models.Model):
    """Whoever broke a pledge asks that its consequence end early (信用修复): one a case; anew after a denial.

    What was written is kept apart from the log, so that it can be let go of.
    """

    class State(models.TextChoices):
        """Where it stands: asked for, or what came of it."""

        OPEN = "open"
        GRANTED = "granted"
        DENIED = "denied"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="pledge_repair")
    department = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    why = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    words = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "pledge_repair"
        indexes = [
            models.Index(fields=["department", "due", "case"], name="pledge_repair_open", condition=Q(state="open"))
        ]


class Recount(models.Model):
    """One recount of all open limits after the calendar changed, and the calendar by which it counted.

    ``exceptions`` are the days on which that calendar is not what the day of the week says: working days of a weekend,
    other days off. ``days`` are those that differ from the recount before. ``cursor``: the last case that was looked
    at. Null in ``finished_at``: still under way, or broken off, and then gone on with.
    """

    id = models.AutoField(primary_key=True)
    notice = models.CharField(max_length=200)
    days = models.JSONField(default=dict)
    exceptions = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "recount"


class Recounted(models.Model):
    """A case whose days a recount moved: what its log says, kept ready to be listed."""

    pk = models.CompositePrimaryKey("recount", "case")
    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="cases", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recounts", db_index=False)
    promised_before = models.DateTimeField(null=True)
    promised_after = models.DateTimeField(null=True)
    statutory_before = models.DateTimeField(null=True)
    statutory_after = models.DateTimeField(null=True)
    # How many days of steps, timers and papers moved, and units that were added so that a promise stands.
    others = models.PositiveSmallIntegerField(default=0)
    kept = models.PositiveSmallIntegerField(default=0)
    late = models.BooleanField(default=False)

    class Meta:
        db_table = "recounted"
        indexes = [models.Index(fields=["case", "recount"], name="recounts_of_case")]


class BrokenPledge(models.Model):
    """A pledge that a check found broken, and until which day no other of theirs counts in that matter.

    It is whose case it is that pledged: the organisation, else the person; never who acted for them.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="broken_pledge")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    matter = models.CharField(max_length=64)
    broken_at = models.DateTimeField()
    until = models.DateField()
    # The authority has ended it before that day (信用修复).
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "broken_pledge"
        indexes = [
            models.Index(fields=["person", "matter", "until"], name="broken_pledge_of_person"),
            models.Index(fields=["organisation", "matter", "until"], name="broken_pledge_of_body"),
        ]

    def holds(self, on: date) -> bool:
        """Whether it keeps another pledge from counting on that day."""
        return self.until >= on and self.ended_on is None


class Rectification(models.Model):
    """What the check of a pledge found, to be put right by a day (责令限期整改): one a case, given anew until ``last``.

    What was written is kept apart from the log, so that it can be let go of. ``task`` is the check; it ends as that
    does.
    """

    class State(models.TextChoices):
        """Whose turn it is, or what the check came to; ``over``: its step is gone in another way."""

        OPEN = "open"
        ANSWERED = "answered"
        MISSED = "missed"
        KEPT = "kept"
        BROKEN = "broken"
        OVER = "over"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="rectification")
    task = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=64)
    due = models.DateTimeField()
    last = models.DateTimeField()
    words = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rectification"
        indexes = [models.Index(fields=["due"], name="rectification_open", condition=Q(state="open"))]
