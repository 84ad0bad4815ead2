"""Before one is away, questions too are handed over: those that one was asked, and those that one waits for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues
from tongban.apps.questions.errors import QuestionError
from tongban.apps.questions.queries import QuestionRow, list_asked, list_waiting
from tongban.apps.questions.services import pass_on
from tongban.web.desk.together_forms import name_of

__all__ = ["able_for", "my_questions", "pass_each", "question_lines", "share_questions"]


def my_questions(*, actor: Actor, at: datetime) -> list[QuestionRow]:
    """The open questions that the actor was asked, then those they wait for; those of absent colleagues stay theirs."""
    waiting = [row for row in list_waiting(actor=actor, at=at) if row.colleague_id == actor.user_id]
    return waiting + [row for row in list_asked(actor=actor, at=at) if row.asker_id == actor.user_id]


def able_for(*, rows: Sequence[QuestionRow], actor: Actor) -> dict[int, list[Actor]]:
    """Who could take each question over, by its number: who serves with the actor, or where they asked it from."""
    if not rows:
        return {}
    own = {where for where, _role in actor.own_roles}
    serving = list_colleagues(departments=own | {row.department for row in rows})
    return {
        row.number: [
            each
            for each in serving
            if each.user_id not in (row.asker_id, row.colleague_id)
            and not each.departments.isdisjoint({row.department} if row.asker_id == actor.user_id else own)
        ]
        for row in rows
    }


def share_questions(
    *,
    able: Mapping[int, Sequence[Actor]],
    chosen: Sequence[str],
    steps: Mapping[tuple[int, int], str],
    rows: Sequence[QuestionRow],
) -> dict[int, str]:
    """Who gets which question: who gets a step of its case, else each of those chosen in turn; none whom nobody can."""
    holders = {case: to for (case, _no), to in steps.items()}
    shared, turn = {}, cycle(chosen)
    for row in rows:
        can = {each.id for each in able[row.number]} & set(chosen)
        to = holders.get(row.case or 0, "")
        if to not in can:
            to = next((each for each in (next(turn) for _ in chosen) if each in can), "")
        if to:
            shared[row.number] = to
    return shared


def pass_each(*, shared: Mapping[int, str], actor: Actor, at: datetime) -> int:
    """Hand each over by itself; return how many went. One that moved meanwhile stays where it is."""
    done = 0
    for number, to in shared.items():
        try:
            pass_on(number=number, to=int(to.removeprefix("user:")), actor=actor, at=at)
            done += 1
        except QuestionError:
            continue
    return done


def question_lines(
    *, rows: Sequence[QuestionRow], shared: Mapping[int, str], people: Mapping[str, Actor], actor: Actor
) -> list[dict[str, Any]]:
    """Each question as the page lists it, with to whom it would go."""
    language = get_language() or "zh-hans"
    which = 0 if language.startswith("zh") else 1
    return [
        {
            "number": row.number,
            "matter": row.matter.in_language(language),
            "words": _("you wait for %(name)s's answer") % {"name": row.colleague[which]}
            if row.asker_id == actor.user_id
            else _("%(name)s waits for your answer") % {"name": row.asker[which]},
            "to": name_of(people[shared[row.number]]) if row.number in shared else "",
        }
        for row in rows
    ]
