"""What somebody is about to miss: papers that are owed, a draft that is about to be deleted, a fee that is not paid.

A deadline of another kind (a date that was agreed on) is one more function like these.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.cases.queries import Party, list_parties, list_rectifications_due
from tongban.apps.cases.queries.awaited import list_later, list_supplements
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.channels.choosing import item_name, recipients
from tongban.apps.channels.telling import Telling
from tongban.apps.intake.queries import list_ending_drafts
from tongban.apps.ledger.queries import list_latest
from tongban.apps.payments.queries import list_owed
from tongban.apps.people.queries import list_representatives
from tongban.kernel import flow

__all__ = [
    "BEFORE_DELETION",
    "BEFORE_LATER",
    "BEFORE_SUPPLEMENT",
    "FEE_AGAIN",
    "drafts",
    "fees",
    "later",
    "rectifications",
    "supplements",
]

BEFORE_SUPPLEMENT = timedelta(days=2)
"""So long before the end of the time for completing a case."""
BEFORE_LATER = timedelta(days=3)
"""So long before the day by which a paper is to follow."""
BEFORE_DELETION = timedelta(days=7)
"""So long before a draft is deleted."""
FEE_AGAIN = timedelta(days=3)
"""Once more, when a fee has been due for so long."""
_AT_ONCE = 500


def supplements(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for each case that is to be completed within two days."""
    beyond = 0
    while numbers := list_supplements(beyond=beyond, limit=_AT_ONCE):
        asked = list_latest(cases=numbers, kind="supplement.requested")
        recounted = list_latest(cases=numbers, kind="clock.recounted")
        dues = {
            case: flow.supplement_due([event, *([moved] if moved is not None and moved.at > event.at else [])])
            for case, event in asked.items()
            for moved in (recounted.get(case),)
        }
        near = {case: due.isoformat() for case, due in dues.items() if due and at < due <= at + BEFORE_SUPPLEMENT}
        for case, party, person, definition in _whom(near, at):
            params = {"matter": _both(definition.name), "due": _day(datetime.fromisoformat(str(near[case])))}
            key = f"supplement:{case}:{near[case]}:{person}"
            yield _of(party, person, kind="supplement_due", key=key, at=at, params=params)
        beyond = numbers[-1]


def later(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for each case to which a paper is to follow within three days; each day of a case once."""
    beyond = 0
    while owed := list_later(until=at + BEFORE_LATER, beyond=beyond, limit=_AT_ONCE):
        near = {
            case: due
            for case, papers in owed.items()
            if (due := min((each.due for each in papers if each.due > at), default=None)) is not None
            and due <= at + BEFORE_LATER
        }
        for case, party, person, definition in _whom(near, at):
            due = near[case]
            items = [item_name(definition, each.code) for each in owed[case] if each.due == due]
            params = {"matter": _both(definition.name), "items": items, "due": _day(due)}
            key = f"later:{case}:{due.isoformat()}:{person}"
            yield _of(party, person, kind="material_due", key=key, at=at, params=params)
        beyond = max(owed)


def rectifications(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for each case with something to be put right within three days that nobody has answered."""
    near = list_rectifications_due(since=at, until=at + BEFORE_LATER, limit=_AT_ONCE)
    for case, party, person, definition in _whom(near, at):
        params = {"matter": _both(definition.name), "due": _day(near[case])}
        key = f"rectification:{case}:{near[case].isoformat()}:{person}"
        yield _of(party, person, kind="rectify_due", key=key, at=at, params=params)


def drafts(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for each draft and each cart that is deleted within a week."""
    for each in list_ending_drafts(at=at, within=BEFORE_DELETION):
        until = _day(each.until)
        params = {"until": until, each.about: {"zh": each.name.zh, "en": each.name.en}}
        kind = "cart_ends" if each.is_cart else "draft_ends"
        key = f"{kind}:{each.id}:{until}"
        yield Telling(
            person_id=each.person, kind=kind, key=key, at=at, params=params, whose=each.whose, matter=each.matter
        )


def fees(at: datetime) -> Iterator[Telling]:
    """Yield that a fee has to be paid, and three days later once more."""
    for page in list_owed(limit=_AT_ONCE):
        owed = {each.case: each for each in page}
        for case, party, person, definition in _whom(owed, at):
            fee = owed[case]
            again = ":again" if fee.since <= at - FEE_AGAIN else ""
            params = {"matter": _both(definition.name), "amount": str(fee.amount)}
            key = f"fee:{case}:due:{person}{again}"
            yield _of(party, person, kind="fee_due", key=key, at=at, params=params)


def _whom(cases: Mapping[int, object], at: datetime) -> Iterator[tuple[int, Party, int, MatterDefinition]]:
    """The people of these cases, each with the case and its matter; three queries."""
    parties = list_parties(numbers=list(cases))
    versions = get_versions(version_ids={party.version_id for party in parties.values()})
    organisations = {party.organisation for party in parties.values() if party.organisation}
    agents = list_representatives(organisations=organisations, on=get_calendar().local_date(at))
    for case in cases:
        if (party := parties.get(case)) is not None:
            told: Sequence[int] = recipients(party=party, agents=agents.get(party.organisation or "", ()))
            for person in told:
                yield case, party, person, versions[party.version_id].definition


def _of(party: Party, person: int, *, kind: str, key: str, at: datetime, params: Mapping[str, Any]) -> Telling:
    """What one of the people of a case is reminded of."""
    return Telling(
        person_id=person,
        kind=kind,
        key=key,
        at=at,
        case=party.number,
        whose=party.applicant_key,
        matter=party.matter,
        params=params,
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _day(at: datetime) -> str:
    return get_calendar().local_date(at).isoformat()
