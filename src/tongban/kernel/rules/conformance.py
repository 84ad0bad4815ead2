"""Cases of the DMN technology compatibility kit: read from their bytes, run, and compared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from lxml import etree

from tongban.kernel.rules.dmn.decisions import Decisions
from tongban.kernel.rules.dmn.reader import load_dmn, namespaces_of
from tongban.kernel.rules.dmn.result import Result, result_of
from tongban.kernel.rules.errors import RulesError
from tongban.kernel.rules.library.conversion import text
from tongban.kernel.rules.runtime.logic import same
from tongban.kernel.rules.runtime.temporal import at_literal, parse_date, parse_date_time, parse_duration, parse_time
from tongban.kernel.rules.values import Reason, Value, admit, kind

__all__ = ["Case", "Judgement", "Models", "Suite", "Verdict", "agree", "judge", "load_models", "read_suite", "run_case"]

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1e-8")
_TRUE = ("true", "1")
# The types of a case that name what is to be called, beside a decision.
_INVOCABLE = ("decisionService", "bkm")


class _Untyped(str):
    """An expected value without a type: compared with the text of what is found."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: its inputs, and by name of decision what must come out. `service` names what is to be called."""

    id: str
    inputs: Mapping[str, Value]
    expected: Mapping[str, Value]
    service: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file, and the file name of the model they are about."""

    model: str
    cases: tuple[Case, ...]


class Verdict(StrEnum):
    """How a case came out. Refused: its decision, or the whole file, was not read, and the reason says why."""

    PASSED = "passed"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A case with its verdict; `reasons` say what differs or what was refused."""

    case: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one folder by file name: those that load, and why the others do not."""

    loaded: dict[str, Decisions] = field(default_factory=dict)
    refused: dict[str, RulesError] = field(default_factory=dict)
    problems: dict[str, list[RulesError]] = field(default_factory=dict)


# --- reading ------------------------------------------------------------------------------------------------------


def read_suite(xml: bytes) -> Suite:
    """The content of one `*-test-*.xml` file. Raises ValueError when it is not one."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None or not _is(root, "testCases"):
        raise ValueError("not a file of test cases")
    model = next((element.text or "" for element in root if _is(element, "modelName")), "")
    return Suite(model.strip(), tuple(_case(element) for element in root if _is(element, "testCase")))


def _is(element: Any, *names: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname in names


def _case(element: Any) -> Case:
    inputs = {child.get("name") or "": _value(child) for child in element if _is(child, "inputNode")}
    expected: dict[str, Value] = {}
    for child in element:
        if _is(child, "resultNode"):
            held = next((part for part in child if _is(part, "expected")), None)
            nothing = held is None or child.get("errorResult") in _TRUE
            expected[child.get("name") or ""] = None if nothing else _value(held)
    service = element.get("invocableName") or "" if element.get("type") in _INVOCABLE else ""
    return Case(element.get("id") or "", inputs, expected, service)


def _value(element: Any) -> Value:
    """The value held: components of a context, items of a list, or one typed value."""
    if element.get(_NIL) in _TRUE:
        return None
    components = [child for child in element if _is(child, "component")]
    if components:
        return {child.get("name"): _value(child) for child in components}
    for child in element:
        if _is(child, "list"):
            return [_value(item) for item in child if _is(item, "item")] if child.get(_NIL) not in _TRUE else None
        if _is(child, "value"):
            return _scalar(child)
    return None


def _scalar(element: Any) -> Value:
    text = element.text or ""
    if element.get(_NIL) in _TRUE:
        return None
    wanted = (element.get(_TYPE) or "").rpartition(":")[2]
    if not wanted:
        return _Untyped(text)
    if wanted in ("decimal", "double", "float", "integer", "int", "long"):
        try:
            return admit(Decimal(text.strip()))
        except InvalidOperation:
            return None
    if wanted == "boolean":
        return text.strip() in _TRUE
    readers: dict[str, Callable[[str], Value]] = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
        "dayTimeDuration": parse_duration,
        "yearMonthDuration": parse_duration,
    }
    reader = readers.get(wanted)
    return text if reader is None else reader(text.strip())


def load_models(files: Mapping[str, bytes]) -> Models:
    """All models of a folder, each after those that it imports. Never raises for what a file holds."""
    models = Models()
    spaces: dict[str, tuple[str, frozenset[str]]] = {}
    for name, xml in sorted(files.items()):
        try:
            spaces[name] = namespaces_of(xml)
        except RulesError as error:
            models.refused[name] = error
    while spaces:
        waiting = {own for own, _ in spaces.values()}
        ready = [name for name, (own, wanted) in spaces.items() if not (wanted - {own}) & waiting]
        # Files that import each other are read all the same: the reader says what is missing.
        for name in ready or list(spaces):
            del spaces[name]
            _load(models, name, files[name])
    return models


