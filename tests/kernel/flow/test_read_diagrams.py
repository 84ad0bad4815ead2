"""What a diagram is read as, node by node and table by table (`kept/read-*.txt`)."""

# ruff: noqa: E501, ISC004 - a diagram is easier to read on one line

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kernel.flow.building import HEAD
from tests.kernel.flow.keeping import keep, words
from tests.kernel.flow.test_draw import DI, edge_at, shape_at
from tests.kernel.flow.test_events import ALARM, ENDS, PAID, ROOTS, SLOW, catch, inner
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_rounds import EXTENDED, several
from tests.kernel.flow.test_rules import OLD, TWO, YOUNG, table

from tongban.kernel.flow import Definition, load_bpmn, load_processes
from tongban.kernel.flow.conformance import judge_file
from tongban.kernel.rules import load_dmn

FOLDER = Path(__file__).parent
CARD = load_dmn(table(OLD + YOUNG, outputs=TWO))


def told(definition: Definition) -> Iterator[str]:
    """Everything that was read, and every table that follows from it."""
    named = (
        "id",
        "name",
        "name_en",
        "source",
        "executable",
        "size",
        "starts",
        "has_accept",
        "has_special",
        "automatic",
    )
    yield ", ".join(f"{key}={words(getattr(definition, key))}" for key in named)
    flags = [key for key in ("reacts", "hears", "framed", "steady") if getattr(definition, key)]
    yield f"{' '.join(flags) or 'nothing special'}; departments {words(definition.departments)}"
    for node in definition.nodes:
        at = node.index
        assert definition.index[node.id] == at
        ways = f"{words(definition.ins[at])}>{words(definition.outs[at])}"
        more = [
            f"{key} {words(getattr(definition, key)[at])}"
            for key in ("boundaries", "timed")
            if getattr(definition, key)[at]
        ]
        more += ["chooses"] if definition.conditional[at] else []
        yield f"{words(node)} {ways}{''.join(f', {one}' for one in more)}"
    for name in ("flows", "scopes", "lanes", "participants", "messages", "extensions"):
        yield from (words(one) for one in getattr(definition, name))
    yield from (f"join {join}: {words(reach)}" for join, reach in definition.joins.items())
    yield f"rounds {words(definition.rounds)}, seen {words(definition.seen)}"
    if definition.picture is not None:
        yield words(definition.picture)
    for one in definition.assumed:
        yield f"assumed {one.code} at {one.element}"


@pytest.mark.parametrize("path", ["processes/licence.bpmn", "vendors/claims.bpmn", "vendors/everything-drawn.bpmn"])
def test_a_file_is_read_whole(path: str) -> None:
    for definition in load_processes((FOLDER / path).read_bytes(), source=path):
        keep(f"read-{definition.id.replace('_', '-').lower()}.txt", told(definition))


def read(name: str, content: str, *, head: str = "", after: str = "", executable: bool | None = None) -> None:
    xml = f'{HEAD}{ROOTS}{head}<process id="p" isExecutable="true">{ENDS}{content}</process>{after}</definitions>'
    keep(
        f"read-{name}.txt",
        told(load_bpmn(xml.encode(), process="p", executable=executable, decisions={"rules.dmn": CARD})),
    )


