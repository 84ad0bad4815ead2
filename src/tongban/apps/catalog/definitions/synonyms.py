"""Words that mean the same to someone who looks for something: the base list beside this module, and the city's own."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml

__all__ = ["Concept", "Synonyms", "check_synonyms", "read_synonyms"]

FILE = "synonyms.yaml"


@dataclass(frozen=True, slots=True)
class Concept:
    """What several words mean; ``near`` names concepts that are found with it, more weakly."""

    words: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Everything that a search knows of words, from both lists."""

    concepts: Mapping[str, Concept]
    matters: Mapping[str, tuple[str, ...]]
    filler: frozenset[str]
    confusable: tuple[str, ...]


def read_synonyms(folder: Path) -> Synonyms | list[Problem]:
    """The words of the city in ``folder`` over the base list, or why its file cannot be used.

    A concept that both lists have gets the words of both; ``near`` is the city's where it says any.
    """
    own = _own(folder)
    if isinstance(own, list):
        return own
    return _merged(_base(), own.value if own is not None else {})


def check_synonyms(folder: Path, *, matters: Collection[str]) -> list[Problem]:
    """What is wrong in the city's file; ``matters`` are the codes that there are."""
    own = _own(folder)
    if isinstance(own, list):
        return own
    return [] if own is None else [*_unknown(own, matters)]


def _own(folder: Path) -> Document | list[Problem] | None:
    if not (folder / FILE).exists():
        return None
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="synonyms") or document


def _unknown(document: Document, matters: Collection[str]) -> Iterator[Problem]:
    own: Mapping[str, Any] = document.value.get("concepts", {})
    known = {*_base()["concepts"], *own}
    for code, concept in own.items():
        for index, near in enumerate(concept.get("near", ())):
            if near not in known:
                path: tuple[str | int, ...] = ("concepts", code, "near", index)
                message = f"There is no concept `{near}`."
                yield document.problem(path, "synonyms.unknown", message, "name one of this file or of the base list")
    for code in document.value.get("matters", {}):
        if code not in matters:
            cure = f"use one of {', '.join(sorted(matters))}"
            yield document.problem(("matters", code), "matter.unknown", f"There is no matter `{code}`.", cure)


def _merged(*lists: Mapping[str, Any]) -> Synonyms:
    words: dict[str, list[str]] = {}
    near: dict[str, tuple[str, ...]] = {}
    matters: dict[str, tuple[str, ...]] = {}
    filler: set[str] = set()
    for one in lists:
        for code, concept in one.get("concepts", {}).items():
            words.setdefault(code, []).extend(_words(concept.get("words", {})))
            near[code] = tuple(concept.get("near", near.get(code, ())))
        matters |= {code: tuple(_words(said)) for code, said in one.get("matters", {}).items()}
        filler.update(_words(one.get("filler", {})))
    concepts = {code: Concept(tuple(dict.fromkeys(said)), near[code]) for code, said in words.items()}
    return Synonyms(
        concepts, matters, frozenset(filler), tuple(each for one in lists for each in one.get("confusable", ()))
    )


def _words(by_language: Mapping[str, list[str]]) -> list[str]:
    return [word for words in by_language.values() for word in words]


@cache
def _base() -> Mapping[str, Any]:
    text = (resources.files(__package__) / "defaults" / FILE).read_text("utf-8")
    document = read_yaml(text, file=FILE)
    assert isinstance(document, Document), document
    assert not (problems := check_schema(document, schema="synonyms")), problems
    found: Mapping[str, Any] = document.value
    return found
