"""Diagrams as other modellers write them: prefixes, encodings, expressions and extensions of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_bpmn import codes, line
from tests.kernel.flow.test_events import refusal
from tests.kernel.flow.test_gateways import done, flows, late, tasks

from tongban.kernel.flow import (
    Complete,
    Definition,
    File,
    Kind,
    ReceiveMessage,
    ReceiveSignal,
    RunService,
    check_process,
    describe,
    draw,
    load_bpmn,
    load_processes,
)
from tongban.kernel.flow.soundness import can_end

FOLDER = Path(__file__).parent / "vendors"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "bpmn-interchange"


@pytest.fixture(scope="module")
def claims() -> Definition:
    """An executable process with everything in it, as several vendors would write it."""
    return load_bpmn((FOLDER / "claims.bpmn").read_bytes(), source="claims.bpmn")


def begun(claims: Definition, amount: int, start: str = "start") -> Life:
    life = Life(claims)
    life.facts = {"amount": amount, "names": ["ann", "bo", "cy"], "rich": False}
    life.do(File(start=start))
    done(life, "register")
    return life


def test_the_large_way(claims: Definition) -> None:
    life = begun(claims, 500)
    assert life.open == ["experts", "experts", "experts", "look"]
    late(life, "experts_late")
    assert life.open.count("remind") == 1
    done(life, "experts", "experts", "remind")
    assert life.open == ["look"]
    life.do(ReceiveMessage(name="asked"))
    assert life.open == ["look", "answer"]
    done(life, "look")
    assert sorted(life.open) == ["answer", "push"], "what was asked meanwhile keeps the round open"
    done(life, "answer", "look", "look")
    assert life.open == ["push", "push", "push", "pay/check"]
    assert life.state.variables["notes"] == ["ann", "bo", "cy"]
    done(life, "pay/check", "push", "push", "push")
    assert life.state.variables["paid_out"] == "pass"
    assert life.log[-4].data["throws"] == [{"move": 3, "node": "tell", "kind": "message", "name": "paid"}]
    life.do(ReceiveSignal(name="alarm"))
    assert life.open == ["archive"]
    assert not life.state.timers
    life.do(RunService(task=life.task("archive").no))
    assert life.state.closed


def test_an_error_in_one_round_ends_the_visits(claims: Definition) -> None:
    life = begun(claims, 500, "start_message")
    life.do(Complete(task=life.task("look").no, outcome="fail"))
    assert life.open == ["experts"] * 3
    done(life, "experts", "experts")
    assert life.open == ["pay/check"]


def test_the_small_way_goes_round_until_it_is_right(claims: Definition) -> None:
    life = begun(claims, 5)
    for _ in range(3):
        assert life.open == ["simple"]
        life.do(Complete(task=life.task("simple").no, outcome="fail"))
    done(life, "pay/check")
    assert refusal(life, ReceiveMessage(name="asked")) == "event.not-awaited"
    life.facts["rich"] = True
    late(life, "wait_long")
    life.do(RunService(task=life.task("archive").no))
    assert life.state.closed


def test_extensions_are_kept_with_their_node(claims: Definition) -> None:
    register = claims.node("register")
    assert ("{http://camunda.org/schema/1.0/bpmn}assignee", "demo") in register.attributes
    (form,) = register.extensions
    assert form.name == "{http://camunda.org/schema/1.0/bpmn}formData"
    assert dict(form.children[0].attributes)["id"] == "amount"
    assert claims.node("archive").operation == "archive"
    assert [pool.name for pool in claims.participants] == ["Insurer", "Customer"]
    assert (claims.messages[0].source, claims.messages[0].target) == ("tell", "Participant_them")


def test_all_that_can_be_drawn_is_loaded_and_walked() -> None:
    first, second = load_processes((FOLDER / "everything-drawn.bpmn").read_bytes())
    assert not first.executable
    assert first.node("Complex_1").kind is Kind.INCLUSIVE
    for definition in (first, second):
        assert "Abstract" in draw(definition=definition) or definition is second
        assert "<svg" in draw(definition=definition, orientation="vertical", language="en")
        describe(definition=definition)
        check_process(definition=definition, most=300)


NOT_HERE = pytest.param(SHARED, marks=pytest.mark.skip(reason="the reference models are not beside the repository"))


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.bpmn")) or [NOT_HERE], ids=lambda path: path.stem)
def test_reference_models_load(path: Path) -> None:
    for definition in load_processes(path.read_bytes(), source=path.name):
        assert "<svg" in draw(definition=definition)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    declared = "UTF-8" if "8" in encoding and "18" not in encoding else encoding.upper()
    text = f'<?xml version="1.0" encoding="{declared}"?>' + bpmn(line('<userTask id="t" name="受理"/>')).decode()
    assert load_bpmn(text.encode(encoding)).node("t").name == "受理"


def test_prefixes_comments_and_cdata() -> None:
    condition = "<b:conditionExpression><![CDATA[ amount > 1 ]]></b:conditionExpression>"
    text = (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"><!-- one --><b:process id="p" '
        'isExecutable="true"><b:startEvent id="s"/><b:exclusiveGateway id="g" default="n"/><b:userTask id="t"/>'
        '<b:endEvent id="e"/><b:sequenceFlow sourceRef="s" targetRef="g"/><b:sequenceFlow id="n" sourceRef="g" '
        f'targetRef="e"/><b:sequenceFlow sourceRef="g" targetRef="t">{condition}</b:sequenceFlow>'
        '<b:sequenceFlow sourceRef="t" targetRef="e"/></b:process></b:definitions>'
    )
    life = Life(load_bpmn(text.encode()))
    life.file(facts={"amount": 2})
    assert life.open == ["t"]


@pytest.mark.parametrize(
    ("text", "good"),
    [("= amount &gt; 1", True), ("${amount &gt; 1}", True), ("#{ amount &gt; 1 }", True), ("amount &gt; 1", True),
     ("${amount == 1}", False), ("${a} &gt; ${b}", False), ("#{execution.getVariable('x')}", False),
     ("amount &amp;&amp; x", False)],
)  # fmt: skip
def test_expressions_of_vendors_are_taken_where_they_are_feel(text: str, good: bool) -> None:
    content = (
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="f1"/>' + tasks("t")
        + flows("s>g", "g>e", "t>e")
        + f'<sequenceFlow id="c" sourceRef="g" targetRef="t"><conditionExpression>{text}</conditionExpression>'
        "</sequenceFlow>"
    )  # fmt: skip
    assert (load_bpmn(bpmn(content)).index if good else codes(content)) != []


@pytest.mark.parametrize(
    ("attribute", "operation"),
    [('xmlns:v="urn:v" v:topic="mail"', "mail"), ('xmlns:v="urn:v" v:class="org.Mail"', "org.Mail"),
     ('xmlns:v="urn:v" v:delegateExpression="${mail}"', "${mail}"), ('operationRef="op"', "send mail")],
)  # fmt: skip
def test_what_a_service_does_is_read_where_others_say_it(attribute: str, operation: str) -> None:
    content = line(f'<serviceTask id="t" {attribute}/>')
    text = f'{HEAD}<interface><operation id="op" name="send mail"/></interface><process id="p" isExecutable="true">'
    assert load_bpmn(f"{text}{content}</process></definitions>".encode()).node("t").operation == operation


def test_many_gateways_in_a_row_are_walked_within_bounds() -> None:
    """Thirty choices of three without a step between: 3 to the 30th ways."""
    made = '<startEvent id="s"/><endEvent id="e"/><userTask id="t"/>'
    pairs = ["s>x0"]
    for number in range(30):
        made += f'<exclusiveGateway id="x{number}"/><exclusiveGateway id="m{number}"/>'
        pairs += [f"x{number}>m{number}"] * 3 + [f"m{number}>{f'x{number + 1}' if number < 29 else 't'}"]
    drawn = load_bpmn(bpmn(made + flows(*pairs, "t>e")), executable=False)
    assert {problem.code for problem in check_process(definition=drawn)} == {"process.too-large"}
    assert can_end(definition=drawn) == (True, 1)


def test_a_loop_of_gateways_in_a_drawing_is_left() -> None:
    made = '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="m"/><exclusiveGateway id="x"/>'
    drawn = load_bpmn(bpmn(made + flows("s>m", "m>x", "x>m", "x>e")), executable=False)
    assert can_end(definition=drawn) == (True, 0)


def test_a_plain_process_is_on_record_as_ever() -> None:
    """What an older log holds is what is written today where nothing repeats and nothing is caught."""
    content = '<startEvent id="s"/><endEvent id="e"/>' + tasks("t") + flows("s>t", "t>e")
    life = Life(load_bpmn(bpmn(content)))
    life.file()
    done(life, "t")
    opened = {"no": 1, "node": "t", "department": "", "act": "handle", "due": None}
    assert life.log[0].data["opens"] == [opened]
    assert life.log[0].data["moves"] == [[[], [0]], [[0], [4]]]
    assert life.log[2].data == {
        "moves": [[[4], [1]], [[1], [5]]], "closes": [1], "set": {"t": {"outcome": "pass"}}, "outcome": "pass",
    }  # fmt: skip
