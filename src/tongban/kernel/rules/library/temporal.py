"""Date and time functions. `now` and `today` answer the time given to the evaluation; nothing here reads a clock."""

from calendar import monthrange
from datetime import UTC, date, time, timedelta, timezone, tzinfo
from decimal import Decimal

from tongban.kernel.rules.library.registry import built_in
from tongban.kernel.rules.runtime import temporal as t
from tongban.kernel.rules.runtime.eras import Dated, day_of, in_zone, parted, placed
from tongban.kernel.rules.values import Run, Value, YearsMonths, kind

__all__: list[str] = []

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@built_in("@", "from: string")
def at(run: Run, text: str) -> Value:
    value = t.at_literal(text)
    return value if value is not None else run.null("rules.null.text", function="@")


@built_in("date", "from: string")
def date_of_text(run: Run, text: str) -> Value:
    value = t.parse_date(text)
    return value if value is not None else run.null("rules.null.text", function="date")


@built_in("date", "from: day")
def date_of_day(run: Run, value: Dated) -> Value:
    if kind(value) == "date":
        return value
    eras, within = parted(value)
    return placed(eras, date(within.year, within.month, within.day))


@built_in("date", "year: number, month: number, day: number")
def date_of_parts(run: Run, year: Value, month: Value, day: Value) -> Value:
    if any(part != int(part) for part in (year, month, day)):
        return run.null("rules.null.range", operator="date")
    try:
        return day_of(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return run.null("rules.null.range", operator="date")


@built_in("date and time", "from: string")
def moment_of_text(run: Run, text: str) -> Value:
    value = t.parse_date_time(text)
    return value if value is not None else run.null("rules.null.text", function="date and time")


@built_in("date and time", "date: day, time: time")
def moment_of_day_and_time(run: Run, day: Dated, clock: time) -> Value:
    return t.combine(day, clock)


@built_in("date and time", "from: day")
def moment_of_day(run: Run, value: Dated) -> Value:
    return t.midnight(value) if kind(value) == "date" else value


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@built_in("date and time", f"{_PARTS}, offset: days?")
def moment_of_parts(run: Run, year: Value, month: Value, day: Value, *clock: Value) -> Value:
    begun, moment = date_of_parts(run, year, month, day), time_of_parts(run, *clock)
    return None if begun is None or moment is None else t.combine(begun, moment)


@built_in("date and time", f"{_PARTS}, timezone: string")
def moment_of_parts_in_zone(run: Run, *parts: Value) -> Value:
    *numbers, name = parts
    zone, moment = _zone(name), moment_of_parts(run, *numbers)
    if zone is None or moment is None:
        return run.null("rules.null.text", function="date and time")
    eras, within = parted(moment)
    return placed(eras, within.replace(tzinfo=zone))


def _zone(name: str) -> tzinfo | None:
    """A zone by its name, or an offset such as `+02:00` or `Z`."""
    sample = t.parse_time("00:00:00" + (name if name[:1] in "+-Z" else f"@{name}"))
    return None if sample is None else sample.tzinfo


@built_in("date and time", "date: moment, timezone: string")
def moment_in_zone(run: Run, value: Value, name: str) -> Value:
    zone = _zone(name)
    if zone is None:
        return run.null("rules.null.text", function="date and time")
    eras, within = parted(value)
    return in_zone(placed(eras, within if within.tzinfo else within.replace(tzinfo=UTC)), zone)


@built_in("time", "from: string")
def time_of_text(run: Run, text: str) -> Value:
    value = t.parse_time(text)
    return value if value is not None else run.null("rules.null.text", function="time")


@built_in("time", "from: time")
def time_of_time(run: Run, value: time) -> Value:
    return value


@built_in("time", "from: day")
def time_of_day(run: Run, value: Dated) -> Value:
    return time(0, 0, tzinfo=UTC) if kind(value) == "date" else parted(value)[1].timetz()


@built_in("time", "hour: number, minute: number, second: number, offset: days?")
def time_of_parts(run: Run, hour: Value, minute: Value, second: Value, offset: timedelta | None = None) -> Value:
    try:
        zone = None if offset is None else UTC if not offset else timezone(offset)
        micro = int((Decimal(second) - int(second)) * 1_000_000)
        return time(int(hour), int(minute), int(second), micro, zone)
    except (ValueError, OverflowError):
        return run.null("rules.null.range", operator="time")


@built_in("duration", "from: string")
def duration(run: Run, text: str) -> Value:
    value = t.parse_duration(text)
    return value if value is not None else run.null("rules.null.text", function="duration")


@built_in("duration", "from: duration")
def duration_of_duration(run: Run, value: Value) -> Value:
    return value


@built_in("years and months duration", "from: day, to: day")
def years_and_months(run: Run, start: Dated, end: Dated) -> Value:
    """Whole months from one day to the other, towards zero; the time of day does not count."""
    sign, first, last = (1, start, end)
    if (start.year, start.month, start.day) > (end.year, end.month, end.day):
        sign, first, last = (-1, end, start)
    months = (last.year - first.year) * 12 + last.month - first.month
    if last.day < first.day:
        months -= 1
    return YearsMonths(sign * months)


@built_in("years and months duration", "from: months")
def years_and_months_of(run: Run, value: YearsMonths) -> Value:
    return value


@built_in("now")
def now(run: Run) -> Value:
    return run.at if run.at is not None else run.null("rules.null.no-clock", function="now")


@built_in("today")
def today(run: Run) -> Value:
    return run.at.date() if run.at is not None else run.null("rules.null.no-clock", function="today")


@built_in("day of week", "date: day")
def day_of_week(run: Run, value: Dated) -> str:
    return _WEEKDAYS[parted(value)[1].weekday()]


@built_in("day of year", "date: day")
def day_of_year(run: Run, value: Dated) -> Value:
    return parted(value)[1].timetuple().tm_yday


@built_in("week of year", "date: day")
def week_of_year(run: Run, value: Dated) -> Value:
    return parted(value)[1].isocalendar().week


@built_in("month of year", "date: day")
def month_of_year(run: Run, value: Dated) -> str:
    return _MONTHS[value.month - 1]


@built_in("last day of month", "date: day")
def last_day_of_month(run: Run, value: Dated) -> Value:
    return monthrange(parted(value)[1].year, value.month)[1]
