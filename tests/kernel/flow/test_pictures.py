"""Pictures kept element by element (`kept/*.svg`, which a browser shows): each diagram holds one part of it."""

# ruff: noqa: E501 - a diagram is easier to read on one line

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.keeping import keep, picture_lines
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_draw import DI, edge_at, shape_at
from tests.kernel.flow.test_events import ALARM, ERROR, PAID, RICH, ROOTS, SLOW, boundary, catch, inner, throw
from tests.kernel.flow.test_gateways import done, flows, late, tasks
from tests.kernel.flow.test_rounds import CALLED, several

from tongban.kernel.flow import Complete, Definition, ReturnTo, describe, draw, load_bpmn

BOTH_WAYS = pytest.mark.parametrize("orientation", ["horizontal", "vertical"])
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
UNDO, CANCEL, LINK = "<compensateEventDefinition/>", "<cancelEventDefinition/>", '<linkEventDefinition name="L"/>'


def drawn(content: str, *, after: str = "", attributes: str = "") -> Definition:
    """A process that is only drawn, so that everything that a modeller may draw is there."""
    xml = f'{HEAD}{ROOTS}<process id="p"{attributes}>{content}</process>{after}</definitions>'
    return load_bpmn(xml.encode(), executable=False, process="p")


def kept(name: str, definition: Definition, orientation: str, life: Life | None = None, language: str = "zh") -> None:
    given = {"state": life.state, "history": life.log} if life is not None else {}
    svg = draw(definition=definition, orientation=orientation, language=language, **given)  # type: ignore[arg-type]
    keep(f"{name}-{orientation[0]}.svg", picture_lines(svg))


def in_a_row(*nodes: str) -> str:
    ids = [node.split('id="')[1].split('"')[0] for node in nodes]
    return "".join(nodes) + flows(*(f"{a}>{b}" for a, b in pairwise(ids)))


def test_events_that_wait_have_their_signs() -> None:
    signs = {"day": DAY, "paid": PAID, "alarm": ALARM, "rich": RICH, "two": PAID + ALARM, "none": ""}
    row = in_a_row('<startEvent id="s"/>', *(catch(one, node) for node, one in signs.items()), '<endEvent id="e"/>')
    kept("signs-waiting", drawn(row), "horizontal")


def test_events_that_tell_have_theirs_filled() -> None:
    told = {"paid": PAID, "alarm": ALARM, "slow": SLOW, "undo": UNDO, "none": ""}
    nodes = [throw(one, node) for node, one in told.items()]
    ends = {"e1": ERROR, "e2": CANCEL, "e3": "<terminateEventDefinition/>", "e4": PAID + SLOW}
    row = in_a_row('<startEvent id="s"/>', *nodes, '<endEvent id="e"/>')
    row += "".join(f'<endEvent id="{node}">{one}</endEvent>' for node, one in ends.items())
    links = throw(LINK, "out") + catch(LINK, "in")
    kept("signs-telling", drawn(row + links), "horizontal")


@BOTH_WAYS
def test_gateways_have_theirs_and_their_names_beside_them(orientation: str) -> None:
    kinds = ("exclusive", "parallel", "inclusive", "complex", "eventBased")
    gateways = [f'<{kind}Gateway id="{kind}" name="{"过".join(kind[:5])}"/>' for kind in kinds]
    kept("gateways", drawn(in_a_row('<startEvent id="s"/>', *gateways, '<endEvent id="e" name="办结"/>')), orientation)


@BOTH_WAYS
def test_steps_have_marks_for_what_they_are_and_how_they_repeat(orientation: str) -> None:
    loop = "<standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics>"
    steps = (
        f'<userTask id="all" name="会签">{several("3")}</userTask>',
        f'<userTask id="turns" name="Sign one after the other, all of you">{several("3", sequential=True)}</userTask>',
        f'<task id="again" name="再看一次&lt;仔细&gt;">{loop}</task>',
        '<sendTask id="send" name="告知"/>',
        '<receiveTask id="wait"/>',
        '<serviceTask id="issue" name="Issue"/>',
    )
    kept("steps", drawn(in_a_row('<startEvent id="s"/>', *steps, '<endEvent id="e"/>')), orientation)


@BOTH_WAYS
def test_events_on_a_border_hang_below_it_and_their_flows_go_down_first(orientation: str) -> None:
    content = (
        '<startEvent id="s"/><endEvent id="e"/>' + tasks("a", "y", "z") + boundary("a", DAY, soft=True, node="late")
        + boundary("a", ERROR, node="gone").replace("<boundaryEvent", '<boundaryEvent name="没货"')
        + flows("s>a", "a>e", "late>y", "gone>z", "y>e", "z>e")
    )  # fmt: skip
    life = Life(
        load_bpmn(f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{content}</process></definitions>'.encode())
    )
    life.file()
    late(life, "late")
    kept("borders", life.definition, orientation, life)


@BOTH_WAYS
def test_what_is_inside_is_drawn_inside_and_moved_with_it(orientation: str) -> None:
    work = inner(tasks("a", "b"), "sub_i>a", "a>b", "b>sub_j").replace(
        '<subProcess id="sub">', f'<subProcess id="sub" name="核查">{several("2")}'
    )
    told = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false">' + PAID
        + '</startEvent><task id="ht" name="答"/><sequenceFlow id="hf" sourceRef="hs" targetRef="ht"/></subProcess>'
    )  # fmt: skip
    content = (
        '<startEvent id="s"/><endEvent id="e"/>' + work + told + '<callActivity id="call" calledElement="check"/>'
        + '<subProcess id="empty"/>' + boundary("sub", PAID, node="told") + flows("s>sub", "sub>call", "call>empty", "empty>e", "told>e")
    )  # fmt: skip
    kept("inside", drawn(content, after=CALLED), orientation)


