"""Orders in brief, for whoever tells people of their cases: many at once, nobody's answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.catalog.bundles import get_bundle_version
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.intake.models import Order, OrderPart

__all__ = ["OrderFact", "list_facts_by_case", "name_orders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFact:
    """An order that was sent: ``name`` of its event of life, and ``parts``, the matters that were filed or wait.

    ``sent_at``: what was filed then was filed in one go.
    """

    number: int
    name: Text | None
    parts: tuple[Text, ...]
    sent_at: datetime


def list_facts_by_case(*, numbers: Collection[int]) -> dict[int, OrderFact]:
    """Return the order of each of these cases that was filed with one; three queries, one where there is none."""
    pairs = OrderPart.objects.filter(draft__case__in=list(numbers), order__number__isnull=False)
    orders = {case: order for case, order in pairs.values_list("draft__case", "order") if case is not None}
    if not orders:
        return {}
    facts = _facts(set(orders.values()))
    return {case: facts[order] for case, order in orders.items() if order in facts}


def name_orders(*, numbers: Collection[int]) -> dict[int, Text]:
    """Return the names of the events of life of these orders, by number; one query."""
    rows = Order.objects.filter(number__in=list(numbers), bundle_version__isnull=False)
    return {
        number: get_bundle_version(version_id=version).definition.name
        for number, version in rows.values_list("number", "bundle_version")
        if number is not None and version is not None
    }


def _facts(orders: Collection[object]) -> dict[object, OrderFact]:
    rows = OrderPart.objects.filter(order__in=list(orders), removed=False).select_related("order", "draft")
    parts: dict[object, list[OrderPart]] = {}
    for part in rows.order_by("position", "pk"):
        parts.setdefault(part.order_id, []).append(part)
    versions = get_versions(version_ids={part.draft.matter_version_id for part in rows})
    facts: dict[object, OrderFact] = {}
    for key, mine in parts.items():
        order = mine[0].order
        if order.number is None or order.submitted_at is None:
            continue
        bundle = get_bundle_version(version_id=order.bundle_version_id).definition if order.bundle_version_id else None
        facts[key] = OrderFact(
            number=order.number,
            name=bundle.name if bundle is not None else None,
            parts=tuple(versions[part.draft.matter_version_id].definition.name for part in mine),
            sent_at=order.submitted_at,
        )
    return facts
