"""What the centres of ``windows.yaml`` say of numbers and bookings: halls, service groups and their windows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["KEEP_DAYS", "Booking", "Hall", "HallGroup", "HallWindow", "WindowHours", "check_halls", "read_halls"]

FILE = "windows.yaml"
KEEP_DAYS = 90
_RETURNS_AFTER = _NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowHours:
    """Between which hours on the wall a window is open on these days, 1 (Monday) to 7."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class HallWindow:
    """A window. ``bookable``: times can be booked at it. ``hours``: its own; without any, it opens with its hall."""

    code: str
    name: Text
    bookable: bool
    hours: tuple[WindowHours, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HallGroup:
    """What people take numbers for. ``matters`` None: everything.

    ``minutes``: how long one takes, for want of figures.
    """

    code: str
    letter: str
    name: Text
    note: Text | None
    matters: frozenset[str] | None
    windows: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Times that can be booked: how long one is, how many days ahead, and between which hours on the wall."""

    minutes: int
    days_ahead: int
    hours: tuple[tuple[time, time], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A service centre that gives numbers. ``days`` are 1 (Monday) to 7, hours as on its door, on the city's wall.

    ``returns_after``: how many go first when somebody who missed their number comes back. ``keep_days``: for so long
    tickets and appointments are kept after their day. ``near``: who took a number online is told when as few go before
    them; 0 tells nobody.
    """

    code: str
    name: Text
    address: Text
    phone: str
    days: frozenset[int]
    opens: time
    closes: time
    windows: Mapping[str, HallWindow]
    groups: Mapping[str, HallGroup]
    booking: Booking | None
    returns_after: int
    keep_days: int = KEEP_DAYS
    near: int = _NEAR

    def groups_at(self, window: str) -> tuple[str, ...]:
        """The groups that a window serves."""
        return tuple(code for code, group in self.groups.items() if window in group.windows)

    def groups_for(self, matter: str) -> tuple[HallGroup, ...]:
        """The groups that a matter belongs to: those made for it, or else those for everything."""
        own = tuple(group for group in self.groups.values() if group.matters is not None and matter in group.matters)
        return own or tuple(group for group in self.groups.values() if group.matters is None)

    def bookable_at(self, group: str) -> tuple[str, ...]:
        """The windows at which times can be booked for a group: as many people come at one time."""
        windows = self.groups[group].windows if self.booking is not None else ()
        return tuple(code for code in windows if self.windows[code].bookable)


def read_halls(folder: Path) -> Mapping[str, Hall] | list[Problem]:
    """The halls of the city in ``folder`` by code, or why its file cannot be used; none without a file."""
    if not (folder / FILE).exists():
        return {}
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    problems = check_schema(document, schema="windows") or list(_check(document))
    return problems or {row["code"]: _hall(row) for row in document.value["centres"] if "groups" in row}


def check_halls(document: Document | None, *, matters: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the groups and bookings of a ``windows.yaml`` that has the right form."""
    if document is None:
        return
    yield from _check(document)
    for index, centre in enumerate(document.value["centres"]):
        for place, group in enumerate(centre.get("groups", ())):
            for code in group["matters"] if isinstance(group["matters"], list) else ():
                if code not in matters:
                    path = ("centres", index, "groups", place, "matters")
                    cure = f"use one of {', '.join(matters)}"
                    yield document.problem(path, "matter.unknown", f"There is no matter `{code}`.", cure)


def _check(document: Document) -> Iterator[Problem]:
    """What does not hold together, whatever matters there are."""
    for index, centre in enumerate(document.value["centres"]):
        path: tuple[str | int, ...] = ("centres", index)
        if "groups" in centre or "booking" in centre:
            if "open" not in centre:
                message = f"`{centre['code']}` gives numbers, but does not say when it is open."
                yield document.problem(path, "hall.hours", message, "add `open` with days, from and to")
            elif centre["open"]["from"] >= centre["open"]["to"]:
                message = f"`{centre['code']}` closes before it opens."
                yield document.problem((*path, "open"), "hall.hours", message, "write the earlier time first")
            else:
                yield from _check_booking(document, path, centre)
                yield from _check_window_hours(document, path, centre)
        yield from _check_groups(document, path, centre)


def _check_groups(document: Document, path: tuple[str | int, ...], centre: Mapping[str, Any]) -> Iterator[Problem]:
    windows = {window["code"]: window for window in centre["windows"]}
    if len(windows) < len(centre["windows"]):
        message = f"Two windows of `{centre['code']}` have one number."
        yield document.problem((*path, "windows"), "hall.twice", message, "give each its own")
    seen: set[str] = set()
    for place, group in enumerate(centre.get("groups", ())):
        here = (*path, "groups", place)
        for key in ("code", "letter"):
            if (value := group[key]) in seen:
                message = f"Two groups of `{centre['code']}` have the {key} `{value}`."
                yield document.problem((*here, key), "hall.twice", message, "give each its own")
            seen.add(value)
        for code in group["windows"]:
            if code not in windows:
                message = f"`{centre['code']}` has no window `{code}`."
                cure = f"use one of {', '.join(windows)}"
                yield document.problem((*here, "windows"), "hall.window-unknown", message, cure)
            elif not _takes(windows[code]["matters"], group["matters"]):
                message = f"Window `{code}` does not take in all that `{group['code']}` is for."
                cure = "add the matters to the window, or leave it out of the group"
                yield document.problem((*here, "windows"), "hall.window-matters", message, cure)


def _check_booking(document: Document, path: tuple[str | int, ...], centre: Mapping[str, Any]) -> Iterator[Problem]:
    hours = centre.get("booking", {}).get("hours", ())
    last = centre["open"]["from"]
    for place, period in enumerate(hours):
        if not last <= period["from"] < period["to"] <= centre["open"]["to"]:
            message = "Hours of booking must follow each other, within those of the centre."
            cure = f"write them in order, between {centre['open']['from']} and {centre['open']['to']}"
            yield document.problem((*path, "booking", "hours", place), "hall.booking-hours", message, cure)
        last = period["to"]
    if hours and not any(window.get("appointment") for window in centre["windows"]):
        message = f"Times can be booked in `{centre['code']}`, but at none of its windows."
        yield document.problem((*path, "booking"), "hall.booking-windows", message, "mark one with `appointment: true`")


def _check_window_hours(
    document: Document, path: tuple[str | int, ...], centre: Mapping[str, Any]
) -> Iterator[Problem]:
    """A window has hours of its own within those of its centre, and on each day one after the other."""
    whole = centre["open"]
    for place, window in enumerate(centre["windows"]):
        until: dict[int, str] = {}
        for number, period in enumerate(window.get("open", ())):
            here = (*path, "windows", place, "open", number)
            if not whole["from"] <= period["from"] < period["to"] <= whole["to"]:
                message = f"Window `{window['code']}` is open when its centre is closed, or closes before it opens."
                yield document.problem(
                    here, "hall.window-hours", message, f"stay between {whole['from']} and {whole['to']}"
                )
            if other := sorted(set(period["days"]) - set(whole["days"])):
                message = f"Window `{window['code']}` opens on a day on which its centre is closed: {other[0]}."
                yield document.problem((*here, "days"), "hall.window-hours", message, "leave that day out")
            if any(period["from"] < until.get(day, "") for day in period["days"]):
                message = f"Two periods of window `{window['code']}` overlap."
                yield document.problem(here, "hall.window-hours", message, "write them in order, one after the other")
            until |= dict.fromkeys(period["days"], period["to"])


def _takes(window: Any, group: Any) -> bool:
    return not isinstance(window, list) or (isinstance(group, list) and set(group) <= set(window))


def _hall(row: Mapping[str, Any]) -> Hall:
    windows = [
        HallWindow(
            code=each["code"],
            name=text_of(each["name"]),
            bookable=each.get("appointment", False),
            hours=tuple(_window_hours(period) for period in each.get("open", ())),
        )
        for each in row["windows"]
    ]
    return Hall(
        code=row["code"],
        name=text_of(row["name"]),
        address=text_of(row["address"]),
        phone=str(row.get("phone", "")),
        days=frozenset(row["open"]["days"]),
        opens=time.fromisoformat(row["open"]["from"]),
        closes=time.fromisoformat(row["open"]["to"]),
        windows={each.code: each for each in windows},
        groups={each["code"]: _group(each) for each in row["groups"]},
        booking=_booking(row["booking"]) if "booking" in row else None,
        returns_after=row.get("returns_after", _RETURNS_AFTER),
        keep_days=row.get("keep_days", KEEP_DAYS),
        near=row.get("near", _NEAR),
    )


def _window_hours(row: Mapping[str, Any]) -> WindowHours:
    return WindowHours(
        days=frozenset(row["days"]), opens=time.fromisoformat(row["from"]), closes=time.fromisoformat(row["to"])
    )


def _group(row: Mapping[str, Any]) -> HallGroup:
    matters = row["matters"]
    return HallGroup(
        code=row["code"],
        letter=row["letter"],
        name=text_of(row["name"]),
        note=text_of(row["note"]) if "note" in row else None,
        matters=frozenset(matters) if isinstance(matters, list) else None,
        windows=tuple(row["windows"]),
        minutes=row["minutes"],
    )


def _booking(row: Mapping[str, Any]) -> Booking:
    hours: Sequence[Mapping[str, str]] = row["hours"]
    return Booking(
        minutes=row["minutes"],
        days_ahead=row["days_ahead"],
        hours=tuple((time.fromisoformat(each["from"]), time.fromisoformat(each["to"])) for each in hours),
    )
