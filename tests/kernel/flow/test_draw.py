"""Pictures: well-formed, accessible, without inline style, and true to the state."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Shape, bpmn, build
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_structured import SHAPES

from tongban.kernel.flow import Complete, Definition, Phase, describe, draw, load_bpmn
from tongban.kernel.flow.lettering import width_of, wrap

SVG = "{http://www.w3.org/2000/svg}"
CLOSING = "，。、；：？！）》」』”’,.;:?!)"  # may hang over the end of a line
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def picture(svg: str) -> ET.Element:
    """The parsed picture; nothing in it has a style or a colour of its own."""
    root = ET.fromstring(svg)
    for element in root.iter():
        assert "style" not in element.attrib
        assert element.get("fill") in (None, "none")
        assert "stroke" not in element.attrib
    return root


def nodes(root: ET.Element) -> dict[str, set[str]]:
    """Classes by title."""
    return {g.findtext(f"{SVG}title", ""): set(g.get("class", "").split()) for g in root.iter(f"{SVG}g")}


@pytest.mark.parametrize("orientation", ["horizontal", "vertical"])
@pytest.mark.parametrize(
    ("language", "name", "task"), [("zh", "许可办理", "现场核查"), ("en", "A licence", "On-site inspection")]
)
def test_it_names_itself_and_its_steps(
    licence: Definition, orientation: str, language: str, name: str, task: str
) -> None:
    root = picture(draw(definition=licence, language=language, orientation=orientation))
    title, desc = (root.find(f"{SVG}{part}") for part in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == name
    assert task in (desc.text or "")
    assert "tb-node--ahead" in nodes(root)[task]


def test_it_shows_what_is_done_open_and_paused(split: Life) -> None:
    root = picture(draw(definition=split.definition, state=split.state, history=split.log))
    found = nodes(root)
    assert "tb-node--done" in found["承办"]
    assert "tb-node--open" in found["消防意见"]
    assert "tb-node--paused" in found["现场核查"]
    assert "tb-node--ahead" in found["决定"]
    classes = [element.get("class", "") for element in root.iter()]
    assert sum("tb-token" in one.split() for one in classes) == 2
    assert sum("tb-edge--done" in one.split() for one in classes) == 5
    assert "tb-mark--done" in " ".join(classes), "what is done has a mark, not only a colour"


def test_the_words_beside_the_picture(split: Life) -> None:
    split.do(Complete(task=split.task("fire").no))
    told = describe(definition=split.definition, state=split.state, history=split.log, language="en")
    steps = {step.node: step for step in told}
    assert steps["handle"].phase is Phase.DONE
    assert steps["inspect"].text == "On-site inspection (Authority): in hand, the clock is paused"
    assert steps["inspect"].opened == split.at
    assert steps["fire"].waiting == 0
    assert steps["decide"].text == "Decide (Authority): not begun"
    assert describe(definition=split.definition)[0].text == "受理（综合窗口）：尚未开始"


def test_a_token_that_waits_for_the_others_is_drawn_on_its_flow(split: Life) -> None:
    split.do(Complete(task=split.task("fire").no))
    steps = nodes(picture(draw(definition=split.definition, state=split.state, history=split.log)))
    assert "tb-node--waiting" in steps["met"]


def test_names_are_escaped() -> None:
    content = '<startEvent id="s"/><endEvent id="e"/><userTask id="t" name="&lt;script&gt;&amp;&quot;"/>'
    svg = draw(definition=load_bpmn(bpmn(content + flows("s>t", "t>e"))))
    assert "<script>" not in svg
    assert '<script>&"' in nodes(picture(svg))


def test_a_phone_gets_a_narrow_picture(licence: Definition) -> None:
    root = picture(draw(definition=licence, orientation="vertical"))
    assert float(root.get("width", "9999")) < 390
    assert float(root.get("height", "0")) > float(root.get("width", "0"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.sampled_from(["horizontal", "vertical"]))
def test_no_two_steps_overlap_and_lines_are_square(what: Shape, orientation: str) -> None:
    definition = build(what).definition
    root = picture(draw(definition=definition, orientation=orientation))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    boxes = []
    for group in root.iter(f"{SVG}g"):
        shape = group.find(f"{SVG}rect")
        if shape is not None and "tb-node--task" in group.get("class", ""):
            boxes.append(tuple(float(shape.get(key, "0")) for key in ("x", "y", "width", "height")))
    for number, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        for a, b, c, d in boxes[:number]:
            assert x >= a + c or a >= x + w or y >= b + d or b >= y + h
    for line in root.iter(f"{SVG}polyline"):
        numbers = [float(n) for n in _NUMBER.findall(line.get("points", ""))]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        assert all(a == c or b == d for (a, b), (c, d) in pairwise(points)), points


def test_a_task_that_leads_to_itself_is_drawn() -> None:
    content = '<startEvent id="s"/><endEvent id="e"/>' + tasks("t") + flows("s>t", "t>t:again", "t>e:not(again)")
    picture(draw(definition=load_bpmn(bpmn(content))))


@given(st.text(max_size=60), st.integers(30, 200), st.integers(1, 4))
def test_wrapped_lines_fit(text: str, width: int, most: int) -> None:
    lines = wrap(text, width=width, size=14, most=most)
    assert len(lines) <= most
    for line in lines:
        assert width_of(line.rstrip(CLOSING), size=14) <= width


def test_long_names_are_wrapped_by_their_script() -> None:
    assert wrap("房屋与排水意见", width=60, size=14, most=3) == ["房屋与排", "水意见"]
    assert wrap("Opinion on building and drainage", width=100, size=14, most=2) == ["Opinion on", "building…"]
