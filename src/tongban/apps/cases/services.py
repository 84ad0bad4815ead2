"""Commands on cases. Each is one transaction: lock the case, let the kernel decide, write log and rows together."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.cases.errors import AlreadyRated, NotYours, NumbersExhausted, UnknownCase
from tongban.apps.cases.journal import Journal, save
from tongban.apps.cases.journal import save as save_all
from tongban.apps.cases.models import Case, Material, Rating, Task, Timer
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.permissions import is_owner, may_do_act, may_see
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import PublishedMatter, get_version
from tongban.apps.ledger import queries as ledger
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.queries import Applicant
from tongban.apps.people.sealing import lookup_hash, seal
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS, canonical
from tongban.kernel.clock import Limit
from tongban.kernel.numbers import new_case_number

__all__ = [
    "Journal",
    "accept",
    "add_rating",
    "answer_supplement",
    "begin",
    "claim",
    "complete",
    "decide",
    "deliver",
    "extend",
    "file",
    "fire_due_timers",
    "rate",
    "refuse",
    "release",
    "request_supplement",
    "resume",
    "return_to",
    "save_all",
    "suspend",
    "withdraw",
]

log = logging.getLogger(__name__)

_WAITED = timedelta(minutes=1)
"""So much later than it was given may a command be done: it waited for another one on the same case."""

Given = Mapping[str, Sequence[UUID]]
"""Files by the code of the material that they are."""


# --- filing ----------------------------------------------------------------------------------------------------------


def file(
    *,
    matter: PublishedMatter,
    applicant: Applicant,
    agent_id: int | None,
    answers: Mapping[str, Any],
    materials: Given,
    phone: str,
    channel: str,
    actor: Actor,
    at: datetime,
) -> int:
    """File a case and return its number. ``answers`` have been checked against the matter's form.

    ``phone`` is the applicant's, for notices and for the second factor of tracking. Raises ``flow.Refused`` when the
    matter's process cannot begin with these answers.
    """
    for _ in range(5):
        journal = begin(
            matter=matter,
            applicant=applicant,
            agent_id=agent_id,
            answers=answers,
            materials=materials,
            phone=phone,
            channel=channel,
            actor=actor,
            at=at,
        )
        try:
            with transaction.atomic():
                save([journal])
        except IntegrityError:
            if Case.objects.filter(pk=journal.case.number).exists():
                continue  # the number was taken: 1 in 10⁹ for each case of that day
            raise
        return journal.case.number
    raise NumbersExhausted


def begin(
    *,
    matter: PublishedMatter,
    applicant: Applicant,
    agent_id: int | None,
    answers: Mapping[str, Any],
    materials: Given,
    phone: str,
    channel: str,
    actor: Actor,
    at: datetime,
    random: Callable[[int], int] = secrets.randbelow,
) -> Journal:
    """Return the journal of a new case, filed but not yet written; ``save`` writes it."""
    definition, calendar = matter.definition, get_calendar()
    case = Case(
        number=new_case_number(day=calendar.local_date(at), random=random),
        matter_version_id=matter.version_id,
        matter=definition.code,
        authority_id=definition.authority,
        person_id=applicant.person_id,
        organisation_id=applicant.organisation_code,
        agent_id=agent_id,
        applicant_name=applicant.name,
        phone_sealed=seal(phone),
        channel=channel,
        answers=seal_answers(form=definition.form, answers=answers),
        filed_at=at,
        last_seq=0,
        last_hash=GENESIS,
    )
    journal = Journal(
        case=case,
        definition=definition,
        calendar=calendar,
        new=True,
        operations=OPERATIONS,
        facts=_facts(definition, answers),
    )
    _add_materials(journal, materials, first=1, at=at)
    limits = flow.Limits(
        statutory=definition.statutory,
        promised=definition.promised,
        extension=definition.extension,
        restarts=definition.restarts,
    )
    capacity = "agent" if applicant.is_organisation or agent_id not in (None, applicant.person_id) else "applicant"
    if channel == "window" and actor.is_official:
        capacity = "clerk"  # who may well be a resident too, but does not ask as one
    about = {"matter": definition.code, "version": matter.version, "channel": channel, **_digest(answers, materials)}
    journal.run(command=flow.File(limits=limits, about=about), actor=actor, capacity=capacity, at=at)
    return journal


# --- the applicant ---------------------------------------------------------------------------------------------------


def answer_supplement(*, number: int, answers: Mapping[str, Any], materials: Given, actor: Actor, at: datetime) -> None:
    """Hand in what was asked for; changed ``answers`` replace those given before."""
    with transaction.atomic():
        journal = _lock(number)
        _require_owner(journal.case, actor)
        if answers:
            merged = open_answers(answers=journal.case.answers) | dict(answers)
            journal.case.answers = seal_answers(form=journal.definition.form, answers=merged)
            journal.facts = _facts(journal.definition, merged)
            journal.case.save(update_fields=["answers"])
        _add_materials(journal, materials, first=1 + Material.objects.filter(case=number).count(), at=at)
        command = flow.AnswerSupplement(about=_digest(answers, materials))
        _run(journal, command, actor=actor, capacity=_owner_capacity(journal.case, actor), at=at)


def withdraw(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take the case back, at any time before the decision."""
    with transaction.atomic():
        journal = _lock(number)
        _require_owner(journal.case, actor)
        journal.case.reason = reason = _plain(reason)
        _run(journal, flow.Withdraw(reason=reason), actor=actor, capacity=_owner_capacity(journal.case, actor), at=at)


