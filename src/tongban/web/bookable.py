"""The days and times that can be booked, as pages of residents and of clerks show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tongban.apps.halls.appointments import DayRow, FreeSlot, list_days, list_slots
from tongban.web.fields import Field, Option
from tongban.web.wording.halls import time_words

__all__ = ["Choice", "chosen_time", "offer"]


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
