"""The words of a city's documents: ``documents.yaml``, and the defaults beside this module for what it leaves out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["DOCUMENTS", "PLACES", "Block", "DocumentWords", "Documents", "fill", "placeholders", "read_documents"]

FILE = "documents.yaml"

DOCUMENTS = (
    "receipt",
    "acceptance",
    "supplement",
    "special_procedure",
    "extension",
    "non_acceptance",
    "granted",
    "denied",
    "answered",
    "not_provided",
    "resolved",
    "not_resolved",
    "passed_on",
)

PLACES = frozenset(
    {
        "accepted_on",
        "answer_by",
        "applicant",
        "authority",
        "basis",
        "case",
        "certificate",
        "city",
        "complaint",
        "consultation",
        "date",
        "deliver_by",
        "entry",
        "extension",
        "filed_on",
        "hash",
        "matter",
        "note",
        "number",
        "procedure",
        "procedure_by",
        "procedure_limit",
        "promised",
        "promised_due",
        "reason",
        "remedies",
        "result",
        "statutory",
        "statutory_due",
        "supplement_by",
        "year",
    }
)
"""What may stand in braces; ``docs/reference/definitions.md`` says what each becomes."""

_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list of a document, and when it stands there ("" for always)."""

    text: Text | None
    list: str
    when: str


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """One kind of document: its title and what it says."""

    title: Text
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Documents:
    """All words of a city's documents."""

    number: str
    foot: Text
    translation: Text
    kinds: Mapping[str, DocumentWords]


def fill(pattern: str, values: Mapping[str, str]) -> str | None:
    """The words with values in place of ``{names}``; None when one of them has nothing to say."""
    if any(not values.get(name) for name in _PLACE.findall(pattern)):
        return None
    return _PLACE.sub(lambda found: values[found.group(1)], pattern)


def placeholders(pattern: str) -> list[str]:
    """The names in braces, in order."""
    return _PLACE.findall(pattern)


def read_documents(folder: Path) -> Documents | list[Problem]:
    """The words of the documents of the city in ``folder``, or why its file cannot be used."""
    if not (folder / FILE).exists():
        return _documents_of({})
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    problems = check_schema(document, schema="documents") or list(_unknown_places(document))
    return problems or _documents_of(document.value)


def _documents_of(own: Mapping[str, Any]) -> Documents:
    default = _defaults()
    kinds = {**default["documents"], **own.get("documents", {})}
    return Documents(
        number=own.get("number", default["number"]),
        foot=text_of(own.get("foot", default["foot"])),
        translation=text_of(own.get("translation", default["translation"])),
        kinds={name: _words_of(kinds[name]) for name in DOCUMENTS},
    )


def _words_of(value: Mapping[str, Any]) -> DocumentWords:
    body = (
        Block(text_of(one["text"]) if "text" in one else None, one.get("list", ""), one.get("when", ""))
        for one in value["body"]
    )
    return DocumentWords(text_of(value["title"]), tuple(body))


def _unknown_places(document: Document) -> Iterator[Problem]:
    value = document.value
    found: list[tuple[tuple[str | int, ...], str]] = [(("number",), value.get("number", ""))]
    found += [((key, lang), words) for key in ("foot",) for lang, words in value.get(key, {}).items()]
    for kind, words in value.get("documents", {}).items():
        for index, block in enumerate(words["body"]):
            path: tuple[str | int, ...] = ("documents", kind, "body", index)
            if ("text" in block) == ("list" in block):
                message = "A part of the body is a text or a list."
                yield document.problem(path, "documents.part", message, "give it one of `text` and `list`")
            found += [((*path, "text", lang), said) for lang, said in block.get("text", {}).items()]
    for place, pattern in found:
        for name in placeholders(pattern):
            if name not in PLACES:
                message = f"`{{{name}}}` stands for nothing."
                yield document.problem(place, "documents.place", message, f"use one of {', '.join(sorted(PLACES))}")


@cache
def _defaults() -> Mapping[str, Any]:
    text = (resources.files(__package__) / "defaults" / FILE).read_text("utf-8")
    document = read_yaml(text, file=FILE)
    assert isinstance(document, Document), document
    found: Mapping[str, Any] = document.value
    return found
