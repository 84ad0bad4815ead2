"""Drafts and carts that are about to be deleted, for whoever reminds their owners."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from tongban.apps.catalog.bundles import get_bundle_version
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.intake.models import Draft, Order
from tongban.apps.intake.sweeping import swept_at

__all__ = ["EndingDraft", "list_ending_drafts"]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingDraft:
    """A draft, or a cart, of ``person``, deleted after ``until``. ``name``: of its matter, or its event of life.

    ``whose``: for whom it is (an applicant by key); ``matter``: of a draft.
    """

    id: str
    person: int
    name: Text
    until: datetime
    is_cart: bool
    whose: str = ""
    matter: str = ""

    @property
    def about(self) -> str:
        """As what the name fills in words."""
        return "name" if self.is_cart else "matter"


def list_ending_drafts(*, at: datetime, within: timedelta) -> Iterator[EndingDraft]:
    """Yield what is deleted within that time: drafts by themselves, and carts as one; a few queries in all."""
    if settings.DRAFT_DAYS <= 0:
        return
    kept = timedelta(days=settings.DRAFT_DAYS)
    window = {"saved_at__gt": at - kept, "saved_at__lte": at - kept + within}
    drafts = Draft.objects.filter(case=None, part=None, owner__person__isnull=False, **window)
    columns = ("pk", "owner__person", "matter_version", "saved_at", "applicant_key", "matter")
    found = list(drafts.exclude(channel__in=("window", "phone")).order_by("pk").values_list(*columns)[:_AT_ONCE])
    versions = get_versions(version_ids={version for _, _, version, _, _, _ in found})
    for key, person, version, saved, whose, matter in found:
        until = swept_at(saved)
        assert until is not None
        name = versions[version].definition.name
        yield EndingDraft(id=str(key), person=person, name=name, until=until, is_cart=False, whose=whose, matter=matter)
    carts = Order.objects.filter(number=None, parts__removed=False, owner__person__isnull=False, **window).distinct()
    for key, person, bundle, saved, whose in (
        carts.exclude(channel="window")
        .order_by("pk")
        .values_list("pk", "owner__person", "bundle_version", "saved_at", "applicant_key")[:_AT_ONCE]
    ):
        until = swept_at(saved)
        assert until is not None
        name = get_bundle_version(version_id=bundle).definition.name if bundle is not None else _CART
        yield EndingDraft(id=str(key), person=person, name=name, until=until, is_cart=True, whose=whose)


_CART = Text("几件事一起办", "several matters")
