"""The working calendar that a city's ``calendar.yaml`` describes."""

from datetime import date, time
from pathlib import Path

from tongban.kernel.clock import Calendar, ClockError, calendar_for

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml

__all__ = ["calendar_of", "read_calendar"]

FILE = "calendar.yaml"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_calendar(folder: Path) -> Calendar | list[Problem]:
    """The calendar of a city's folder, the national one when it has no file, or why the file cannot be used."""
    if not (folder / FILE).exists():
        return calendar_for()
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    problems = check_schema(document, schema="calendar")
    if problems:
        return problems
    try:
        return calendar_of(document)
    except ClockError as error:
        message = f"This is no working calendar. {error}."
        return [document.problem((), "calendar.invalid", message, "correct what the code names")]


def calendar_of(document: Document) -> Calendar:
    """The calendar of a document that fits ``calendar.json``. Raises ``ClockError``."""
    value = document.value
    return calendar_for(
        country=value["country"],
        subdivision=value.get("subdivision"),
        timezone=value["timezone"],
        hours=tuple(
            (time.fromisoformat(one["start"]), time.fromisoformat(one["end"])) for one in value["office_hours"]
        ),
        weekend=[_DAYS.index(day) for day in value["weekend"]] if "weekend" in value else None,
        first_year=value.get("first_year", 2015),
        last_year=value.get("last_year", 2045),
        overrides={date.fromisoformat(day): word == "on" for day, word in (value.get("overrides") or {}).items()},
        announced_years=value.get("announced_years", ()),
    )
