"""What people are told: the city's ``notices.yaml``, and the defaults beside this module for what it leaves out.

Words are data, and held to rules: no name in braces that the kind has nothing for, no personal data in what others may
see, no text too long for where it goes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from tongban.apps.catalog.city import get_city
from tongban.apps.people.queries import get_department_names
from tongban.kernel.numbers import format_case_number

__all__ = ["DESK_GROUPS", "GROUPS", "KINDS", "Kind", "Told", "check_words", "get_kind", "problems_of", "say"]

FILE = "notices.yaml"
GROUPS = ("wanted", "progress", "result", "reminder")
DESK_GROUPS = ("work", "limits", "daily", "weekly")
"""What officials are told of at their desk."""
KINDS: Mapping[str, frozenset[str]] = {
    "filed": frozenset({"matter", "items", "due"}),
    "order_filed": frozenset({"name", "parts", "order"}),
    "accepted": frozenset({"matter", "authority", "due", "items", "follow_by"}),
    "accepted_by_silence": frozenset({"matter", "authority", "due", "items", "follow_by"}),
    "refused": frozenset({"matter", "authority"}),
    "supplement": frozenset({"matter", "items", "due"}),
    "your_turn": frozenset({"matter", "step"}),
    "order_part": frozenset({"matter"}),
    "procedure": frozenset({"matter", "authority", "procedure", "due"}),
    "visit_fixed": frozenset({"matter", "authority", "due", "time"}),
    "visit_off": frozenset({"matter", "authority", "due", "time"}),
    "procedure_late": frozenset({"matter"}),
    "extended": frozenset({"matter", "due"}),
    "recounted": frozenset({"matter", "notice", "was", "due"}),
    "recounted_yours": frozenset({"matter", "notice", "items", "due"}),
    "granted": frozenset({"matter", "authority"}),
    "denied": frozenset({"matter", "authority"}),
    "answered": frozenset({"matter", "authority"}),
    "not_provided": frozenset({"matter", "authority"}),
    "resolved": frozenset({"matter", "authority"}),
    "not_resolved": frozenset({"matter", "authority"}),
    "passed_on": frozenset({"matter", "authority"}),
    "granted_unasked": frozenset({"matter", "authority", "due"}),
    "check_asked": frozenset({"matter", "authority", "due"}),
    "check_confirmed": frozenset({"matter", "authority"}),
    "repair_asked": frozenset({"matter", "authority", "due"}),
    "repair_granted": frozenset({"matter", "authority"}),
    "repair_denied": frozenset({"matter", "authority"}),
    "rectify": frozenset({"matter", "authority", "due"}),
    "rectify_missed": frozenset({"matter", "authority", "due"}),
    "certificate": frozenset({"matter"}),
    "certificate_suspended": frozenset({"matter", "authority"}),
    "certificate_reinstated": frozenset({"matter"}),
    "certificate_revoked": frozenset({"matter", "authority"}),
    "certificate_replaced": frozenset({"matter"}),
    "certificate_renewed": frozenset({"matter"}),
    "delivered": frozenset({"matter"}),
    "withdrawn": frozenset({"matter"}),
    "refunded": frozenset({"matter", "amount"}),
    "renewal": frozenset({"matter", "until", "apply_by"}),
    "supplement_due": frozenset({"matter", "due"}),
    "material_due": frozenset({"matter", "items", "due"}),
    "material_late": frozenset({"matter", "items"}),
    "rectify_due": frozenset({"matter", "due"}),
    "draft_ends": frozenset({"matter", "until"}),
    "cart_ends": frozenset({"name", "until"}),
    "fee_due": frozenset({"matter", "amount"}),
    "digest": frozenset({"count"}),
    "desk_assigned": frozenset({"matter", "step", "who"}),
    "desk_returned": frozenset({"matter", "step"}),
    "desk_answered": frozenset({"matter"}),
    "desk_rectified": frozenset({"matter"}),
    "desk_rectify_missed": frozenset({"matter"}),
    "desk_material_in": frozenset({"matter", "items"}),
    "desk_material_late": frozenset({"matter", "items"}),
    "desk_limit": frozenset({"matter", "step", "due"}),
    "desk_recounted": frozenset({"notice", "count"}),
    "desk_stand_in": frozenset({"absent", "until"}),
    "desk_audit_found": frozenset({"matter", "until"}),
    "desk_audit_answered": frozenset({"matter"}),
    "desk_audit_returned": frozenset({"matter", "until"}),
    "desk_audit_closed": frozenset({"matter"}),
    "desk_question": frozenset({"matter", "who", "until"}),
    "desk_question_answered": frozenset({"matter", "who"}),
    "desk_question_taken_back": frozenset({"matter", "who"}),
    "desk_question_passed_on": frozenset({"matter", "who", "until"}),
    "desk_question_due": frozenset({"matter", "who", "until"}),
    "desk_visit_proposed": frozenset({"matter", "due", "time"}),
    "desk_visit_cannot": frozenset({"matter", "due", "time"}),
    "desk_visit_fixed": frozenset({"matter", "due", "time"}),
    "desk_visit_other_day": frozenset({"matter", "due", "time"}),
    "desk_visit_off": frozenset({"matter", "due", "time"}),
    "desk_daily": frozenset({"summary"}),
    "desk_weekly": frozenset({"summary"}),
    "desk_call_back": frozenset({"due", "time"}),
    "desk_card_yellow": frozenset({"matter", "step", "due", "until"}),
    "desk_card_red": frozenset({"matter", "step", "due", "until"}),
    "desk_card_appealed": frozenset({"matter", "step"}),
    "desk_card_upheld": frozenset({"matter", "step"}),
    "desk_card_withdrawn": frozenset({"matter", "step"}),
    "mandate_offered": frozenset({"who", "whom"}),
    "mandate_asked": frozenset({"who", "whom"}),
    "mandate_accepted": frozenset({"who", "whom"}),
    "mandate_declined": frozenset({"who", "whom"}),
    "event_stated": frozenset({"title"}),
    "mandate_ended": frozenset({"who", "whom"}),
    "mandate_recorded": frozenset({"who", "whom"}),
    "mandate_ending": frozenset({"who", "whom", "until"}),
    "appointment_booked": frozenset({"hall", "what", "due", "time"}),
    "appointment_cancelled": frozenset({"hall", "what", "due", "time"}),
    "appointment_soon": frozenset({"hall", "what", "due", "time"}),
    "appointment_off": frozenset({"hall", "what", "due", "time"}),
    "number_near": frozenset({"hall", "what", "label", "count"}),
    "test": frozenset(),
}
"""Every kind of notice, and what its words may say beside ``number`` of the case, ``site`` and ``hotline``."""
_ALWAYS = frozenset({"site", "hotline", "number", "ending"})
_SHOWN_TO_OTHERS = frozenset({"site", "hotline", "ending", "due", "until", "apply_by", "count"})
LONGEST: Mapping[str, Mapping[str, int]] = {
    "title": {"zh": 24, "en": 60},
    "body": {"zh": 200, "en": 500},
    "short": {"zh": 70, "en": 160},  # one SMS
}
_SAMPLE = {"site": "政务一网通办", "hotline": "0799-12345", "ending": "0000", "number": "0000 0000 0000 0000"}
_PLACE = re.compile(r"\{([^{}]*)\}")
_SENTENCE = re.compile(r"(?<=[。.;；])\s*")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of notice is worded and where it goes. ``outward``: not in the inbox alone."""

    group: str
    legal: bool
    outward: bool
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in one language; ``short`` may be seen by others."""

    title: str
    body: str
    short: str


def get_kind(kind: str) -> Kind:
    """Return how a kind is worded. Raises ``KeyError`` for one that there is not."""
    return _kinds(Path(settings.CITY))[kind]


def say(*, kind: str, params: Mapping[str, Any], case: int | None, language: str) -> Told:
    """Put a notice into words. A sentence with a name in braces that has nothing to say is left out."""
    words = get_kind(kind).words
    title, body, short = (_worded(words[part], params, case, language) for part in ("title", "body", "short"))
    return Told(title=title, body=body, short=short)


def check_words(**_given: object) -> list[CheckMessage]:
    """Django's check of the words in force: what is wrong stops the process with the reason."""
    return [Error(problem, id="channels.E001") for problem in problems_of(_merged(Path(settings.CITY)))]


