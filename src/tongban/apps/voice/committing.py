"""What replies promise is kept in mind: who, what, by when; until somebody says that it was done, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet

from tongban.apps.cases.queries import list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.services import Followed
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import NotForThem, NothingSaid, UnknownCommitment
from tongban.apps.voice.models import Commitment, Inquiry
from tongban.apps.voice.permissions import is_coordinator
from tongban.apps.voice.replying import look_over

__all__ = ["KINDS", "CommitmentRow", "is_over", "keep_commitment", "list_commitments", "list_overdue", "note_promises"]

KINDS = ("case.decided",)
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow:
    """A promise of a reply. ``due`` None: no day was named. ``kept_at`` None: not done yet, as far as is known."""

    id: int
    case: int
    department: str
    what: str
    due: date | None
    kept_at: datetime | None
    note: str
    subject: str


def note_promises(events: Sequence[Followed], at: datetime) -> None:
    """Put down what the replies in these decisions promise. Read again, nothing is put down twice."""
    said = list_said(numbers={each.case for each in events})
    for each in events:
        if each.case not in said or not Inquiry.objects.filter(pk=each.case).exists():
            continue
        found = look_over(number=each.case, reply=said[each.case].reply, at=each.event.at)
        for no, promise in enumerate(found.promises if found is not None else (), start=1):
            facts = {"what": promise.what[:_LONGEST], "due": promise.by, "department": said[each.case].authority}
            Commitment.objects.get_or_create(inquiry_id=each.case, no=no, defaults=facts)


def list_commitments(*, actor: Actor, kept: bool = False, after: int = 0, limit: int = 50) -> list[CommitmentRow]:
    """What the actor's departments have promised, the first that is due first, what has no day last; one query.

    ``kept``: those that were done, the latest first; ``after``: the place at which the page begins.
    """
    rows = Commitment.objects.filter(department__in=sorted(actor.departments), kept_at__isnull=not kept)
    order = ["-kept_at", "-pk"] if kept else [F("due").asc(nulls_last=True), "pk"]
    return _rows(rows.order_by(*order), after, limit)


def list_overdue(*, on: date, department: str = "", limit: int = 50) -> list[CommitmentRow]:
    """Promises whose day is over and that nobody has said were done, of one department or of all; one query.

    For supervision: the longest overdue first.
    """
    rows = Commitment.objects.filter(kept_at=None, due__lt=on)
    if department:
        rows = rows.filter(department=department)
    return _rows(rows.order_by("due", "pk"), 0, limit)


@transaction.atomic
def keep_commitment(*, commitment: int, note: str, actor: Actor, at: datetime) -> None:
    """Say that what was promised is done, and what was done. Said again, the first stays.

    Raises ``UnknownCommitment``, ``NotForThem``, ``NothingSaid`` without words.
    """
    row = Commitment.objects.select_for_update().filter(pk=commitment).first()
    if row is None:
        raise UnknownCommitment("there is no such promise")
    if not is_coordinator(actor=actor, department=row.department):
        raise NotForThem("only the department that promised it says so")
    if not note.strip():
        raise NothingSaid("say what was done")
    if row.kept_at is None:
        row.kept_at, row.kept_by_id, row.note = at, actor.user_id, note.strip()[:_LONGEST]
        row.save(update_fields=["kept_at", "kept_by", "note"])


def is_over(row: CommitmentRow, *, at: datetime) -> bool:
    """Whether the day that was promised is over and nobody has said that it was done."""
    return row.kept_at is None and row.due is not None and row.due < get_calendar().local_date(at)


def _rows(rows: "QuerySet[Commitment]", after: int, limit: int) -> list[CommitmentRow]:
    named = ("pk", "inquiry", "department", "what", "due", "kept_at", "note", "inquiry__public_subject")
    return [
        CommitmentRow(
            id=pk, case=case, department=department, what=what, due=due, kept_at=kept_at, note=note, subject=subject
        )
        for pk, case, department, what, due, kept_at, note, subject in rows.values_list(*named)[after : after + limit]
    ]
