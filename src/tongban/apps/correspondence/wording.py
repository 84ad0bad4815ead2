"""What people are answered, and the city's rule for messages: ``correspondence.yaml``, and the defaults beside this
module for what a city leaves out. Words are data, and held to rules when a process starts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.dates import MONTHS

from tongban.apps.catalog.city import get_city
from tongban.kernel.numbers import format_case_number

__all__ = ["LONGEST", "WORDS", "Rule", "check_words", "get_rule", "language_of", "problems_of", "say", "status_words"]

FILE = "correspondence.yaml"
_SAYS = frozenset({"site", "hotline"})
WORDS: Mapping[str, frozenset[str]] = {
    "welcome": frozenset({"minutes"}),
    "help": frozenset(),
    "received": frozenset({"minutes"}),
    "received_no_words": frozenset({"minutes"}),
    "filed": frozenset({"number", "due"}),
    "filed_mail": frozenset({"number", "due"}),
    "say_more": frozenset({"minutes"}),
    "too_short": frozenset(),
    "cut": frozenset(),
    "joined": frozenset({"number"}),
    "joined_mail": frozenset({"number"}),
    "standing": frozenset({"number", "status", "due"}),
    "not_yours": frozenset(),
    "none_filed": frozenset(),
    "undone": frozenset(),
    "nothing_to_undo": frozenset(),
    "voice": frozenset(),
    "unsupported": frozenset(),
    "too_many": frozenset(),
    "mail_too_large": frozenset(),
    "supplement": frozenset({"number", "text"}),
    "answered": frozenset({"number", "text"}),
    "answered_bare": frozenset({"number"}),
    "refused": frozenset({"number", "text"}),
    "rate": frozenset(),
    "rated": frozenset(),
    "written": frozenset({"number", "department", "text"}),
    "mail_subject": frozenset({"number"}),
    "mail_end": frozenset(),
    "news": frozenset(),
    "news_short": frozenset(),
    "no_words": frozenset(),
    "speaker_wechat": frozenset({"ending"}),
    "speaker_weibo": frozenset({"ending"}),
    "speaker_mail": frozenset({"ending"}),
    "picture_lost": frozenset(),
}
"""Every kind of words, and what it may say beside ``site`` and ``hotline``."""
_STATUS = ("received", "accepted", "supplement", "suspended", "concluded", "not_accepted", "withdrawn")
_WAYS = frozenset({"wechat", "weibo", "mail"})
_BY_WAY = ("quiet_minutes", "added_hours", "window_hours", "most_an_hour", "most_a_day")
LONGEST = 280
"""Characters that any way takes in one message (Weibo: 300 Chinese ones)."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_SENTENCE = re.compile(r"(?<=[。.;；])\s*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How pieces are joined, what is taken, and how long it is kept."""

    raw: Mapping[str, Any]

    def quiet(self, channel: str) -> timedelta:
        """After so long without another message it is filed."""
        return timedelta(minutes=self.raw["quiet_minutes"][channel])

    @property
    def longest(self) -> timedelta:
        """So long after the first message it is filed at the latest."""
        return timedelta(minutes=self.raw["longest_minutes"])

    def added(self, channel: str) -> timedelta:
        """What comes so soon after a filing belongs to it."""
        return timedelta(hours=self.raw["added_hours"][channel])

    def window(self, channel: str) -> timedelta:
        """So long after they last wrote the provider lets us write; zero: always."""
        return timedelta(hours=self.raw["window_hours"][channel])

    def most(self, channel: str) -> int:
        """So many messages of one correspondent are taken in an hour."""
        return int(self.raw["most_an_hour"][channel])

    def most_a_day(self, channel: str) -> int:
        """So many are taken in a day: two machines that answer each other stop there."""
        return int(self.raw["most_a_day"][channel])

    @property
    def kept(self) -> timedelta:
        """For so long words, files and addresses are kept."""
        return timedelta(days=self.raw["keep_days"])


def get_rule() -> Rule:
    """The rule in force."""
    return Rule(raw=_merged(Path(settings.CITY))["rule"])


def say(kind: str, *, language: str, **values: object) -> str:
    """Put something into words. A sentence with a name in braces that has nothing to say is left out.

    ``number`` is a case number, ``due`` a day, ``minutes`` a number.
    """
    city, words = get_city(), _merged(Path(settings.CITY))["words"][kind]
    told = {name: _value(name, value, language) for name, value in values.items()}
    told |= {"site": _in(city.site_name, language), "hotline": city.phones.get("hotline", "12345")}
    return _fill(_in(words, language), told)


def status_words(status: str, *, language: str) -> str:
    """What a case's standing is called."""
    return _in(_merged(Path(settings.CITY))["status"][status], language)


