"""Looking over all topics by the hour: which grow unusually, and where messages look organised."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.voice.models import Topic, TopicAlert
from tongban.apps.voice.topics.alerts import LEAST, WINDOW, Growth, unusual_growth
from tongban.apps.voice.topics.campaigns import signs
from tongban.apps.voice.topics.clustering import Topics
from tongban.apps.voice.whole.describing import make_stale
from tongban.apps.voice.whole.held import using
from tongban.apps.voice.whole.record import put_on_record
from tongban.apps.voice.whole.settling import standing

__all__ = ["look_over"]

_KNOWN = timedelta(days=480)
"""So far back days are counted: a year, the season on either side of it, and what is learned from before."""
_BEGINNING = timedelta(days=21)
"""A city in which people have spoken for less has nothing usual that something could be compared with."""
_SIGNS = timedelta(days=30)
_NAMED = 200
"""Inquiries that are named with a sign."""


def look_over(*, at: datetime) -> None:
    """Raise alerts for topics that grow unusually, note signs that messages are organised, and let heat cool."""
    with using() as held:
        grown = _grown(held.topics, at)
        found = _signs(held.topics, at)
        with transaction.atomic():
            for strand, growth in grown.items():
                _raise(held.topics, strand, growth, at)
            _keep_signs(held.topics, found)
    make_stale(at=at)


def _grown(topics: Topics, at: datetime) -> dict[int, Growth]:
    """By topic, the growth that is unusual."""
    rows, calendar = topics.rows, get_calendar()
    today, begin = calendar.local_date(at), (at - _KNOWN).timestamp()
    city: Counter[date] = Counter()
    people: dict[int, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in range(len(topics)):
        if begin <= rows.seconds[row] <= at.timestamp():
            day = calendar.local_date(datetime.fromtimestamp(rows.seconds[row], tz=calendar.timezone))
            city[day] += 1
            people[topics.links.topic(rows.strands[row])][day].add(rows.persons[row])
    if not city or today - min(city) < _BEGINNING:
        return {}
    found = {}
    for strand, days in people.items():
        counts = {day: len(who) for day, who in days.items()}
        if sum(counts.get(today - timedelta(days=back), 0) for back in range(WINDOW)) < LEAST:
            continue
        if growth := unusual_growth(counts=counts, city=city, on=today, since=min(city)):
            found[strand] = growth
    return found


def _raise(topics: Topics, strand: int, growth: Growth, at: datetime) -> None:
    """An alert, on record; none where the same growth was told in the last week."""
    row, today = standing(topics, strand), get_calendar().local_date(at)
    if row is None or TopicAlert.objects.filter(topic=row, on__gt=today - timedelta(days=WINDOW)).exists():
        return
    figures = {
        "observed": growth.observed,
        "expected": round(growth.expected, 2),
        "chance": growth.chance,
        "days": growth.days,
        "city": round(growth.city, 2),
        "of_season": growth.of_season,
    }
    TopicAlert.objects.create(topic=row, on=today, raised_at=at, **figures)
    # The ledger's numbers are written the same everywhere: what is tiny is told as one in so many.
    told = {name: value for name, value in figures.items() if name != "chance"}
    told["one_in"] = min(10**9, round(1 / growth.chance)) if growth.chance else 10**9
    put_on_record(row, "topic.alarmed", {"on": today.isoformat(), **told}, at=at)


def _signs(topics: Topics, at: datetime) -> dict[int, list[dict[str, Any]]]:
    """By topic, what looks organised in it; nothing is left out because of it."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for sign in signs(topics, since=at - _SIGNS, until=at):
        told = {
            "kind": sign.kind,
            "people": sign.people,
            "new": sign.new,
            "topics": sign.topics,
            "hours": round(sign.hours, 1),
            "messages": len(sign.keys),
            "inquiries": [int(key) for key in sign.keys[:_NAMED]],
        }
        for strand in sorted({topics.topic_of(key) for key in sign.keys}):
            found[strand].append(told)
    return found


def _keep_signs(topics: Topics, found: Mapping[int, list[dict[str, Any]]]) -> None:
    rows = {row.pk: row_signs for strand, row_signs in found.items() if (row := standing(topics, strand))}
    for row in Topic.objects.select_for_update().exclude(signs=[]).exclude(pk__in=rows).order_by("pk"):
        row.signs = []
        row.save(update_fields=["signs"])
    for number, row_signs in sorted(rows.items()):
        Topic.objects.filter(pk=number).update(signs=row_signs)
