"""Deadlines and working time beside workalendar and numpy, on the same days of the same official Chinese calendar.

Each side is asked for the 20th working day after each of 1,000 instants of 2021 and 2022, the newest years that
workalendar knows for China and that leave room for a limit, and all must agree. Ours takes an instant with its zone and
returns the last second of the last day, local, which is what a case needs; the peers take and return days. Numpy's
vectorised form, which no case can use but a report could, is shown as well, beside the same loop of ours.

Working minutes have no peer among these libraries; they are held against the usual way, which walks the days between.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tongban.kernel.clock import DEFAULT_HOURS, Calendar, Limit, Unit, calendar_for

__all__ = ["main"]

_ZONE = ZoneInfo("Asia/Shanghai")
_FIRST = date(2021, 1, 1)
_ASKED, _DAYS = 1000, 20
_ROUNDS, _SECONDS = 5, 0.4  # CPU time of each side of a round


def main() -> None:
    """Print clock.deadline and clock.minutes."""
    calendar = calendar_for()
    random = Random(20260302)
    midnight = datetime(2021, 1, 1, tzinfo=_ZONE)
    instants = [midnight + timedelta(minutes=random.randrange(690 * 1440)) for _ in range(_ASKED)]
    days = [each.date() for each in instants]
    limit = Limit(_DAYS, Unit.WORKING_DAYS)
    _deadlines(calendar, instants, days, limit)
    _minutes(calendar, instants, random)


def _deadlines(calendar: Calendar, instants: Sequence[datetime], days: Sequence[date], limit: Limit) -> None:
    rules = np.busdaycalendar(holidays=_days_off(calendar), weekmask="1111111")
    as_numpy = np.array(days, dtype="datetime64[D]")
    peer = _workalendar()

    def ours() -> list[datetime]:
        deadline = calendar.deadline
        return [deadline(start=each, limit=limit) for each in instants]

    def theirs() -> list[date]:
        return [peer(day, _DAYS) for day in days]

    def numpy_one() -> list[date]:
        offset: Callable[..., Any] = np.busday_offset  # which type comes back differs between its versions
        return [offset(day, _DAYS, roll="preceding", busdaycal=rules).item() for day in days]

    def numpy_all() -> list[date]:
        found: list[date] = np.busday_offset(as_numpy, _DAYS, roll="preceding", busdaycal=rules).tolist()
        return found

    wanted = [each.date() for each in ours()]
    for side in (theirs, numpy_one, numpy_all):
        assert side() == wanted, side.__name__
    print(
        f"clock.deadline: {_DAYS} working days after an instant of 2021 or 2022 in China, answers a second of CPU time"
    )
    print(f"  {_ASKED} instants, all sides agree on every one; {_ROUNDS} rounds in turn, the best of each")
    rates = _rates([ours, theirs, numpy_one, numpy_all])
    names = {
        "workalendar": "workalendar, China().add_working_days",
        "numpy": "numpy.busday_offset, one day at a time",
        "numpy_vectorised": "numpy.busday_offset, all days in one call",
    }
    for (name, words), rate in zip(names.items(), rates[1:], strict=True):
        print(f"  peer: {words}")
        print(f"clock.deadline.{name} ours={rates[0]:.0f}/s peer={rate:.0f}/s ratio={rates[0] / rate:.2f}")
    print(f"clock.deadline ours={rates[0]:.0f}/s peer={rates[1]:.0f}/s ratio={rates[0] / rates[1]:.1f}")


def _minutes(calendar: Calendar, instants: Sequence[datetime], random: Random) -> None:
    pairs = [(start, start + timedelta(minutes=random.randrange(40 * 1440))) for start in instants]

    def ours() -> list[int]:
        minutes = calendar.working_minutes
        return [minutes(start, end) for start, end in pairs]

    def walked() -> list[int]:
        return [_walk(calendar, start, end) for start, end in pairs]

    assert ours() == walked()
    print("clock.minutes: working minutes between two instants up to 40 days apart, answers a second of CPU time")
    print("  peer: the usual way, a walk over the days with the overlap of each with office hours")
    rates = _rates([ours, walked])
    print(f"clock.minutes ours={rates[0]:.0f}/s peer={rates[1]:.0f}/s ratio={rates[0] / rates[1]:.1f}")


def _walk(calendar: Calendar, start: datetime, end: datetime) -> int:
    total, day = timedelta(), start.date()
    while day <= end.date():
        if calendar.is_working_day(day):
            for opens, closes in DEFAULT_HOURS:
                begin = max(start, datetime.combine(day, opens, _ZONE))
                total += max(min(end, datetime.combine(day, closes, _ZONE)) - begin, timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1)


def _days_off(calendar: Calendar) -> list[date]:
    """Every day off, weekends as well: numpy's weekmask knows no make-up Saturdays."""
    days = [_FIRST + timedelta(days=n) for n in range(3 * 365)]
    return [day for day in days if not calendar.is_working_day(day)]


def _workalendar() -> Callable[[date, int], date]:
    from workalendar.asia import China

    warnings.filterwarnings("ignore", module="workalendar")  # it says each time that it knows China up to 2023 only
    peer: Callable[[date, int], date] = China().add_working_days
    return peer


def _rates(sides: Sequence[Callable[[], object]]) -> list[float]:
    """The best of several rounds, each side in turn."""
    best = [0.0] * len(sides)
    for _ in range(_ROUNDS):
        for number, side in enumerate(sides):
            best[number] = max(best[number], _rate(side))
    return best


def _rate(side: Callable[[], object]) -> float:
    count, begun = 0, time.process_time()
    while time.process_time() - begun < _SECONDS:
        side()
        count += _ASKED
    return count / (time.process_time() - begun)


if __name__ == "__main__":
    main()