def language_of(text: str) -> str:
    """In which language somebody writes; "" where the words do not tell."""
    if _CHINESE.search(text):
        return "zh-hans"
    return "en" if _LATIN.search(text) else ""


def check_words(**_given: object) -> list[CheckMessage]:
    """Django's check of the words and the rule in force: what is wrong stops the process with the reason."""
    return [Error(problem, id="correspondence.E001") for problem in problems_of(_merged(Path(settings.CITY)))]


def problems_of(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with words and rule, each with its place and the cure."""
    for kind in sorted(raw["words"].keys() - WORDS.keys()):
        yield f"{FILE}: there are no words {kind!r}; use one of {', '.join(WORDS)}"
    for kind, provided in WORDS.items():
        yield from _problems_of_words(kind, raw["words"].get(kind), provided | _SAYS)
    for status in _STATUS:
        yield from _problems_of_words(f"status.{status}", raw["status"].get(status), frozenset())
    rule = raw["rule"]
    for name in _BY_WAY:
        numbers = rule.get(name)
        if not isinstance(numbers, Mapping) or numbers.keys() != _WAYS or not all(_counts(n) for n in numbers.values()):
            yield f"{FILE}: rule.{name} is a whole number for each of {', '.join(sorted(_WAYS))}"
    for name in ("longest_minutes", "keep_days"):
        if not _counts(rule.get(name)):
            yield f"{FILE}: rule.{name} is a whole number"


def _problems_of_words(place: str, words: object, allowed: frozenset[str]) -> Iterator[str]:
    if not isinstance(words, Mapping) or not {"zh", "en"} <= words.keys():
        yield f"{FILE}: {place} has words for zh and for en"
        return
    for language, text in words.items():
        for name in _PLACE.findall(str(text)):
            if name not in allowed:
                yield f"{FILE}: {place}.{language}: {{{name}}} cannot stand here"
        if len(str(text)) > LONGEST:
            yield f"{FILE}: {place}.{language} has {len(str(text))} characters, at most {LONGEST} fit"


def _counts(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000


@cache
def _merged(folder: Path) -> dict[str, dict[str, Any]]:
    default = yaml.safe_load((resources.files(__package__) / "defaults" / FILE).read_text("utf-8"))
    own = yaml.safe_load((folder / FILE).read_text("utf-8")) or {} if (folder / FILE).exists() else {}
    return {part: {**default[part], **(own.get(part) or {})} for part in ("rule", "words", "status")}


def _value(name: str, value: object, language: str) -> str:
    if value is None:
        return ""
    if name == "number" and isinstance(value, int):
        return format_case_number(value)
    if isinstance(value, date):
        english = f"{value.day} {MONTHS[value.month]} {value.year}"
        return f"{value.year}年{value.month}月{value.day}日" if language.startswith("zh") else english
    return str(value)


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    if all(values.get(name) for name in _PLACE.findall(pattern)):
        return _PLACE.sub(lambda found: values[found.group(1)], pattern)
    kept = [part for part in _SENTENCE.split(pattern) if all(values.get(name) for name in _PLACE.findall(part))]
    gap = "" if re.search(r"[。；]", pattern) else " "
    return _PLACE.sub(lambda found: values[found.group(1)], gap.join(part for part in kept if part))


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get(language.partition("-")[0]) or words["en"]
