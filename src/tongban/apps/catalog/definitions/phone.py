"""Who answers the telephone, and what a caller must know before anything personal is told: ``phone.yaml``."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["FACTS", "LOCATORS", "NO_PHONE", "Phone", "Way", "check_phone", "read_phone"]

FILE = "phone.yaml"
LOCATORS = ("case_number", "certificate_number", "identity_number", "telephone")
"""What somebody is found by: whole numbers, each of which few people know."""
FACTS = (*LOCATORS, "name", "identity_ending", "phone_ending")
"""What can be asked: the endings are the last four characters."""
_LEAST = {"case": 2, "person": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to show who one is: all of ``asks`` must fit. ``opens``: this one ``case``, or all of the ``person``."""

    code: str
    name: Text
    asks: tuple[str, ...]
    opens: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The telephone of a city. ``desks``: departments whose clerks answer it; none: nobody does.

    ``tries``: how often one caller may try in one call; ``refusals``: how often somebody may be called for in vain
    ``within`` a time, over all calls, before only a counter helps. ``keep_calls`` is how long a call's telephone is
    kept. ``consent``: the words that a caller says yes to before something is filed for them; None: nothing is.
    """

    desks: frozenset[str] = frozenset()
    ways: Mapping[str, Way]
    tries: int = 3
    refusals: int = 5
    within: timedelta = timedelta(hours=24)
    keep_calls: timedelta = timedelta(days=180)
    consent: Text | None = None

    def opens(self, *, way: str, fitting: Collection[str]) -> str:
        """What is opened to who knows these facts, by one way: ``case``, ``person``, or nothing unless all fit."""
        found = self.ways.get(way)
        return found.opens if found is not None and found.asks and set(found.asks) <= set(fitting) else ""


NO_PHONE = Phone(ways={})


def read_phone(folder: Path) -> Phone | list[Problem]:
    """The telephone of the city in ``folder``, or why its file cannot be used; nobody answers without a file."""
    found = _read(folder)
    if found is None:
        return NO_PHONE
    return _phone(found.value) if isinstance(found, Document) else found


def check_phone(folder: Path, *, departments: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong with who answers, and with what is asked."""
    found = _read(folder)
    if isinstance(found, list):
        yield from found
    if not isinstance(found, Document):
        return
    for index, code in enumerate(found.value["desks"]):
        if code not in departments:
            message = f"There is no department `{code}`."
            yield found.problem(("desks", index), "department.unknown", message, "name one of `departments.yaml`")
    for index, row in enumerate(found.value["ways"]):
        path = ("ways", index, "asks")
        if not set(row["asks"]) & set(LOCATORS):
            message = "Nobody can be found by this: names and last digits are many people's."
            yield found.problem(path, "phone.nobody-found", message, f"ask one of {', '.join(LOCATORS)} too")
        if len(row["asks"]) < _LEAST[row["opens"]]:
            message = f"Too little is asked for what it opens (`{row['opens']}`)."
            yield found.problem(path, "phone.too-little", message, f"ask {_LEAST[row['opens']]} things at least")
        if row["code"] in {each["code"] for each in found.value["ways"][:index]}:
            message = f"There is a way `{row['code']}` already."
            yield found.problem(("ways", index, "code"), "phone.way-twice", message, "give it a code of its own")


def _read(folder: Path) -> Document | list[Problem] | None:
    if not (folder / FILE).exists():
        return None
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="phone") or document


def _phone(value: Mapping[str, Any]) -> Phone:
    given: dict[str, Any] = {key: value[key] for key in ("tries", "refusals") if key in value}
    if "within_hours" in value:
        given["within"] = timedelta(hours=value["within_hours"])
    if "keep_calls_days" in value:
        given["keep_calls"] = timedelta(days=value["keep_calls_days"])
    ways = {
        row["code"]: Way(code=row["code"], name=text_of(row["name"]), asks=tuple(row["asks"]), opens=row["opens"])
        for row in value["ways"]
    }
    if "consent" in value:
        given["consent"] = text_of(value["consent"])
    return Phone(desks=frozenset(value["desks"]), ways=ways, **given)
