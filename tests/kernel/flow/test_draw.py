"""Pictures: well-formed, accessible, without inline style, and true to the state."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.kernel.flow.building import Shape, bpmn, build
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_structured import SHAPES

from tongban.kernel.flow import Complete, Definition, Phase, describe, draw, drawing, load_bpmn
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
    root = picture(draw(definition=load_bpmn(bpmn(content))))
    x, y, width, height = next(
        tuple(float(box.get(key, "0")) for key in ("x", "y", "width", "height"))
        for group in root.iter(f"{SVG}g")
        if "tb-node--task" in group.get("class", "") and (box := group.find(f"{SVG}rect")) is not None
    )
    lines = [_NUMBER.findall(line.get("points", "")) for line in root.iter(f"{SVG}polyline")]
    ends = [[(float(line[0]), float(line[1])), (float(line[-2]), float(line[-1]))] for line in lines]
    at_the_task = [[x <= a <= x + width and y <= b <= y + height for a, b in both] for both in ends]
    assert sorted(at_the_task) == [[False, True], [True, False], [True, True]], "one in, one out, one back to itself"


@given(st.text(max_size=60), st.integers(30, 200), st.integers(1, 4))
def test_wrapped_lines_fit(text: str, width: int, most: int) -> None:
    lines = wrap(text, width=width, size=14, most=most)
    assert len(lines) <= most
    for line in lines:
        assert width_of(line.rstrip(CLOSING), size=14) <= width


def test_long_names_are_wrapped_by_their_script() -> None:
    assert wrap("房屋与排水意见", width=60, size=14, most=3) == ["房屋与排", "水意见"]
    assert wrap("Opinion on building and drainage", width=100, size=14, most=2) == ["Opinion on", "building…"]


VENDORS = Path(__file__).parent / "vendors"


@pytest.mark.parametrize("orientation", ["horizontal", "vertical"])
def test_every_kind_of_event_has_its_sign(orientation: str) -> None:
    definition = load_bpmn((VENDORS / "claims.bpmn").read_bytes())
    root = picture(draw(definition=definition, orientation=orientation, language="en"))
    found = {g.findtext(f"{SVG}title", ""): g for g in root.iter(f"{SVG}g")}
    for waits in ("wait_paid", "wait_alarm", "wait_long", "wait_rich", "no_cover", "too_slow", "asked_start", "first"):
        signs = [one for one in found[waits].iter() if one.get("class") == "tb-node__sign"]
        # The ring of what waits on the way, and for what.
        assert len(signs) == (1 if waits == "asked_start" else 2), waits
    for tells in ("slow", "out", "visit_failed", "tell"):
        assert any(one.get("class") == "tb-node__core" for one in found[tells].iter()), tells
    for repeated in ("experts", "visit", "simple"):
        assert any(one.tag == f"{SVG}path" for one in found[repeated]), repeated
    assert "tb-node--soft" in found["experts_late"].get("class", "")
    assert "tb-node--soft" in found["asked_meanwhile"].get("class", "")


DI = """<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:i="http://www.omg.org/spec/DD/20100524/DI"
xmlns:c="http://www.omg.org/spec/DD/20100524/DC"><d:BPMNPlane bpmnElement="p">{}</d:BPMNPlane></d:BPMNDiagram>"""


def shape_at(node: str, x: int, y: int, width: int, height: int) -> str:
    return (
        f'<d:BPMNShape bpmnElement="{node}"><c:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></d:BPMNShape>'
    )


def edge_at(flow: str, *points: tuple[int, int]) -> str:
    made = "".join(f'<i:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<d:BPMNEdge bpmnElement="{flow}">{made}</d:BPMNEdge>'


def placed(*parts: str) -> ET.Element:
    content = '<startEvent id="s"/><endEvent id="e"/>' + tasks("t") + flows("s>t", "t>e")
    xml = bpmn(content).decode().replace("</definitions>", DI.format("".join(parts)) + "</definitions>")
    return picture(draw(definition=load_bpmn(xml.encode())))


WHERE = (shape_at("s", -50, 10, 36, 36), shape_at("t", 100, 300, 120, 90), shape_at("e", 400, 10, 36, 36))
WAYS = (edge_at("f0", (-14, 28), (100, 340)), edge_at("f1", (220, 340), (300, 340), (418, 46)))


def test_what_the_file_places_stays_where_it_is() -> None:
    root = placed(*WHERE, *WAYS)
    (box,) = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "tb-node__shape"]
    assert (box.get("x"), box.get("y"), box.get("width"), box.get("height")) == ("170", "310", "120", "90")
    lines = [one.get("points") for one in root.iter(f"{SVG}polyline")]
    assert lines == ["56,38 170,350", "290,350 370,350 488,56"]
    assert float(root.get("width", "0")) >= 506


def test_where_the_file_places_only_some_our_own_layout_is_used() -> None:
    for parts in (WHERE, (*WHERE[:2], *WAYS), (*WHERE, WAYS[0])):
        lines = [one.get("points", "") for one in placed(*parts).iter(f"{SVG}polyline")]
        assert "56,38 170,350" not in lines


@pytest.mark.parametrize("bad", ['x="NaN"', 'x="1e400"', 'x="far"', 'x="99999999"', ""])
def test_coordinates_that_are_none_are_left_aside(bad: str) -> None:
    root = placed(WHERE[0].replace('x="-50"', bad), *WHERE[1:], *WAYS)
    assert "56,38 170,350" not in [one.get("points", "") for one in root.iter(f"{SVG}polyline")]
    assert float(root.get("width", "nan")) < 5_000
    assert sum("tb-node" in group.get("class", "").split() for group in root.iter(f"{SVG}g")) == len(WHERE)


def test_a_layout_is_worked_out_once_and_no_case_changes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = '<startEvent id="s"/>' + tasks("read", "decide") + '<endEvent id="e"/>'
    process = load_bpmn(bpmn(content + flows("s>read", "read>decide", "decide>e")))
    drawing._laid_out.cache_clear()
    plain = {each: draw(definition=process, orientation=each) for each in ("horizontal", "vertical")}
    life = Life(process)
    life.file()
    life.do(Complete(task=life.task("read").no))

    def again(**_: object) -> None:
        raise AssertionError("laid out anew")

    monkeypatch.setattr(drawing, "place", again)
    for orientation, before in plain.items():
        under_way = draw(definition=process, state=life.state, history=life.log, orientation=orientation)
        assert under_way != before
        assert draw(definition=process, orientation=orientation) == before
    kept = drawing._laid_out.cache_info()
    assert (kept.currsize, kept.maxsize) == (2, 256)
