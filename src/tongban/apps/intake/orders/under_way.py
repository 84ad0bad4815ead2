"""What an applicant is asking for already: so that nothing is filed twice by mistake, and nothing filed too early.

A matter that is under way is not put into another order unless its applicant says so. It stays with that order as
``OrderElsewhere``: what depends on it waits for it where it is.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tongban.apps.cases.queries import list_open_of
from tongban.apps.intake.models import Order, OrderElsewhere, OrderPart
from tongban.apps.people.queries import Applicant

__all__ = ["Place", "find_under_way", "leave_behind", "look_again", "set_aside"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a matter is under way: as ``part`` of an order that has been sent, or as ``case``."""

    part: int | None = None
    case: int | None = None


def find_under_way(
    *, applicants: Iterable[Applicant], matters: Collection[str], besides: Order | None = None
) -> dict[tuple[str, str], Place]:
    """Return where these applicants ask for these matters already, by applicant key and matter; two queries.

    ``besides``: an order whose own parts do not count. Whoever sent it: who acts for somebody is to know of it.
    """
    whose = {each.key: each for each in applicants}
    found: dict[tuple[str, str], Place] = {}
    waiting = OrderPart.objects.filter(
        draft__applicant_key__in=whose, draft__matter__in=matters, draft__sent=True, draft__case=None, removed=False
    ).exclude(state="stopped")
    if besides is not None:
        waiting = waiting.exclude(order=besides.pk)
    for part, key, matter in waiting.order_by("pk").values_list("pk", "draft__applicant_key", "matter"):
        found.setdefault((key, matter), Place(part=part))
    persons = [each.person_id for each in whose.values() if each.person_id is not None and not each.is_organisation]
    codes = [each.organisation_code for each in whose.values() if each.organisation_code is not None]
    for key, matter, number in list_open_of(persons=persons, organisations=codes, matters=matters):
        found[key, matter] = Place(case=number)  # the latest of them, and before what only waits
    return found


def set_aside(*, order: Order, places: dict[str, tuple[int, Place]]) -> None:
    """Keep for an order what of it is under way elsewhere; ``places``: by matter, its version and where it is."""
    OrderElsewhere.objects.filter(order=order).delete()
    OrderElsewhere.objects.bulk_create(
        OrderElsewhere(order=order, matter=matter, matter_version_id=version, part_id=place.part, case=place.case)
        for matter, (version, place) in places.items()
    )


def leave_behind(*, part: OrderPart, order: Order) -> None:
    """A part is taken over from the cart ``order`` into another: what depends on it there goes on waiting for it."""
    OrderElsewhere.objects.update_or_create(
        order=order,
        matter=part.matter,
        defaults={"matter_version_id": part.draft.matter_version_id, "part": part, "case": None},
    )


def look_again(*, parts: Collection[int]) -> None:
    """Let parts of other orders that wait for these be looked at: something has become of them."""
    orders = OrderElsewhere.objects.filter(part__in=parts).values("order")
    OrderPart.objects.filter(order__in=orders, state="waiting", look=False).update(look=True)
