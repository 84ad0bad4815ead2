"""What the public asks about, and who looks into it: the dispatch directory (派单目录), ``dispatch.yaml``."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["NO_DISPATCH", "Category", "Dispatch", "Sign", "check_dispatch", "read_dispatch"]

FILE = "dispatch.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category. ``above`` is the code of the one that it belongs to, ``also`` what older lists call it."""

    code: str
    name: Text
    above: str
    department: str
    terms: tuple[str, ...]
    also: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Words that say how urgent something is; ``level`` 1 is the most urgent."""

    code: str
    name: Text
    level: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """The directory: categories by code, each after the one above it; signs of urgency; words for districts by code.

    ``speaks_in`` is the matter in which anything can be said (docs/adr/0056), or empty. ``announces`` is the department
    that speaks for the whole government of an event; empty: where inquiries are dispatched.
    """

    categories: Mapping[str, Category]
    urgency: tuple[Sign, ...] = ()
    places: Mapping[str, tuple[str, ...]]
    speaks_in: str = ""
    announces: str = ""

    def below(self, code: str) -> tuple[Category, ...]:
        """The categories right below one; those of the first level for ``""``."""
        return tuple(each for each in self.categories.values() if each.above == code)


NO_DISPATCH = Dispatch(categories={}, places={})


def read_dispatch(folder: Path) -> Dispatch | list[Problem]:
    """The directory of the city in ``folder``, or why its file cannot be used; an empty one without a file."""
    found = _read(folder)
    if found is None:
        return NO_DISPATCH
    return _dispatch(found.value) if isinstance(found, Document) else found


def check_dispatch(folder: Path, *, departments: Collection[str], voices: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the directory; ``departments`` are the codes that there are, ``voices`` those
    of the matters in which people say something.
    """
    found = _read(folder)
    if isinstance(found, list):
        yield from found
    if not isinstance(found, Document):
        return
    code = found.value.get("speaks_in", "")
    if code and code not in voices:
        message = f"Nothing can be said in `{code}`."
        yield found.problem(("speaks_in",), "dispatch.speaks-in", message, "name a matter that has `voice`")
    if (announces := found.value.get("announces", "")) and announces not in departments:
        message = f"There is no department `{announces}`."
        yield found.problem(("announces",), "department.unknown", message, "name one of `departments.yaml`")
    met: set[str] = set()
    for path, row in _rows(found.value["categories"], ("categories",)):
        if row["code"] in met:
            message = f"There is a category `{row['code']}` already."
            yield found.problem((*path, "code"), "dispatch.category-twice", message, "give it a code of its own")
        met.add(row["code"])
        if "department" in row and row["department"] not in departments:
            message = f"There is no department `{row['department']}`."
            cure = "name one of `departments.yaml`"
            yield found.problem((*path, "department"), "department.unknown", message, cure)


def _rows(
    rows: Sequence[Mapping[str, Any]], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    for index, row in enumerate(rows):
        yield (*path, index), row
        yield from _rows(row.get("children", ()), (*path, index, "children"))


def _read(folder: Path) -> Document | list[Problem] | None:
    if not (folder / FILE).exists():
        return None
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="dispatch") or document


def _dispatch(value: Mapping[str, Any]) -> Dispatch:
    found: dict[str, Category] = {}

    def take(rows: Sequence[Mapping[str, Any]], above: str, department: str) -> None:
        for row in rows:
            found[row["code"]] = Category(
                code=row["code"],
                name=text_of(row["name"]),
                above=above,
                department=row.get("department", department),
                terms=tuple(row.get("terms", ())),
                also=tuple(row.get("also", ())),
                examples=tuple(row.get("examples", ())),
            )
            take(row.get("children", ()), row["code"], found[row["code"]].department)

    take(value["categories"], "", "")
    signs = [
        Sign(code=row["code"], name=text_of(row["name"]), level=row["level"], terms=tuple(row["terms"]))
        for row in value.get("urgency", ())
    ]
    places = {code: tuple(words) for code, words in value.get("places", {}).items()}
    return Dispatch(
        categories=found,
        urgency=tuple(signs),
        places=places,
        speaks_in=value.get("speaks_in", ""),
        announces=value.get("announces", ""),
    )
