"""Pledges: what somebody has signed, whether it was broken, and until when no other counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongban.apps.cases.models import BrokenPledge, PledgeRepair
from tongban.apps.cases.queries.lists import list_cases
from tongban.apps.cases.queries.rectifying import list_rectifications
from tongban.apps.cases.queries.repairing import view_of
from tongban.apps.cases.queries.views import CaseRow, RectificationView, RepairView
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_version, get_versions
from tongban.apps.ledger.queries import list_latest
from tongban.apps.people.actors import Actor

__all__ = ["Pledged", "barred_until", "list_pledges"]


_OF_BROKEN = ("case__matter_version", "broken_at", "until", "ended_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledged:
    """A pledge that was signed with a case. ``until``: it was found broken, and no other counts until then.

    ``ended_on``: the authority has ended that early; ``repair``: whoever asked for it, and what came of it.
    ``repair_since``: from that day on it can be asked for, None where it cannot.
    """

    row: CaseRow
    signed_at: datetime
    broken_at: datetime | None
    rectification: RectificationView | None
    until: date | None
    ended_on: date | None = None
    repair: RepairView | None = None
    repair_since: date | None = None

    def is_in_force(self, on: date) -> bool:
        """Whether it keeps another from counting on that day."""
        return self.until is not None and self.until >= on and self.ended_on is None


def list_pledges(*, actor: Actor, limit: int = 200) -> list[Pledged]:
    """Return what the actor, and those in whose name they act, have pledged in their latest cases, the latest first.

    Five queries, and the definitions.
    """
    rows = {row.number: row for row in list_cases(actor=actor, limit=limit).rows}
    signed = list_latest(cases=rows, kind="pledge.signed")
    broken = BrokenPledge.objects.select_related("case").only(*_OF_BROKEN).in_bulk(list(signed))
    to_put_right = list_rectifications(cases=signed)
    repairs = PledgeRepair.objects.in_bulk(list(broken))
    get_versions(version_ids={row.case.matter_version_id for row in broken.values()})
    return [
        Pledged(
            row=row,
            signed_at=signed[number].at,
            rectification=to_put_right.get(number),
            **_broken(broken.get(number), repairs.get(number)),
        )
        for number, row in rows.items()
        if number in signed
    ]


def _broken(row: BrokenPledge | None, repair: PledgeRepair | None) -> dict[str, Any]:
    if row is None:
        return {"broken_at": None, "until": None}
    pledge = get_version(version_id=row.case.matter_version_id).definition.pledge
    rule = pledge.repair if pledge is not None else None
    found = get_calendar().local_date(row.broken_at)
    return {
        "broken_at": row.broken_at,
        "until": row.until,
        "ended_on": row.ended_on,
        "repair": view_of(repair) if repair is not None else None,
        "repair_since": rule.earliest(found) if rule is not None else None,
    }


def barred_until(*, person_id: int | None, organisation_code: str | None, matter: str, on: date) -> date | None:
    """Return until which day no pledge of this applicant counts in the matter; None where it counts; one query.

    An organisation's broken pledge is its own, a person's is theirs: neither bars the other.
    """
    rows = BrokenPledge.objects.filter(matter=matter, until__gte=on, ended_on=None)
    if organisation_code is not None:
        rows = rows.filter(organisation=organisation_code)
    else:
        rows = rows.filter(person=person_id, organisation=None)
    found: date | None = rows.order_by("-until").values_list("until", flat=True).first()
    return found
