"""The legal clock of a case: starts, pauses, extends, restarts, stops."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tongban.kernel.clock.calendars import Calendar
from tongban.kernel.clock.errors import ClockError
from tongban.kernel.clock.limits import Limit

__all__ = ["LegalClock"]


class LegalClock(NamedTuple):
    """One time limit as it runs; a value: every step returns a new clock.

    The day of an event is not counted: counting begins the day after the start, the day of pausing is used, the
    day of resuming is not. Limits in hours are counted to the instant. A limit once missed stays missed: a pause
    that comes later does not move it, only an extension or a restart does. Instants are kept in UTC.
    """

    limit: Limit
    extension: int = 0
    """What was added to the limit, in its unit."""
    started_at: datetime | None = None
    since: datetime | None = None
    """Where the present stretch of counting began: the start or the last resumption."""
    spent: int = 0
    """Used up before `since`: days, or microseconds for limits in hours."""
    paused_at: datetime | None = None
    reason: str = ""
    """Why it is paused; empty while it is not."""
    lapsed_at: datetime | None = None
    """The due date, if it had been missed before a pause began."""
    stopped_at: datetime | None = None

    # Steps

    def start(self, at: datetime) -> "LegalClock":
        """Begin to count. Raises `ClockError` `clock.already-started`."""
        if self.started_at is not None:
            raise ClockError("clock.already-started")
        at = _utc(at)
        return LegalClock(self.limit, started_at=at, since=at)

    def pause(self, at: datetime, calendar: Calendar, reason: str) -> "LegalClock":
        """Stop counting for a while (行政许可法 45: hearing, inspection, expert review and the like).

        Raises `ClockError`: `clock.not-started`, `clock.stopped`, `clock.already-paused`, `clock.backwards`.
        """
        if self.paused_at is not None and self.stopped_at is None:
            raise ClockError("clock.already-paused")
        at = self._next(at)
        spent = self._spent(at, calendar)
        lapsed_at = self._due(calendar).astimezone(UTC) if self._is_missed(at, spent, calendar) else None
        return self._replace(spent=spent, paused_at=at, reason=reason, lapsed_at=lapsed_at)

    def resume(self, at: datetime) -> "LegalClock":
        """Count on after a pause.

        Raises `ClockError`: `clock.not-started`, `clock.stopped`, `clock.not-paused`, `clock.backwards`.
        """
        self._check_open()
        if self.paused_at is None:
            raise ClockError("clock.not-paused")
        return self._replace(since=self._next(at), paused_at=None, reason="")

    def extend(self, by: Limit) -> "LegalClock":
        """Add to the limit, running or paused. How often the law allows it is for the caller to judge.

        Raises `ClockError`: `clock.unit-mismatch`, `clock.not-started`, `clock.stopped`.
        """
        if by.unit is not self.limit.unit:
            raise ClockError("clock.unit-mismatch", unit=self.limit.unit.value, by=str(by))
        self._check_open()
        lapsed_at = self.lapsed_at if by.amount == 0 else None
        return self._replace(extension=self.extension + by.amount, lapsed_at=lapsed_at)

    def restart(self, at: datetime) -> "LegalClock":
        """Count the limit from its beginning again (政府信息公开条例 30, once an unclear request is clarified).

        What was used, paused or added before is void. Raises `ClockError` as `resume` does.
        """
        return LegalClock(self.limit).start(self._next(at))

    def stop(self, at: datetime) -> "LegalClock":
        """End the clock: the case is decided, withdrawn or closed. Raises `ClockError` as `resume` does."""
        return self._replace(stopped_at=self._next(at))

    # Questions

    @property
    def is_paused(self) -> bool:
        """Started, paused and not stopped."""
        return self.paused_at is not None and self.stopped_at is None

    @property
    def is_running(self) -> bool:
        """Started, neither paused nor stopped."""
        return self.since is not None and self.paused_at is None and self.stopped_at is None

    @property
    def is_stopped(self) -> bool:
        """Ended for good."""
        return self.stopped_at is not None

    @property
    def total(self) -> Limit:
        """The limit with what was added to it."""
        return Limit(self.limit.amount + self.extension, self.limit.unit)

    def due(self, calendar: Calendar) -> datetime | None:
        """When the limit ends; None while not started or paused, and for a clock that stopped while paused."""
        if self.since is None or self.paused_at is not None:
            return None
        return self._due(calendar)

    def due_if_resumed(self, at: datetime, calendar: Calendar) -> datetime | None:
        """When the limit would end if a paused clock went on at `at`; the same as `due` while it is not paused."""
        return self.resume(at)._due(calendar) if self.is_paused else self.due(calendar)

    def used(self, at: datetime, calendar: Calendar) -> int:
        """How much of the limit is used by `at`, in whole units; the current day counts as used."""
        return 0 if self.since is None else self._spent(_utc(at), calendar) // self.limit.unit.grain

    def remaining(self, at: datetime, calendar: Calendar) -> int:
        """How much is left at `at`, in the limit's unit: 0 on the last day, negative exactly when late."""
        if self.since is None:
            return self.limit.amount
        at = _utc(at)
        spent = self._spent(at, calendar)
        left = self.limit.amount + self.extension - spent // self.limit.unit.grain
        return min(left, -1) if self._is_missed(at, spent, calendar) else left

    def is_late(self, at: datetime, calendar: Calendar) -> bool:
        """True when the limit was missed by `at`, or by the end of a clock that stopped before."""
        if self.since is None:
            return False
        at = _utc(at)
        return self._is_missed(at, self._spent(at, calendar), calendar)

    # JSON

    def to_json(self) -> dict[str, Any]:
        """A small plain object without floats or empty members; `from_json` gives the same clock back."""
        limit, extension, started_at, since, spent, paused_at, reason, lapsed_at, stopped_at = self
        members: dict[str, Any] = {"limit": str(limit)}
        for name, value in (("extension", extension), ("spent", spent), ("reason", reason)):
            if value:
                members[name] = value
        instants = (
            ("started_at", started_at),
            ("since", since),
            ("paused_at", paused_at),
            ("lapsed_at", lapsed_at),
            ("stopped_at", stopped_at),
        )
        for name, at in instants:
            if at is not None:
                members[name] = at.isoformat()
        return members

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "LegalClock":
        """Read what `to_json` wrote. Raises `ClockError` `clock.json-invalid`."""
        try:
            members = dict(value)
            members["limit"] = Limit.parse(members["limit"])
            for name in _INSTANTS:
                if name in members:
                    members[name] = _utc(datetime.fromisoformat(members[name]))
            clock = cls(**members)
            clock._check_members()
            return clock
        except (KeyError, TypeError, ValueError) as problem:
            raise ClockError("clock.json-invalid", problem=problem) from None

    # Inside

    def _check_members(self) -> None:
        counts = (self.extension, self.spent)
        if not all(type(count) is int and count >= 0 for count in counts) or not isinstance(self.reason, str):
            raise TypeError("a count or the reason has the wrong type")
        later = (self.paused_at, self.lapsed_at, self.stopped_at)
        if (self.started_at is None) != (self.since is None) or (self.since is None and any(later)):
            raise ValueError("its instants do not fit together")

    def _check_open(self) -> None:
        if self.since is None:
            raise ClockError("clock.not-started")
        if self.stopped_at is not None:
            raise ClockError("clock.stopped")

    def _next(self, at: datetime) -> datetime:
        """`at` in UTC, if the clock may change then."""
        self._check_open()
        at = _utc(at)
        last = self.paused_at or self.since
        if last is not None and at < last:
            raise ClockError("clock.backwards", at=at.isoformat(), since=last.isoformat())
        return at

    @property
    def _granted(self) -> int:
        return (self.limit.amount + self.extension) * self.limit.unit.grain

    def _until(self, at: datetime) -> datetime:
        return at if self.stopped_at is None else min(at, self.stopped_at)

    def _spent(self, at: datetime, calendar: Calendar) -> int:
        assert self.since is not None
        until = self._until(at)
        if self.paused_at is not None or until <= self.since:
            return self.spent
        return self.spent + calendar.count(unit=self.limit.unit, start=self.since, end=until)

    def _due(self, calendar: Calendar) -> datetime:
        assert self.since is not None
        if self.lapsed_at is not None:
            return self.lapsed_at.astimezone(calendar.timezone)
        if not self.spent and not self.extension:  # as most clocks are: the calendar has that at hand
            return calendar.deadline(start=self.since, limit=self.limit)
        unit = self.limit.unit
        return calendar.reach(unit=unit, start=self.since, amount=self._granted - self.spent)

    def _is_missed(self, at: datetime, spent: int, calendar: Calendar) -> bool:
        if self.lapsed_at is not None:
            return True
        if spent != self._granted:
            return spent > self._granted
        if self.paused_at is not None:
            return False
        # All is used and no more: missed once the last day or instant is over, if only a holiday has passed since.
        # A day has fractions of its last second, so limits in days compare days.
        due, at = self._due(calendar), self._until(at)
        return calendar.local_date(at) > calendar.local_date(due) if self.limit.unit.in_days else at > due


_INSTANTS = ("started_at", "since", "paused_at", "lapsed_at", "stopped_at")


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ClockError("clock.naive", at=at.isoformat())
    return at.astimezone(UTC)
