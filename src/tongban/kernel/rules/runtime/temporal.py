"""Dates, times and durations: their text, their parts, and moving them. Microseconds; any year that FEEL knows."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from tongban.kernel.rules.runtime.eras import (
    Dated,
    FarDay,
    FarMoment,
    day_of,
    in_zone,
    move_days,
    move_months,
    parted,
    placed,
)
from tongban.kernel.rules.values import Value, YearsMonths, kind

__all__ = [
    "MICRO", "at_literal", "combine", "microseconds", "midnight", "on_one_scale", "on_timeline", "parse_date",
    "parse_date_time", "parse_duration", "parse_time", "part", "shift", "text_of",
]  # fmt: skip

MICRO = timedelta(microseconds=1)
_MOMENT = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?"
)
_DAY = r"(?P<year>-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_DATE = re.compile(_DAY)
_TIME = re.compile("T?" + _MOMENT)
_DATE_TIME = re.compile(_DAY + "T" + _MOMENT)
_MONTHS = re.compile(r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS = re.compile(r"(-)?P(?:([0-9]+)D)?(?:(T)(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?")
_MAX_OFFSET = 14 * 3600


def _zone(text: str | None) -> tzinfo | None:
    """The zone of a suffix; raises ValueError for one that does not exist."""
    if text is None:
        return None
    if text in ("Z", "z"):
        return UTC
    if text[0] == "@":
        try:
            return ZoneInfo(text[1:])
        except (OSError, LookupError, ValueError) as error:
            raise ValueError(text) from error
    hours, minutes, *rest = (int(part) for part in text[1:].split(":"))
    seconds = hours * 3600 + minutes * 60 + sum(rest)
    if minutes > 59 or sum(rest) > 59 or seconds > _MAX_OFFSET:
        raise ValueError(text)
    return timezone(timedelta(seconds=-seconds if text[0] == "-" else seconds))


def _moment(found: re.Match[str]) -> time:
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    return time(int(found["hour"]), int(found["minute"]), int(found["second"]), micro, _zone(found["zone"]))


def _day(found: re.Match[str]) -> Dated:
    return day_of(int(found["year"]), int(found["month"]), int(found["day"]))


def combine(day: Dated, clock: time) -> Dated:
    """A date, or the date of a date and time, with a time of day."""
    eras, within = parted(day)
    return placed(eras, datetime.combine(within, clock))


def midnight(day: Dated) -> Dated:
    """A date as a date and time: midnight UTC."""
    return combine(day, time(tzinfo=UTC))


def parse_date(text: str) -> Dated | None:
    found = _DATE.fullmatch(text)
    try:
        return _day(found) if found else None
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    try:
        return _moment(found) if found else None
    except ValueError:
        return None


def parse_date_time(text: str) -> Dated | None:
    """A date and time, or a date alone at midnight without a zone."""
    found = _DATE_TIME.fullmatch(text)
    try:
        if found:
            if found["hour"] == "24" and found["minute"] == found["second"] == "00":
                text = text.replace("T24", "T00", 1)
                begun = parse_date_time(text)
                return move_days(begun, timedelta(days=1)) if begun else None
            return combine(_day(found), _moment(found))
        day = parse_date(text)
        return combine(day, time()) if day else None
    except (ValueError, OverflowError):
        return None


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        if len(text) > 20:
            return None
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if not found or not any(found.group(2, 4, 5, 6)) or (found[3] and not any(found.group(4, 5, 6))) or len(text) > 60:
        return None
    seconds = int(found[4] or 0) * 3600 + int(found[5] or 0) * 60 + int(found[6] or 0)
    micro = int((found[7] or "0")[:6].ljust(6, "0"))
    try:
        length = timedelta(days=int(found[2] or 0), seconds=seconds, microseconds=micro)
        return -length if found[1] else length
    except OverflowError:
        return None


def at_literal(text: str) -> Value:
    """The value of `@"…"`: whichever of date, date and time, time or duration the text is; else null."""
    for read in (parse_date, parse_time, parse_date_time, parse_duration):
        value: Value = read(text)
        if value is not None:
            return value
    return None


# --- moving -------------------------------------------------------------------------------------------------------


def microseconds(length: timedelta) -> int:
    return length // MICRO


def on_timeline(value: Value) -> Value:
    """An instant in a named zone as UTC: Python compares and subtracts within one zone by the wall clock."""
    return in_zone(value, UTC) if isinstance(value.tzinfo, ZoneInfo) else value


def on_one_scale(value: Dated) -> tuple[int, date]:
    """A pair that compares as the date, or the instant, does: for values of which one is beyond Python's years."""
    aware = getattr(value, "tzinfo", None) is not None
    return parted(in_zone(value, UTC) if aware else value)


