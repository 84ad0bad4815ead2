"""What people may ask about their own data in a city: ``rights.yaml``, with the words of what they consent to."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import rfc8785

from tongban.kernel.clock import Limit, Unit

from .folder import read_text
from .model import Article, Retention
from .problems import Problem
from .retention import LEAST_MONTHS, article_of, retention_of
from .schema import check_schema
from .source import read_yaml
from .text import Text, text_of

__all__ = ["ConsentText", "ConsentVersion", "HumanCheck", "Rights", "check_rights", "read_rights"]

FILE = "rights.yaml"


@dataclass(frozen=True, slots=True)
class ConsentVersion:
    """The words of a consent from one day on. ``substance``: who agreed to the words before is asked again.

    ``sha256`` is over both languages, as canonical JSON (RFC 8785).
    """

    number: int
    since: date
    substance: bool
    text: Text
    sha256: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What is consented to, and its words over time, the oldest first."""

    code: str
    name: Text
    versions: Sequence[ConsentVersion]

    def at(self, on: date) -> ConsentVersion | None:
        """The words that hold on that day; None before the first."""
        return next((each for each in reversed(self.versions) if each.since <= on), None)

    def holds(self, *, agreed: int, on: date) -> bool:
        """Whether who agreed to version ``agreed`` still agrees: nothing of substance has changed since."""
        return not any(each.substance for each in self.versions if agreed < each.number and each.since <= on)


@dataclass(frozen=True, slots=True)
class HumanCheck:
    """Within how many days of a rule's decision a person can be asked to look at it, and by when they do."""

    days: int = 60
    answer_within: Limit = field(default_factory=lambda: Limit(5, Unit.WORKING_DAYS))
    basis: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """The matters by which people complain, have data corrected or deleted; the consents by code.

    ``retention`` is for matters that say nothing of their own; without it their answers and files are kept for ever.
    """

    matters: Mapping[str, str]
    consents: Mapping[str, ConsentText]
    retention: Retention | None = None
    human_check: HumanCheck = field(default_factory=HumanCheck)


def read_rights(folder: Path) -> Rights | list[Problem]:
    """The rights of the city in ``folder``, or why its file cannot be used; nothing is offered without a file."""
    if not (folder / FILE).exists():
        return Rights({}, {})
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    if problems := check_schema(document, schema="rights"):
        return problems
    consents = [_consent(row) for row in document.value.get("consents", ())]
    retention = retention_of(document.value.get("retention"))
    check = _human_check(document.value.get("human_check"))
    return Rights(document.value.get("matters", {}), {each.code: each for each in consents}, retention, check)


def _human_check(value: Mapping[str, Any] | None) -> HumanCheck:
    if value is None:
        return HumanCheck()
    basis = tuple(article_of(one) for one in value["basis"])
    return HumanCheck(int(value["ask_within"].split()[0]), Limit.parse(value["answer_within"]), basis)


def check_rights(folder: Path, *, matters: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the rights of a city with these matters."""
    found = read_rights(folder)
    if isinstance(found, list):
        yield from found
        return
    for use, code in found.matters.items():
        if code not in matters:
            yield _problem("matter.unknown", f"For `{use}` there is no matter `{code}`.", "name one of the city's")
    if found.retention is not None and found.retention.months < LEAST_MONTHS:
        message = "Answers and files would be gone while a decision can still be taken to court."
        yield _problem("retention.short", message, f"keep them for at least {LEAST_MONTHS} months")
    for consent in found.consents.values():
        yield from _check_versions(consent)


def _check_versions(consent: ConsentText) -> Iterator[Problem]:
    before: ConsentVersion | None = None
    for each in consent.versions:
        name = f"Version {each.number} of `{consent.code}`"
        if before is not None and (each.number <= before.number or each.since <= before.since):
            yield _problem("consent.order", f"{name} does not follow the one above it.", "add new versions at the end")
        # People have agreed to exactly these words: whoever changes them writes a new version.
        if (right := digest(each.text)) != each.sha256:
            cure = f"write a new version for new words; for words that nobody has seen yet the hash is {right}"
            yield _problem("consent.changed", f"{name} is not what its hash says.", cure)
        before = each


def digest(text: Text) -> str:
    """The hash over both languages of a consent's words."""
    return hashlib.sha256(rfc8785.dumps({"en": text.en, "zh": text.zh})).hexdigest()


def _problem(code: str, message: str, cure: str) -> Problem:
    return Problem(FILE, 0, code, message, cure)


def _consent(row: Mapping[str, Any]) -> ConsentText:
    versions = [
        ConsentVersion(
            number=each["version"],
            since=date.fromisoformat(str(each["from"])),
            substance=each.get("substance", False),
            text=text_of(each["text"]),
            sha256=each["sha256"],
        )
        for each in row["versions"]
    ]
    return ConsentText(row["code"], text_of(row["name"]), tuple(versions))
