"""How the city's districts are found in what is said."""

import re

from tongban.apps.catalog.city import get_city

__all__ = ["district_pattern"]


def district_pattern() -> re.Pattern[str] | None:
    """A pattern of the districts' names; None in a city without any."""
    names = sorted((name["zh"] for name in get_city().district_names.values()), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, names))) if names else None
