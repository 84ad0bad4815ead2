"""Damaged diagrams: loaded or refused with reasons, never a crash, never a hang."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_bpmn import codes
from tests.kernel.flow.test_gateways import flows

from tongban.kernel.flow import Accept, Complete, Definition, DefinitionError, Refused, check_process, draw, load_bpmn
from tongban.kernel.flow.elements import READERS

SVG = "{http://www.w3.org/2000/svg}"
WHOLE = (Path(__file__).parent / "processes" / "licence.bpmn").read_bytes()
WORDS = (
    b'"accept"', b'"handle"', b'"both"', b'"fire"', b'"late"', b'"met"', b'"decide"', b'"granted"', b'"ready"',
    b'"finish"',
    b"userTask", b"parallelGateway", b"exclusiveGateway", b"serviceTask", b"endEvent", b"startEvent", b"subProcess",
    b"P3D", b"tb:act", b"default", b"sourceRef", b"targetRef", b"&amp;", b"<", b"", b"\x00", b"\xff",
)  # fmt: skip


def survive(xml: bytes) -> None:
    """Refused with reasons; or loaded, and then all that can be done with a definition can be done with it."""
    loaded = load(xml)
    event("loaded" if isinstance(loaded, Definition) else "refused")
    if isinstance(loaded, Definition):
        look(loaded)
        walk(loaded)
    else:
        assert loaded.problems
        assert all(problem.code and problem.message and problem.cure for problem in loaded.problems)


def load(xml: bytes) -> Definition | DefinitionError:
    try:
        return load_bpmn(xml)
    except DefinitionError as error:
        return error


def look(definition: Definition) -> None:
    """The picture has every node of the file once, and what the check finds wrong is said with its cure."""
    for orientation in ("horizontal", "vertical"):
        root = ET.fromstring(draw(definition=definition, orientation=orientation))
        groups = [group.get("class", "").split() for group in root.iter(f"{SVG}g")]
        assert sum("tb-node" in classes for classes in groups) == sum(not node.hidden for node in definition.nodes)
    for problem in check_process(definition=definition, most=200):
        assert problem.message, problem
        assert problem.cure, problem


def walk(definition: Definition) -> None:
    """A case can be begun and led on, replayed after each step; what is refused on the way has changed nothing."""
    life = Life(definition)
    try:
        life.file()
        if definition.has_accept:
            life.do(Accept())
        for _ in range(10):
            if life.state.tasks:
                life.do(Complete(task=life.state.tasks[0].no))
    except Refused:
        life.check()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(WORDS[:20]), st.sampled_from(WORDS)), min_size=1, max_size=3))
def test_exchanged_words(changes: list[tuple[bytes, bytes]]) -> None:
    xml = WHOLE
    for old, new in changes:
        xml = xml.replace(old, new)
    survive(xml)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 300), st.sampled_from(WORDS))
def test_cut_and_patched_bytes(start: int, length: int, patch: bytes) -> None:
    survive(WHOLE[:start] + patch + WHOLE[start + length :])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_flows_led_elsewhere(data: st.DataObject) -> None:
    """Any wiring: loops, islands, joins without splits."""
    lines = WHOLE.decode().splitlines()
    ids = [
        "accept",
        "handle",
        "both",
        "inspect",
        "fire",
        "met",
        "decide",
        "granted",
        "issue",
        "ready",
        "deliver",
        "finish",
    ]
    for number, line in enumerate(lines):
        if "<bpmn:sequenceFlow" in line and data.draw(st.integers(0, 11)) == 0:
            target = line.split('targetRef="')[1].split('"')[0]
            lines[number] = line.replace(f'targetRef="{target}"', f'targetRef="{data.draw(st.sampled_from(ids))}"')
    survive("\n".join(lines).encode())


CLAIMS = (Path(__file__).parent / "vendors" / "claims.bpmn").read_bytes()
DRAWN = (Path(__file__).parent / "vendors" / "everything-drawn.bpmn").read_bytes()
PARTS = (
    b"userTask", b"callActivity", b"subProcess", b"scriptTask", b"receiveTask", b"sendTask", b"boundaryEvent",
    b"intermediateCatchEvent", b"intermediateThrowEvent", b"endEvent", b"startEvent", b"inclusiveGateway",
    b"parallelGateway", b"exclusiveGateway", b"eventBasedGateway", b"complexGateway", b"messageEventDefinition",
    b"timerEventDefinition", b"errorEventDefinition", b"signalEventDefinition", b"escalationEventDefinition",
    b"linkEventDefinition", b"terminateEventDefinition", b"conditionalEventDefinition", b'"visit"', b'"join"',
    b'"payment"', b'"claims"', b'"experts"', b'"first"', b"P10D", b"R3/PT10H", b"names", b"loopMaximum",
    b"triggeredByEvent", b"isSequential", b"attachedToRef", b"calledElement", b"false", b"true", b"", b"&#0;", b"\xff",
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([CLAIMS, DRAWN]),
    st.lists(st.tuples(st.sampled_from(PARTS[:40]), st.sampled_from(PARTS), st.booleans()), min_size=1, max_size=3),
)
def test_exchanged_parts_of_everything(xml: bytes, changes: list[tuple[bytes, bytes, bool]]) -> None:
    for old, new, once in changes:
        xml = xml.replace(old, new, 1 if once else -1)
    survive(xml)


def test_calls_that_double_are_bounded() -> None:
    """Twenty processes, each of which calls the next one twice."""
    made = []
    for number in range(20):
        calls = "".join(
            f'<callActivity id="c{number}_{one}" calledElement="p{number + 1}"/>'
            f'<sequenceFlow id="f{number}_{one}" sourceRef="s{number}" targetRef="c{number}_{one}"/>'
            for one in range(2)
        )
        made.append(f'<process id="p{number}" isExecutable="true"><startEvent id="s{number}"/>{calls}</process>')
    made.append('<process id="p20" isExecutable="true"><startEvent id="s20"/><userTask id="t"/>'
                '<sequenceFlow id="f" sourceRef="s20" targetRef="t"/></process>')  # fmt: skip
    found = load(f"{HEAD}{''.join(made)}</definitions>".encode())
    assert isinstance(found, DefinitionError)
    assert "process.too-large" in {problem.code for problem in found.problems}


def test_rounds_within_rounds_are_bounded() -> None:
    many = (
        "<multiInstanceLoopCharacteristics><loopCardinality>1000</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    inner = f'<userTask id="t">{many}</userTask>'
    for number in range(2):
        inner = f'<subProcess id="s{number}">{many}{inner}</subProcess>'
    with pytest.raises(Refused) as caught:
        Life(load_bpmn(bpmn(inner))).file()
    assert caught.value.code in ("loop.too-many", "flow.endless")


def test_deep_nesting_is_refused() -> None:
    deep = "<subProcess>" * 150 + "</subProcess>" * 150
    assert codes(deep) == ["xml.too-deep"]


def test_scripts_that_go_round_for_ever_are_refused() -> None:
    content = (
        '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="f3"/><exclusiveGateway id="m"/>'
        '<scriptTask id="x" scriptFormat="feel"><script>1</script></scriptTask>'
    )
    assert "flow.endless" in codes(content + flows("s>m", "m>x", "x>g", "g>m", "g>e:false"))
    nothing = (
        "<multiInstanceLoopCharacteristics><loopCardinality>0</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    turning = (
        f'<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="f3"/><exclusiveGateway id="m"/>'
        f'<userTask id="x">{nothing}</userTask>'
    )
    with pytest.raises(Refused) as caught:
        Life(load_bpmn(bpmn(turning + flows("s>m", "m>x", "x>g", "g>m", "g>e:false")))).file()
    assert caught.value.code == "flow.endless"


INSIDE = (
    "", "<messageEventDefinition/>", "<timerEventDefinition/>", "<errorEventDefinition/>", "<linkEventDefinition/>",
    "<escalationEventDefinition/>", "<signalEventDefinition/>", "<terminateEventDefinition/>",
    "<conditionalEventDefinition><condition>true</condition></conditionalEventDefinition>", '<startEvent id="q"/>',
    "<compensateEventDefinition/>", "<cancelEventDefinition/>", '<task id="q"/>',
    '<standardLoopCharacteristics loopMaximum="2"/>',
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
)  # fmt: skip
KINDS = st.sampled_from(sorted(READERS))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(KINDS, st.sampled_from(INSIDE)), min_size=1, max_size=5), st.data(), st.booleans())
def test_anything_beside_anything(what: list[tuple[str, str]], data: st.DataObject, executable: bool) -> None:
    """Elements wired at random, on each other's borders too."""
    ids = [f"n{number}" for number in range(len(what))]
    at = st.sampled_from(ids)
    nodes = "".join(
        f'<{kind} id="{one}" attachedToRef="{data.draw(at)}">{inside.replace("q", f"{one}_q")}</{kind}>'
        for one, (kind, inside) in zip(ids, what, strict=True)
    )
    pairs = data.draw(st.lists(st.tuples(at, at), max_size=6))
    wired = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{a}" targetRef="{b}"/>' for number, (a, b) in enumerate(pairs)
    )
    survive(bpmn(nodes + wired).replace(b'"true"', str(executable).lower().encode().join([b'"', b'"']), 1))
