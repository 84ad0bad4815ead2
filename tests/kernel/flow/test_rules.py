"""Business-rule tasks: decided at once, on record with the rules that held."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import done, flows, tasks

from tongban.kernel.flow import DecideCase, Definition, Deliver, Refused, ReturnTo, RunService, load_bpmn
from tongban.kernel.flow.values import from_json, to_json
from tongban.kernel.rules import YearsMonths, load_dmn


def table(rows: str, *, outputs: str = '<output id="o" name="outcome"/>') -> bytes:
    """A decision `card` over the age."""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:t">'
        '<inputData id="age_in" name="age"/><decision id="card" name="card"><informationRequirement id="r">'
        '<requiredInput href="#age_in"/></informationRequirement><decisionTable id="t" hitPolicy="FIRST">'
        f'<input id="i"><inputExpression id="x"><text>age</text></inputExpression></input>{outputs}{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def row(name: str, test: str, *values: str) -> str:
    entries = "".join(
        f'<outputEntry id="{name}_{n}"><text>{value}</text></outputEntry>' for n, value in enumerate(values)
    )
    return f'<rule id="{name}"><inputEntry id="{name}_i"><text>{test}</text></inputEntry>{entries}</rule>'


TWO = '<output id="o" name="outcome"/><output id="w" name="reason"/>'
OLD = row("old", "&gt;= 60", '"granted"', '""')
YOUNG = row("young", "-", '"denied"', '"not sixty yet"')

INSTANT = (
    '<startEvent id="s"/><endEvent id="e"/><businessRuleTask id="rule" tb:act="decide" tb:decision="card"/>'
    '<exclusiveGateway id="g" default="f2"/><serviceTask id="issue" tb:operation="issue_certificate"/>'
    '<userTask id="hand" tb:act="deliver"/>'
)
WAYS = ("s>rule", "rule>g", "g>hand", 'g>issue:rule.outcome = "granted"', "issue>hand", "hand>e")


def instant(rows: str) -> Definition:
    return load_bpmn(bpmn(INSTANT + flows(*WAYS)), decisions={"rules.dmn": load_dmn(table(rows, outputs=TWO))})


@pytest.mark.parametrize(
    ("age", "outcome", "hit", "reason", "opened"),
    [(61, "granted", "old", "", ["issue"]), (59, "denied", "young", "not sixty yet", ["hand"])],
)
def test_an_instant_matter_is_decided_within_filing(
    age: int, outcome: str, hit: str, reason: str, opened: list[str]
) -> None:
    life = Life(instant(OLD + YOUNG))
    events = life.file(facts={"age": age})
    assert [event.kind for event in events] == ["case.filed", "case.accepted", "case.decided"]
    decided = events[-1]
    assert (decided.actor, decided.department, decided.node) == ("system", "system", "rule")
    assert (decided.data["outcome"], decided.data["reason"]) == (outcome, reason)
    assert decided.data["rules"][0]["hits"] == [hit]
    assert "age" not in json.dumps(decided.data), "what was asked is not put on record"
    assert life.open == opened
    assert life.state.statutory is not None
    assert life.state.statutory.is_stopped


def test_an_instant_matter_may_run_to_its_end() -> None:
    life = Life(instant(OLD + YOUNG))
    life.file(facts={"age": 70})
    life.do(RunService(task=1))
    life.do(Deliver(way="web"))
    assert life.kinds[-2:] == ["case.delivered", "case.closed"]


def test_a_rule_that_says_nothing_decides_nothing() -> None:
    with pytest.raises(Refused) as caught:
        Life(instant(OLD)).file(facts={"age": 20})
    assert caught.value.code == "flow.no-decision"


SCREEN = '<startEvent id="s"/><endEvent id="e"/><businessRuleTask id="screen" tb:decision="card" tb:result="look"/>'


def screened() -> Life:
    rows = row("r1", "&gt;= 60", '"clear"') + row("r2", "-", '"unclear"')
    content = SCREEN + tasks("check") + '<userTask id="decide" tb:act="decide"/><exclusiveGateway id="g" default="f2"/>'
    ways = flows("s>screen", "screen>g", "g>check", 'g>decide:look = "clear"', "check>decide", "decide>e")
    return Life(load_bpmn(bpmn(content + ways), decisions={"rules.dmn": load_dmn(table(rows))}))


def test_a_rule_on_the_way_sends_the_token_on() -> None:
    clear, unclear = screened(), screened()
    (filed, _) = clear.file(facts={"age": 65})
    unclear.file(facts={"age": 30})
    assert (clear.open, unclear.open) == (["decide"], ["check"])
    assert filed.data["rules"] == [
        {"node": "screen", "decision": "card", "variable": "look", "result": "clear", "hits": ["r1"], "move": 1}
    ]
    assert clear.state.variables == {"look": "clear"}


def test_a_return_keeps_what_rules_before_it_said() -> None:
    life = screened()
    life.file(facts={"age": 30})
    done(life, "check")
    life.do(ReturnTo(task=life.task("decide").no, node="check", reason="again"))
    assert life.state.variables == {"look": "unclear"}
    done(life, "check")
    life.do(DecideCase(task=life.task("decide").no, outcome="granted"))
    assert life.state.closed


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "text",
        3,
        Decimal("1.25"),
        Decimal("-1E+60"),
        date(2026, 3, 2),
        time(9, 30),
        datetime.fromisoformat("2026-03-02T09:30:00+08:00"),
        timedelta(days=-3, hours=2, microseconds=7),
        YearsMonths(14),
        [Decimal("0.5"), {"a": date(2026, 3, 2), "@": "x"}],
    ],
)
def test_results_read_the_same_from_the_log(value: Any) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_whole_decimals_are_plain_numbers() -> None:
    assert to_json(Decimal("20.0")) == 20
    assert isinstance(to_json(Decimal("20.0")), int)


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}])
def test_what_has_no_json_is_refused(value: Any) -> None:
    with pytest.raises(Refused):
        to_json(value)