def problems_of(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with words, each with the kind, the place and the cure."""
    for kind in sorted(raw.keys() - KINDS.keys()):
        yield f"{FILE}: there is no kind of notice {kind!r}; use one of {', '.join(KINDS)}"
    for kind, provided in KINDS.items():
        found = raw.get(kind)
        if not isinstance(found, Mapping):
            yield f"{FILE}: {kind} is missing"
            continue
        if found.get("group") not in (groups := DESK_GROUPS if kind.startswith("desk_") else GROUPS):
            yield f"{FILE}: {kind}.group is one of {', '.join(groups)}"
        for part in LONGEST:
            yield from _problems_of_part(kind, part, found.get(part), provided)


def _problems_of_part(kind: str, part: str, words: object, provided: frozenset[str]) -> Iterator[str]:
    if not isinstance(words, Mapping) or not {"zh", "en"} <= words.keys():
        yield f"{FILE}: {kind}.{part} has words for zh and for en"
        return
    allowed = {"title": frozenset(), "body": provided | _ALWAYS}.get(part, _SHOWN_TO_OTHERS & (provided | _ALWAYS))
    for language, text in words.items():
        for name in _PLACE.findall(str(text)):
            if name not in allowed:
                yield f"{FILE}: {kind}.{part}.{language}: {{{name}}} cannot stand here; use {_listed(allowed)}"
        longest = LONGEST[part].get(language, LONGEST[part]["en"])
        if (length := len(_sample(str(text), language))) > longest:
            yield f"{FILE}: {kind}.{part}.{language} is {length} characters long when filled in, at most {longest} fit"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no name in braces"


def _sample(text: str, language: str) -> str:
    longest = max((_day(day, language) for day in ("2026-09-30", "2026-12-30")), key=len)
    return _PLACE.sub(lambda found: _SAMPLE.get(found.group(1), longest), text)


# --- reading ----------------------------------------------------------------------------------------------------------


def _merged(folder: Path) -> dict[str, Any]:
    default: dict[str, Any] = yaml.safe_load((resources.files(__package__) / "defaults" / FILE).read_text("utf-8"))
    own = yaml.safe_load((folder / FILE).read_text("utf-8")) or {} if (folder / FILE).exists() else {}
    # What the law wants in the inbox stays there, whatever a city writes.
    return {
        kind: {**default.get(kind, {}), **own.get(kind, {}), "legal": default.get(kind, {}).get("legal", False)}
        for kind in (*default, *(own.keys() - default.keys()))
    }


@cache
def _kinds(folder: Path) -> dict[str, Kind]:
    return {
        name: Kind(
            group=raw["group"],
            legal=raw["legal"],
            outward=raw.get("outward", True),
            words={part: raw[part] for part in LONGEST},
        )
        for name, raw in _merged(folder).items()
    }


# --- filling in -------------------------------------------------------------------------------------------------------


def _worded(words: Mapping[str, str], params: Mapping[str, Any], case: int | None, language: str) -> str:
    """The words with what they name, all of it in one language: English where a city has none in the reader's."""
    spoken = language if {language, language.partition("-")[0]} & words.keys() else "en"
    return _fill(_in(words, spoken), _values(params, case, spoken))


def _values(params: Mapping[str, Any], case: int | None, language: str) -> dict[str, str]:
    city = get_city()
    values = {name: _value(name, value, language) for name, value in params.items()}
    number = format_case_number(case) if case is not None else ""
    fixed = {"site": _in(city.site_name, language), "hotline": city.phones.get("hotline", "12345")}
    return values | fixed | {"number": number.replace(" ", "\u00a0"), "ending": number[-4:]}


def _value(name: str, value: Any, language: str) -> str:
    match name:
        case "due" | "was" | "until" | "apply_by" | "follow_by":
            return _day(value, language)
        case "authority":
            department = get_department_names().get(value)
            return department.name(language) if department else ""
        case "procedure":
            with override(language):
                return _PROCEDURES[value]() if value in _PROCEDURES else gettext("special procedure")
        case "items" | "parts":
            return ("、" if language.startswith("zh") else ", ").join(_in(each, language) for each in value)
        case _:
            return _in(value, language) if isinstance(value, Mapping) else str(value)


_PROCEDURES = {
    "hearing": lambda: gettext("hearing"),
    "inspection": lambda: gettext("on-site inspection"),
    "testing": lambda: gettext("testing"),
    "expert_review": lambda: gettext("expert review"),
}


def _day(text: str | None, language: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    with override(language):
        english = language.startswith("en")
        return f"{day.day} {MONTHS[day.month]} {day.year}" if english else date_format(day, "DATE_FORMAT")


def _fill(pattern: str, values: Mapping[str, str]) -> str:
    if all(values.get(name) for name in _PLACE.findall(pattern)):
        return _PLACE.sub(lambda found: values[found.group(1)], pattern)
    kept = [part for part in _SENTENCE.split(pattern) if all(values.get(name) for name in _PLACE.findall(part))]
    gap = "" if re.search(r"[。；]", pattern) else " "
    return _PLACE.sub(lambda found: values[found.group(1)], gap.join(part for part in kept if part))


def _in(words: Mapping[str, str], language: str) -> str:
    """The words in a language, by its code or by its first part (``zh-hans``: ``zh``); English where there are none."""
    return words.get(language) or words.get(language.partition("-")[0]) or words["en"]
