"""Yellow and red cards: the department that was shown one is told, supervisors of an appeal, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.ledger.services import Followed
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues, list_officials, list_persons_of
from tongban.apps.supervision.queries import CardFact, list_card_facts

__all__ = ["WATCHED", "tell_of_cards"]

WATCHED = ("card.issued", "card.appealed", "card.upheld", "card.withdrawn")
_RANKS = ("decider", "reviewer", "handler", "clerk")


def tell_of_cards(events: Sequence[Followed], at: datetime) -> None:
    """Tell who has the step and who leads the department; of an appeal, who may rule on it; of a ruling, whoever
    answered or appealed.

    A constant number of queries, however many events. What is days old is in their list of cards anyway.
    """
    fresh = [each for each in events if each.event.at > at - NEWS]
    facts = list_card_facts(numbers={each.case for each in fresh}) if fresh else {}
    if not facts:
        return
    colleagues = list_colleagues(departments={fact.department for fact in facts.values()})
    appealed = any(each.event.kind == "card.appealed" for each in fresh)
    ruling = [each for each in list_officials() if each.has_role("supervisor")] if appealed else []
    told = [
        (each, fact, sorted(_readers(each, fact, colleagues, ruling)))
        for each in fresh
        if (fact := facts.get(each.case)) is not None
    ]
    people = list_persons_of(users={user for _, _, users in told for user in users})
    tellings = [
        Telling(
            person_id=people[user],
            kind=kind,
            key=f"{each.case}/{each.seq}:{kind}:{user}",
            case=fact.case,
            desk=True,
            at=each.event.at,
            params=_params(fact),
        )
        for each, fact, users in told
        for user in users
        if user in people and (kind := _kind(each, fact))
    ]
    tell(tellings=tellings, at=at)


def _kind(followed: Followed, fact: CardFact) -> str:
    what = followed.event.kind.removeprefix("card.")
    return f"desk_card_{fact.colour if what == 'issued' else what}"


def _readers(followed: Followed, fact: CardFact, colleagues: Sequence[Actor], ruling: Sequence[Actor]) -> set[int]:
    """Sign-ins: not all who may answer, or a department of thirty would have thirty notices of each card."""
    if followed.event.kind == "card.appealed":
        return {each.user_id for each in ruling if each.user_id and fact.department not in each.departments}
    if followed.event.kind != "card.issued":
        return {int(who.removeprefix("user:")) for who in fact.answerers if who.startswith("user:")}
    holder = {fact.holder} if fact.holder is not None else set()
    for role in _RANKS:
        if role in fact.roles:
            leading = {
                each.user_id
                for each in colleagues
                if each.user_id is not None and each.has_role(role, department=fact.department)
            }
            if leading:
                return holder | leading
    return holder


def _params(fact: CardFact) -> dict[str, Any]:
    local = get_calendar().local_date
    step = {"step": {"zh": fact.step.zh, "en": fact.step.en}} if fact.step is not None else {}
    return {
        "matter": {"zh": fact.matter.zh, "en": fact.matter.en},
        "due": local(fact.due).isoformat(),
        "until": local(fact.answer_due).isoformat(),
        "card": str(fact.number),
        **step,
    }