CHOICE = (
    '<startEvent id="s"/><exclusiveGateway id="g" default="f2"/><exclusiveGateway id="m"/><endEvent id="e"/>'
    + tasks("a", "b", "c")
    + flows("s>m", "m>a", "a>g", "g>e", 'g>m:a.outcome = "again"', 'g>b:a.outcome = "more"', "b>c", "c>e", "s>e")
    .replace('id="f4"', 'id="f4" name="再来一次"')
    .replace('id="f3"', 'id="f3" name="a way that has a long name"')
)


@BOTH_WAYS
def test_flows_turn_beside_each_other_and_loops_lead_back(orientation: str) -> None:
    kept("turning", drawn(CHOICE + flows("a>a").replace('"f0"', '"self"')), orientation)


def test_a_token_lies_on_its_flow_and_several_are_counted() -> None:
    content = (
        '<startEvent id="s"/><parallelGateway id="p"/><parallelGateway id="q"/><endEvent id="e"/>'
         f'<userTask id="all">{several("3")}</userTask>' + tasks("a")
        + flows("s>p", "p>a", "p>all", "a>q", "all>q", "q>e")
    )  # fmt: skip
    life = Life(load_bpmn(bpmn(content)))
    life.file()
    done(life, "a")
    for orientation in ("horizontal", "vertical"):
        kept("tokens", life.definition, orientation, life)


@BOTH_WAYS
def test_lanes_are_bands_or_stand_in_each_step(split: Life, orientation: str) -> None:
    kept("licence", split.definition, orientation, split)
    if orientation == "vertical":
        keep("licence-en.svg", picture_lines(draw(definition=split.definition, language="en")))


def test_lanes_have_room_for_their_names_and_steps_without_a_lane_a_band() -> None:
    lanes = (
        '<laneSet><lane id="l1" name="Department of housing"><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="l2" name="Incomprehensibilities of an office"><flowNodeRef>b</flowNodeRef></lane></laneSet>'
    )
    kept("lanes", drawn(lanes + in_a_row('<startEvent id="s"/>', tasks("a"), tasks("b"), tasks("c"))), "horizontal")


def test_narrow_steps_of_long_names_are_cut_to_five_lines() -> None:
    name = "A step whose name nobody who reads it on a telephone would ever want to read to its very end"
    fork = "".join(f'<userTask id="t{number}" name="{name}"/>' for number in range(4))
    ways = flows(*(f"s>t{number}" for number in range(4)))
    kept("narrow", drawn('<startEvent id="s"/>' + fork + ways), "vertical")
    kept("narrow", drawn('<startEvent id="s"/>' + fork + ways), "horizontal")


def test_a_process_of_one_event_is_a_picture_too_in_either_language() -> None:
    nothing = drawn('<startEvent id="s"/>', attributes=' name="空 &amp; 无" tb:name_en="Nothing"')
    kept("nothing", nothing, "horizontal")
    kept("nothing", nothing, "vertical", language="en")


def test_a_file_that_places_everything_is_followed() -> None:
    lane = '<laneSet><lane id="l" name="窗口"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
    work = (
        '<subProcess id="x" name="里">' + tasks("i") + '</subProcess><subProcess id="y">' + tasks("j") + "</subProcess>"
    )
    content = (
        lane
        + '<startEvent id="s"/><endEvent id="e"/>'
        + tasks("t")
        + work
        + boundary("t", PAID)
        + flows("s>t", "t>e", "b>e")
    )
    boxes = (
        shape_at("l", -80, -20, 700, 260), shape_at("s", -50, 10, 36, 36), shape_at("t", 100, 30, 120, 90),
        shape_at("e", 400, 10, 36, 36), shape_at("b", 180, 102, 36, 36), shape_at("x", 10, 300, 200, 100),
        shape_at("i", 30, 320, 100, 60), shape_at("y", 300, 300, 100, 60).replace("<c:B", '<c:Bounds x="no"/><c:B', 0),
    )  # fmt: skip
    ways = (
        edge_at("f0", (-14, 28), (100, 60)), edge_at("f1", (220, 60), (300, 60), (418, 46)),
        edge_at("f2", (198, 138), (198, 200), (418, 46)),
    )  # fmt: skip
    closed = "".join((*boxes, *ways)).replace('bpmnElement="y"', 'bpmnElement="y" isExpanded="false"')
    xml = f'{HEAD}{ROOTS}<process id="p">{content}</process>{DI.format(closed)}</definitions>'
    kept("traced", load_bpmn(xml.encode(), executable=False), "horizontal")


# In words


def told(life: Life, language: str) -> list[str]:
    steps = describe(definition=life.definition, state=life.state, history=life.log, language=language)
    found = []
    for step in steps:
        since = f"{step.opened:%m-%d %H:%M}" if step.opened else "-"
        until = f"{step.due:%m-%d %H:%M}" if step.due else "-"
        act = step.act.value if step.act else "-"
        about = f"{step.department or '-'} {act} {step.phase.value}, opened {since}, due {until}"
        found += [step.text, f"  {step.node} {about}, {step.claimed=}, {step.waiting=}, {step.working=}"]
    return found


def test_the_words_beside_the_picture_say_every_step(split: Life) -> None:
    done(split, "fire")
    split.do(ReturnTo(task=split.task("inspect").no, node="handle", reason="again"))
    split.do(Complete(task=split.task("handle").no))
    keep("licence-words.txt", [*told(split, "zh"), *told(split, "en")])
