"""What service tasks do. A diagram names an operation; the names are listed here."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tongban.apps.cases.answers import mask_answer
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.models import BrokenPledge
from tongban.apps.catalog.definitions import Field
from tongban.apps.evidence import queries as evidence_queries
from tongban.apps.evidence import services as evidence
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.people.sealing import lookup_hash
from tongban.kernel import flow

__all__ = ["OPERATIONS", "holder_key"]


def holder_key(*, person_id: int | None, organisation_code: str | None) -> str:
    """The keyed hash under which a holder's certificates are found."""
    key = f"organisation:{organisation_code}" if organisation_code else f"person:{person_id}"
    return lookup_hash(kind="holder", text=key)


def issue_certificate(journal: Journal, task: flow.Task, at: datetime) -> Mapping[str, Any]:
    """Make the matter's certificate of what was granted, and put its identifier on record."""
    case, definition = journal.case, journal.definition
    result = definition.result
    if result.type == "none":
        return {}  # processes are shared with matters that end in an answer, and that is in the log
    authority = get_department_names()[case.authority_id]
    certificate = evidence.prepare_certificate(
        case=case.number,
        matter=case.matter,
        name={"zh": result.name.zh, "en": result.name.en},
        type_code=result.code,
        authority=authority.code,
        authority_credit_code=authority.credit_code,
        holder=case.applicant_name,
        holder_hash=holder_key(person_id=case.person_id, organisation_code=case.organisation_id),
        valid_until=_valid_until(journal, at),
        fields=[
            {"zh": shown.label.zh, "en": shown.label.en, "value": _words(definition.form.fields[shown.field], answer)}
            for shown in result.fields
            if (answer := journal.facts.get(shown.field)) not in (None, "")
        ],
        at=at,
    )
    journal.certificates.append(certificate)
    data = {"identifier": certificate.identifier}
    journal.record(kind="certificate.issued", data=data, actor=SYSTEM, capacity="system", at=at)
    return data


def _words(field: Field, answer: Any) -> str:
    """An answer as a document shows it: numbers of persons masked, choices in words, both languages at once."""
    if field.sensitive:
        return mask_answer(field=field, value=answer)
    values = answer if isinstance(answer, list) else [answer]
    pairs = [(field.label(value, "zh-hans"), field.label(value, "en")) for value in values]
    return "、".join(zh if zh == en else f"{zh} {en}" for zh, en in pairs)


def _valid_until(journal: Journal, at: datetime) -> date | None:
    validity = journal.definition.result.validity
    if validity == "none":
        return None
    count, unit = validity.split()
    months = int(count) * (12 if unit.startswith("year") else 1)
    day = journal.calendar.local_date(at)
    if unit.startswith("day"):
        return day + timedelta(days=int(count))
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def break_pledge(journal: Journal, task: flow.Task, at: datetime) -> Mapping[str, Any]:
    """What was pledged is not so: the certificate that came of it is revoked (行政许可法 69), and it goes on record.

    For as long as the matter says, no other pledge of theirs counts in it.
    """
    case, pledge = journal.case, journal.definition.pledge
    on = journal.calendar.local_date(at)
    data = {} if pledge is None else {"until": pledge.until(on).isoformat()}
    journal.record(kind="pledge.broken", data=data, actor=SYSTEM, capacity="system", at=at)
    if pledge is not None:
        journal.broken.append(
            BrokenPledge(
                case_id=case.number,
                person_id=case.person_id,
                organisation_id=case.organisation_id,
                matter=case.matter,
                broken_at=at,
                until=pledge.until(on),
            )
        )
    for fresh in journal.certificates:  # of a case that is written whole, as generated ones are
        fresh.state, fresh.changed_at, fresh.ground = "revoked", at, "fraud"
        said = {"identifier": fresh.identifier, "ground": "fraud"}
        journal.record(kind="certificate.revoked", data=said, actor=SYSTEM, capacity="system", at=at)
    opinion = str(journal.changed.get(_last_done(journal), {}).get("opinion", ""))
    revoke_held(journal, ground="fraud", reason=opinion, actor=SYSTEM, capacity="system", at=at)
    return data


def revoke_held(journal: Journal, *, ground: str, reason: str, actor: Actor, capacity: str, at: datetime) -> None:
    """End the certificate that came of the case, with those that follow it, if it is still in force; and say so."""
    number = journal.case.number
    held = evidence_queries.get_certificate_of_case(case=number)
    if held is None or held.state not in ("issued", "suspended"):
        return
    changed = evidence.change_certificate(
        case=number,
        identifier=held.identifier,
        act="revoke",
        ground=ground,
        reason=reason,
        on=journal.calendar.local_date(at),
        at=at,
    )
    for each in changed:
        said = {"identifier": each.identifier, "ground": ground}
        said |= {"follows": held.identifier} if each.identifier != held.identifier else {}
        journal.record(kind="certificate.revoked", data=said, actor=actor, capacity=capacity, at=at)


def _last_done(journal: Journal) -> int:
    """The step that has just ended: the check, whose opinion is the reason."""
    return max((no for no, row in journal.changed.items() if row.get("finished") is not None), default=0)


OPERATIONS = {"break_pledge": break_pledge, "issue_certificate": issue_certificate}
