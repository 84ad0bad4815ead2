"""Pledges: whether one was broken, and until when no other counts."""

from datetime import date

from tongban.apps.cases.models import BrokenPledge

__all__ = ["barred_until"]


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
