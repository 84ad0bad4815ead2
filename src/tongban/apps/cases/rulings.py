"""Why rules decided a case as they did: what the log keeps of them, and the tables of the case's version by its side.

The log keeps which rows held, but no answers. What the columns saw is worked out again from the answers as they are
now; where that leads to other rows than were recorded, because an answer has been changed since, it is said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.apps.cases.answers import mask_answer, open_answers
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.models import Case
from tongban.apps.cases.services.way import facts_of
from tongban.apps.cases.versions import versions_of
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger import queries as ledger
from tongban.kernel import flow
from tongban.kernel.flow.values import from_json
from tongban.kernel.rules import Decisions, Explanation, value_text

__all__ = ["ColumnTold", "RowTold", "Ruling", "TableTold", "explain_rules"]

_PART = 4
"""So many signs of a person's number are a part of it that is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTold:
    """A column, the expression that it asks, and what it saw, as text; numbers of persons masked."""

    name: str
    value: str
    expression: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTold:
    """A row that decided: what it asked, column by column, and the words beside it: its legal basis."""

    index: int
    id: str
    asked: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTold:
    """A decision that took part: a table with its columns and rows, or an expression with its value."""

    name: str
    policy: str
    value: str
    columns: tuple[ColumnTold, ...]
    rows: tuple[RowTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One time that a rule decided: when, at which step, what came of it, and why.

    ``changed`` is whether the answers have been changed since, so that the rule would find other rows now; then
    ``recorded`` are the rows that held, and the tables show the answers of today.
    """

    at: datetime
    seq: int
    node: Text
    decision: str
    result: str
    recorded: tuple[str, ...]
    tables: tuple[TableTold, ...]
    changed: bool


def explain_rules(*, number: int) -> list[Ruling]:
    """Return each time that a rule decided the case, in the order of its log. Raises ``UnknownCase``.

    For the operator and for officers who may see the case; identity numbers and phones are masked.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None:
        raise UnknownCase
    answers = open_answers(answers=case.answers)
    history = ledger.get_history(case=number)
    versions = versions_of(history=history, current=get_version(version_id=case.matter_version_id))
    found: list[Ruling] = []
    variables: Mapping[str, Any] = {}
    for seq, event in enumerate(history, 1):
        if event.data.get("rules"):
            found += _Reader(versions.at(seq), answers).rulings(seq, event, variables)
        variables = _assigned(variables, event)
    return found


def _assigned(variables: Mapping[str, Any], event: flow.Event) -> Mapping[str, Any]:
    """The variables after an event, as it says itself."""
    gone = event.data.get("unset", ())
    return {**{name: value for name, value in variables.items() if name not in gone}, **event.data.get("set", {})}


class _Reader:
    def __init__(self, definition: MatterDefinition, answers: Mapping[str, Any]) -> None:
        self.definition = definition
        self.facts = facts_of(definition, answers)
        form = definition.form
        self.masks = {
            str(value): mask_answer(field=form.fields[name], value=value)
            for name, value in answers.items()
            if name in form.fields and form.fields[name].sensitive and value
        }

    def rulings(self, seq: int, event: flow.Event, before: Mapping[str, Any]) -> Iterator[Ruling]:
        variables = dict(before)
        for record in event.data["rules"]:
            yield self.ruling(seq, event, record, variables)
            variables[record["variable"]] = record["result"]

    def ruling(self, seq: int, event: flow.Event, record: Mapping[str, Any], variables: Mapping[str, Any]) -> Ruling:
        decisions = self.decisions(record["decision"])
        scope = {**self.facts, **{name: from_json(value) for name, value in variables.items()}}
        at = event.at.astimezone(get_calendar().timezone)
        tables = () if decisions is None else decisions.explain(record["decision"], scope, at=at)
        told = tuple(self.table(one) for one in tables)
        found = [row.id or str(row.index) for one in told for row in one.rows]
        recorded = tuple(str(hit) for hit in record["hits"])
        node = next((node for node in self.definition.process.nodes if node.id == record["node"]), None)
        return Ruling(
            at=event.at,
            seq=seq,
            node=Text(zh=node.name, en=node.name_en or node.name) if node else Text(zh="", en=""),
            decision=record["decision"],
            result=self.words(from_json(record["result"])),
            recorded=recorded,
            tables=told,
            changed=sorted(found) != sorted(recorded),
        )

    def decisions(self, name: str) -> Decisions | None:
        return next((each for each in self.definition.decisions.values() if name in each), None)

    def table(self, one: Explanation) -> TableTold:
        names = [column.name for column in one.columns]
        rows = tuple(
            RowTold(
                index=row.index,
                id=row.id,
                asked=tuple((name, cell) for name, cell in zip(names, row.cells, strict=True) if cell not in ("", "-")),
                notes=tuple(row.annotations.items()),
            )
            for row in one.rows
        )
        columns = tuple(
            ColumnTold(name=column.name, value=self.words(column.value), expression=column.expression)
            for column in one.columns
        )
        return TableTold(name=one.decision, policy=one.policy, value=self.words(one.value), columns=columns, rows=rows)

    def words(self, value: Any) -> str:
        """A value as FEEL writes it, with no number of a person in it."""
        if isinstance(value, str) and len(value) >= _PART and any(value in number for number in self.masks):
            return "…"
        told = value_text(value) or "null"
        for number, mask in self.masks.items():
            told = told.replace(number, mask)
        return told
