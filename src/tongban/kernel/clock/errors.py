"""What the clock refuses, by code."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ClockError", "LimitError"]

# Each sentence names the cure, so that a log line or a console is enough to act on.
_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "clock.naive": "the instant {at} has no time zone: pass an aware datetime",
        "clock.year-outside": (
            "{day} is outside the calendar, which covers {first} to {last}: "
            "build it with an earlier first_year or a later last_year"
        ),
        "clock.years-invalid": "no calendar can be built for the years {first} to {last}: use {lowest} to {highest}",
        "clock.country-unknown": "no public holidays are known for country {country}: use an ISO 3166 code such as CN",
        "clock.subdivision-unknown": (
            "{country} has no subdivision {subdivision} with holidays of its own: use an ISO 3166-2 code such as BY"
        ),
        "clock.weekend-invalid": "{days} is no weekend: name days from 0 (Monday) to 6 (Sunday), but not all of them",
        "clock.timezone-unknown": "time zone {timezone} is unknown: use an IANA name such as Asia/Shanghai",
        "clock.hours-invalid": (
            "office hours {hours} are not periods in order without overlap: write them as 09:00-12:00 13:00-17:00"
        ),
        "clock.not-started": "the clock has not started: start it first",
        "clock.already-started": "the clock has started already: use restart to begin again",
        "clock.already-paused": "the clock is paused already: resume it first",
        "clock.not-paused": "the clock is not paused: nothing to resume",
        "clock.stopped": "the clock has stopped and stays so",
        "clock.backwards": "{at} is before {since}, when the clock last changed: pass a later instant",
        "clock.unit-mismatch": "a limit in {unit} cannot be extended by {by}: extend it in its own unit",
        "clock.json-invalid": "this is not a clock in JSON ({problem}): pass what to_json returned",
        "limit.format": "'{text}' is not a limit: write it as '20 working days'",
        "limit.unit": "'{unit}' is not a unit: use working days, calendar days, working hours or hours",
        "limit.amount": "a limit of {amount} cannot be kept: use 0 to {highest}",
    }
)


class ClockError(ValueError):
    """A question that the clock cannot answer, or a step that it refuses.

    `code` is stable and is what callers translate; `params` fills the words.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: Mapping[str, object] = params
        super().__init__(code, params)

    def __str__(self) -> str:
        return f"{self.code}: {_SENTENCES[self.code].format(**self.params)}"


class LimitError(ClockError):
    """A time limit that cannot be read."""
