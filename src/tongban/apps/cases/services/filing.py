"""Filing: a case begins."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from tongban.apps.cases.answers import seal_answers
from tongban.apps.cases.errors import NumbersExhausted
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import Case
from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.cases.services.handed_in import Given, add_materials, digest_of
from tongban.apps.cases.services.unasked import UNASKED
from tongban.apps.cases.services.way import Facts, facts_of
from tongban.apps.cases.store import save
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import PublishedMatter
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant
from tongban.apps.people.sealing import seal
from tongban.kernel import flow
from tongban.kernel.chain import GENESIS
from tongban.kernel.numbers import new_case_number

__all__ = ["begin", "file"]


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
    reused: Mapping[str, int] | None = None,
    taken_from: Mapping[str, str] | None = None,
    spoken: Mapping[str, str] | None = None,
    ticket: Mapping[str, str | int] | None = None,
) -> int:
    """File a case and return its number. ``answers`` have been checked against the matter's form.

    ``phone`` is the applicant's, for notices and for the second factor of tracking. ``reused`` counts what they
    were spared by what is on file: questions, papers, trips. ``spoken``: what they said yes to, in which call.
    ``ticket``: with which number of a hall they came, to which window, and how many minutes they had waited. Raises
    ``flow.Refused`` when the matter's process cannot begin with these answers.
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
            reused=reused,
            taken_from=taken_from,
            spoken=spoken,
            ticket=ticket,
        )
        try:
            with whole():
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
    reused: Mapping[str, int] | None = None,
    taken_from: Mapping[str, str] | None = None,
    spoken: Mapping[str, str] | None = None,
    ticket: Mapping[str, str | int] | None = None,
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
        facts=Facts(lambda: facts_of(definition, answers)),
    )
    add_materials(journal, materials, first=1, at=at)
    statutory, promised = definition.limits_for(answers)
    limits = flow.Limits(
        statutory=statutory,
        promised=promised,
        extension=definition.extension,
        restarts=definition.restarts,
    )
    came = {"reused": reused, "taken_from": taken_from, "spoken": spoken, "ticket": ticket}
    about = {
        "matter": definition.code,
        "version": matter.version,
        "channel": channel,
        **digest_of(answers, materials),
        **_told_of(came),
    }
    later = definition.following(answers=answers, there={code for code, files in materials.items() if files})
    capacity = _capacity(applicant, agent_id, channel, actor)
    command = flow.File(limits=limits, about=about, later=tuple(later.items()))
    journal.run(command=command, actor=actor, capacity=capacity, at=at)
    pledge = definition.pledge
    if pledge is not None and pledge.is_signed(answers):
        data = {"sha256": pledge.sha256}
        journal.record(kind="pledge.signed", data=data, actor=actor, capacity=capacity, at=at)
    return journal


def _told_of(came: Mapping[str, Mapping[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """How the answers and whoever brought them came: only what there is."""
    return {name: dict(told) for name, told in came.items() if told}


def _capacity(applicant: Applicant, agent_id: int | None, channel: str, actor: Actor) -> str:
    """As what the actor files."""
    if channel == UNASKED:
        return "system"
    if channel in ("window", "phone") and actor.is_official:
        return "clerk"  # who may well be a resident too, but does not ask as one
    return "agent" if applicant.is_organisation or agent_id not in (None, applicant.person_id) else "applicant"
