"""Do the rules of a matter fit it: is everything that they read given to them?"""

from collections.abc import Iterator

from tongban.kernel.flow import Node
from tongban.kernel.rules import Decisions

from .model import MatterDefinition
from .problems import Problem

__all__ = ["check_decisions"]


def check_decisions(definition: MatterDefinition, *, labels: dict[str, str], names: set[str]) -> list[Problem]:
    """Names that a rule reads in vain, and inputs that neither form nor process gives.

    ``labels`` are the files of the rules by their names, ``names`` what has a value when a rule is asked.
    """
    found: list[Problem] = []
    for name, decisions in definition.decisions.items():
        found += _unbound(decisions, labels[name])
        for node in definition.process.nodes:
            if node.decision and node.decision in decisions:
                found += _inputs(decisions, node, names, labels[name])
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
