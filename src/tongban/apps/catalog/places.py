"""Where people can come in person, as ``windows.yaml`` says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongban.apps.catalog.city import get_city
from tongban.apps.catalog.definitions import Text

__all__ = ["Place", "list_places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A centre with windows that take a matter in. ``days`` are 1 (Monday) to 7; hours as on its door, "08:30".

    ``limited``: the windows that have hours of their own, each with periods of days, from and to.
    """

    code: str
    name: Text
    address: Text
    phone: str
    days: tuple[int, ...]
    opens: str
    closes: str
    access: Text | None
    windows: tuple[Text, ...]
    gives_numbers: bool
    limited: tuple[tuple[Text, tuple[tuple[tuple[int, ...], str, str], ...]], ...] = ()


def list_places(*, matter: str) -> list[Place]:
    """Return the centres where a matter can be handed in, with its own windows, or else those for everything."""
    return [place for centre in get_city().centres if (place := _place(centre, matter))]


def _place(centre: Mapping[str, Any], matter: str) -> Place | None:
    own = [
        window for window in centre["windows"] if isinstance(window["matters"], list) and matter in window["matters"]
    ]
    windows = own or [window for window in centre["windows"] if window["matters"] == "all"]
    if not windows:
        return None
    hours = centre.get("open", {})
    return Place(
        code=centre["code"],
        name=Text(**centre["name"]),
        address=Text(**centre["address"]),
        phone=str(centre.get("phone", "")),
        days=tuple(hours.get("days", ())),
        opens=str(hours.get("from", "")),
        closes=str(hours.get("to", "")),
        access=Text(**centre["access"]) if "access" in centre else None,
        windows=tuple(Text(**window["name"]) for window in windows),
        gives_numbers="groups" in centre,
        limited=tuple(
            (Text(**window["name"]), tuple((tuple(each["days"]), each["from"], each["to"]) for each in window["open"]))
            for window in windows
            if "open" in window
        ),
    )
