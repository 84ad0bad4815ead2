"""Which files are audited and what is asked of each: ``audits.yaml``, or the defaults beside this module."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from tongban.kernel.clock import Limit, Unit

from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["Audits", "Plan", "Question", "Sheet", "check_audits", "read_audits"]

FILE = "audits.yaml"
_ANSWER = Limit(10, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Question:
    """What an auditor says of a file: yes is in order. ``law``: where it stands."""

    code: str
    text: Text
    law: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The questions for files of these ``matters``, None for all.

    ``of``: decided by a ``rule``, by an ``officer``, or, empty, by either.
    """

    questions: Sequence[Question]
    of: str = ""
    matters: frozenset[str] | None = None

    def is_for(self, *, matter: str, by_rule: bool) -> bool:
        """Whether it is for such a file."""
        fits = not self.of or self.of == ("rule" if by_rule else "officer")
        return fits and (self.matters is None or matter in self.matters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A random sample that is drawn ``every`` day, week or month from what was decided in it.

    ``share`` in percent of each part (``by``: department or matter), at least ``minimum`` of each, ``most`` of all.
    """

    code: str
    name: Text
    every: str
    share: int
    minimum: int
    most: int = 100
    by: str = "department"
    of: str = ""
    matters: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audits:
    """How a city audits. ``answered_by``: roles of the department, any of which answers a defect, ``answer_within``."""

    plans: Sequence[Plan]
    sheets: Sequence[Sheet]
    answer_within: Limit = _ANSWER
    answered_by: frozenset[str] = frozenset({"reviewer", "decider"})

    def sheet_for(self, *, matter: str, by_rule: bool) -> Sheet:
        """The first sheet that fits; the last one where none does."""
        fitting = (sheet for sheet in self.sheets if sheet.is_for(matter=matter, by_rule=by_rule))
        return next(fitting, self.sheets[-1])


def read_audits(folder: Path) -> Audits | list[Problem]:
    """How the city in ``folder`` audits, or why its file cannot be used; the defaults without a file."""
    found = _read(folder)
    if found is None:
        return _default()
    return found if isinstance(found, list) else _audits(found.value)


def check_audits(folder: Path, *, matters: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the audits of a city with these matters."""
    found = _read(folder)
    if isinstance(found, list):
        yield from found
    if not isinstance(found, Document):
        return
    for part in ("plans", "sheets"):
        for index, row in enumerate(found.value[part]):
            for code in sorted(set(row.get("matters", ())) - set(matters)):
                message = f"There is no matter `{code}`."
                yield found.problem((part, index, "matters"), "matter.unknown", message, "name one of the city's")
    yield from _doubles(found, ("plans",), found.value["plans"])
    for index, row in enumerate(found.value["sheets"]):
        yield from _doubles(found, ("sheets", index, "questions"), row["questions"])
    last = found.value["sheets"][-1]
    if "matters" in last or "of" in last:
        message = "The last sheet is for some files only, so that others have none."
        path = ("sheets", len(found.value["sheets"]) - 1)
        yield found.problem(path, "audits.no-sheet", message, "end with a sheet without `matters` and `of`")


def _doubles(document: Document, path: tuple[str | int, ...], rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    codes = [row["code"] for row in rows]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            message = f"`{code}` stands here twice."
            yield document.problem((*path, index, "code"), "audits.twice", message, "give each a code of its own")


def _read(folder: Path) -> Document | list[Problem] | None:
    if not (folder / FILE).exists():
        return None
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="audits") or document


@cache
def _default() -> Audits:
    document = read_yaml((resources.files(__package__) / "defaults" / FILE).read_text("utf-8"), file=FILE)
    assert isinstance(document, Document)
    return _audits(document.value)


def _audits(value: Mapping[str, Any]) -> Audits:
    given: dict[str, Any] = {}
    if "answer_within" in value:
        given["answer_within"] = Limit.parse(value["answer_within"])
    if "answered_by" in value:
        given["answered_by"] = frozenset(value["answered_by"])
    return Audits(
        plans=tuple(_plan(row) for row in value["plans"]), sheets=tuple(_sheet(row) for row in value["sheets"]), **given
    )


def _plan(row: Mapping[str, Any]) -> Plan:
    given = {key: row[key] for key in ("code", "every", "share", "minimum", "most", "by", "of") if key in row}
    return Plan(**given, name=text_of(row["name"]), matters=_matters(row))


def _sheet(row: Mapping[str, Any]) -> Sheet:
    questions = tuple(
        Question(each["code"], text_of(each["text"]), text_of(each["law"]) if "law" in each else None)
        for each in row["questions"]
    )
    return Sheet(questions=questions, of=row.get("of", ""), matters=_matters(row))


def _matters(row: Mapping[str, Any]) -> frozenset[str] | None:
    return frozenset(row["matters"]) if "matters" in row else None
