"""What a diagram asks of the world, answered from form answers, task outcomes and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from tongban.kernel.rules import Expression, RulesError, Value

from .definition import COPIES, Definition, Kind, Node
from .errors import Refusal, Refused
from .ports import find_decisions
from .propagation import holder_of
from .values import from_json, to_json

__all__ = ["FactsOracle", "Heard", "Question", "answer", "stale_frames"]

_GONE = object()
_OWN = frozenset({"loopCounter"})


class Question(NamedTuple):
    """Which flows leave a node, as it was asked in one step, with the variables of that moment."""

    node: int
    variables: Mapping[str, Any]
    answer: tuple[int, ...]


class Heard:
    """What a step asked of the world: questions at gateways, and whether it asked anything else."""

    __slots__ = ("other", "questions")

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.other = False


def answer(
    definition: Definition,
    node: Node,
    facts: Mapping[str, Value],
    variables: Mapping[str, Any],
    at: datetime,
    timezone: tzinfo,
) -> tuple[int, ...]:
    """Which flows leave a node with conditions, as these facts and variables have it. See `FactsOracle.choose`."""
    chosen = []
    default: int | None = None
    for index in definition.outs[node.index]:
        flow = definition.flows[index]
        if flow.default:
            default = index
            continue
        if flow.condition is not None:
            scope = _named(flow.condition.names, facts, variables)
            value = flow.condition.evaluate(scope, at=at if at.tzinfo is timezone else at.astimezone(timezone))
            if value is not None and not isinstance(value, bool):
                raise Refused(Refusal.CONDITION_FAILED, {"node": node.id, "flow": flow.id})
            if value is not True:  # what is unknown does not hold
                continue
        if node.kind is Kind.EXCLUSIVE:
            return (index,)
        chosen.append(index)
    if not chosen and default is not None:
        return (default,)
    if not chosen:
        raise Refused(Refusal.NO_BRANCH, {"node": node.id})
    return tuple(chosen)


def _named(names: Iterable[str], facts: Mapping[str, Value], variables: Mapping[str, Any]) -> dict[str, Any]:
    """What one condition reads: a variable before a fact of the same name, and all facts as `answers`."""
    found: dict[str, Any] = {}
    for name in names:
        if name in variables:
            found[name] = from_json(variables[name])
        elif name == "answers":
            found[name] = dict(facts)
        elif name in facts:
            found[name] = facts[name]
    return found


class FactsOracle:
    """Evaluates conditions and rules; keeps what the rules said for the record.

    `at` is the local time of the command: what FEEL calls now. Names stand for form answers (also under `answers`),
    for `<node>.outcome` of finished tasks, and for rule results. What repeats or is called has a frame of names of its
    own: variables `<node>#<copy>.<name>`, gone when that has ended.
    """

    def __init__(
        self,
        definition: Definition,
        variables: Mapping[str, Any],
        facts: Mapping[str, Value],
        at: datetime,
        timezone: tzinfo,
        heard: Heard | None = None,
    ) -> None:
        self.definition = definition
        self.facts = facts
        self._at = at
        self._timezone = timezone
        self.sets: dict[str, Any] = {}
        self.unset: list[str] = []
        self.rules: list[dict[str, Any]] = []
        self.told: list[dict[str, Any]] = []
        self.during: dict[int, dict[str, Any]] = {}  # what changed, by the firing that it belongs to
        self._variables = variables
        self._scopes: dict[str, dict[str, Any]] = {}
        self._heard = heard or Heard()

    @property
    def at(self) -> datetime:
        """The instant of the command, in local time."""
        return self._at.astimezone(self._timezone)

    # Names

    def variable(self, name: str) -> Any:
        """A variable as JSON, as it is now."""
        return self.sets[name] if name in self.sets else self._variables.get(name) if name not in self.unset else None

    def frame(self, frame: str) -> dict[str, Any]:
        """The variables of a frame as JSON."""
        before, start = f"{frame}.", len(frame) + 1
        gone = self.unset
        found = {n[start:]: v for n, v in self._variables.items() if n.startswith(before) and n not in gone}
        found.update({name[start:]: value for name, value in self.sets.items() if name.startswith(before)})
        return found

    def scope(self, frames: Iterable[str] = ()) -> dict[str, Any]:
        """All names that an expression may use: those of the case, and of these frames over them."""
        self._heard.other = True
        wanted = tuple(frames)
        key = "/".join(wanted)
        found = self._scopes.get(key)
        if found is None:
            if wanted:
                inner = self.frame(wanted[-1]).items()
                found = {**self.scope(wanted[:-1]), **{name: from_json(value) for name, value in inner}}
            else:
                gone = self.unset
                values = {n: from_json(v) for n, v in self._variables.items() if n not in gone and "#" not in n}
                values.update({name: from_json(value) for name, value in self.sets.items() if "#" not in name})
                found = {**self.facts, "answers": dict(self.facts), **values}
            self._scopes[key] = found
        return found

    def names(self, node: Node, copy: int) -> dict[str, Any]:
        """What an expression of this node sees: of a round, what it has for itself."""
        definition = self.definition
        if not definition.framed:
            return self.scope()
        if node.kind is Kind.START and node.scope:  # of an event subprocess: judged before that runs
            return self.scope(definition.frames(definition.scopes[node.scope].parent, copy))
        if node.loop is not None and not definition.holds(node, copy):
            return self.scope((*definition.frames(node.scope, copy // COPIES), f"{node.id}#{copy}"))
        return self.scope(definition.frames(node.scope, copy))

    def assign(self, name: str, value: Any, *, move: int = 0, frame: str = "") -> None:
        """Set a variable, given as JSON; with `frame`, one of that frame."""
        if frame:
            name = f"{frame}.{name}"
        self.sets[name] = value
        if name in self.unset:
            self.unset.remove(name)
        self.during.setdefault(move, {})[name] = value
        self._scopes.clear()

    def put(self, node: Node, copy: int, value: Any, *, name: str = "", move: int = 0) -> None:
        """Set what came of a node: where it lies, in the frame of its round, its call or the case."""
        definition = self.definition
        frame = ""
        if definition.framed:
            own = node.loop is not None and not definition.holds(node, copy)
            frame = f"{node.id}#{copy}" if own else definition.frame(node.scope, copy)
        self.assign(name or node.variable, value, move=move, frame=frame)

    def drop(self, frame: str, *, move: int) -> None:
        """A frame is over."""
        before = f"{frame}."
        for name in [one for one in (*self._variables, *self.sets) if one.startswith(before)]:
            self.sets.pop(name, None)
            if name in self._variables and name not in self.unset:
                self.unset.append(name)
            self.during.setdefault(move, {})[name] = _GONE
        self._scopes.clear()

    def record(self) -> dict[str, Any]:
        """What the event says of variables, rules and throws. `during` only where it is more than `set` can say."""
        data: dict[str, Any] = {}
        if self.sets:
            data["set"] = self.sets
        if self.unset:
            data["unset"] = sorted(self.unset)
        if self.rules:
            data["rules"] = self.rules
        if self.told:
            data["throws"] = self.told
        if self.definition.framed or any(move for move in self.during if not self._by_rule(move)):
            brief = self._brief()
            data["during"] = []
            for move, found in sorted(self.during.items()):
                sets = {name: value for name, value in found.items() if value is not _GONE and name not in brief}
                unset = sorted(name for name, value in found.items() if value is _GONE and name not in brief)
                if sets or unset:
                    data["during"].append([move, sets, unset])
        return data

    def _brief(self) -> set[str]:
        """Names that came and went within this event: no return can stop between."""
        last: dict[str, Any] = {}
        for _, found in sorted(self.during.items()):
            last.update(found)
        return {name for name, value in last.items() if value is _GONE and name not in self._variables}

    def _by_rule(self, move: int) -> bool:
        ruled = {rule["variable"] for rule in self.rules if rule.get("move") == move}
        return set(self.during[move]) <= ruled

    # Questions

    def choose(self, node: Node, copy: int = 0) -> tuple[int, ...]:
        """The flows whose condition holds: the first for an exclusive gateway, else all; or the default."""
        variables = {**self._variables, **self.sets}
        for name in self.unset:
            del variables[name]
        if self.definition.framed:
            for frame in self.definition.frames(node.scope, copy):
                variables.update(self.frame(frame))
        found = answer(self.definition, node, self.facts, variables, self._at, self._timezone)
        self._heard.questions.append(Question(node.index, variables, found))
        return found

    def holds(self, node: Node, condition: Expression, copy: int) -> bool:
        """Whether the condition of an event, a loop or a completion holds now."""
        return self._yes(node, condition, self.names(node, copy))

    def _yes(self, node: Node, condition: Expression, scope: Mapping[str, Any]) -> bool:
        value = condition.evaluate(scope, at=self.at)
        if value is None or isinstance(value, bool):
            return value is True
        raise Refused(Refusal.CONDITION_FAILED, {"node": node.id})

    def rule(self, node: Node, move: int, copy: int = 0) -> None:
        """Evaluate a business-rule task or a script; its result becomes a variable."""
        if node.kind is Kind.SCRIPT:
            assert node.script is not None
            value = node.script.evaluate(self.names(node, copy), at=self.at)
            self.put(node, copy, to_json(value), name=node.result, move=move)
            return
        self.rules.append({**self.evaluate(node, move=move, copy=copy), "move": move})

    def evaluate(self, node: Node, *, move: int = 0, copy: int = 0) -> dict[str, Any]:
        """The record of one rule evaluation; sets the result variable."""
        decisions = find_decisions(self.definition.decisions, node.decision)
        assert decisions is not None  # checked when the definition was loaded
        try:
            result = decisions.evaluate(node.decision, self.names(node, copy), at=self.at)
        except RulesError as error:
            raise Refused(Refusal.RULE_FAILED, {"node": node.id, "code": error.code}) from error
        value = to_json(result.value)
        self.put(node, copy, value, name=node.result, move=move)
        hits = [hit.id or str(hit.index) for hit in result.hits]
        return {"node": node.id, "decision": node.decision, "variable": node.result, "result": value, "hits": hits}

    def activated(self, node: Node, copy: int, count: int) -> bool:
        """Whether the condition of a complex gateway holds."""
        assert node.script is not None
        return self._yes(node, node.script, {**self.names(node, copy), "activationCount": count})

    def tell(self, node: Node, copy: int, move: int) -> None:
        """Put on record what is thrown, for whoever shall send it on."""
        for one in node.triggers:
            if one.kind in ("message", "signal", "escalation", "error"):
                self.told.append({"move": move, "node": node.id, "kind": one.kind, "name": one.name})

    # Repetition: the frame `<node>#<copy>` of the whole holds what is counted, that of each round what it has

    def rounds(self, node: Node, copy: int, move: int) -> int:
        """How many rounds there are; the items of a collection are kept until the last has begun."""
        loop = node.loop
        assert loop is not None
        frame = f"{node.id}#{copy}"
        values: dict[str, Any] = {"nrOfCompletedInstances": 0, "outcomes": {}, "results": []}
        if loop.standard:
            first = {**self._around(node, copy), "loopCounter": 0}
            count = 1 if not loop.before or loop.condition is None or self._yes(node, loop.condition, first) else 0
        else:
            items = self._items(node, copy)
            count = len(items) if items is not None else self._cardinality(node, copy)
            if count >= COPIES:
                raise Refused(Refusal.TOO_MANY, {"node": node.id, "count": count, "most": COPIES - 1})
            values["nrOfInstances"] = count
            if items is not None and loop.item:
                values["items"] = items
        for name, value in values.items():
            self.assign(name, value, move=move, frame=frame)
        return count

    def _items(self, node: Node, copy: int) -> list[Any] | None:
        assert node.loop is not None
        if node.loop.collection is None:
            return None
        found = node.loop.collection.evaluate(self._around(node, copy), at=self.at)
        if not isinstance(found, list):
            raise Refused(Refusal.NO_ROUNDS, {"node": node.id})
        return [to_json(one) for one in found]

    def _cardinality(self, node: Node, copy: int) -> int:
        assert node.loop is not None
        assert node.loop.cardinality is not None
        found = node.loop.cardinality.evaluate(self._around(node, copy), at=self.at)
        number = isinstance(found, (int, Decimal)) and not isinstance(found, bool)
        if not number or found != int(found) or found < 0:
            raise Refused(Refusal.NO_ROUNDS, {"node": node.id})
        return int(found)

    def enter(self, node: Node, copy: int, number: int, move: int) -> None:
        """The frame of a round, a call or an event subprocess, with what is handed in."""
        values: dict[str, Any] = {}
        outer = self.definition.outer(node, copy)
        if node.loop is not None:
            values["loopCounter"] = number
            if node.loop.item:
                items = self.variable(f"{node.id}#{outer}.items") or []
                values[node.loop.item] = items[number - 1] if number <= len(items) else None
        if node.inputs:
            scope = self._around(node, outer) | {name: from_json(value) for name, value in values.items()}
            values |= {one.target: to_json(one.value.evaluate(scope, at=self.at)) for one in node.inputs}
        for name, value in values.items():
            self.assign(name, value, move=move, frame=f"{node.id}#{copy}")

    def _around(self, node: Node, copy: int) -> dict[str, Any]:
        return self.scope(self.definition.frames(node.scope, copy))

    def exit(self, node: Node, copy: int, move: int) -> None:
        """A round, a call or an event subprocess has ended: what comes out of it, then its frame goes."""
        outer = self.definition.outer(node, copy)
        frame = f"{node.id}#{copy}"
        inside = self.frame(frame)
        around = self.definition.frame(node.scope, outer)
        given: dict[str, Any] = {}
        if node.outputs:
            scope = self._around(node, outer) | {name: from_json(value) for name, value in inside.items()}
            given = {one.target: to_json(one.value.evaluate(scope, at=self.at)) for one in node.outputs}
        for name, value in given.items():
            self.assign(name, value, move=move, frame=around)
        if node.loop is not None:
            self._count(node, outer, inside, move)
        elif node.called:
            self.assign(node.variable, {n: v for n, v in inside.items() if n not in _OWN}, move=move, frame=around)
        self.drop(frame, move=move)

    def _count(self, node: Node, copy: int, inside: dict[str, Any], move: int) -> None:
        """One round more is done."""
        loop = node.loop
        assert loop is not None
        frame = f"{node.id}#{copy}"
        whole = self.frame(frame)
        own = inside.get(node.variable)
        outcome = own.get("outcome") if isinstance(own, dict) else None
        if outcome is not None:
            counts = whole.get("outcomes", {})
            self.assign("outcomes", {**counts, outcome: counts.get(outcome, 0) + 1}, move=move, frame=frame)
        if loop.result_item is not None:
            scope = self._around(node, copy) | {name: from_json(value) for name, value in inside.items()}
            result = to_json(loop.result_item.evaluate(scope, at=self.at))
        elif node.kind is Kind.SUBPROCESS:
            result = {name: value for name, value in inside.items() if name not in _OWN}
        else:
            result = own if own is not None else inside.get(node.result)
        self.assign("results", [*whole.get("results", []), result], move=move, frame=frame)
        done = whole.get("nrOfCompletedInstances", 0) + 1
        self.assign("nrOfCompletedInstances", done, move=move, frame=frame)

    def finished(self, node: Node, copy: int, done: int, active: int, move: int) -> bool:
        """Whether that was enough: all rounds, or the condition says so."""
        loop = node.loop
        assert loop is not None
        whole = self.frame(f"{node.id}#{copy}")
        if loop.standard:
            if loop.most and done >= loop.most:
                return True
            if done >= COPIES - 1:
                raise Refused(Refusal.TOO_MANY, {"node": node.id, "count": done, "most": COPIES - 1})
            return loop.condition is not None and not self._yes(
                node, loop.condition, self._counted(node, copy, done, 0)
            )
        if done >= whole.get("nrOfInstances", 0):
            return True
        if loop.condition is None:
            return False
        return self._yes(node, loop.condition, self._counted(node, copy, done, active))

    def _counted(self, node: Node, copy: int, done: int, active: int) -> dict[str, Any]:
        """What a completion condition sees: counts, and the last round under the name of the step."""
        whole = self.frame(f"{node.id}#{copy}")
        scope = self._around(node, copy) | {name: from_json(value) for name, value in whole.items()}
        scope |= {"nrOfActiveInstances": active, "loopCounter": done}
        results = whole.get("results") or [None]
        if isinstance(results[-1], dict):
            scope[node.variable] = from_json(results[-1])
            if node.kind is Kind.SUBPROCESS:
                scope |= from_json(results[-1])
        return scope

    def end(self, node: Node, copy: int, move: int) -> None:
        """What came of all rounds, under the name of the step; its frames go."""
        loop = node.loop
        assert loop is not None
        whole = self.frame(f"{node.id}#{copy}")
        around = self.definition.frame(node.scope, copy)
        results = whole.get("results", [])
        told: dict[str, Any] = {"outcomes": whole.get("outcomes", {}), "results": results}
        last = results[-1] if results else None
        if isinstance(last, dict) and "outcome" in last:
            told["outcome"] = last["outcome"]
        self.assign(node.variable, told, move=move, frame=around)
        if loop.result:
            self.assign(loop.result, results, move=move, frame=around)
        self.drop(f"{node.id}#{copy}", move=move)

    def collect(self, marking: Iterable[int], entered: Iterable[int], move: int) -> None:
        """The frames of what was ended from outside go."""
        if self.definition.steady:
            return
        for frame in stale_frames(self.definition, (*self._variables, *self.sets), marking, entered):
            self.drop(frame, move=move)


def stale_frames(
    definition: Definition, names: Iterable[str], marking: Iterable[int], entered: Iterable[int] = ()
) -> list[str]:
    """The frames among these variables for which no token stands any more.

    The mark that a condition has come is one, too: it goes when its activity begins anew.
    """
    tokens, fresh = set(marking), set(entered)
    found = []
    for frame in dict.fromkeys(name.rpartition(".")[0] for name in names if "#" in name):
        owner, _, number = frame.rpartition("#")
        node = definition.nodes[definition.index[owner]]
        token = holder_of(definition, node, int(number))
        again = node.kind in (Kind.BOUNDARY, Kind.START) and token in fresh
        if token >= 0 and (token not in tokens or again):
            found.append(frame)
    return found
