"""Do the rules of a matter fit it: is everything that they read given to them?"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from tongban.kernel.flow import Node
from tongban.kernel.rules import Decisions

from .model import MatterDefinition
from .problems import Problem

__all__ = ["check_decisions"]


OUTCOMES = frozenset({"granted", "denied"})
REASON, REASON_EN = "reason", "reason_en"
_LITERAL = re.compile(r'\s*"([^"\\]*)"\s*')


def check_decisions(
    definition: MatterDefinition, *, texts: Mapping[str, str], labels: Mapping[str, str], names: set[str]
) -> list[Problem]:
    """Names that a rule reads in vain, inputs that neither form nor process gives, outcomes that decide nothing.

    ``texts`` and ``labels`` are the rules files and their places by their names, ``names`` what has a value when a rule
    is asked.
    """
    found: list[Problem] = []
    for name, decisions in definition.decisions.items():
        found += _unbound(decisions, labels[name])
        found += _reasons(texts[name], labels[name])
        for node in definition.process.nodes:
            if node.decision and node.decision in decisions:
                found += _inputs(decisions, node, names, labels[name])
                if node.decides_by_rule:
                    found += _outcomes(texts[name], node, labels[name])
    return found


def _unbound(decisions: Decisions, file: str) -> Iterator[Problem]:
    for element in decisions.elements.values():
        given = {prefix or required.name for required, prefix in element.requirements}
        for name in sorted(element.reads - given):
            message = f"The decision `{element.name}` reads `{name}`, which nothing gives it: it would always be null."
            cure = f"add `<inputData>` named {name} and require it with `<informationRequirement>`, or correct the name"
            yield Problem(file, element.line, "rules.unknown-name", message, cure)


def _inputs(decisions: Decisions, node: Node, names: set[str], file: str) -> Iterator[Problem]:
    lines = {element.name: element.line for element in decisions.elements.values()}
    for name in decisions.inputs_of(node.decision):
        if name not in names:
            message = f"The decision `{node.decision}` needs `{name}`, which neither the form nor the process gives."
            yield Problem(
                file, lines.get(name, 0), "rules.unknown-input", message, f"use one of {', '.join(sorted(names))}"
            )


def _reasons(text: str, file: str) -> Iterator[Problem]:
    """People read the reason that a rule gives: `reason` in Chinese, `reason_en` in English, both or neither."""
    for table in _root(text).iterfind("{*}decision/{*}decisionTable"):
        columns = [output.get("name") for output in table.iterfind("{*}output")]
        if REASON not in columns:
            continue
        if REASON_EN not in columns:
            message = "This table gives a reason in Chinese only."
            cure = f"add an output `{REASON_EN}` with the same in English"
            yield Problem(file, _line(table), "rules.reason-language", message, cure)
            continue
        for row in table.iterfind("{*}rule"):
            entries = row.findall("{*}outputEntry")
            said = [_is_said(entries[columns.index(name)]) for name in (REASON, REASON_EN)]
            if said[0] != said[1]:
                message = f"This row gives its reason in {'Chinese' if said[0] else 'English'} only."
                cure = f"write `{REASON}` and `{REASON_EN}`, or leave both empty"
                yield Problem(file, _line(row), "rules.reason-language", message, cure)


def _is_said(entry: etree._Element) -> bool:
    return "".join(str(part) for part in entry.itertext()).strip() not in ("", "-", '""', "null")


def _root(text: str) -> etree._Element:
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def _outcomes(text: str, node: Node, file: str) -> Iterator[Problem]:
    """A table that decides the case says granted in some rows, denied in others, and nothing else."""
    for decision in _root(text).iterfind("{*}decision"):
        if node.decision not in (decision.get("id"), decision.get("name")):
            continue
        for table in decision.iterfind("{*}decisionTable"):
            outputs = table.findall("{*}output")
            column = next((at for at, output in enumerate(outputs) if output.get("name") == "outcome"), 0)
            entries = [row.findall("{*}outputEntry")[column] for row in table.iterfind("{*}rule")]
            said: dict[str, int] = {}
            for entry in entries:
                match = _LITERAL.fullmatch("".join(str(part) for part in entry.itertext()))
                if match is None:
                    return  # computed: what it can be is seen only by running it
                said.setdefault(match[1], _line(entry))
            for word, line in said.items():
                if word not in OUTCOMES:
                    message = f"The decision `{node.decision}` decides the case, but says `{word}`."
                    yield Problem(file, line, "rules.outcome", message, 'say "granted" or "denied"')
            for word in sorted(OUTCOMES - said.keys()):
                message = f"The decision `{node.decision}` decides the case, but never says `{word}`."
                cure = f'add a row that says "{word}", or let a person decide'
                yield Problem(file, _line(table), "rules.outcome", message, cure)


def _line(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0
