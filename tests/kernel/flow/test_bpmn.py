"""Reading diagrams: what is executed, what is refused, and that everything wrong is named at once."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.living import Life

from tongban.kernel.flow import (
    Act,
    Definition,
    DefinitionError,
    Kind,
    Problem,
    Refused,
    load_bpmn,
    load_processes,
)

BOTH = "<messageEventDefinition/><signalEventDefinition/>"
ONE_BY_ONE = (
    '<multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)
NO_FEEL = "<conditionalEventDefinition><condition>a ===</condition></conditionalEventDefinition>"
ENDS = '<startEvent id="s"/><endEvent id="e"/>'


def problems(content: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        load_bpmn(content if isinstance(content, bytes) else bpmn(content), source="x.bpmn")
    return caught.value.problems


def codes(content: str | bytes) -> list[str]:
    return [problem.code for problem in problems(content)]


def line(*nodes: str) -> str:
    """Nodes in a row between start and end."""
    ids = ["s", *(node.split('id="')[1].split('"')[0] for node in nodes), "e"]
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(ids))
    )
    return ENDS + "".join(nodes) + flows


def test_a_modellers_file_loads(licence: Definition) -> None:
    assert licence.id == "licence"
    assert licence.node("accept").act is Act.ACCEPT
    assert licence.node("accept").department == "window"
    assert licence.node("fire").department == "fire-rescue"
    assert licence.node("issue").department == "system"
    assert licence.node("late").kind is Kind.BOUNDARY
    assert not licence.node("late").interrupting
    assert [lane.name_en for lane in licence.lanes] == ["Front desk", "Authority", "Fire and rescue"]


def test_decoration_and_foreign_elements_are_left_alone() -> None:
    extra = (
        '<textAnnotation id="n"><text>note</text></textAnnotation><association id="a" sourceRef="n" targetRef="t"/>'
        '<dataObject id="d"/><v:colour xmlns:v="urn:vendor">red</v:colour><!-- a comment --><?tool data?>'
    )
    definition = load_bpmn(bpmn(line('<userTask id="t"><documentation>what</documentation></userTask>') + extra))
    assert [node.id for node in definition.nodes] == ["s", "e", "t"]


def test_utf_16_loads() -> None:
    text = bpmn(line('<userTask id="t" name="受理"/>')).decode()
    definition = load_bpmn(('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16"))
    assert definition.node("t").name == "受理"


@pytest.mark.parametrize(
    "element",
    [
        '<transaction id="x"/>',
        '<adHocSubProcess id="x"/>',
        '<scriptTask id="x" scriptFormat="groovy"><script>x = 1</script></scriptTask>',
        '<scriptTask id="x"><script>1 + 1</script></scriptTask>',
        '<intermediateThrowEvent id="x"><compensateEventDefinition/></intermediateThrowEvent>',
        '<intermediateCatchEvent id="x"><cancelEventDefinition/></intermediateCatchEvent>',
        f'<intermediateCatchEvent id="x" parallelMultiple="true">{BOTH}</intermediateCatchEvent>',
        f'<userTask id="x">{ONE_BY_ONE}</userTask>',
        '<userTask id="x" isForCompensation="true"/>',
        '<userTask id="x" startQuantity="2"/>',
        '<unheardOf id="x"/>',
        '<userTask id="x"><unheardOf/></userTask>',
        '<intermediateCatchEvent id="x"><unheardOfEventDefinition/></intermediateCatchEvent>',
    ],
)
def test_what_cannot_be_executed_is_refused_with_id_line_and_cure(element: str) -> None:
    content = line(element.replace('id="x"', 'id="x" name="那个"', 1))
    problem = problems(content)[0]
    assert problem.code == "element.unsupported"
    assert (problem.element, problem.name, problem.line) == ("x", "那个", 1)
    assert any(word in problem.cure for word in ("Supported are", "Use", "Draw", "Leave"))


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('<serviceTask id="x"/>', "operation.missing"),
        ('<businessRuleTask id="x"/>', "decision.unknown"),
        ('<receiveTask id="x" messageRef="none"/>', "message.missing"),
        ('<callActivity id="x"/>', "call.unknown"),
        ('<callActivity id="x" calledElement="other"/>', "call.unknown"),
        ('<callActivity id="x" calledElement="p"/>', "call.recursion"),
        ('<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>', "loop.unbounded"),
        ('<userTask id="x"><standardLoopCharacteristics/></userTask>', "loop.endless"),
        ('<userTask id="x"><standardLoopCharacteristics loopMaximum="0"/></userTask>', "loop.maximum"),
        ('<userTask id="x" tb:act="decide"><standardLoopCharacteristics loopMaximum="2"/></userTask>', "loop.act"),
        ('<intermediateCatchEvent id="x"/>', "event.missing"),
        ('<intermediateThrowEvent id="x"><linkEventDefinition name="a"/></intermediateThrowEvent>', "link.missing"),
        (f'<intermediateCatchEvent id="x">{NO_FEEL}</intermediateCatchEvent>', "condition.feel"),
        ('<scriptTask id="x" scriptFormat="feel"><script>1 +</script></scriptTask>', "script.feel"),
        ('<eventBasedGateway id="x"/>', "events.target"),
        ('<subProcess id="x"/>', "start.missing"),
        ('<subProcess id="x" triggeredByEvent="true"><startEvent id="i"/></subProcess>', "start.untriggered"),
        ('<subProcess id="x"><startEvent id="i"><messageEventDefinition/></startEvent></subProcess>',
         "start.triggered"),
        ('<subProcess id="x"><startEvent id="i"/><startEvent id="j"/></subProcess>', "start.many"),
    ],
)  # fmt: skip
def test_only_what_shall_be_executed_must_say_how(element: str, code: str) -> None:
    content = bpmn(line(element))
    assert code in codes(content)
    drawn = load_bpmn(content.replace(b'isExecutable="true"', b'isExecutable="false"'))
    assert not drawn.executable
    assert "x" in drawn.index
    with pytest.raises(DefinitionError):
        load_bpmn(content.replace(b'isExecutable="true"', b""), executable=True)


def test_a_process_that_is_only_drawn_takes_no_cases() -> None:
    content = bpmn(line('<userTask id="t"/>'))
    drawn = load_bpmn(content, executable=False)
    with pytest.raises(Refused) as caught:
        Life(drawn).file()
    assert caught.value.code == "flow.not-executable"
    assert load_bpmn(content.replace(b' isExecutable="true"', b"")).executable is False
    assert load_bpmn(content.replace(b' isExecutable="true"', b""), executable=True).executable


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    content = (
        '<startEvent id="s"/>\n<endEvent id="e"/>\n<scriptTask id="x"/>\n<serviceTask id="y"/>\n'
        '<userTask id="z" tb:act="approve"/>\n<userTask id="w" tb:limit="soon"/>\n<userTask id="v" tb:lmit="1 hour"/>\n'
        '<sequenceFlow id="f" sourceRef="s" targetRef="nowhere"/>\n<sequenceFlow id="g" sourceRef="s" targetRef="x"/>'
    )
    found = problems(content)
    assert [(problem.code, problem.line) for problem in found] == [
        ("element.unsupported", 3),
        ("operation.missing", 4),
        ("act.unknown", 5),
        ("limit.invalid", 6),
        ("attribute.unknown", 7),
        ("flow.dangling", 8),
    ]
    assert all(problem.cure for problem in found)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<userTask id="t"/><sequenceFlow id="z" sourceRef="t" targetRef="t"/>', "start.missing"),
        (line('<userTask id="t"/>') + '<userTask id="t"/>', "id.twice"),
        (line('<userTask id="t"/>') + "<userTask/>", "id.missing"),
        (line('<userTask id="t"/>') + '<userTask id="u"/>', "node.unreachable"),
        (line('<userTask id="t" tb:special="lunch"/>'), "special.unknown"),
        (line('<userTask id="t" tb:outcomes="yes, no"/>'), "outcomes.invalid"),
        (line('<businessRuleTask id="t"/>'), "decision.unknown"),
        (line('<businessRuleTask id="t" tb:decision="age"/>'), "decision.unknown"),
        (line('<intermediateCatchEvent id="t"><timerEventDefinition/></intermediateCatchEvent>'), "timer.invalid"),
        (line('<userTask id="t"/>') + '<sequenceFlow id="z" sourceRef="t" targetRef="s"/>', "flow.into-event"),
        (line('<userTask id="t"/>') + '<sequenceFlow id="z" sourceRef="e" targetRef="t"/>', "flow.out-of-end"),
        (line('<userTask id="t"/>') + '<boundaryEvent id="b" attachedToRef="q"><timerEventDefinition><timeDuration>P1D'
         '</timeDuration></timerEventDefinition></boundaryEvent>', "boundary.dangling"),
        (line('<inclusiveGateway id="g"/>')
         + '<sequenceFlow id="z" sourceRef="g" targetRef="e"/>', "condition.missing"),
        (line('<complexGateway id="g"/>')
         + '<sequenceFlow id="z" sourceRef="s" targetRef="g"/>', "element.unsupported"),
        (line('<parallelGateway id="g"/>') + '<sequenceFlow id="z" sourceRef="g" targetRef="e"><conditionExpression>a'
         "</conditionExpression></sequenceFlow>", "condition.misplaced"),
        (line('<exclusiveGateway id="g" default="f1"/>') + '<sequenceFlow id="z" sourceRef="g" targetRef="e">'
         "<conditionExpression>a ===</conditionExpression></sequenceFlow>", "condition.feel"),
        (line('<exclusiveGateway id="g" default="f1"/>') + '<sequenceFlow id="z" sourceRef="g" targetRef="e">'
         '<conditionExpression language="javascript">a</conditionExpression></sequenceFlow>', "condition.language"),
        (line('<exclusiveGateway id="g" default="f1"/>') + '<sequenceFlow id="z" sourceRef="g" targetRef="e">'
         "<conditionExpression/></sequenceFlow>", "condition.empty"),
        (line('<exclusiveGateway id="g"/>', '<exclusiveGateway id="h" default="f2"/>') + '<sequenceFlow id="z" '
         'sourceRef="h" targetRef="g"><conditionExpression>a</conditionExpression></sequenceFlow>', "flow.endless"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code(content: str, code: str) -> None:
    assert code in codes(content)


def test_a_loop_without_a_way_out_is_refused() -> None:
    content = (
        '<startEvent id="s"/><exclusiveGateway id="m"/><userTask id="t"/>'
        '<sequenceFlow id="a" sourceRef="s" targetRef="m"/>'
        '<sequenceFlow id="b" sourceRef="m" targetRef="t"/><sequenceFlow id="c" sourceRef="t" targetRef="m"/>'
    )
    assert set(codes(content)) == {"node.no-end"}


def test_a_flow_does_not_cross_the_border_of_a_subprocess() -> None:
    inner = '<startEvent id="i"/><endEvent id="j"/><sequenceFlow id="g" sourceRef="i" targetRef="j"/>'
    content = line(f'<subProcess id="x">{inner}</subProcess>') + '<sequenceFlow id="z" sourceRef="s" targetRef="j"/>'
    assert "flow.crosses" in codes(content)


def test_timers_are_read_when_loaded() -> None:
    def timer(spec: str) -> str:
        return line(
            f'<intermediateCatchEvent id="t"><timerEventDefinition>{spec}'
            "</timerEventDefinition></intermediateCatchEvent>"
        )

    for good in (
        "<timeDuration>P10D</timeDuration>",
        "<timeDuration>PT36H</timeDuration>",
        "<timeDuration>P1Y2M</timeDuration>",
        "<timeDuration>P2W</timeDuration>",
        '<timeDuration tb:working="true">P3D</timeDuration>',
        '<timeDuration>=duration("PT1H")</timeDuration>',
        "<timeCycle>R3/PT10H</timeCycle>",
        "<timeCycle>R/P1D</timeCycle>",
        "<timeCycle>R2/2026-03-02T09:00:00+08:00/P1D</timeCycle>",
        "<timeDuration><![CDATA[ PT5M ]]></timeDuration>",
        "<timeDate>2026-03-02T09:00:00+08:00</timeDate>",
    ):
        assert load_bpmn(bpmn(timer(good))).node("t").timer is not None
    for bad in (
        "<timeDuration>P</timeDuration>",
        "<timeDuration>P1DT</timeDuration>",
        "<timeDuration>soon</timeDuration>",
        "<timeDuration>P999999999D</timeDuration>",
        '<timeDuration tb:working="true">PT3H</timeDuration>',
        "<timeDate>2026-03-02T09:00:00</timeDate>",
        "<timeCycle>R0/P1D</timeCycle>",
        "<timeCycle>R3/PT0S</timeCycle>",
        "<timeCycle>0 0 9 * * ?</timeCycle>",
        "<timeDuration>${wait}</timeDuration>",
    ):
        assert codes(timer(bad)) == ["timer.invalid"], bad


def test_other_files_are_refused_kindly() -> None:
    assert codes(b"<definitions/>") == ["bpmn.not-bpmn"]
    assert codes(f"{HEAD}</definitions>".encode()) == ["bpmn.no-process"]
    assert codes(b"not xml at all") == ["xml.malformed"]
    assert codes(b"") == ["xml.malformed"]
    assert codes(b"<a>" * 200 + b"</a>" * 200) == ["xml.too-deep"]
    assert codes(b" " * 5_000_001) == ["xml.too-large"]
    two = bpmn(line('<userTask id="t"/>')).replace(
        b"</definitions>", b'<process id="q" isExecutable="true"><task id="u"/></process></definitions>'
    )
    assert codes(two) == ["bpmn.many-processes"]
    assert load_bpmn(two, process="q").id == "q"
    with pytest.raises(DefinitionError, match="It has p, q"):
        load_bpmn(two, process="r")


def test_of_several_processes_the_executable_or_the_calling_one_is_meant() -> None:
    drawn = b'<process id="q"><task id="u"/></process></definitions>'
    two = bpmn(line('<userTask id="t"/>')).replace(b"</definitions>", drawn)
    assert load_bpmn(two).id == "p"
    assert [one.id for one in load_processes(two)] == ["p", "q"]
    calling = bpmn(line('<callActivity id="t" calledElement="q"/>')).replace(
        b"</definitions>", drawn.replace(b'id="q"', b'id="q" isExecutable="true"')
    )
    assert load_bpmn(calling).id == "p"


LAUGHS = b"""<?xml version="1.0"?>
<!-- <definitions> -->
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">
]><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" name="&f;"/></definitions>"""


def test_laughs_and_outsiders_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    outside = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{HEAD}<process id="p" name="n">&x;</process></definitions>'
    )
    for attack in (LAUGHS, outside.encode(), LAUGHS.decode().replace('<?xml version="1.0"?>', "").encode("utf-16")):
        with pytest.raises(DefinitionError) as caught:
            load_bpmn(attack)
        assert caught.value.problems[0].code == "xml.doctype"
        assert "secret" not in str(caught.value).replace(str(secret), "")


def test_the_error_reads_as_a_list(licence: Definition) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_bpmn(bpmn(line('<scriptTask id="x" name="算"/>')), source="m/process.bpmn")
    assert str(caught.value).startswith("m/process.bpmn: line 1: x “算”: a script in no language cannot be executed.")
