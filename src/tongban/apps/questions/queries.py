"""Reads of questions to colleagues: what waits for whom, those of a case, one whole. No count grows with rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.queries import list_colleagues
from tongban.apps.people.sealing import open_sealed
from tongban.apps.questions.errors import UnknownQuestion
from tongban.apps.questions.models import Question, State
from tongban.apps.questions.permissions import is_askers, is_colleagues, sees_case

__all__ = [
    "LONGEST",
    "QuestionFact",
    "QuestionPage",
    "QuestionRow",
    "QuestionView",
    "count_waiting",
    "forget_counts",
    "get_question",
    "list_asked",
    "list_done",
    "list_of_case",
    "list_question_facts",
    "list_waiting",
]

LONGEST = 2000
"""Characters of a question, and of an answer."""
_MOST = 100
_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question as lists show it: names in Chinese and English; words "" once they were let go of.

    ``case`` is None for a reader who knows of the question alone. ``asker_id``, ``colleague_id``: by sign-in.
    """

    number: int
    case: int | None
    matter: Text
    department: str
    asker: tuple[str, str]
    asker_id: int
    colleague: tuple[str, str]
    colleague_id: int
    question: str
    asked_at: datetime
    due_at: datetime
    state: str
    is_late: bool
    answer: str
    answerer: tuple[str, str]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """Questions, and the cursor of those that follow ("" at the end)."""

    rows: Sequence[QuestionRow]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question whole, and what its reader may do to it now. ``is_gone``: who was asked does not serve any more."""

    row: QuestionRow
    may_answer: bool
    may_take_back: bool
    in_place_of: tuple[str, str] | None
    is_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFact:
    """What notices say of a question, and to whom. ``asker`` and ``colleague`` are sign-ins."""

    number: int
    asker: int
    colleague: int
    asker_name: tuple[str, str]
    answerer_name: tuple[str, str]
    matter: Text
    due_at: datetime
    is_open: bool


def list_waiting(*, actor: Actor, at: datetime) -> list[QuestionRow]:
    """Return what the actor is asked, or who they stand in for, what is wanted first first; the first hundred."""
    rows = _open().filter(colleague__in=_in_hand(actor)).order_by("due_at", "number")
    return _rows(rows[:_MOST], at, knows_case=False)


def list_asked(*, actor: Actor, at: datetime) -> list[QuestionRow]:
    """Return what the actor has asked and has no answer to, as ``list_waiting`` does."""
    rows = _open().filter(asker__in=_in_hand(actor)).order_by("due_at", "number")
    return _rows(rows[:_MOST], at, knows_case=True)


def list_done(*, actor: Actor, at: datetime, cursor: str = "", limit: int = 25) -> QuestionPage:
    """Return what the actor has asked or was asked and is over, the last first.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    mine = _in_hand(actor)
    rows = _all().filter(Q(colleague__in=mine) | Q(asker__in=mine), ended_at__isnull=False)
    if cursor:
        when, number = cursor.split("~")
        before = datetime.fromisoformat(when)
        if before.tzinfo is None:
            raise ValueError(cursor)
        rows = rows.filter(Q(ended_at__lt=before) | Q(ended_at=before, number__lt=int(number)))
    found = _rows(rows.order_by("-ended_at", "-number")[: limit + 1], at, knows_case=False)
    last = found[limit - 1] if len(found) > limit else None
    after = f"{last.ended_at.isoformat()}~{last.number}" if last and last.ended_at else ""
    return QuestionPage(rows=found[:limit], next=after)


def list_of_case(*, view: CaseView, at: datetime) -> list[QuestionRow]:
    """Return what was asked about a case that the reader has open, open ones first; whose case it is: nothing.

    That there is none, as in most cases, is kept for a minute or until one is asked: many open a case, few ask.
    """
    none = f"questions-none:{view.number}"
    if view.is_owner or cache.get(none):
        return []
    rows = _all().filter(case=view.number).order_by("asked_at", "number")
    found = _rows(rows[: 2 * _MOST], at, knows_case=True)
    if not found:
        cache.set(none, True, _KEPT_SECONDS)
    return sorted(found, key=lambda each: each.state != State.OPEN)


