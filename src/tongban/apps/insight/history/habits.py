"""How people and departments behave in the generated past: how often, how long, what they say.

All of it is data: ``history.yaml`` of the city's folder, and ``defaults.yaml`` beside this module for what that leaves
out. Every figure is invented; nothing real is claimed by them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from tongban.apps.catalog.city import City, get_city, get_history
from tongban.apps.catalog.definitions.source import Document, read_yaml

__all__ = ["Habits", "get_defaults", "read_habits"]


@dataclass(frozen=True, slots=True)
class Duration:
    """Working minutes, lognormal: half of all take less than ``median``; ``spread`` is sigma."""

    median: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a generated past draws from. ``rates`` are between 0 and 1, ``weights`` only compare with each other."""

    city: City
    people: Mapping[str, Any]
    organisations: Mapping[str, Any]
    shops: Mapping[str, Any]
    addresses: Mapping[str, Any]
    hours: Sequence[float]
    weekdays: Sequence[float]
    months: Sequence[float]
    kinds: Mapping[str, float]
    matters: Mapping[str, float]
    channels: Mapping[str, float]
    waiting: Mapping[str, Duration]
    working: Mapping[str, Duration]
    pace: Mapping[str, Mapping[str, float]]
    busy_months: Mapping[int, float]
    rates: Mapping[str, float]
    rating: Mapping[str, Any]
    words: Mapping[str, Sequence[str]]

    def arrival_weight(self, at: datetime) -> float:
        """How likely a case arrives in this local hour."""
        return self.hours[at.hour] * self.weekdays[at.weekday()] * self.months[at.month - 1]

    def matter_weight(self, *, code: str, kind: str) -> float:
        """How often a matter is asked for, beside the others."""
        return self.matters.get(code, self.kinds[kind])

    def channel(self, random: Random) -> str:
        """By which way a case comes in."""
        return random.choices(list(self.channels), list(self.channels.values()))[0]

    def happens(self, what: str, random: Random) -> bool:
        """Whether something that happens at that rate happens now."""
        return random.random() < self.rates[what]

    def says(self, what: str, random: Random) -> str:
        """What somebody writes on that occasion."""
        return random.choice(self.words[what])

    def minutes_of_waiting(self, *, act: str, department: str, at: datetime, random: Random) -> int:
        """Working minutes until the step is taken on; departments fall behind when the year's busy months come."""
        usual = self.waiting.get(act) or self.waiting["other"]
        busy = self.busy_months.get(at.month, 1.0)
        return int(usual.median * self._pace(act, department) * busy * random.lognormvariate(0, usual.spread))

    def minutes_of_work(self, *, act: str, department: str, random: Random) -> int:
        """Working minutes from taking a step on to finishing it."""
        usual = self.working.get(act) or self.working["other"]
        return 1 + int(usual.median * self._pace(act, department) ** 0.5 * random.lognormvariate(0, usual.spread))

    def grade(self, *, late: bool, denied: bool, random: Random) -> tuple[int, str]:
        """A rating (5 is best) and the words beside it, which many leave out."""
        unhappy = self.rating["unhappy_when_late"] * late + self.rating["unhappy_when_denied"] * denied
        best, good, fair, poor, worst = self.rating["grades"]
        moved = min(unhappy, best)
        weights = (best - moved, good, fair, poor + moved / 2, worst + moved / 2)
        words = "" if random.random() < self.rating["without_words"] else self.says("ratings", random)
        return random.choices((5, 4, 3, 2, 1), weights)[0], words

    def _pace(self, act: str, department: str) -> float:
        own = self.pace.get(department)
        return 1.0 if own is None else own.get(act, own.get("all", 1.0))


@cache
def get_defaults() -> Mapping[str, Any]:
    """Return what is so in a city that says nothing of it."""
    text = (resources.files(__package__) / "defaults.yaml").read_text("utf-8")
    document = read_yaml(text, file="defaults.yaml")
    assert isinstance(document, Document), document
    found: Mapping[str, Any] = document.value
    return found


def read_habits() -> Habits:
    """Return the habits of the city that is served. Raises ``DefinitionsInvalid`` when its file cannot be used."""
    city, own = get_city(), get_history()
    told = {name: {**_plain(part), **_plain(own.get(name, {}))} for name, part in get_defaults().items()}
    # What no file says is taken from the city's own codes.
    told["people"].setdefault("identity_area", city.division_code[:4] + "99")
    told["organisations"].setdefault("code_prefix", f"91{city.division_code}MB")
    arrivals = told["arrivals"]
    return Habits(
        city=city,
        people=told["people"],
        organisations=told["organisations"],
        shops=told["shops"],
        addresses=told["addresses"],
        hours=arrivals["hours"],
        weekdays=arrivals["weekdays"],
        months=arrivals["months"],
        kinds=arrivals["kinds"],
        matters=arrivals["matters"],
        channels=arrivals["channels"],
        rates=told["rates"],
        rating=told["rating"],
        words=told["words"],
        waiting={act: Duration(*both) for act, both in told["waiting"].items()},
        working={act: Duration(*both) for act, both in told["working"].items()},
        pace=told["pace"],
        busy_months={int(month): factor for month, factor in told["busy_months"].items()},
    )


def _plain(value: Any) -> Any:
    """Decimals as floats: chances and paces are no amounts of money."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str) else float(value)
