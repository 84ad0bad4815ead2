"""Pledges: what somebody has signed, whether it was broken, and until when no other counts."""

from dataclasses import dataclass
from datetime import date, datetime

from tongban.apps.cases.models import BrokenPledge
from tongban.apps.cases.queries.lists import list_cases
from tongban.apps.cases.queries.rectifying import list_rectifications
from tongban.apps.cases.queries.views import CaseRow, RectificationView
from tongban.apps.ledger.queries import list_latest
from tongban.apps.people.actors import Actor

__all__ = ["Pledged", "barred_until", "list_pledges"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledged:
    """A pledge that was signed with a case. ``until``: it was found broken, and no other counts until then."""

    row: CaseRow
    signed_at: datetime
    broken_at: datetime | None
    rectification: RectificationView | None
    until: date | None

    def is_in_force(self, on: date) -> bool:
        """Whether it keeps another from counting on that day."""
        return self.until is not None and self.until >= on


def list_pledges(*, actor: Actor, limit: int = 200) -> list[Pledged]:
    """Return what the actor, and those in whose name they act, have pledged in their latest cases, the latest first.

    Four queries, and the definitions.
    """
    rows = {row.number: row for row in list_cases(actor=actor, limit=limit).rows}
    signed = list_latest(cases=rows, kind="pledge.signed")
    broken = BrokenPledge.objects.in_bulk(list(signed))
    to_put_right = list_rectifications(cases=signed)
    return [
        Pledged(
            row=row,
            signed_at=signed[number].at,
            broken_at=broken[number].broken_at if number in broken else None,
            until=broken[number].until if number in broken else None,
            rectification=to_put_right.get(number),
        )
        for number, row in rows.items()
        if number in signed
    ]


def barred_until(*, person_id: int | None, organisation_code: str | None, matter: str, on: date) -> date | None:
    """Return until which day no pledge of this applicant counts in the matter; None where it counts; one query.

    An organisation's broken pledge is its own, a person's is theirs: neither bars the other.
    """
    rows = BrokenPledge.objects.filter(matter=matter, until__gte=on)
    if organisation_code is not None:
        rows = rows.filter(organisation=organisation_code)
    else:
        rows = rows.filter(person=person_id, organisation=None)
    found: date | None = rows.order_by("-until").values_list("until", flat=True).first()
    return found
