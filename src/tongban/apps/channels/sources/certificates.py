"""Certificates that are about to end: told in time to ask for their renewal."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tongban.apps.cases.queries import list_parties
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.choosing import recipients
from tongban.apps.channels.telling import Telling
from tongban.apps.evidence.queries import CertificateView, list_ending
from tongban.apps.people.queries import list_representatives

__all__ = ["BEFORE", "RENEW", "ending"]

RENEW = timedelta(days=30)
"""A renewal is asked for so long before the end (Administrative Licensing Law, 50)."""
BEFORE = timedelta(days=60)
"""So long before the end we remind: a month to get it done."""
_AT_ONCE = 500


def ending(at: datetime) -> Iterator[Telling]:
    """Yield a reminder for each certificate that ends within 60 days and can still be renewed in time."""
    today = get_calendar().local_date(at)
    after = ""
    while page := list_ending(after=today + RENEW, until=today + BEFORE, beyond=after, limit=_AT_ONCE):
        yield from _of(page, at)
        after = page[-1].identifier


def _of(page: list[CertificateView], at: datetime) -> Iterator[Telling]:
    parties = list_parties(numbers={each.case for each in page})
    organisations = {party.organisation for party in parties.values() if party.organisation}
    agents = list_representatives(organisations=organisations, on=get_calendar().local_date(at))
    for each in page:
        party = parties.get(each.case)
        if party is None or each.valid_until is None:
            continue
        for person in recipients(party=party, agents=agents.get(party.organisation or "", ())):
            yield Telling(
                person_id=person,
                kind="renewal",
                key=f"certificate:{each.identifier}:ending:{person}",
                at=at,
                case=each.case,
                whose=party.applicant_key,
                matter=party.matter,
                params={
                    "matter": {"zh": each.name_zh, "en": each.name_en},
                    "until": each.valid_until.isoformat(),
                    "apply_by": (each.valid_until - RENEW).isoformat(),
                },
            )
