"""What a rule has decided is looked at by a person, if the applicant asks for it (人工复核).

Personal Information Protection Law (个人信息保护法) 24: whoever is decided on by a machine alone may ask for an
explanation, and refuse that it be the machine alone.
"""

from datetime import datetime, timedelta

from django.db import transaction

from tongban.apps.cases.errors import CheckGone, CheckReasonMissing, CheckTooLate, NoRuleDecided, NotYours
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import HumanCheck
from tongban.apps.cases.operations import OPERATIONS, revoke_held
from tongban.apps.cases.queries.checks import forget_checks
from tongban.apps.cases.services.applicant import plain
from tongban.apps.cases.services.way import lock, owner_capacity, require_authority, require_owner
from tongban.apps.cases.store import save
from tongban.apps.catalog.city import get_rights
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = ["ask_for_check", "conclude_check"]

_UNLAWFUL = "unlawful"
"""The ground on which a certificate goes that should not have been granted (行政许可法 69)."""


def ask_for_check(*, number: int, why: str, actor: Actor, at: datetime) -> datetime:
    """Ask that a person look at what a rule decided, and return by when that is owed.

    By whose case it is, once, within the days after the decision that the city gives; ``why`` may be empty. Raises
    ``NoRuleDecided``, ``CheckTooLate``, ``CheckGone``, ``NotYours``, ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        case = journal.case
        require_owner(case, actor)
        if not case.by_rule or journal.state.decided is None:
            raise NoRuleDecided
        rule = get_rights().human_check
        if at > journal.state.decided + timedelta(days=rule.days):
            raise CheckTooLate(days=rule.days)
        due = journal.calendar.deadline(start=at, limit=rule.answer_within)
        row, is_new = HumanCheck.objects.get_or_create(
            case_id=number,
            defaults={"department": case.authority_id, "asked_at": at, "due": due, "why": plain(why)},
        )
        if not is_new:
            raise CheckGone
        journal.record(
            kind="check.asked",
            data={"due": due.isoformat()},
            actor=actor,
            capacity=owner_capacity(case, actor),
            at=at,
        )
        save([journal])
    transaction.on_commit(lambda: forget_checks(department=row.department))
    return due


def conclude_check(*, number: int, changed: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Confirm what the rule decided, or decide the other way, with the reason that the applicant reads.

    By a decider of the authority whose own case it is not. A grant brings the certificate with it; a denial revokes
    the one that there is (行政许可法 69). All of it is one transaction. Raises ``CheckGone``, ``CheckReasonMissing``,
    ``NotYours``, ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        capacity = require_authority(journal.case, actor, roles=("decider",))
        if actor.person_id is not None and actor.person_id in (journal.case.person_id, journal.case.agent_id):
            raise NotYours(act="authority")
        row = HumanCheck.objects.filter(case=number, state=HumanCheck.State.OPEN).first()
        if row is None:
            raise CheckGone
        if not (said := plain(reason)):
            raise CheckReasonMissing
        row.state = HumanCheck.State.CHANGED if changed else HumanCheck.State.CONFIRMED
        row.words, row.concluded_at, row.concluded_by = said, at, actor.id
        row.save()
        journal.record(kind=f"check.{row.state}", data={}, actor=actor, capacity=capacity, at=at)
        if changed:
            _decide_otherwise(journal, said, actor, capacity, at)
        save([journal])
    transaction.on_commit(lambda: forget_checks(department=row.department))


def _decide_otherwise(journal: Journal, reason: str, actor: Actor, capacity: str, at: datetime) -> None:
    denied = journal.state.outcome is flow.Outcome.DENIED
    command = flow.Redecide(outcome="granted" if denied else "denied", reason=reason)
    journal.run(command=command, actor=actor, capacity=capacity, at=at)
    if denied:
        OPERATIONS["issue_certificate"](journal, flow.Task(no=0, node=0, opened=at), at)
        return
    revoke_held(journal, ground=_UNLAWFUL, reason=reason, actor=actor, capacity=capacity, at=at)
