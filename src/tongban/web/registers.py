"""What registers said, as any page shows it: fields in words, numbers of people masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_registers
from tongban.apps.catalog.definitions import MatterDefinition, needs_of
from tongban.apps.catalog.definitions.answers import read_answer
from tongban.apps.catalog.definitions.registers import Register, RegisterField
from tongban.apps.exchange.extracts import ExtractView, list_extracts_of_case
from tongban.kernel.numbers import format_case_number, mask_identity, mask_phone
from tongban.web.templatetags.tongban_ui import day as said_day

__all__ = ["ExtractCard", "extract_cards", "said_for", "said_rows", "silent_registers", "unconfirmed"]

_MASKS = {"identity-number": mask_identity, "mobile": mask_phone}


@dataclass(frozen=True, slots=True)
class ExtractCard:
    """What a register said for a case. ``differs``: questions to which the applicant gave another answer."""

    name: str
    department: str
    of: str
    tag: str
    tone: str
    icon: str
    rows: Sequence[dict[str, str]]
    fetched: str
    record: str
    differs: Sequence[str]
    is_open: bool


def said_for(*, case: int, definition: MatterDefinition) -> list[ExtractView]:
    """What registers said for a case; no query for a matter that asks none."""
    return list_extracts_of_case(case=case) if needs_of(definition) else []


def unconfirmed(*, said: Sequence[ExtractView], definition: MatterDefinition) -> frozenset[str]:
    """The questions that a register would have answered and has not yet: what was written is to be confirmed."""
    silent = {(each.register, each.of) for each in said if each.state == "pending"}
    return frozenset(name for need in needs_of(definition) if (need.register, need.of) in silent for name in need.fills)


def silent_registers(*, said: Sequence[ExtractView]) -> list[str]:
    """Names of the registers that have not answered yet, each once."""
    registers = get_registers()
    silent = dict.fromkeys(each.register for each in said if each.state == "pending" and each.register in registers)
    return [registers[code].name.in_language(_language()) for code in silent]


def extract_cards(
    *, said: Sequence[ExtractView], definition: MatterDefinition, answers: Mapping[str, Any]
) -> list[ExtractCard]:
    """What registers said for a case, and what is still to be confirmed."""
    needs = {(each.register, each.of): each.fills for each in needs_of(definition)}
    registers = get_registers()
    return [
        _card(registers[each.register], each, needs.get((each.register, each.of), {}), definition, answers)
        for each in said
        if each.register in registers
    ]


def _card(
    register: Register,
    extract: ExtractView,
    fills: Mapping[str, str],
    definition: MatterDefinition,
    answers: Mapping[str, Any],
) -> ExtractCard:
    tag, tone, icon = _states()[extract.state]
    fields = definition.form.fields
    differs = [
        fields[name].title.in_language(_language())
        for name, of in fills.items()
        if of in extract.values and read_answer(fields[name], extract.values[of]).kept != answers.get(name)
    ]
    return ExtractCard(
        name=register.name.in_language(_language()),
        department=register.department,
        of=_("the legal representative") if extract.of == "representative" else "",
        tag=tag,
        tone=tone,
        icon=icon,
        rows=said_rows(register=register, values=extract.values),
        fetched=said_day(extract.fetched_at),
        record=format_case_number(extract.lookup) if extract.lookup else "",
        differs=differs,
        is_open=extract.state == "pending",
    )


def _states() -> dict[str, tuple[str, str, str]]:
    return {
        "taken": (_("taken by the applicant"), "done", "check"),
        "confirmed": (_("confirmed after filing"), "done", "check"),
        "pending": (_("to be confirmed"), "sun", "clock"),
        "absent": (_("not on record"), "sun", "alert"),
    }


def said_rows(*, register: Register, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a register said, field by field, numbers of people masked."""
    return [
        {"key": asked.title.in_language(_language()), "value": _words(asked, values[name])}
        for name, asked in register.fields.items()
        if name in values
    ]


def _words(asked: RegisterField, value: Any) -> str:
    if asked.sensitive:
        return _MASKS[asked.format](str(value))
    if asked.format == "date" and value:
        try:
            return said_day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    return asked.label(value, _language())


def _language() -> str:
    return get_language() or "zh-hans"