def rate(*, number: int, grade: int, words: str, actor: Actor, at: datetime) -> None:
    """Rate a decided case: 5 very satisfied … 1 very dissatisfied, once. Raises ``AlreadyRated``."""
    with transaction.atomic():
        journal = _lock(number)
        _require_owner(journal.case, actor)
        if journal.case.outcome == "":
            raise flow.Refused("case.not-decided")
        if Rating.objects.filter(case=number).exists():
            raise AlreadyRated
        add_rating(journal, grade=grade, words=_plain(words), actor=actor, at=at)
        save([journal])


def add_rating(journal: Journal, *, grade: int, words: str, actor: Actor, at: datetime) -> None:
    """Put a rating into a journal. The log keeps the grade; the words stay where they can be removed."""
    rating = Rating(case_id=journal.case.number, matter=journal.case.matter, grade=grade, words=words, rated_at=at)
    journal.ratings.append(rating)
    capacity = _owner_capacity(journal.case, actor)
    journal.record(kind="case.rated", data={"grade": grade}, actor=actor, capacity=capacity, at=at)


# --- the department --------------------------------------------------------------------------------------------------


def claim(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Take a task on. Raises ``flow.Refused`` when someone else has it."""
    with transaction.atomic():
        journal = _lock(number)
        _act(journal, task, flow.Claim(task=task, by=actor.id), actor=actor, at=at)


def release(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Put a task back into the department's queue."""
    with transaction.atomic():
        journal = _lock(number)
        _act(journal, task, flow.Release(task=task), actor=actor, at=at)


def accept(*, number: int, task: int, actor: Actor, at: datetime) -> None:
    """Take the case on: the legal clocks start."""
    with transaction.atomic():
        journal = _lock(number)
        _act(journal, task, flow.Accept(), actor=actor, at=at)


def refuse(*, number: int, task: int, reason: str, actor: Actor, at: datetime) -> None:
    """Do not accept the case; it ends, and the applicant is told why."""
    with transaction.atomic():
        journal = _lock(number)
        journal.case.reason = reason
        _act(journal, task, flow.Refuse(reason=reason), actor=actor, at=at)


def request_supplement(
    *, number: int, task: int, items: Sequence[str], note: str, within: Limit | None, actor: Actor, at: datetime
) -> None:
    """Ask for what is missing: once, all at once (Administrative Licensing Law, 32)."""
    with transaction.atomic():
        journal = _lock(number)
        command = flow.RequestSupplement(items=tuple(items), note=note, within=within)
        _act(journal, task, command, actor=actor, at=at)


def complete(*, number: int, task: int, outcome: str, opinion: str, actor: Actor, at: datetime) -> None:
    """Finish a step with ``pass`` or ``fail`` and an opinion."""
    with transaction.atomic():
        journal = _lock(number)
        _act(journal, task, flow.Complete(task=task, outcome=outcome, opinion=opinion), actor=actor, at=at)


def decide(*, number: int, task: int, outcome: str, reason: str, actor: Actor, at: datetime) -> None:
    """Grant or deny. A denial owes its reason."""
    with transaction.atomic():
        journal = _lock(number)
        journal.case.reason = reason
        _act(journal, task, flow.DecideCase(task=task, outcome=outcome, reason=reason), actor=actor, at=at)


def return_to(*, number: int, task: int, node: str, reason: str, actor: Actor, at: datetime) -> None:
    """Send the work back to an earlier step, with everything that followed from it undone."""
    with transaction.atomic():
        journal = _lock(number)
        command = flow.ReturnTo(task=task, node=node, reason=reason)
        _act(journal, task, command, actor=actor, at=at, history=ledger.get_history(case=number))


def deliver(*, number: int, task: int, way: str, actor: Actor, at: datetime) -> None:
    """Put on record that the result has reached the applicant."""
    with transaction.atomic():
        journal = _lock(number)
        _act(journal, task, flow.Deliver(way=way, task=task), actor=actor, at=at)


def suspend(
    *, number: int, task: int, procedure: str, reason: str, limit: Limit | None, actor: Actor, at: datetime
) -> None:
    """Begin a special procedure: its time is not counted (Administrative Licensing Law, 45)."""
    with transaction.atomic():
        journal = _lock(number)
        command = flow.Suspend(procedure=procedure, reason=reason, limit=limit)
        _act(journal, task, command, actor=actor, at=at)


def resume(*, number: int, actor: Actor, at: datetime) -> None:
    """End the special procedure: the clocks run on."""
    with transaction.atomic():
        journal = _lock(number)
        _require_authority(journal.case, actor, roles=("handler", "reviewer", "decider"))
        _run(journal, flow.Resume(), actor=actor, capacity="officer", at=at)


def extend(*, number: int, by: Limit, reason: str, actor: Actor, at: datetime) -> None:
    """Lengthen the limit, once, by the head of the authority (Administrative Licensing Law, 42)."""
    with transaction.atomic():
        journal = _lock(number)
        _require_authority(journal.case, actor, roles=("decider",))
        command = flow.Extend(by=by, reason=reason, approved_by=actor.id)
        _run(journal, command, actor=actor, capacity="officer", at=at)


# --- the clock -------------------------------------------------------------------------------------------------------


def fire_due_timers(*, at: datetime, limit: int = 200) -> int:
    """Do what the clock owes: silence that accepts, timers of diagrams. Return how many fired.

    Each fires in a transaction of its own; one that another worker has taken, or that a command has just cancelled,
    is left alone. One that the kernel refuses (a process that cannot go on), or whose case does not open, is put off
    for an hour and reported, so that it holds up nobody else's.
    """
    fired = 0
    for row in Timer.objects.filter(due__lte=at).order_by("due")[:limit]:
        try:
            fired += _fire(row, at)
        except (flow.Refused, SealBroken) as stuck:
            log.error("timer %s of case %s cannot fire: %s", row.no, row.case_id, stuck.code)
            Timer.objects.filter(case=row.case_id, no=row.no).update(due=at + timedelta(hours=1))
    return fired


def _fire(row: Timer, at: datetime) -> bool:
    with transaction.atomic():
        journal = _lock(row.case_id)
        if not any(timer.no == row.no for timer in journal.state.timers):
            Timer.objects.filter(case=row.case_id, no=row.no).delete()
            return False
        _run(journal, flow.FireTimer(timer=row.no), actor=SYSTEM, capacity="clock", at=at)
        return True


# --- the way of every command ----------------------------------------------------------------------------------------


def _lock(number: int) -> Journal:
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise UnknownCase
    definition = get_version(version_id=case.matter_version_id).definition
    state = flow.state_from_json(case.state)
    return Journal(
        case=case,
        definition=definition,
        calendar=get_calendar(),
        state=state,
        waiting=state.supplement == "open" or bool(state.suspension),
        operations=OPERATIONS,
        facts=_facts(definition, open_answers(answers=case.answers)),
    )


def _run(
    journal: Journal,
    command: flow.Command,
    *,
    actor: Actor,
    capacity: str,
    at: datetime,
    history: Sequence[flow.Event] = (),
) -> None:
    last = journal.state.updated
    if last is not None and at < last <= at + _WAITED:
        at = last  # the clock was read before the wait: whoever was first in the queue is first in the log
    journal.run(command=command, actor=actor, capacity=capacity, at=at, history=history)
    save([journal])


def _act(
    journal: Journal,
    task: int,
    command: flow.Command,
    *,
    actor: Actor,
    at: datetime,
    history: Sequence[flow.Event] = (),
) -> None:
    """Run a command that belongs to an open task, if the actor's role in its department allows it."""
    row = Task.objects.filter(case=journal.case.number, no=task).first()
    if row is None or (row.finished is None and not may_do_act(act=row.act, department=row.department, actor=actor)):
        _hide_from_strangers(journal.case, actor)
        raise NotYours(act=row.act if row else "")
    if row.finished is not None:
        _hide_from_strangers(journal.case, actor)
        raise flow.Refused("task.not-open", {"by": row.finished_by})
    if row.claimed_by_id not in (None, actor.user_id):
        raise flow.Refused("task.claimed-by-other", {"task": task, "by": f"user:{row.claimed_by_id}"})
    _run(journal, command, actor=actor, capacity="officer", at=at, history=history)


def _hide_from_strangers(case: Case, actor: Actor) -> None:
    departments = Task.objects.filter(case=case.number).values_list("department", flat=True)
    if not may_see(case=case, actor=actor, departments=departments):
        raise UnknownCase


def _require_owner(case: Case, actor: Actor) -> None:
    if not is_owner(case=case, actor=actor):
        _hide_from_strangers(case, actor)
        raise NotYours(act="owner")


def _require_authority(case: Case, actor: Actor, *, roles: Sequence[str]) -> None:
    if not any(actor.has_role(role, department=case.authority_id) for role in roles):
        _hide_from_strangers(case, actor)
        raise NotYours(act="authority")


def _owner_capacity(case: Case, actor: Actor) -> str:
    return "applicant" if case.person_id is not None and case.person_id == actor.person_id else "agent"


def _facts(definition: MatterDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What rules and conditions see: every field of the form by its name, and all of them as ``answers``."""
    facts = definition.form.facts(answers)
    return {**facts, "answers": facts}


def _plain(text: str) -> str:
    """What people type as words: without control characters, which some databases refuse, and not endless."""
    return "".join(character for character in text if character >= " " or character in "\n\t")[:2000].strip()


def _digest(answers: Mapping[str, Any], materials: Given) -> dict[str, Any]:
    """What the log keeps of a filing: enough to prove what was handed in, nothing that says who it was.

    The digest is keyed, because a form with few fields could otherwise be guessed back from it.
    """
    return {
        "answers": lookup_hash(kind="answers", text=canonical(dict(answers)).decode()),
        "materials": {code: [str(file) for file in files] for code, files in materials.items() if files},
    }


def _add_materials(journal: Journal, materials: Given, *, first: int, at: datetime) -> None:
    given = [(code, file) for code, files in materials.items() for file in files]
    journal.materials += [
        Material(case_id=journal.case.number, no=first + index, code=code, file_id=file, added_at=at)
        for index, (code, file) in enumerate(given)
    ]
