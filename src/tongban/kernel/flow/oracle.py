"""What a diagram asks of the world, answered from form answers, task outcomes and rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from tongban.kernel.rules import RulesError, Value

from .definition import Definition, Kind, Node
from .errors import Refusal, Refused
from .ports import find_decisions
from .values import from_json, to_json

__all__ = ["FactsOracle"]


class FactsOracle:
    """Evaluates conditions and rules; keeps what the rules said for the record.

    `at` is the local time of the command: what FEEL calls now. Names stand for form answers (also under `answers`),
    for `<node>.outcome` of finished tasks, and for rule results.
    """

    def __init__(
        self,
        definition: Definition,
        variables: Mapping[str, Any],
        facts: Mapping[str, Value],
        at: datetime,
        timezone: tzinfo,
    ) -> None:
        self.definition = definition
        self.facts = facts
        self._at = at
        self._timezone = timezone
        self.sets: dict[str, Any] = {}
        self.rules: list[dict[str, Any]] = []
        self._variables = variables
        self._scope: dict[str, Any] | None = None

    @property
    def at(self) -> datetime:
        """The instant of the command, in local time."""
        return self._at.astimezone(self._timezone)

    def scope(self) -> dict[str, Any]:
        """All names that an expression may use."""
        if self._scope is None:
            values = {name: from_json(value) for name, value in self._variables.items()}
            values.update({name: from_json(value) for name, value in self.sets.items()})
            self._scope = {**self.facts, "answers": dict(self.facts), **values}
        return self._scope

    def assign(self, name: str, value: Any) -> None:
        """Set a variable, given as JSON."""
        self.sets[name] = value
        self._scope = None

    def choose(self, node: Node) -> tuple[int, ...]:
        """The flows whose condition holds: the first for an exclusive gateway, else all; or the default."""
        definition = self.definition
        chosen = []
        default: int | None = None
        for index in definition.outs[node.index]:
            flow = definition.flows[index]
            if flow.default:
                default = index
            elif flow.condition is None or self._holds(node, index):
                chosen.append(index)
                if node.kind is Kind.EXCLUSIVE:
                    return (index,)
        if not chosen and default is not None:
            return (default,)
        if not chosen:
            raise Refused(Refusal.NO_BRANCH, {"node": node.id})
        return tuple(chosen)

    def _holds(self, node: Node, index: int) -> bool:
        flow = self.definition.flows[index]
        assert flow.condition is not None
        value = flow.condition.evaluate(self.scope(), at=self.at)
        if value is None or isinstance(value, bool):
            return value is True  # what is unknown does not hold
        raise Refused(Refusal.CONDITION_FAILED, {"node": node.id, "flow": flow.id})

    def rule(self, node: Node, move: int) -> None:
        """Evaluate a business-rule task; its result becomes a variable."""
        self.rules.append({**self.evaluate(node), "move": move})

    def evaluate(self, node: Node) -> dict[str, Any]:
        """The record of one rule evaluation; sets the result variable."""
        decisions = find_decisions(self.definition.decisions, node.decision)
        assert decisions is not None  # checked when the definition was loaded
        try:
            result = decisions.evaluate(node.decision, self.scope(), at=self.at)
        except RulesError as error:
            raise Refused(Refusal.RULE_FAILED, {"node": node.id, "code": error.code}) from error
        value = to_json(result.value)
        self.assign(node.result, value)
        hits = [hit.id or str(hit.index) for hit in result.hits]
        return {"node": node.id, "decision": node.decision, "variable": node.result, "result": value, "hits": hits}