def _load(models: Models, name: str, xml: bytes) -> None:
    known = {decisions.namespace: decisions for decisions in models.loaded.values()}
    problems = models.problems.setdefault(name, [])
    try:
        models.loaded[name] = load_dmn(xml, source=name, imports=known, problems=problems)
    except RulesError as error:
        models.refused[name] = error
    except Exception as error:  # a fault of ours in one file must not hide what is in the others
        models.refused[name] = RulesError("rules.fault", {"error": f"{type(error).__name__}: {error}"})


# --- comparing ----------------------------------------------------------------------------------------------------


def agree(expected: Value, found: Value) -> bool:
    """Whether a result is what the case wants; numbers within a small tolerance, as the kit's own runners do."""
    if isinstance(expected, _Untyped):
        return str(expected).strip() == (text(found) or "").strip() or same(at_literal(expected), found) is True
    what = kind(expected)
    if what == "number" and kind(found) == "number":
        return abs(Decimal(expected) - Decimal(found)) <= _TOLERANCE * max(Decimal(1), abs(Decimal(expected)))
    if what == "list" and kind(found) == "list":
        return len(expected) == len(found) and all(map(agree, expected, found))
    if what == "context" and kind(found) == "context":
        return expected.keys() == found.keys() and all(agree(expected[key], found[key]) for key in expected)
    return same(expected, found) is True


def run_case(decisions: Decisions, case: Case, *, at: datetime | None = None) -> dict[str, Value]:
    """By name, the results that differ from what the case wants; empty when it passes. `at` is the time for `now()`."""
    return {name: result.value for name, result in _differing(decisions, case, at)}


def _differing(decisions: Decisions, case: Case, at: datetime | None) -> Iterator[tuple[str, Result]]:
    for name, expected in case.expected.items():
        wanted = case.service or name
        if wanted not in decisions and not decisions.can_call(wanted):
            refusal = Reason("rules.unknown-decision", {"name": wanted})
            if expected is not None:
                yield name, result_of(None, (), case.inputs, (refusal,))
            continue
        if wanted in decisions:
            result = decisions.evaluate(wanted, case.inputs, at=at)
        else:
            result = decisions.call(wanted, case.inputs, at=at)
        if agree(expected, result.value):
            continue
        # A service of several decisions answers all of them; a case may ask for one.
        part = result.value.get(name) if case.service and type(result.value) is dict else None
        if part is None or not agree(expected, part):
            yield name, result


def judge(suite: Suite, models: Models, *, at: datetime | None = None) -> Iterator[Judgement]:
    """Run the cases of one file against the models of its folder; a case never keeps another from being run."""
    decisions = models.loaded.get(suite.model)
    for case in suite.cases:
        if decisions is None:
            yield Judgement(case.id, Verdict.REFUSED, (_unread(suite.model, models),))
        else:
            yield _judged(decisions, case, models.problems[suite.model], at)


def _unread(model: str, models: Models) -> str:
    refusal = models.refused.get(model)
    return f"{model}: {refusal}" if refusal is not None else f"{model}: no such file"


def _judged(decisions: Decisions, case: Case, problems: list[RulesError], at: datetime | None) -> Judgement:
    try:
        differing = list(_differing(decisions, case, at))
    except Exception as error:  # a fault of ours in one case is told, and must not hide the result of the others
        return Judgement(case.id, Verdict.FAILED, (f"{type(error).__name__}: {error}",))
    if not differing:
        return Judgement(case.id, Verdict.PASSED)
    refused = any(reason.code == "rules.null.refused-at-load" for _, result in differing for reason in result.reasons)
    told = [_difference(name, case.expected[name], result) for name, result in differing]
    if refused:
        told.extend(str(problem) for problem in problems)
    return Judgement(case.id, Verdict.REFUSED if refused else Verdict.FAILED, tuple(told))


def _difference(name: str, expected: Value, result: Result) -> str:
    why = "; ".join(dict.fromkeys(_reason(reason) for reason in result.reasons))
    return f"{name}: expected {text(expected) or 'null'}, found {text(result.value) or 'null'}" + (
        f" ({why})" if why else ""
    )


def _reason(reason: Reason) -> str:
    told = ", ".join(f"{name}={value}" for name, value in reason.params.items())
    return f"{reason.code} {told}".strip()
