"""Damaged diagrams: loaded or refused with reasons, never a crash, never a hang."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.living import Life

from tongban.kernel.flow import Accept, Complete, Definition, DefinitionError, Refused, check_process, draw, load_bpmn

WHOLE = (Path(__file__).parent / "processes" / "licence.bpmn").read_bytes()
WORDS = (
    b'"accept"', b'"handle"', b'"both"', b'"fire"', b'"late"', b'"met"', b'"decide"', b'"granted"', b'"ready"',
    b'"finish"',
    b"userTask", b"parallelGateway", b"exclusiveGateway", b"serviceTask", b"endEvent", b"startEvent", b"subProcess",
    b"P3D", b"tb:act", b"default", b"sourceRef", b"targetRef", b"&amp;", b"<", b"", b"\x00", b"\xff",
)  # fmt: skip


def survive(xml: bytes) -> None:
    loaded = load(xml)
    if isinstance(loaded, Definition):
        walk(loaded)
    else:
        assert loaded.problems
        assert all(problem.code and problem.message and problem.cure for problem in loaded.problems)


def load(xml: bytes) -> Definition | DefinitionError:
    try:
        return load_bpmn(xml)
    except DefinitionError as error:
        return error


def walk(definition: Definition) -> None:
    """What loads can be drawn, checked and begun."""
    draw(definition=definition)
    check_process(definition=definition, most=200)
    life = Life(definition)
    try:
        life.file()
        if definition.has_accept:
            life.do(Accept())
        for _ in range(10):
            if life.state.tasks:
                life.do(Complete(task=life.state.tasks[0].no))
    except Refused:
        pass


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
