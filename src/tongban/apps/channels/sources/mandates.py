"""Mandates: both sides hear of every change, one is asked for its answer, and both are told before the end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.telling import Telling, tell
from tongban.apps.ledger.services import Followed
from tongban.apps.people.queries import MandateView, list_mandates_ending, name_sides

__all__ = ["BEFORE", "WATCHED", "ending", "tell_of_mandates"]

BEFORE = timedelta(days=30)
"""So long before a mandate ends, both sides are reminded."""
_KINDS = {
    "mandate.accepted": "mandate_accepted",
    "mandate.declined": "mandate_declined",
    "mandate.withdrawn": "mandate_ended",
    "mandate.revoked": "mandate_ended",
    "mandate.registered": "mandate_recorded",
}
WATCHED = ("mandate.proposed", *_KINDS)
_NEWS = timedelta(days=60)


def tell_of_mandates(events: Sequence[Followed], at: datetime) -> None:
    """Tell the side that did not do it itself what has happened to a mandate; three queries, however many events."""
    fresh = [each for each in events if each.event.at > at - _NEWS and each.event.capacity != "system"]
    found = name_sides(numbers={each.case for each in fresh}, on=get_calendar().local_date(at))
    tellings = []
    for each in fresh:
        if each.case not in found:
            continue
        view, represented, agent = found[each.case]
        kind = _kind(each)
        for person in _others(each.event.capacity, represented, agent):
            key = f"mandate:{each.case}/{each.seq}:{person}"
            params = _between(view)
            tellings.append(Telling(person_id=person, kind=kind, key=key, at=each.event.at, params=params))
    tell(tellings=tellings, at=at)


def ending(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for both sides of each mandate that ends within 30 days."""
    today = get_calendar().local_date(at)
    for view in list_mandates_ending(until=today + BEFORE, on=today):
        assert view.valid_until is not None
        if view.number is None:
            continue
        _, represented, agent = name_sides(numbers=[view.number], on=today)[view.number]
        until = view.valid_until.isoformat()
        for person in dict.fromkeys((*represented, agent)):
            yield Telling(
                person_id=person,
                kind="mandate_ending",
                key=f"mandate:{view.number}:ending:{until}:{person}",
                at=at,
                params=_between(view) | {"until": until},
            )


def _kind(followed: Followed) -> str:
    if followed.event.kind == "mandate.proposed":
        return "mandate_offered" if followed.event.capacity == "represented" else "mandate_asked"
    return _KINDS[followed.event.kind]


def _others(capacity: str, represented: Iterable[int], agent: int) -> list[int]:
    """Who is told: the other side; both where neither did it."""
    of_side = {"agent": tuple(represented), "represented": (agent,)}
    return list(dict.fromkeys(of_side.get(capacity, (*represented, agent))))


def _between(view: MandateView) -> dict[str, dict[str, str]]:
    return {
        "who": {"zh": view.agent.name, "en": view.agent.name_en},
        "whom": {"zh": view.represented.name, "en": view.represented.name_en},
    }
