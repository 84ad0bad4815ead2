"""Cards that the clock has shown to departments. Rows are mirrors of logs in the ledger, a log for each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Card", "Colour", "State"]


class Colour(models.TextChoices):
    """Yellow: much of the limit is used. Red: it is past."""

    YELLOW = "yellow"
    RED = "red"


class State(models.TextChoices):
    """Where a card stands."""

    ISSUED = "issued"
    ANSWERED = "answered"
    APPEALED = "appealed"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


class Card(models.Model):
    """One card. ``number`` is that of its log; ``task`` is the step of the case, 0 for the case as a whole.

    ``due`` and ``percent`` are as they were when it was shown. ``answered_by`` are the roles any of which may answer,
    separated by blanks; ``…_by`` of what was done are actors as logs name them. What was written is kept as it was.
    """

    number = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.PositiveIntegerField()
    colour = models.CharField(max_length=8, choices=Colour.choices)
    department = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    version_id = models.BigIntegerField()
    node = models.CharField(max_length=64, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    limit = models.CharField(max_length=40)
    due = models.DateTimeField()
    percent = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    answered_by = models.CharField(max_length=80)
    answer_due = models.DateTimeField()
    appeal_due = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ISSUED)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answerer = models.CharField(max_length=64, blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appellant = models.CharField(max_length=64, blank=True)
    ruling = models.TextField(blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruler = models.CharField(max_length=64, blank=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "card"
        constraints = [
            # However many workers look at one clock: no step is shown the same card twice.
            models.UniqueConstraint(fields=["case", "task", "colour"], name="card_once"),
        ]
        indexes = [
            models.Index(fields=["issued_at", "number"], name="card_issued"),
            models.Index(fields=["department", "issued_at", "number"], name="card_of_department"),
            models.Index(fields=["department"], name="card_unanswered", condition=Q(state="issued")),
            models.Index(fields=["issued_at", "number"], name="card_appealed", condition=Q(state="appealed")),
        ]
