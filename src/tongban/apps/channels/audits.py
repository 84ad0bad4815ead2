"""Audits of decided files: the department is told of a defect and of what became of it, the auditor of an answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.apps.audits.queries import AuditFact, list_audit_facts
from tongban.apps.catalog.city import get_audits, get_calendar
from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.ledger.services import Followed
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues, list_persons_of

__all__ = ["WATCHED", "tell_of_audits"]

WATCHED = ("audit.found", "audit.answered", "audit.returned", "audit.closed")
_RANKS = ("decider", "reviewer", "handler", "clerk")


def tell_of_audits(events: Sequence[Followed], at: datetime) -> None:
    """Tell who leads the department of a defect, and when its answer came back or the audit was closed; the auditor of
    an answer. Nobody is told that a file was in order. A constant number of queries, however many events."""
    fresh = [each for each in events if each.event.at > at - NEWS and _is_news(each)]
    facts = list_audit_facts(numbers={each.case for each in fresh}) if fresh else {}
    if not facts:
        return
    colleagues = list_colleagues(departments={fact.department for fact in facts.values()})
    told = [
        (each, fact, sorted(_readers(each, fact, colleagues)))
        for each in fresh
        if (fact := facts.get(each.case)) is not None
    ]
    people = list_persons_of(users={user for _, _, users in told for user in users})
    tellings = [
        Telling(
            person_id=people[user],
            kind=f"desk_audit_{each.event.kind.removeprefix('audit.')}",
            key=f"{each.case}/{each.seq}:{each.event.kind}:{user}",
            case=fact.case,
            desk=True,
            at=each.event.at,
            params=_params(each, fact),
        )
        for each, fact, users in told
        for user in users
        if user in people
    ]
    tell(tellings=tellings, at=at)


def _is_news(followed: Followed) -> bool:
    event = followed.event
    return event.kind != "audit.found" or event.data.get("grade") != "in_order"


def _readers(followed: Followed, fact: AuditFact, colleagues: Sequence[Actor]) -> set[int]:
    """Sign-ins: the auditor, or of those who may answer for the department the highest."""
    if followed.event.kind == "audit.answered":
        user = fact.auditor.removeprefix("user:")
        return {int(user)} if fact.auditor.startswith("user:") and user.isdigit() else set()
    roles = get_audits().answered_by
    for role in (each for each in _RANKS if each in roles):
        leading = {
            each.user_id
            for each in colleagues
            if each.user_id is not None and each.has_role(role, department=fact.department)
        }
        if leading:
            return leading
    return set()


def _params(followed: Followed, fact: AuditFact) -> Mapping[str, Any]:
    due = followed.event.data.get("answer_due")
    until = get_calendar().local_date(datetime.fromisoformat(due)).isoformat() if due else ""
    return {"matter": {"zh": fact.matter.zh, "en": fact.matter.en}, "audit": str(fact.number), "until": until}
