"""Commands about questions to colleagues. Each locks the question and writes its log in the same transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from tongban.apps.cases.consequences import Work
from tongban.apps.cases.queries import list_parties
from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.queries import list_colleagues, list_persons_of, list_representatives
from tongban.apps.people.sealing import seal
from tongban.apps.people.services import Resealed, reseal_column
from tongban.apps.questions.errors import (
    AskedAlready,
    ColleagueUnfit,
    NotYourCase,
    NotYourQuestion,
    QuestionMoved,
    UnknownQuestion,
    WordsUnfit,
)
from tongban.apps.questions.models import Question, State
from tongban.apps.questions.permissions import capacity_of, is_askers, is_colleagues, sees_case
from tongban.apps.questions.queries import LONGEST, forget_counts
from tongban.apps.questions.record import begin_question, put_on_record

__all__ = ["answer", "ask", "lapse_over", "pass_on", "remind", "reseal_questions", "sweep_words", "take_back"]

_AT_ONCE = 500
_A_MINUTE = timedelta(minutes=1)


def ask(*, work: Work, department: str, colleague: int, words: str, days: int, at: datetime) -> int:
    """Ask a ``colleague`` (by sign-in) who serves in ``department`` something about a case; return its number.

    ``days``: working days within which an answer would help. No clock of the case stands still for it. Raises
    ``NotYourCase`` where the officer of ``work`` has no step to do, ``ColleagueUnfit``, ``WordsUnfit``,
    ``AskedAlready``.
    """
    actor, view, calendar = work.actor, work.view, get_calendar()
    if actor.user_id is None or not work.mine or view.is_owner:
        raise NotYourCase
    _check(words)
    serving = {each.user_id for each in list_colleagues(departments=[department])}
    if colleague == actor.user_id or colleague not in serving or _is_party(view.number, colleague, at):
        raise ColleagueUnfit
    row = Question(
        case_id=view.number,
        matter=view.row.matter,
        version_id=list_parties(numbers=[view.number])[view.number].version_id,
        department=work.mine[0].department,
        asker_id=actor.user_id,
        colleague_id=colleague,
        question_sealed=seal(words.strip()),
        asked_at=at,
        due_at=calendar.end_of_day(calendar.add_working_days(calendar.local_date(at), days)),
    )
    try:
        with transaction.atomic():
            begin_question(row, actor_id=actor.id, capacity="officer", at=at)
            _changed([colleague], case=view.number)
    except IntegrityError as error:
        there = Question.objects.filter(
            case=view.number, asker=actor.user_id, colleague=colleague, state=State.OPEN
        ).first()
        if there is None:
            raise
        raise AskedAlready(number=there.number) from error
    return row.number


@transaction.atomic
def answer(*, number: int, words: str, actor: Actor, at: datetime) -> None:
    """Answer a question: once, also after its time. By who was asked, or who stands in for them.

    Raises ``UnknownQuestion``, ``NotYourQuestion``, ``WordsUnfit``, ``QuestionMoved``.
    """
    row = _locked(number, actor, at)
    if not is_colleagues(row=row, actor=actor):
        raise NotYourQuestion
    _check(words)
    _require_open(row)
    row.state, row.answer_sealed, row.answered_by_id, row.ended_at = (
        State.ANSWERED,
        seal(words.strip()),
        actor.user_id,
        at,
    )
    capacity = capacity_of(user=row.colleague_id, actor=actor)
    put_on_record(row, "question.answered", actor_id=actor.id, capacity=capacity, at=at)
    _changed([row.colleague_id])


@transaction.atomic
def take_back(*, number: int, actor: Actor, at: datetime) -> None:
    """Ask no longer, before there is an answer. By who asked, or who stands in for them. Raises as ``answer``."""
    row = _locked(number, actor, at)
    if not is_askers(row=row, actor=actor):
        raise NotYourQuestion
    _require_open(row)
    row.state, row.ended_at = State.TAKEN_BACK, at
    capacity = capacity_of(user=row.asker_id, actor=actor)
    put_on_record(row, "question.taken_back", actor_id=actor.id, capacity=capacity, at=at)
    _changed([row.colleague_id])


@transaction.atomic
def pass_on(*, number: int, to: int, actor: Actor, at: datetime) -> None:
    """Hand an open question on to a colleague ``to`` (by sign-in), as one does with steps before one is away.

    What one was asked goes to somebody of one's own department, who answers it instead; what one has asked to somebody
    of the asker's department, to whom the answer then goes. Raises ``UnknownQuestion``, ``NotYourQuestion``,
    ``ColleagueUnfit``, ``QuestionMoved``; ``AskedAlready`` where they have the same question open already.
    """
    row = _locked(number, actor, at)
    asked, mine = is_askers(row=row, actor=actor), is_colleagues(row=row, actor=actor)
    if not asked and not mine:
        raise NotYourQuestion
    _require_open(row)
    able = {each.user_id for each in list_colleagues(departments=_where(row, actor, asked=asked))}
    if to not in able or to in (row.asker_id, row.colleague_id) or _is_party(row.case_id, to, at):
        raise ColleagueUnfit
    before = row.asker_id if asked else row.colleague_id
    asker, colleague = (to, row.colleague_id) if asked else (row.asker_id, to)
    same = Question.objects.filter(case=row.case_id, asker=asker, colleague=colleague, state=State.OPEN).first()
    if same is not None:
        raise AskedAlready(number=same.number)
    row.asker_id, row.colleague_id = asker, colleague
    capacity = capacity_of(user=before, actor=actor)
    put_on_record(row, "question.passed_on", actor_id=actor.id, capacity=capacity, at=at, to=to)
    _changed([before, to], case=row.case_id)


def _where(row: Question, actor: Actor, *, asked: bool) -> set[str]:
    """In which departments whoever takes it over serves."""
    return {row.department} if asked else {where for where, _role in actor.own_roles}


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Bring open questions to mind on the day by which an answer would help: once, in office hours; return how many.

    Nobody is told at night or on a holiday, and nobody twice; a question passed on is not brought to mind anew.
    """
    calendar = get_calendar()
    if calendar.working_minutes(at - _A_MINUTE, at + _A_MINUTE) == 0:
        return 0
    until = calendar.end_of_day(calendar.local_date(at))
    rows = Question.objects.select_for_update(of=("self",)).filter(
        state=State.OPEN, case__closed_at=None, reminded_at=None, due_at__lte=until
    )
    found = list(rows.order_by("due_at", "number")[:_AT_ONCE])
    for row in found:
        row.reminded_at = at
        put_on_record(row, "question.reminded", actor_id=SYSTEM.id, capacity="system", at=at)
    return len(found)


