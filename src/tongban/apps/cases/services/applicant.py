"""What the applicant, or who acts for them, may do to a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.cases.errors import AlreadyRated, NotYours
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Material, Rating
from tongban.apps.cases.services.handed_in import Given, add_materials, digest_of
from tongban.apps.cases.services.way import capacity_for, facts_of, lock, owner_capacity, require_owner, run
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.sealing import lookup_hash
from tongban.kernel import flow

__all__ = ["add_rating", "answer_by_message", "answer_supplement", "hand_in", "note_rating", "rate", "withdraw"]


def answer_supplement(
    *, number: int, answers: Mapping[str, Any], materials: Given, actor: Actor, at: datetime, served: str = ""
) -> None:
    """Hand in what was asked for; changed ``answers`` replace those given before.

    ``served``: the applicant (by key) for whom a clerk does it, who has seen their card.
    """
    with whole():
        journal = lock(number)
        capacity = capacity_for(journal.case, actor, served=served)
        if answers:
            merged = open_answers(answers=journal.case.answers) | dict(answers)
            journal.case.answers = seal_answers(form=journal.definition.form, answers=merged)
            journal.facts = facts_of(journal.definition, merged)
        _add(journal, materials, at)
        codes = tuple(code for code, files in materials.items() if files)
        command = flow.AnswerSupplement(about=digest_of(answers, materials), codes=codes)
        run(journal, command, actor=actor, capacity=capacity, at=at)


def answer_by_message(*, number: int, words: str, at: datetime) -> bool:
    """Note that what was asked for has come by message from whoever filed the case, who is nobody on file.

    Whoever calls knows that it is theirs, and keeps ``words``: the log has their keyed digest. Returns whether anything
    was asked for. Raises ``NotYours`` for a case that has an applicant.
    """
    with whole():
        journal = lock(number)
        _require_nobody(journal)
        if journal.state.supplement != "open":
            return False
        command = flow.AnswerSupplement(about={"answers": lookup_hash(kind="answers", text=words)})
        run(journal, command, actor=SYSTEM, capacity="applicant", at=at)
        return True


def hand_in(*, number: int, materials: Given, actor: Actor, at: datetime, served: str = "") -> None:
    """Hand in papers without which the case was filed, in time or not; the clocks run on all the while.

    ``served`` as above. Raises ``flow.Refused``: ``material.not-awaited`` for what is not to be handed in later (or
    not any more).
    """
    with whole():
        journal = lock(number)
        capacity = capacity_for(journal.case, actor, served=served)
        _add(journal, materials, at)
        codes = tuple(code for code, files in materials.items() if files)
        command = flow.HandIn(codes=codes, about={"materials": digest_of({}, materials)["materials"]})
        run(journal, command, actor=actor, capacity=capacity, at=at)


def _add(journal: Journal, materials: Given, at: datetime) -> None:
    there = Material.objects.filter(case=journal.case.number).count()
    add_materials(journal, materials, first=1 + there, at=at)


def withdraw(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take the case back, at any time before the decision."""
    with whole():
        journal = lock(number)
        require_owner(journal.case, actor)
        journal.case.reason = reason = plain(reason)
        run(journal, flow.Withdraw(reason=reason), actor=actor, capacity=owner_capacity(journal.case, actor), at=at)


def rate(*, number: int, grade: int, words: str, actor: Actor, at: datetime, shown: bool = False) -> None:
    """Rate a decided case: 5 very satisfied … 1 very dissatisfied, once. Raises ``AlreadyRated``.

    ``shown``: others may read the words, without a name.
    """
    with whole():
        journal = lock(number)
        require_owner(journal.case, actor)
        if journal.state.outcome is None:
            raise flow.Refused("case.not-decided")
        if Rating.objects.filter(case=number).exists():
            raise AlreadyRated
        add_rating(journal, grade=grade, words=plain(words), shown=shown, actor=actor, at=at)
        save([journal])


def note_rating(*, number: int, grade: int, way: str, at: datetime) -> None:
    """Put on record how somebody rated a decided case of theirs who is nobody on file, by the ``way`` it came in.

    Whoever calls knows that it is theirs. Once. Raises ``NotYours`` for a case that has an applicant, ``AlreadyRated``.
    """
    with whole():
        journal = lock(number)
        _require_nobody(journal)
        if journal.state.outcome is None:
            raise flow.Refused("case.not-decided")
        if Rating.objects.filter(case=number).exists():
            raise AlreadyRated
        rating = Rating(case_id=number, matter=journal.case.matter, grade=grade, words="", shown=False, rated_at=at)
        journal.ratings.append(rating)
        data = {"grade": grade, "way": way}
        journal.record(kind="case.rated", data=data, actor=SYSTEM, capacity="applicant", at=at)
        save([journal])


def _require_nobody(journal: Journal) -> None:
    """Raise ``NotYours`` where somebody on file is the applicant: they act for themselves."""
    if journal.case.person_id is not None or journal.case.organisation_id is not None:
        raise NotYours


def add_rating(journal: Journal, *, grade: int, words: str, actor: Actor, at: datetime, shown: bool = False) -> None:
    """Put a rating into a journal. The log keeps the grade; the words stay where they can be removed."""
    rating = Rating(
        case_id=journal.case.number,
        matter=journal.case.matter,
        grade=grade,
        words=words,
        shown=shown and bool(words),
        rated_at=at,
    )
    journal.ratings.append(rating)
    capacity = owner_capacity(journal.case, actor)
    journal.record(kind="case.rated", data={"grade": grade}, actor=actor, capacity=capacity, at=at)


def plain(text: str) -> str:
    """What people type as words: without control characters, which some databases refuse, and not endless."""
    return "".join(character for character in text if character >= " " or character in "\n\t")[:2000].strip()