def test_what_our_own_attributes_say() -> None:
    nodes = (
        '<userTask id="a" name="审" tb:name_en="Review" tb:act="review" tb:limit="3 working days" tb:outcomes="yes no maybe"/>',
        '<userTask id="b" tb:act="inspect" tb:special="testing"/>',
        '<serviceTask id="c" tb:operation="issue" tb:limit="1 hour"/>',
        '<sendTask id="d" tb:operation="mail"/>',
        '<sendTask id="d2" messageRef="m1"/>',
        '<sendTask id="d3" name="Tell"/>',
        '<receiveTask id="q" messageRef="x:m1"/>',
        '<scriptTask id="f" scriptFormat="FEEL" tb:result="sum"><script>1 + 1</script></scriptTask>',
        '<scriptTask id="g" scriptFormat="feel"><script>2</script></scriptTask>',
    )
    ids = [node.split('id="')[1].split('"')[0] for node in nodes]
    ways = flows(*(f"{a}>{b}" for a, b in zip(["s", *ids], [*ids, "e"], strict=True)))
    lanes = (
        '<laneSet><lane id="l" name="窗" tb:name_en="Desk" tb:department="window"><flowNodeRef>a</flowNodeRef><childLaneSet>'
        '<lane id="m" name="里"><flowNodeRef> b </flowNodeRef><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    read("own", lanes + "".join(nodes) + ways.replace('id="f0"', 'id="f0" name="走" tb:name_en="go"'))


def test_what_other_vendors_say() -> None:
    ext = '<extensionElements xmlns:z="urn:z">{}</extensionElements>'
    nodes = (
        '<serviceTask id="a" xmlns:v="urn:v" v:topic=" mail "/>',
        '<serviceTask id="b">' + ext.format('<z:taskDefinition/><z:taskDefinition type=" post "/>') + "</serviceTask>",
        '<serviceTask id="c" operationRef="op"/>',
        '<serviceTask id="c2" operationRef="unknown"/>',
        '<scriptTask id="d">' + ext.format('<z:script expression="= 1 + 2" resultVariable="three"/>') + "</scriptTask>",
        '<scriptTask id="q" scriptFormat="feel" xmlns:v="urn:v" v:resultVariable="four"><script>4</script></scriptTask>',
        f'<userTask id="f">{several("", more=EXTENDED)}</userTask>',
        '<userTask id="g"><multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>list</loopDataInputRef>'
        '<loopDataOutputRef>found</loopDataOutputRef><inputDataItem id="i" name="one"/><outputDataItem id="o"/>'
        "</multiInstanceLoopCharacteristics></userTask>",
        '<userTask id="h"><standardLoopCharacteristics testBefore="true" loopMaximum=" 3 "><loopCondition>again</loopCondition>'
        "</standardLoopCharacteristics></userTask>",
        '<userTask id="k" xmlns:v="urn:v" v:form="x">'
        + ext.format('<z:a b="c"> text <z:d/></z:a><!-- no -->')
        + "</userTask>",
    )
    ids = [node.split('id="')[1].split('"')[0] for node in nodes]
    ways = flows(*(f"{a}>{b}" for a, b in zip(["s", *ids], [*ids, "e"], strict=True)))
    data = '<dataObject id="list" name="names"/><dataObjectReference id="found" name="seen" dataObjectRef="list"/>'
    operation = '<interface><operation id="op" name="send mail"/></interface>'
    read("vendors", data + "".join(nodes) + ways, head=operation)


CALLED = '<process id="check"><startEvent id="cs"/><userTask id="look"/><endEvent id="ce"/><sequenceFlow id="c1" sourceRef="cs" targetRef="look"/><sequenceFlow id="c2" sourceRef="look" targetRef="ce"/></process>'


def test_what_calls_hand_in_and_out() -> None:
    nodes = (
        '<callActivity id="a" calledElement="t:check"><extensionElements xmlns:c="urn:c"><c:in source="area * 2" target="size"/>'
        '<c:in variables="all"/><c:in businessKey="x"/><c:out sourceExpression="${look.outcome}" target="verdict"/>'
        "</extensionElements></callActivity>",
        '<callActivity id="b"><extensionElements xmlns:z="urn:z"><z:calledElement processId="check"/><z:ioMapping>'
        '<z:input source="= area" target="size"/><z:output source="= look" target="seen"/></z:ioMapping></extensionElements></callActivity>',
        '<callActivity id="d" calledElement="check"><ioSpecification><dataInput id="di" name="size"/><dataOutput id="do" name="told"/>'
        "<inputSet/><outputSet/></ioSpecification><dataInputAssociation><sourceRef>list</sourceRef><targetRef>di</targetRef>"
        "</dataInputAssociation><dataOutputAssociation><sourceRef>do</sourceRef><targetRef>found</targetRef></dataOutputAssociation>"
        "<dataInputAssociation><targetRef>di</targetRef><assignment><from>area</from><to>other</to></assignment>"
        "</dataInputAssociation></callActivity>",
    )
    data = '<dataObject id="list" name="names"/><dataObject id="found"/>'
    read("calls", data + "".join(nodes) + flows("s>a", "a>b", "b>d", "d>e"), after=CALLED)


def test_how_scopes_lie_in_each_other() -> None:
    deep = inner(f'<userTask id="t">{several("2")}</userTask>', "d_i>t", "t>d_j", node="d")
    handler = (
        f'<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false">{PAID}</startEvent><endEvent id="he"/>'
        + flows("hs>he").replace("f0", "h1")
        + "</subProcess>"
    )
    outer = inner(deep + handler, "sub_i>d", "d>sub_j").replace(
        '<subProcess id="sub">', f'<subProcess id="sub">{several("3", sequential=True)}'
    )
    gates = (
        '<inclusiveGateway id="g" default="f3"/><inclusiveGateway id="m"/><parallelGateway id="p"/>'
        "<complexGateway id='c'><activationCondition>activationCount &gt;= 2</activationCondition></complexGateway>"
        '<eventBasedGateway id="w"/>'
        + catch(ALARM, "v")
        + catch("<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>", "u")
    )
    read(
        "scopes",
        outer + gates + tasks("a", "b", "k")
        + flows("s>sub", "sub>g", "g>a:x > 1", "g>b", "a>m", "b>m", "m>p", "p>c", "p>c", "p>k", "k>c", "c>w", "w>v", "w>u", "v>e", "u>e"),
    )  # fmt: skip


def test_what_begins_where_no_start_is_drawn() -> None:
    first = '<subProcess id="x">' + tasks("i", "j") + flows("i>j").replace("f0", "x1") + "</subProcess>"
    xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true"><endEvent id="e"/>{tasks("a", "b")}{first}{flows("a>x", "x>e", "b>e")}</process></definitions>'
    keep("read-begins.txt", told(load_bpmn(xml.encode())))


def test_what_stands_first_in_a_file_is_read_like_the_rest() -> None:
    told_of = f'<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">{SLOW}</startEvent><endEvent id="he"/><sequenceFlow id="hf" sourceRef="hs" targetRef="he"/></subProcess>'
    lanes = '<laneSet><lane id="l" tb:department="d"><flowNodeRef>sub</flowNodeRef></lane></laneSet>'
    for name, first in (("handler", told_of), ("subprocess", lanes + inner(tasks("t"), "sub_i>t", "t>sub_j"))):
        way = flows("s>e") if name == "handler" else flows("s>sub", "sub>e")
        xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{first}{ENDS}{way}</process></definitions>'
        keep(f"read-first-{name}.txt", told(load_bpmn(xml.encode())))


def test_which_start_is_meant_where_there_are_several() -> None:
    starts = f'<startEvent id="s2"/><startEvent id="s3">{PAID}</startEvent>'
    read("starts", starts + tasks("a") + flows("s>a", "s2>a", "s3>a", "a>e"))
    read("starts-drawn", starts + tasks("a") + flows("s>a", "s2>a", "s3>a", "a>e"), executable=False)


def test_which_decision_a_rule_asks() -> None:
    rules = (
        '<businessRuleTask id="a" tb:decision="card" tb:result="to_pay"/>'
        '<businessRuleTask id="b" xmlns:v="urn:v" v:decisionRef="card" v:resultVariable="again"/>'
        '<businessRuleTask id="c"><extensionElements xmlns:z="urn:z"><z:calledDecision decisionId="card" resultVariable="third"/>'
        "</extensionElements></businessRuleTask>"
        '<businessRuleTask id="d" tb:act="decide" tb:decision="card"/>'
    )
    read("rules", rules + flows("s>a", "a>b", "b>c", "c>d", "d>e"))


def test_where_the_file_places_things() -> None:
    parts = (
        shape_at("s", -50, 10, 36, 36), shape_at("s", 1, 1, 36, 36), shape_at("t", 100, 300, 120, 90), shape_at("nowhere", 1, 1, 9, 9),
        shape_at("x:e", 400, 10, 36, 36).replace("<d:BPMNShape", '<d:BPMNShape isExpanded="false"'), shape_at("f0", 1, 1, 0, 5),
        edge_at("f0", (-14, 28), (100, 340)), edge_at("f0", (1, 1), (2, 2)), edge_at("f1", (3, 3)), edge_at("f2", (5, 5), (200_000, 5), (6, 6)),
    )  # fmt: skip
    read("places", tasks("t") + flows("s>t", "t>e", "t>e"), after=DI.format("".join(parts)))


def test_a_file_is_judged_with_what_it_lacks_taken_to_be_there() -> None:
    content = (
        ENDS + '<serviceTask id="a"/><businessRuleTask id="b" tb:decision="q"/><callActivity id="c" calledElement="z"/>'
    )
    good = f'{HEAD}<process id="p" name="好" isExecutable="true">{content}{flows("s>a", "a>b", "b>c", "c>e")}</process><process id="q"><startEvent id="s"/><endEvent id="e"/><parallelGateway id="j"/>{tasks("k", "l")}<exclusiveGateway id="x"/>{flows("s>x", "x>k", "x>l", "k>j", "l>j", "j>e")}</process></definitions>'
    lines = []
    for xml in (good, f"{HEAD}</definitions>"):
        for most in (100, 2):
            judged = judge_file(xml.encode(), source="a.bpmn", decisions={}, called={}, most=most)
            lines += [f"within {most}:", *(f"  {words(one)}" for one in (*judged.walks, *judged.problems))]
    keep("judged.txt", lines)


def test_events_and_what_they_are_known_by() -> None:
    nodes = (
        catch(PAID, "a"), catch("<messageEventDefinition/>", "b").replace('id="b"', 'id="b" name="Letter"'), catch("<signalEventDefinition/>", "c"),
        catch("<conditionalEventDefinition><condition>${ amount &gt; 1 }</condition></conditionalEventDefinition>", "d"),
        catch('<timerEventDefinition><timeDuration>=duration("P1DT2H")</timeDuration></timerEventDefinition>', "f"),
        catch('<timerEventDefinition tb:working="true"><timeDuration>P2D</timeDuration></timerEventDefinition>', "g"),
        catch("<timerEventDefinition><timeDate>2026-03-02T09:00:00+08:00</timeDate></timerEventDefinition>", "h"),
        catch('<timerEventDefinition><timeDuration>=duration("P1Y2M")</timeDuration></timerEventDefinition>', "i"),
        catch('<timerEventDefinition><timeDate>=date and time("2026-03-02T09:00:00+08:00")</timeDate></timerEventDefinition>', "j"),
        f'<intermediateThrowEvent id="k">{SLOW}{ALARM}</intermediateThrowEvent>',
        catch("<timerEventDefinition><timeDuration>P1Y2M3W4DT5H6M7S</timeDuration></timerEventDefinition>", "l"),
        catch("<timerEventDefinition><timeCycle>R5/2026-03-02T09:00:00+08:00/PT1M</timeCycle></timerEventDefinition>", "m"),
        catch('<timerEventDefinition><timeCycle tb:working="true">R3/P2D</timeCycle></timerEventDefinition>', "n"),
    )  # fmt: skip
    ids = [node.split('id="')[1].split('"')[0] for node in nodes]
    read("events", "".join(nodes) + flows(*(f"{a}>{b}" for a, b in zip(["s", *ids], [*ids, "e"], strict=True))))