def get_question(*, number: int, actor: Actor, at: datetime) -> QuestionView:
    """Return a question whole, with its case only for who may open that.

    Raises ``UnknownQuestion`` where there is none, or none that the actor may know of.
    """
    row = _all().filter(pk=number).first()
    if row is None:
        raise UnknownQuestion
    asked, mine = is_askers(row=row, actor=actor), is_colleagues(row=row, actor=actor)
    sees = sees_case(number=row.case_id, actor=actor, at=at)
    if not (asked or mine or sees):
        raise UnknownQuestion
    is_open = row.state == State.OPEN and row.case.closed_at is None
    return QuestionView(
        row=_row(row, _matters([row])[row.version_id], at, knows_case=sees),
        may_answer=mine and is_open,
        may_take_back=asked and is_open,
        in_place_of=_name(row.colleague) if mine and row.colleague_id != actor.user_id else None,
        is_gone=is_open and not _serves(row),
    )


def count_waiting(*, actor: Actor) -> int:
    """Return how many open questions wait for the actor; kept for a minute, or until one changes."""
    mine = _in_hand(actor)
    found: dict[str, int] = cache.get_many([f"questions:{user}" for user in mine])
    if missing := [user for user in mine if f"questions:{user}" not in found]:
        rows = Question.objects.filter(state=State.OPEN, colleague__in=missing).order_by().values("colleague")
        counts = dict(rows.annotate(count=Count("number")).values_list("colleague", "count"))
        read = {f"questions:{user}": counts.get(user, 0) for user in missing}
        cache.set_many(read, _KEPT_SECONDS)
        found |= read
    return sum(found.values())


def forget_counts(*, users: Collection[int], case: int = 0) -> None:
    """Let what waits for these sign-ins be counted anew, and what was asked about a case be read anew."""
    cache.delete_many([f"questions-none:{case}", *(f"questions:{user}" for user in users)])


def list_question_facts(*, numbers: Collection[int]) -> dict[int, QuestionFact]:
    """Return what notices say of these questions; two queries."""
    rows = list(_all().filter(pk__in=list(numbers)))
    matters = _matters(rows)
    return {
        row.number: QuestionFact(
            number=row.number,
            asker=row.asker_id,
            colleague=row.colleague_id,
            asker_name=_name(row.asker),
            answerer_name=_name(row.answered_by or row.colleague),
            matter=matters[row.version_id],
            due_at=row.due_at,
            is_open=row.state == State.OPEN,
        )
        for row in rows
    }


# --- inside -----------------------------------------------------------------------------------------------------------


def _in_hand(actor: Actor) -> list[int]:
    own = {actor.user_id} if actor.user_id is not None else set()
    return sorted(own | actor.absent)


def _all() -> QuerySet[Question]:
    return Question.objects.select_related("asker", "colleague", "answered_by", "case")


def _open() -> QuerySet[Question]:
    return _all().filter(state=State.OPEN, case__closed_at=None)


def _serves(row: Question) -> bool:
    roles = row.colleague.memberships.values_list("department", flat=True)
    serving = {each.user_id for each in list_colleagues(departments=set(roles))}
    return row.colleague_id in serving


def _matters(rows: Collection[Question]) -> dict[int, Text]:
    versions = get_versions(version_ids={row.version_id for row in rows})
    return {number: version.definition.name for number, version in versions.items()}


def _rows(found: QuerySet[Question], at: datetime, *, knows_case: bool) -> list[QuestionRow]:
    rows = list(found)
    matters = _matters(rows)
    return [_row(row, matters[row.version_id], at, knows_case=knows_case) for row in rows]


def _row(row: Question, matter: Text, at: datetime, *, knows_case: bool) -> QuestionRow:
    over = row.state == State.OPEN and row.case.closed_at is not None
    return QuestionRow(
        number=row.number,
        case=row.case_id if knows_case else None,
        matter=matter,
        department=row.department,
        asker=_name(row.asker),
        asker_id=row.asker_id,
        colleague=_name(row.colleague),
        colleague_id=row.colleague_id,
        question=_opened(row.question_sealed),
        asked_at=row.asked_at,
        due_at=row.due_at,
        state=State.LAPSED if over else row.state,
        is_late=row.due_at < (row.ended_at or at) and row.state in (State.OPEN, State.ANSWERED),
        answer=_opened(row.answer_sealed),
        answerer=_name(row.answered_by) if row.answered_by is not None else ("", ""),
        ended_at=row.ended_at,
    )


def _opened(sealed: str) -> str:
    """Nothing where the words were let go of, or their key is gone: the case itself must open all the same."""
    try:
        return open_sealed(sealed) if sealed else ""
    except SealBroken:
        return ""


def _name(user: object) -> tuple[str, str]:
    name, english = str(getattr(user, "name", "")), str(getattr(user, "name_en", ""))
    return name, english or name