def shift(value: Value, length: timedelta | YearsMonths) -> Value:
    """A date, time or date and time moved by a duration; NotImplemented where FEEL has no such sum.

    Raises ValueError or OverflowError when it leaves the years that FEEL knows.
    """
    if type(value) is time:
        return NotImplemented if isinstance(length, YearsMonths) else _later(value, length)
    if isinstance(length, YearsMonths):
        return move_months(value, length.months)
    zone = getattr(value, "tzinfo", None)
    if isinstance(zone, ZoneInfo):
        return in_zone(move_days(in_zone(value, UTC), length), zone)
    return move_days(value, length)


def _later(clock: time, length: timedelta) -> time:
    day = timedelta(days=1)
    passed = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    # Any day serves: only its time is kept.
    moved = datetime(2000, 1, 1) + (passed + length) % day  # noqa: DTZ001
    return moved.time().replace(tzinfo=clock.tzinfo)


# --- parts and text -----------------------------------------------------------------------------------------------


def offset_of(value: datetime | time) -> timedelta | None:
    zone = value.tzinfo
    if isinstance(value, time) and isinstance(zone, ZoneInfo):
        # A named zone has no offset without a day, except where it never changes.
        known = {zone.utcoffset(datetime(2000, month, 1)) for month in (1, 7)}  # noqa: DTZ001
        return known.pop() if len(known) == 1 else None
    return value.utcoffset()


def _clock_part(value: datetime | FarMoment | time, name: str) -> Value:
    if isinstance(value, FarMoment):
        value = value.within
    if name == "hour":
        return value.hour
    if name == "minute":
        return value.minute
    if name == "second":
        return value.second if not value.microsecond else Decimal(value.second) + Decimal(value.microsecond) / 1000000
    if name == "time offset":
        return offset_of(value)
    if name == "timezone":
        return str(value.tzinfo) if isinstance(value.tzinfo, ZoneInfo) else None
    return NotImplemented


def _days_part(value: timedelta, name: str) -> Value:
    total = abs(microseconds(value))
    sign = -1 if value < timedelta(0) else 1
    seconds, micro = divmod(total, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if name == "seconds" and micro:
        return sign * (Decimal(second) + Decimal(micro) / 1000000)
    parts = {"days": hours // 24, "hours": hours % 24, "minutes": minute, "seconds": second}
    return sign * parts[name] if name in parts else NotImplemented


def part(value: Value, name: str) -> Value:
    """A property such as `year` or `time offset`; NotImplemented if values of this kind have none of that name."""
    what = kind(value)
    if what in ("date", "date and time"):
        if name in ("year", "month", "day"):
            return {"year": value.year, "month": value.month, "day": value.day}[name]
        if name == "weekday":
            return parted(value)[1].isoweekday()
        if what == "date":
            # A date is midnight UTC wherever a date and time is wanted.
            return _clock_part(parted(midnight(value))[1], name)
    if what in ("date and time", "time"):
        return _clock_part(value, name)
    if what == "days and time duration":
        return _days_part(value, name)
    if what == "years and months duration" and name in ("years", "months"):
        years, months = divmod(abs(value.months), 12)
        sign = -1 if value.months < 0 else 1
        return sign * (years if name == "years" else months)
    return NotImplemented


def _zone_text(zone: tzinfo | None, value: datetime | time) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone}"
    offset = zone.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    total = round(abs(offset.total_seconds()))
    tail = f":{total % 60:02}" if total % 60 else ""
    return f"{'-' if offset < timedelta(0) else '+'}{total // 3600:02}:{total // 60 % 60:02}{tail}"


def _time_text(value: datetime | time) -> str:
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    zone = _zone_text(value.tzinfo, value)
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{zone}"


def _length_text(value: timedelta) -> str:
    total = abs(microseconds(value))
    seconds, micro = divmod(total, 1_000_000)
    days, rest = divmod(seconds, 86400)
    hours, minutes, second = rest // 3600, rest // 60 % 60, rest % 60
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if second or micro:
        clock += f"{second}{fraction}S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta(0) else "") + "P" + (text or "T0S")


def _day_text(value: Dated) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def text_of(value: Value) -> str:
    """The text from which the value can be read again."""
    if type(value) in (datetime, FarMoment):
        return f"{_day_text(value)}T{_time_text(parted(value)[1])}"
    if type(value) in (date, FarDay):
        return _day_text(value)
    if type(value) is time:
        return _time_text(value)
    return _length_text(value) if type(value) is timedelta else str(value)
