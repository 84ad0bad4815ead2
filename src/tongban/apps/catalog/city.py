"""The city that this installation serves: its names, its working calendar, its habits, read from its folder once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from tongban.apps.catalog.definitions.audits import Audits, read_audits
from tongban.apps.catalog.definitions.calendars import read_calendar
from tongban.apps.catalog.definitions.dispatch import Dispatch, read_dispatch
from tongban.apps.catalog.definitions.documents import Documents, read_documents
from tongban.apps.catalog.definitions.folder import read_text
from tongban.apps.catalog.definitions.halls import Hall, read_halls
from tongban.apps.catalog.definitions.offers import Offer, read_offers
from tongban.apps.catalog.definitions.phone import Phone, read_phone
from tongban.apps.catalog.definitions.problems import Problem
from tongban.apps.catalog.definitions.registers import Register, read_registers
from tongban.apps.catalog.definitions.rights import Rights, read_rights
from tongban.apps.catalog.definitions.rule_words import read_rule_words
from tongban.apps.catalog.definitions.schema import check_schema
from tongban.apps.catalog.definitions.seals import Seal, read_seals
from tongban.apps.catalog.definitions.source import Document, read_yaml
from tongban.apps.catalog.definitions.supervision import Supervision, read_supervision
from tongban.apps.catalog.definitions.synonyms import Synonyms, read_synonyms
from tongban.apps.catalog.errors import DefinitionsInvalid
from tongban.kernel.clock import Calendar

__all__ = [
    "City",
    "get_audits",
    "get_calendar",
    "get_city",
    "get_dispatch",
    "get_documents",
    "get_halls",
    "get_history",
    "get_offers",
    "get_phone",
    "get_registers",
    "get_rights",
    "get_rule_words",
    "get_seals",
    "get_supervision",
    "get_synonyms",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Names and phones of the city in both languages, and what it has settled for itself.

    ``front_desk`` is a department, or empty where there is none. ``extends_joint_reviews`` is the one whose deciders
    lengthen the limit of a joint review for the government of that level (Administrative Licensing Law, 42); empty
    where the lead authority's own do. ``supplement_after_acceptance``: see docs/adr/0014. ``district_names`` are
    those of the districts by code.
    """

    code: str
    name: dict[str, str]
    site_name: dict[str, str]
    government: dict[str, str]
    division_code: str
    districts: tuple[dict[str, str], ...]
    front_desk: str
    phones: dict[str, str]
    extends_joint_reviews: str = ""
    supplement_after_acceptance: bool = True
    district_names: dict[str, dict[str, str]]
    centres: list[dict[str, Any]]


@cache
def get_city() -> City:
    """Return the city of ``settings.CITY``."""
    folder = Path(settings.CITY)
    raw = yaml.safe_load((folder / "city.yaml").read_text())
    windows = folder / "windows.yaml"
    name = raw["name"]
    return City(
        code=raw["code"],
        name=name,
        site_name=raw.get("site_name", name),
        government=raw.get("government", name),
        division_code=str(raw.get("division_code", "000000")),
        districts=tuple(each["name"] for each in raw.get("districts", ())),
        front_desk=raw.get("front_desk", ""),
        extends_joint_reviews=raw.get("extends_joint_reviews", ""),
        supplement_after_acceptance=raw.get("supplement_after_acceptance", True),
        district_names={str(each["code"]): each["name"] for each in raw.get("districts", ())},
        phones={key: str(value) for key, value in raw.get("phones", {}).items()},
        centres=yaml.safe_load(windows.read_text())["centres"] if windows.exists() else [],
    )


@cache
def get_calendar() -> Calendar:
    """Return the working calendar of the city: its country's days, its own office hours and exceptions.

    Raises ``DefinitionsInvalid`` when its file cannot be used.
    """
    calendar = read_calendar(Path(settings.CITY))
    if isinstance(calendar, list):
        raise DefinitionsInvalid(calendar)
    return calendar


@cache
def get_documents() -> Documents:
    """Return the words of the documents that cases owe. Raises ``DefinitionsInvalid`` when the file cannot be used."""
    found = read_documents(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_synonyms() -> Synonyms:
    """Return what the search knows of words. Raises ``DefinitionsInvalid`` when the city's file cannot be used."""
    found = read_synonyms(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_offers() -> tuple[Offer, ...]:
    """Return what the city offers of its own accord. Raises ``DefinitionsInvalid`` when the file cannot be used."""
    found = read_offers(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_halls() -> Mapping[str, Hall]:
    """Return the centres that give numbers, by code; none in a city without. Raises as ``get_offers``."""
    found = read_halls(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_phone() -> Phone:
    """Return who answers the telephone and what callers are asked. Raises as ``get_offers``."""
    found = read_phone(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_dispatch() -> Dispatch:
    """Return what the public asks about and who looks into it. Raises as ``get_offers``."""
    found = read_dispatch(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_registers() -> Mapping[str, Register]:
    """Return the data services of the city's departments by code. Raises ``DefinitionsInvalid`` as ``get_offers``."""
    found = read_registers(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_audits() -> Audits:
    """Return which files are audited, and how. Raises ``DefinitionsInvalid`` when the file cannot be used."""
    found = read_audits(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_supervision() -> Supervision:
    """Return when the clock shows cards. Raises ``DefinitionsInvalid`` when the file cannot be used."""
    found = read_supervision(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_rule_words() -> Mapping[str, str]:
    """Return what the city's decision tables say in words, in English. Raises ``DefinitionsInvalid`` as the others."""
    found = read_rule_words(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_rights() -> Rights:
    """Return what people may ask about their own data. Raises ``DefinitionsInvalid`` when the file cannot be used."""
    found = read_rights(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_seals() -> Mapping[str, Seal]:
    """Return the seals of departments that have one with a number, by code. Raises as ``get_offers``."""
    found = read_seals(Path(settings.CITY))
    if isinstance(found, list):
        raise DefinitionsInvalid(found)
    return found


@cache
def get_history() -> Mapping[str, Any]:
    """Return what ``history.yaml`` says of people's and departments' habits; empty where the city has no such file.

    Raises ``DefinitionsInvalid`` when the file cannot be used.
    """
    path = Path(settings.CITY) / "history.yaml"
    if not path.exists():
        return {}
    text = read_text(path, file=path.name)
    document = text if isinstance(text, Problem) else read_yaml(text, file=path.name)
    problems = check_schema(document, schema="history") if isinstance(document, Document) else [document]
    if isinstance(document, Problem) or problems:
        raise DefinitionsInvalid(problems)
    found: Mapping[str, Any] = document.value
    return found