@transaction.atomic
def lapse_over(*, at: datetime) -> int:
    """End the open questions of cases that are over: nobody has to answer them any more. Return how many."""
    rows = Question.objects.select_for_update(of=("self",)).filter(state=State.OPEN, case__closed_at__isnull=False)
    found = list(rows.order_by("number")[:_AT_ONCE])
    for row in found:
        row.state, row.ended_at = State.LAPSED, at
        put_on_record(row, "question.lapsed", actor_id=SYSTEM.id, capacity="system", at=at)
    _changed(row.colleague_id for row in found)
    return len(found)


def sweep_words() -> int:
    """Let go of what was asked and answered about cases whose answers were let go of; return of how many questions."""
    rows = Question.objects.filter(case__erased_at__isnull=False).exclude(Q(question_sealed="") & Q(answer_sealed=""))
    return Question.objects.filter(pk__in=rows.values("pk")).update(question_sealed="", answer_sealed="")


def reseal_questions(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal the words anew; yields after each batch."""
    yield from reseal_column(model=Question, column="question_sealed", batch=batch)
    yield from reseal_column(model=Question, column="answer_sealed", batch=batch)


def _locked(number: int, actor: Actor, at: datetime) -> Question:
    row = Question.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownQuestion
    mine = is_askers(row=row, actor=actor) or is_colleagues(row=row, actor=actor)
    if not mine and not sees_case(number=row.case_id, actor=actor, at=at):
        raise UnknownQuestion
    return row


def _require_open(row: Question) -> None:
    """Between the end of a case and the worker's next look its questions are over already."""
    if row.state != State.OPEN or row.case.closed_at is not None:
        raise QuestionMoved


def _check(words: str) -> None:
    if not words.strip() or len(words.strip()) > LONGEST:
        raise WordsUnfit(most=LONGEST)


def _is_party(number: int, user: int, at: datetime) -> bool:
    """Whether it is the colleague's own case, or that of somebody for whom they act: they are asked nothing inside."""
    person = list_persons_of(users=[user]).get(user)
    party = list_parties(numbers=[number])[number]
    if person is None:
        return False
    if party.organisation is None:
        return person in (party.person, party.agent)
    on = get_calendar().local_date(at)
    acting = list_representatives(organisations=[party.organisation], on=on).get(party.organisation, [])
    return person == party.agent or any(person == each for each, _matters in acting)


def _changed(users: Iterable[int], *, case: int = 0) -> None:
    changed = sorted(set(users))
    transaction.on_commit(lambda: forget_counts(users=changed, case=case))
