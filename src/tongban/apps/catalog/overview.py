"""What everybody's start page says of the catalogue: read by every visitor, so it is kept until it changes."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache

from tongban.apps.catalog.bundles import PublishedBundle, list_bundles
from tongban.apps.catalog.listing import MatterRow
from tongban.apps.catalog.queries import list_matters, list_rows, list_topics
from tongban.apps.catalog.searching.learning import list_chosen

__all__ = ["Overview", "forget", "get_overview"]

_KEY = "catalog.overview"
_KEPT_SECONDS = 60
_MOST = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """How many matters are in force on a day, those to begin with, and how many each topic has.

    First come those that are opened most after searches, then what each event of life begins with; where a city has
    neither, the first by code.
    """

    on: date
    count: int
    first: tuple[MatterRow, ...]
    topics: dict[str, int]


def get_overview(*, on: date) -> Overview:
    """Return what start pages say on that day; no query while it is kept.

    A publication ends it at once where processes share a cache, and within ``_KEPT_SECONDS`` elsewhere.
    """
    kept: Overview | None = cache.get(_KEY)
    if kept is not None and kept.on == on:
        return kept
    all_of_them = list_matters(on=on, limit=_MOST)
    wanted = [*list_chosen(on=on, limit=_MOST), *map(_begins_with, list_bundles(on=on))]
    first = list_rows(codes=list(dict.fromkeys(wanted))[:_MOST], on=on)
    found = Overview(on=on, count=all_of_them.total, first=first or all_of_them.items, topics=list_topics(on=on))
    cache.set(_KEY, found, _KEPT_SECONDS)
    return found


def forget() -> None:
    """Read it anew when it is asked for next."""
    cache.delete(_KEY)


def _begins_with(bundle: PublishedBundle) -> str:
    return bundle.definition.parts[0].matter
