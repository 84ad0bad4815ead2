"""Questions to colleagues: who was asked is told, and who stands in for them; who asked, of the answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.ledger.services import Followed
from tongban.apps.people.queries import list_persons_of, list_standing_in
from tongban.apps.questions.queries import QuestionFact, list_question_facts

__all__ = ["WATCHED", "tell_of_questions"]

WATCHED = (
    *("question.asked", "question.answered", "question.taken_back"),
    *("question.passed_on", "question.reminded"),
)
_KINDS = {
    "question.asked": "desk_question",
    "question.answered": "desk_question_answered",
    "question.taken_back": "desk_question_taken_back",
    "question.passed_on": "desk_question_passed_on",
    "question.reminded": "desk_question_due",
}


def tell_of_questions(events: Sequence[Followed], at: datetime) -> None:
    """Tell who was asked or is asked no longer, and who asked of the answer; with each who stands in for them today.

    A constant number of queries. The notice names no case: who was asked may not know of it. A question that is over
    before it was told of is not told of.
    """
    fresh = [each for each in events if each.event.at > at - NEWS]
    facts = list_question_facts(numbers={each.case for each in fresh}) if fresh else {}
    if not facts:
        return
    wanted = {_reader(each, facts[each.case]) for each in fresh if each.case in facts}
    stand_ins = list_standing_in(absent=wanted, on=get_calendar().local_date(at))
    told = [
        (each, fact, user)
        for each in fresh
        if (fact := facts.get(each.case)) is not None and (each.event.kind not in _WHILE_OPEN or fact.is_open)
        for user in sorted({_reader(each, fact), *stand_ins.get(_reader(each, fact), ())})
        if f"user:{user}" != each.event.actor
    ]
    people = list_persons_of(users={user for _, _, user in told})
    tellings = [
        Telling(
            person_id=people[user],
            kind=_KINDS[each.event.kind],
            key=f"{each.case}/{each.seq}:{each.event.kind}:{user}",
            desk=True,
            at=each.event.at,
            params=_params(each, fact),
        )
        for each, fact, user in told
        if user in people
    ]
    tell(tellings=tellings, at=at)


_WHILE_OPEN = ("question.asked", "question.passed_on", "question.reminded")


def _reader(followed: Followed, fact: QuestionFact) -> int:
    if followed.event.kind == "question.passed_on":
        return int(str(followed.event.data["to"]).removeprefix("user:"))
    return fact.asker if followed.event.kind == "question.answered" else fact.colleague


def _params(followed: Followed, fact: QuestionFact) -> Mapping[str, Any]:
    name = fact.answerer_name if followed.event.kind == "question.answered" else fact.asker_name
    return {
        "matter": {"zh": fact.matter.zh, "en": fact.matter.en},
        "who": {"zh": name[0], "en": name[1]},
        "until": get_calendar().local_date(fact.due_at).isoformat(),
        "question": str(fact.number),
    }
