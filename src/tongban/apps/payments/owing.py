"""Fees that are due and not paid, many cases at once: for whoever reminds people of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tongban.apps.cases.queries.awaited import OpenCase, list_cases_of, list_open_cases, list_open_versions
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_versions
from tongban.apps.payments.fees import ENDED_WITHOUT
from tongban.apps.payments.models import Payment
from tongban.apps.payments.providers import is_on

__all__ = ["Owed", "list_owed", "list_owed_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a case owes in yuan, and since when it can be paid. ``counter``: it is not taken online."""

    case: int
    amount: Decimal
    since: datetime
    counter: bool


def list_owed(*, limit: int) -> Iterator[list[Owed]]:
    """Yield pages of fees that are due and unpaid; only cases of matters that cost something are read."""
    versions = get_versions(version_ids=list_open_versions())
    costly = {key: one.definition for key, one in versions.items() if not one.definition.fee.is_free}
    beyond = 0
    while costly and (page := list_open_cases(versions=costly, beyond=beyond, limit=limit)):
        beyond = page[-1].number
        yield _unpaid(page, costly)


def list_owed_of(*, numbers: Collection[int]) -> list[Owed]:
    """Return what of these cases is due and unpaid; three queries at most."""
    cases = list_cases_of(numbers=numbers) if numbers else []
    versions = get_versions(version_ids={each.version_id for each in cases})
    costly = {key: one.definition for key, one in versions.items() if not one.definition.fee.is_free}
    return _unpaid([each for each in cases if each.version_id in costly], costly)


def _unpaid(cases: Sequence[OpenCase], costly: Mapping[int, MatterDefinition]) -> list[Owed]:
    if not cases:
        return []
    numbers = [each.number for each in cases]
    paid = set(Payment.objects.filter(case__in=numbers, status="paid").values_list("case", flat=True))
    owed = [_owed(each, costly[each.version_id]) for each in cases if each.number not in paid]
    return [each for each in owed if each is not None]


def _owed(case: OpenCase, definition: MatterDefinition) -> Owed | None:
    since = {"filing": case.filed_at, "acceptance": case.accepted_at, "grant": case.decided_at}[definition.fee.due]
    if since is None or case.outcome in ENDED_WITHOUT or (definition.fee.due == "grant" and case.outcome != "granted"):
        return None
    amount = definition.fee.amount_for(definition.form.facts(case.answers))
    counter = not (definition.online_payment and is_on())
    return Owed(case=case.number, amount=amount, since=since, counter=counter) if amount else None
