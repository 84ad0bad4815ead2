"""The city that this installation serves: its names and its working calendar, read from its folder once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tongban.apps.catalog.definitions.calendars import read_calendar
from tongban.apps.catalog.errors import DefinitionsInvalid
from tongban.kernel.clock import Calendar

__all__ = ["City", "get_calendar", "get_city"]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Names and phones of the city, in both languages."""

    code: str
    name: dict[str, str]
    site_name: dict[str, str]
    government: dict[str, str]
    division_code: str
    front_desk: str
    phones: dict[str, str]
    centres: list[dict[str, Any]]


@cache
def get_city() -> City:
    """Return the city of ``settings.CITY``."""
    folder = Path(settings.CITY)
    raw = yaml.safe_load((folder / "city.yaml").read_text())
    windows = yaml.safe_load((folder / "windows.yaml").read_text())
    return City(
        code=raw["code"],
        name=raw["name"],
        site_name=raw["site_name"],
        government=raw["government"],
        division_code=str(raw["division_code"]),
        front_desk=raw["front_desk"],
        phones={key: str(value) for key, value in raw["phones"].items()},
        centres=windows["centres"],
    )


@cache
def get_calendar() -> Calendar:
    """Return the working calendar of the city: its country's days, its own office hours and exceptions.

    Raises ``DefinitionsInvalid`` when its file cannot be used.
    """
    calendar = read_calendar(Path(settings.CITY))
    if isinstance(calendar, list):
        raise DefinitionsInvalid(calendar)
    return calendar
