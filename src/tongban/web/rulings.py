"""Why a rule decided as it did, in plain words: which fact, what the rule asks of it, and where the fact came from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import CaseView, ColumnTold, Ruling, TableTold, explain_rules
from tongban.apps.catalog.city import get_registers, get_rule_words
from tongban.apps.catalog.definitions import Form, needs_of
from tongban.web.registers import said_for

__all__ = ["FactTold", "RulingTold", "tell_rulings"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact that decided: what it is called, what it was, what the rule asks of it, and where it came from."""

    name: str
    value: str
    asked: str
    source: str


@dataclass(frozen=True, slots=True)
class RulingTold:
    """One time that a rule decided. ``laws`` stand beside the row that held; ``changed``: answers differ since."""

    step: str
    facts: Sequence[FactTold]
    laws: Sequence[str]
    changed: bool


def tell_rulings(*, case: CaseView) -> list[RulingTold]:
    """Return what rules did in a case that its reader may see, from the same trace as ``tongban rules explain``."""
    sources = _sources(case)
    return [_told(each, case.definition.form, sources) for each in explain_rules(number=case.number)]


def _told(ruling: Ruling, form: Form, sources: Mapping[str, str]) -> RulingTold:
    tables = [table for table in ruling.tables if table.policy and table.rows]
    facts = [fact for table in tables for fact in _facts(table, form, sources)]
    laws = dict.fromkeys(_said(words) for table in tables for row in table.rows for _name, words in row.notes if words)
    step = ruling.node.in_language(_language()) or _("Decided by rule")
    return RulingTold(step=step, facts=facts, laws=list(laws), changed=ruling.changed)


def _facts(table: TableTold, form: Form, sources: Mapping[str, str]) -> list[FactTold]:
    """The columns that the rows which held ask about, each once."""
    asked = {name: cell for row in table.rows for name, cell in row.asked}
    return [
        FactTold(
            name=_called(column, form),
            value=_value(column.expression, column.value, form),
            asked=_asked(column.expression, asked[column.name], form),
            source=_source(column, form, sources),
        )
        for column in table.columns
        if column.name in asked
    ]


def _called(column: ColumnTold, form: Form) -> str:
    """What the question is called that the column is about, where it is one; else the column's own name."""
    asked = form.fields.get(column.expression.strip())
    if asked is not None:
        return asked.title.in_language(_language())
    return _said(column.name)


def _said(words: str) -> str:
    """Words of a decision table in the reader's language, as far as the city has them (``rule-words.yaml``)."""
    return words if _language().startswith("zh") else get_rule_words().get(words, words)


def _value(expression: str, value: str, form: Form) -> str:
    """A value as people say it."""
    if value in _TRUTH:
        return pgettext("fact", "yes") if _TRUTH[value] else pgettext("fact", "no")
    asked = form.fields.get(expression.strip())
    plain = value.strip('"')
    return asked.label(plain, _language()) if asked is not None and not asked.sensitive else plain


def _asked(expression: str, cell: str, form: Form) -> str:
    """What the row asks: alternatives one by one, choices in words, comparisons as they are written."""
    return _(", ").join(_value(expression, each.strip(), form) for each in cell.split(",")) if "(" not in cell else cell


def _source(column: ColumnTold, form: Form, sources: Mapping[str, str]) -> str:
    named = [name for name in _NAME.findall(column.expression) if name in form.fields]
    found = dict.fromkeys(sources.get(name, _("as stated in the application")) for name in named)
    return _(", ").join(found) or _("worked out from the answers and the day")


def _sources(case: CaseView) -> dict[str, str]:
    """By question, the register that answered it."""
    registers, said = get_registers(), said_for(case=case.number, definition=case.definition)
    answered = {(each.register, each.of) for each in said if each.state in ("taken", "confirmed")}
    return {
        name: _("from the register “%(register)s”") % {"register": _register(registers, need.register)}
        for need in needs_of(case.definition)
        if (need.register, need.of) in answered
        for name in need.fills
    }


def _register(registers: Mapping[str, Any], code: str) -> str:
    return registers[code].name.in_language(_language()) if code in registers else code


def _language() -> str:
    return get_language() or "zh-hans"
