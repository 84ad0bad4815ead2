"""What the log brings about: notices for the people of a case, calls for the systems that asked for its events."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.cases.queries import Party, list_parties
from tongban.apps.cases.queries.awaited import list_later_of
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_versions
from tongban.apps.channels.choosing import WATCHED, Message, messages_of, recipients
from tongban.apps.channels.models import Delivery, Webhook
from tongban.apps.channels.telling import Telling, tell
from tongban.apps.intake.orders.facts import OrderFact, list_facts_by_case
from tongban.apps.ledger.services import Followed
from tongban.apps.people.queries import list_representatives
from tongban.kernel.numbers import format_case_number

__all__ = ["OLDEST", "WATCHED", "make_notices", "tell_webhooks"]

OLDEST = timedelta(days=60)
"""What happened longer ago is no news: a log that was brought in from elsewhere, or is read again."""


def make_notices(events: Sequence[Followed], at: datetime) -> None:
    """Tell the people of each case what has happened; a constant number of queries, however many events."""
    fresh = [each for each in events if each.event.at > at - OLDEST]
    parties = list_parties(numbers={each.case for each in fresh})
    versions = get_versions(version_ids={party.version_id for party in parties.values()})
    agents = list_representatives(
        organisations={party.organisation for party in parties.values() if party.organisation},
        on=get_calendar().local_date(at),
    )
    orders = list_facts_by_case(numbers=parties)
    later = list_later_of(numbers={each.case for each in fresh if each.event.kind == "case.accepted"})
    tellings = [
        _telling(each, message, person, orders.get(each.case), party)
        for each in fresh
        if (party := parties.get(each.case)) is not None
        for message in messages_of(
            followed=each,
            party=party,
            definition=versions[party.version_id].definition,
            later=later.get(each.case, ()),
        )
        for person in recipients(party=party, agents=agents.get(party.organisation or "", ()))
    ]
    tell(tellings=tellings, at=at)


def _telling(followed: Followed, message: Message, person: int, order: OrderFact | None, party: Party) -> Telling:
    """What was filed in one go is told once, with its parts: whichever of its cases comes first."""
    case, event = followed.case, followed.event
    whose, matter = party.applicant_key, party.matter
    number = order.number if order is not None else None
    if order is not None and event.kind == "case.filed" and event.at == order.sent_at:
        params: dict[str, Any] = {
            "parts": [{"zh": part.zh, "en": part.en} for part in order.parts],
            "order": format_case_number(order.number),
        }
        named = {"name": {"zh": order.name.zh, "en": order.name.en}} if order.name is not None else {}
        key = f"order:{order.number}:filed:{person}"
        return Telling(
            person_id=person,
            kind="order_filed",
            key=key,
            params=params | named,
            case=case,
            order=number,
            whose=whose,
            matter=matter,
            at=event.at,
        )
    return Telling(
        person_id=person,
        kind=message.kind,
        key=f"{case}/{followed.seq}:{message.kind}:{person}",
        params=message.params,
        case=case,
        order=number,
        whose=whose,
        matter=matter,
        at=event.at,
    )


def tell_webhooks(events: Sequence[Followed], at: datetime) -> None:
    """Note down a call for each web hook that wants an event and was there as it happened; three queries at most."""
    hooks = list(Webhook.objects.filter(revoked_at=None))
    if not hooks:
        return
    parties = list_parties(numbers={each.case for each in events})
    deliveries = [
        Delivery(
            webhook=hook,
            channel="webhook",
            key=hashlib.sha256(f"webhook:{hook.pk}:{each.case}/{each.seq}".encode()).hexdigest(),
            case=each.case,
            seq=each.seq,
            due=at,
            created_at=at,
        )
        for each in events
        if (party := parties.get(each.case)) is not None
        for hook in hooks
        if each.event.at >= hook.created_at and _wants(hook, party, each.event.kind)
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def _wants(hook: Webhook, party: Party, kind: str) -> bool:
    """An organisation hears of its own cases, a department of those that it answers for."""
    own = hook.organisation_id == party.organisation if hook.organisation_id else hook.department_id == party.authority
    return own and (not hook.kinds or kind in hook.kinds)
