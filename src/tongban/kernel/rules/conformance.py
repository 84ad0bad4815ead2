"""Cases of the DMN technology compatibility kit: read from their bytes, run, and compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from tongban.kernel.rules.dmn.decisions import Decisions
from tongban.kernel.rules.runtime.logic import same
from tongban.kernel.rules.runtime.temporal import parse_date, parse_date_time, parse_duration, parse_time
from tongban.kernel.rules.values import Value, admit, kind

__all__ = ["Case", "Suite", "agree", "read_suite", "run_case"]

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: its inputs, and by name of decision what must come out. `service` names a service to invoke."""

    id: str
    inputs: Mapping[str, Value]
    expected: Mapping[str, Value]
    service: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file, and the file name of the model they are about."""

    model: str
    cases: tuple[Case, ...]


def read_suite(xml: bytes) -> Suite:
    """The content of one `*-test-*.xml` file. Raises ValueError when it is not one."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    if not _is(root, "testCases"):
        raise ValueError("not a file of test cases")
    model = next((element.text or "" for element in root if _is(element, "modelName")), "")
    return Suite(model.strip(), tuple(_case(element) for element in root if _is(element, "testCase")))


def _is(element: Any, *names: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname in names


def _case(element: Any) -> Case:
    inputs = {child.get("name"): _value(child) for child in element if _is(child, "inputNode")}
    expected: dict[str, Value] = {}
    for child in element:
        if _is(child, "resultNode"):
            held = next((part for part in child if _is(part, "expected")), None)
            expected[child.get("name")] = None if held is None else _value(held)
    service = element.get("invocableName") or "" if element.get("type") == "decisionService" else ""
    return Case(element.get("id") or "", inputs, expected, service)


def _value(element: Any) -> Value:
    """The value held: components of a context, items of a list, or one typed value."""
    if element.get(_NIL) in ("true", "1"):
        return None
    components = [child for child in element if _is(child, "component")]
    if components:
        return {child.get("name"): _value(child) for child in components}
    for child in element:
        if _is(child, "list"):
            return [_value(item) for item in child if _is(item, "item")] if child.get(_NIL) != "true" else None
        if _is(child, "value"):
            return _scalar(child)
    return None


def _scalar(element: Any) -> Value:
    text = element.text or ""
    if element.get(_NIL) in ("true", "1"):
        return None
    wanted = (element.get(_TYPE) or "").rpartition(":")[2]
    if wanted in ("decimal", "double", "float", "integer", "int", "long"):
        try:
            return admit(Decimal(text.strip()))
        except InvalidOperation:
            return None
    if wanted == "boolean":
        return text.strip() in ("true", "1")
    readers: dict[str, Callable[[str], Value]] = {
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
    }
    reader = readers.get(wanted)
    return text if reader is None else reader(text.strip())


def agree(expected: Value, found: Value) -> bool:
    """Whether a result is what the case wants; numbers within a small tolerance, as the kit's own runners do."""
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
    found: dict[str, Value] = {}
    for name, expected in case.expected.items():
        value = decisions.evaluate(case.service or name, case.inputs, at=at).value
        if not agree(expected, value):
            found[name] = value
    return found
