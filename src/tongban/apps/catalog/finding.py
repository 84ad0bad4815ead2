"""Looking for a matter, by words and by facets, in one go."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tongban.apps.catalog import searching
from tongban.apps.catalog.definitions import TOPICS
from tongban.apps.catalog.listing import MatterRow, Page, in_force, rows_of
from tongban.apps.catalog.models import Matter

__all__ = ["SERVED", "Facets", "Found", "find_matters", "suggest"]

SERVED = ("1", "2", "3", "4", "5", "6")
"""Whom a matter serves (GB/T 39046): a person, an enterprise, an institution, an association, an authority, others."""

_MORE_THAN_SHOWN = 4  # some may be withdrawn, or not be in force yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many matters each choice would leave, with the other choices as they are; only those that leave any.

    Where nothing was found, how many each would leave alone.
    """

    topics: dict[str, int]
    served: dict[str, int]
    authorities: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found. ``meant``: what the words were mended to, where they were not known as typed."""

    page: Page[MatterRow]
    facets: Facets
    meant: tuple[str, ...]


def find_matters(
    *,
    on: date,
    text: str = "",
    topic: str = "",
    served: str = "",
    authority: str = "",
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """The matters in force that fit words and facets, best first, or by code where there are no words.

    The count of queries does not grow with rows.
    """
    chosen = {"topic": topic, "served": served, "authority": authority}
    if text.strip():
        return _fitting(text, on, chosen, offset, limit)
    matters = in_force(on=on, **chosen)
    wanted, total = list(matters.values_list("pk", flat=True)[offset : offset + limit]), matters.count()
    facets = _facets(on, chosen if total else {})
    return Found(page=Page(rows_of(wanted, on), total, offset, limit), facets=facets, meant=())


def _fitting(text: str, on: date, chosen: dict[str, str], offset: int, limit: int) -> Found:
    """What fits words: few enough that their facets are counted here, with one query."""
    ranking = searching.rank(text, on=on)
    columns = ("pk", "topics", "served", "authority_id")
    held = {row[0]: row[1:] for row in in_force(on=on).filter(pk__in=ranking.codes).values_list(*columns)}
    facts = {code: _values(*held[code]) for code in ranking.codes if code in held}
    codes = [code for code, values in facts.items() if _fits(values, chosen)]
    counts: dict[str, Counter[str]] = {name: Counter() for name in chosen}
    for name, counted in counts.items():
        others = {key: value for key, value in chosen.items() if key != name}
        for values in facts.values():
            if _fits(values, others):
                counted.update(values[name])
    facets = Facets(
        topics={each: counts["topic"][each] for each in TOPICS if counts["topic"][each]},
        served={each: counts["served"][each] for each in SERVED if counts["served"][each]},
        authorities=dict(sorted(counts["authority"].items(), key=lambda pair: (-pair[1], pair[0]))),
    )
    return Found(
        page=Page(rows_of(codes[offset : offset + limit], on), len(codes), offset, limit),
        facets=facets if codes else _facets(on, {}),
        meant=ranking.meant,
    )


def _values(topics: list[str], served: list[str], authority: str) -> dict[str, list[str]]:
    return {"topic": topics, "served": served, "authority": [authority]}


def _fits(values: dict[str, list[str]], chosen: dict[str, str]) -> bool:
    return all(not wanted or wanted in values[name] for name, wanted in chosen.items())


def suggest(*, text: str, on: date, limit: int = 6) -> tuple[MatterRow, ...]:
    """The few matters that what has been typed so far may mean."""
    if not text.strip():
        return ()
    codes = searching.rank(text, on=on).codes[: limit * _MORE_THAN_SHOWN]
    held = set(in_force(on=on).filter(pk__in=codes).values_list("pk", flat=True))
    return rows_of([code for code in codes if code in held][:limit], on)


def _facets(on: date, chosen: dict[str, str]) -> Facets:
    def others(name: str) -> QuerySet[Matter]:
        return in_force(on=on, **{key: value for key, value in chosen.items() if key != name})

    by_authority = others("authority").order_by().values_list("authority_id").annotate(count=Count("pk"))
    return Facets(
        topics=_counted(others("topic"), "topics", TOPICS),
        served=_counted(others("served"), "served", SERVED),
        authorities=dict(by_authority.order_by("-count", "authority_id")),
    )


def _counted(found: QuerySet[Matter], column: str, values: tuple[str, ...]) -> dict[str, int]:
    text = f"{column}_text"
    counts = {f"n{value}": Count("pk", filter=Q(**{f"{text}__contains": f'"{value}"'})) for value in values}
    totals = found.order_by().annotate(**{text: Cast(column, TextField())}).aggregate(**counts)
    return {value: totals[f"n{value}"] for value in values if totals[f"n{value}"]}
