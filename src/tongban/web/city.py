"""What every page says of the city: its name, whose site this is, whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

__all__ = ["City", "get_city"]


@dataclass(frozen=True, slots=True)
class City:
    """The city's names in each language and its telephone numbers."""

    name: Mapping[str, str]
    site_name: Mapping[str, str]
    government: Mapping[str, str]
    phones: Mapping[str, str]


@lru_cache(maxsize=4)
def _read(folder: Path) -> City:
    facts = yaml.safe_load((folder / "city.yaml").read_text(encoding="utf-8"))
    return City(
        name=facts["name"],
        site_name=facts["site_name"],
        government=facts["government"],
        phones={key: str(value) for key, value in facts["phones"].items()},
    )


def get_city() -> City:
    """The city that this installation serves (``settings.CITY``), read once from its folder."""
    return _read(Path(settings.CITY))
