"""What officers ask colleagues about a case. Rows are mirrors of logs in the ledger, a log for each question."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["Question", "State"]


class State(models.TextChoices):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """The case was over before anybody answered."""


class Question(models.Model):
    """One question. ``number`` is that of its log; ``department`` is the asker's.

    ``due_at``: by when the asker hopes for an answer; no limit of the case knows of it. ``answered_by`` may be who
    stood in for the colleague. ``reminded_at``: when the clock brought it to mind, once. Words are sealed, and let go
    of with the answers of the case.
    """

    number = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=64)
    version_id = models.BigIntegerField()
    department = models.CharField(max_length=64)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    question_sealed = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    answer_sealed = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "question"
        constraints = [
            # A press that was sent twice is one question, and nobody is asked again before they could answer.
            models.UniqueConstraint(
                fields=["case", "asker", "colleague"], condition=Q(state="open"), name="question_open_once"
            ),
            models.CheckConstraint(condition=Q(state="open") ^ Q(ended_at__isnull=False), name="question_ended"),
        ]
        indexes = [
            models.Index(fields=["colleague", "due_at"], name="question_waits", condition=Q(state="open")),
            models.Index(fields=["asker", "due_at"], name="question_asked", condition=Q(state="open")),
            models.Index(fields=["colleague", "-ended_at"], name="question_answered"),
            models.Index(fields=["asker", "-ended_at"], name="question_got"),
            models.Index(
                fields=["due_at"], name="question_to_remind", condition=Q(state="open", reminded_at__isnull=True)
            ),
            models.Index(fields=["case"], name="question_worded", condition=~Q(question_sealed="")),
        ]
