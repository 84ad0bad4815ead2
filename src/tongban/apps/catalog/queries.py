"""Reads of the catalogue: the version in force on a day, lists, search, and where people can come in person."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast

from tongban.apps.catalog import searching
from tongban.apps.catalog.definitions import TOPICS
from tongban.apps.catalog.finding import Facets, Found, find_matters, suggest
from tongban.apps.catalog.listing import MatterRow, Page, in_force, rows_of
from tongban.apps.catalog.models import Matter
from tongban.apps.catalog.places import Place, list_places
from tongban.apps.catalog.versions import (
    PublishedMatter,
    forget,
    get_matter,
    get_matters,
    get_numbered,
    get_texts,
    get_version,
    get_versions,
)

__all__ = [
    "Facets",
    "Found",
    "MatterRow",
    "Page",
    "Place",
    "PublishedMatter",
    "find_matters",
    "forget",
    "get_matter",
    "get_matters",
    "get_numbered",
    "get_texts",
    "get_version",
    "get_versions",
    "list_codes",
    "list_matters",
    "list_national",
    "list_places",
    "list_rows",
    "list_topics",
    "search",
    "suggest",
]


def list_codes() -> list[str]:
    """Return the codes of all matters that there ever were here, in order; one query."""
    return list(Matter.objects.order_by("pk").values_list("pk", flat=True))


def list_matters(
    *,
    on: date,
    topic: str | None = None,
    kind: str | None = None,
    served: str | None = None,
    text: str = "",
    offset: int = 0,
    limit: int = 20,
) -> Page[MatterRow]:
    """The matters in force, by code, or by how well they fit ``text``. The count of queries does not grow with rows."""
    found = in_force(on=on, topic=topic or "", kind=kind or "", served=served or "")
    if text.strip():
        ranked = searching.rank(text, on=on).codes
        held = set(found.filter(pk__in=ranked).values_list("pk", flat=True))
        codes = [code for code in ranked if code in held]
        return Page(rows_of(codes[offset : offset + limit], on), len(codes), offset, limit)
    wanted = list(found.values_list("pk", flat=True)[offset : offset + limit])
    return Page(rows_of(wanted, on), found.count(), offset, limit)


def list_national(*, on: date) -> list[PublishedMatter]:
    """The matters in force that can be asked for from anywhere in the country (``area: national``), by code."""
    codes = list(in_force(on=on).exclude(versions__published_by__startswith="neighbour:").values_list("pk", flat=True))
    found = get_matters(codes=codes, on=on)
    return [found[code] for code in sorted(found) if found[code].definition.area == "national"]


def search(*, text: str, on: date, limit: int = 20) -> tuple[MatterRow, ...]:
    """The matters that fit what someone typed, best first."""
    return list_matters(on=on, text=text, limit=limit).items if text.strip() else ()


def list_rows(*, codes: Sequence[str], on: date) -> tuple[MatterRow, ...]:
    """These matters as lists show them, those in force, in this order; two queries."""
    held = set(in_force(on=on).filter(pk__in=codes).values_list("pk", flat=True)) if codes else set()
    return rows_of([code for code in codes if code in held], on)


def list_topics(*, on: date) -> dict[str, int]:
    """How many matters in force each topic has, in the order of the schema; one query."""
    found = in_force(on=on).annotate(topics_text=Cast("topics", TextField()))
    counts = {topic: Count("pk", filter=Q(topics_text__contains=f'"{topic}"')) for topic in TOPICS}
    return found.aggregate(**counts)
