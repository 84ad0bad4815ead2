"""The days and times that can be booked, as pages of residents and of clerks show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.halls import Hall
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import get_matter, list_codes, list_rows
from tongban.apps.halls.appointments import DayRow, FreeSlot, list_days, list_slots
from tongban.web.fields import Field, Option
from tongban.web.wording.halls import time_words

__all__ = ["Choice", "Wanted", "chosen_matter", "chosen_time", "matter_field", "offer", "wanted"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The days to choose from, the one that is shown, and its times."""

    days: Sequence[DayRow]
    day: date | None
    slots: Sequence[FreeSlot]

    def field(self, *, label: str, hint: str, errors: tuple[str, ...] = ()) -> Field:
        """The times as radios; those that are full are not among them."""
        options = tuple(
            Option(value=slot.starts_at.isoformat(), label=time_words(slot.starts_at, slot.ends_at))
            for slot in self.slots
            if slot.free
        )
        return Field(kind="radios", name="time", label=label, hint=hint, options=options, errors=errors)


def offer(*, hall: str, group: str, day: str, at: datetime) -> Choice:
    """What can be booked for a group; shown is the day that was asked for, or the first with a free place."""
    days = list_days(hall=hall, group=group, at=at)
    shown = next((row.day for row in days if row.day.isoformat() == day), None)
    shown = shown or next((row.day for row in days if row.free), None)
    return Choice(days, shown, list_slots(hall=hall, group=group, day=shown, at=at) if shown else ())


def chosen_time(text: str) -> datetime | None:
    """The instant that a form posts; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a time is wanted for, and its papers: each with whether it is needed in some cases only."""

    code: str
    name: Text
    papers: Sequence[tuple[Text, bool]]


def matter_field(*, hall: Hall, group: str, chosen: str, on: date) -> Field:
    """What the time is wanted for: one of the matters of the group, or left open."""
    language = get_language() or "zh-hans"
    names = sorted((row.name.in_language(language), row.code) for row in list_rows(codes=_codes(hall, group), on=on))
    choices = [("", _("I am not sure")), *((code, name) for name, code in names)]
    return Field(
        kind="select",
        name="matter",
        label=_("What is it about?"),
        hint=_("Then we can say what to bring, and the window knows."),
        required=False,
        options=tuple(Option(value=code, label=name, selected=code == chosen) for code, name in choices),
    )


def chosen_matter(*, hall: Hall, group: str, text: str) -> str:
    """The matter that a form posts; "" where it is none of the group's."""
    return text if text and text in _codes(hall, group) else ""


def wanted(*, matter: str, on: date) -> Wanted | None:
    """What is to be brought for a matter on a day; None where that is not known, or it is in force no more."""
    if not matter:
        return None
    try:
        definition = get_matter(code=matter, on=on).definition
    except UnknownMatter:
        return None
    papers = [(spec.name, spec.when is not None) for spec in definition.materials if spec.is_asked and spec.need != "2"]
    return Wanted(matter, definition.name, papers)


def _codes(hall: Hall, group: str) -> list[str]:
    own = hall.groups[group].matters
    return sorted(own) if own is not None else list_codes()
