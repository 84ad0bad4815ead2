"""What is said of each diagram that is refused, word for word: kept in `kept/refused-diagrams.txt`."""

# ruff: noqa: E501 - a diagram is easier to read on one line

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.keeping import keep
from tests.kernel.flow.living import CALENDAR
from tests.kernel.flow.test_events import ALARM, ENDS, ERROR, PAID, ROOTS, boundary, catch, handler, inner, throw
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_rounds import several

from tongban.kernel.flow import DefinitionError, check_process, elements, load_bpmn, load_processes
from tongban.kernel.flow.durations import TimerRule, add_months, cycle_rule, duration_rule
from tongban.kernel.flow.soundness import problems_ahead
from tongban.kernel.flow.vocabulary import SUPPORTED

LOOP = "<standardLoopCharacteristics{}/>"
ONCE = '<standardLoopCharacteristics loopMaximum="2"/>'
TIMER = '<intermediateCatchEvent id="x"><timerEventDefinition>{}</timerEventDefinition></intermediateCatchEvent>'
BOUND = '<boundaryEvent id="b" attachedToRef="{}">' + PAID + "</boundaryEvent>"


def alone(element: str) -> str:
    """The element `x`, called 那个, on a line of its own between a start and an end."""
    named = element.replace('id="x"', 'id="x" name="那个"', 1)
    return f"{ENDS}\n{named}\n" + flows("s>x", "x>e")


ELEMENTS = {
    "no id": "<userTask/>",
    "transaction": '<transaction id="x"><startEvent id="i"/></transaction>',
    "ad-hoc": '<adHocSubProcess id="x"><task id="i"/></adHocSubProcess>',
    "unheard of": '<unheardOf id="x"/>',
    "unheard of inside": '<userTask id="x"><unheardOf/></userTask>',
    "unheard of in an event": catch("<unheardOfEventDefinition/>", "x"),
    "unheard of in a gateway": '<exclusiveGateway id="x"><unheardOf/></exclusiveGateway>',
    "unheard of in an event beside a good one": catch(PAID + "<unheardOf/>", "x"),
    "for compensation": '<userTask id="x" isForCompensation="true"/>',
    "start quantity": '<userTask id="x" startQuantity="2"/>',
    "completion quantity": '<userTask id="x" completionQuantity="3"/>',
    "an event that cannot be waited for": catch("<cancelEventDefinition/>", "x"),
    "an event that cannot be thrown": throw("<compensateEventDefinition/>", "x"),
    "an error that is thrown on the way": throw(ERROR, "x"),
    "all of several": catch(PAID + ALARM, "x").replace('id="x"', 'id="x" parallelMultiple="true"'),
    "an event for nothing": catch("", "x"),
    "a timer without a time": TIMER.format(""),
    "a timer that is none": TIMER.format("<timeDuration>soon</timeDuration>"),
    "a timer without a unit": TIMER.format("<timeDuration>P1DT</timeDuration>"),
    "a timer of ages": TIMER.format("<timeDuration>P300Y</timeDuration>"),
    "a timer in working hours": TIMER.format('<timeDuration tb:working="true">PT3H</timeDuration>'),
    "a date without an offset": TIMER.format("<timeDate>2026-03-02T09:00:00</timeDate>"),
    "a cycle that never comes": TIMER.format("<timeCycle>R0/P1D</timeCycle>"),
    "a cycle too often": TIMER.format("<timeCycle>R100001/P1D</timeCycle>"),
    "a cycle of no time": TIMER.format("<timeCycle>R3/PT0S</timeCycle>"),
    "a cycle as cron": TIMER.format("<timeCycle>0 0 9 * * ?</timeCycle>"),
    "a condition that is empty": catch("<conditionalEventDefinition><condition/></conditionalEventDefinition>", "x"),
    "a condition that is no FEEL": catch(
        "<conditionalEventDefinition><condition> a === </condition></conditionalEventDefinition>", "x"
    ),
    "a message that is not there": '<receiveTask id="x" messageRef="none"/>',
    "a message of an event that is not there": catch('<messageEventDefinition messageRef="none"/>', "x"),
    "a signal that is not there": catch('<signalEventDefinition signalRef="none"/>', "x"),
    "an act that is none": '<userTask id="x" tb:act="approve"/>',
    "a procedure that is none": '<userTask id="x" tb:special="lunch"/>',
    "outcomes that are no words": '<userTask id="x" tb:outcomes="yes, no"/>',
    "a limit that is none": '<userTask id="x" tb:limit="soon"/>',
    "a property that is none": '<userTask id="x" tb:lmit="1 hour"/>',
    "a property on what has none": '<exclusiveGateway id="x" tb:act="handle"/>',
    "a service that does nothing": '<serviceTask id="x"/>',
    "a rule without a decision": '<businessRuleTask id="x"/>',
    "a rule of a decision that is not there": '<businessRuleTask id="x" tb:decision="age"/>',
    "a rule that handles": '<businessRuleTask id="x" tb:act="handle" tb:decision="age"/>',
    "a rule that decides again": f'<businessRuleTask id="x" tb:act="decide" tb:decision="age">{ONCE}</businessRuleTask>',
    "a script in groovy": '<scriptTask id="x" scriptFormat="Groovy"><script>x = 1</script></scriptTask>',
    "a script in no language": '<scriptTask id="x"><script>1 + 1</script></scriptTask>',
    "a script that is empty": '<scriptTask id="x" scriptFormat="feel"/>',
    "a script that is no FEEL": '<scriptTask id="x" scriptFormat="feel"><script> 1 + </script></scriptTask>',
    "rounds without a number": '<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>',
    "rounds that tell": (
        '<userTask id="x"><multiInstanceLoopCharacteristics behavior="One"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics></userTask>"
    ),
    "rounds of no FEEL": f'<userTask id="x">{several("1 +")}</userTask>',
    "rounds until no FEEL": f'<userTask id="x">{several("2", until="a ===")}</userTask>',
    "a loop without end": f'<userTask id="x">{LOOP.format("")}</userTask>',
    "a loop of no rounds": '<userTask id="x"><standardLoopCharacteristics loopMaximum="0"/></userTask>',
    "a loop of some rounds": '<userTask id="x"><standardLoopCharacteristics loopMaximum="some"/></userTask>',
    "a decision that repeats": f'<userTask id="x" tb:act="decide">{ONCE}</userTask>',
    "an acceptance that repeats": f'<userTask id="x" tb:act="accept">{ONCE}</userTask>',
    "a call of nothing": '<callActivity id="x"/>',
    "a call of what is not there": '<callActivity id="x" calledElement="other"/>',
    "a call of itself": '<callActivity id="x" calledElement="p"/>',
    "a mapping to nothing": (
        '<callActivity id="x" calledElement="p"><extensionElements><c:in xmlns:c="urn:c" source="a"/>'
        "</extensionElements></callActivity>"
    ),
    "a subprocess of nothing": '<subProcess id="x"/>',
    "a subprocess begun by an event": f'<subProcess id="x"><startEvent id="i">{PAID}</startEvent></subProcess>',
    "a subprocess begun twice": '<subProcess id="x"><startEvent id="i"/><startEvent id="j"/></subProcess>',
    "an event subprocess without an event": (
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="i"/></subProcess>'
    ),
    "an event subprocess of two": (
        f'<subProcess id="x" triggeredByEvent="true"><startEvent id="i">{PAID}</startEvent><startEvent id="j">{ALARM}'
        "</startEvent></subProcess>"
    ),
    "a complex join that does not say when": '<complexGateway id="x"/>',
    "a complex condition that is no FEEL": (
        '<complexGateway id="x"><activationCondition>a ===</activationCondition></complexGateway>'
    ),
    "a link that leads nowhere": throw('<linkEventDefinition name="on"/>', "x"),
    "an events gateway before an end": '<eventBasedGateway id="x"/>',
}  # fmt: skip
AROUND = {
    "an id twice": ENDS + "\n" + tasks("t") + tasks("t") + flows("s>t", "t>e"),
    "no start": tasks("t") + flows("t>t"),
    "no start inside": alone('<subProcess id="x">' + tasks("i") + flows("i>i").replace("f0", "g") + "</subProcess>"),
    "a flow to nowhere": ENDS + "\n" + tasks("t") + flows("s>t", "t>nowhere", " >e"),
    "a flow across a border": alone(inner("", "sub_i>sub_j").replace('"sub"', '"x"')) + "\n" + flows("s>sub_j").replace("f0", "z"),
    "a flow into a start": ENDS + tasks("t") + flows("s>t", "t>e", "t>s"),
    "a flow out of an end": ENDS + tasks("t") + flows("s>t", "t>e", "e>t"),
    "a flow into an event subprocess": ENDS + handler(PAID) + flows("s>e", "s>h"),
    "a gateway with no way on": ENDS + tasks("t") + '<exclusiveGateway id="g"/>' + flows("s>t", "t>e", "t>g"),
    "a step that nothing leads to": ENDS + tasks("t", "u") + flows("s>t", "t>e", "u>e"),
    "a step with no end": ENDS + tasks("t", "u", "v") + flows("s>t", "t>e", "t>u", "u>v", "v>u"),
    "a loop on which nothing waits": (
        ENDS + '<exclusiveGateway id="g" default="f1"/><exclusiveGateway id="m"/>'
        + flows("s>m", "g>e", "m>g", "g>m:true")
    ),
    "a condition where nothing chooses": ENDS + '<parallelGateway id="g"/>' + flows("s>g", "g>e:true", "g>e"),
    "a condition in another language": ENDS + tasks("t") + flows("s>t", "t>e:true").replace(
        "<conditionExpression>", '<conditionExpression language="groovy">'
    ),
    "a condition of a flow that is no FEEL": ENDS + tasks("t") + "\n" + flows("s>t", "t>e: a ==="),
    "a condition of a flow that is empty": ENDS + tasks("t") + flows("s>t", "t>e: "),
    "a way without a condition": ENDS + '<exclusiveGateway id="g"/>' + tasks("t") + flows("s>g", "g>e:true", "g>t", "t>e"),
    "a default without conditions": ENDS + '<userTask id="t" default="f1"/>' + tasks("u") + flows("s>t", "t>e", "t>u", "u>e"),
    "an event on nothing": ENDS + tasks("t") + BOUND.format("q") + flows("s>t", "t>e", "b>e"),
    "an event on a gateway": ENDS + '<exclusiveGateway id="g"/>' + BOUND.format("g") + flows("s>g", "g>e", "b>e"),
    "an event on a border without one": ENDS + tasks("t") + boundary("t", "") + flows("s>t", "t>e", "b>e"),
    "an error that interrupts nothing": ENDS + tasks("t") + boundary("t", ERROR, soft=True) + flows("s>t", "t>e", "b>e"),
    "an event on a border that leads nowhere": ENDS + tasks("t") + boundary("t", PAID) + flows("s>t", "t>e"),
    "two links of one name": (
        ENDS + throw('<linkEventDefinition name="on"/>') + catch('<linkEventDefinition name="on"/>')
        + catch('<linkEventDefinition name="on"/>', "v") + flows("s>t", "w>e", "v>e")
    ),
    "an event reached by two ways": (
        ENDS + '<eventBasedGateway id="g"/>' + catch(PAID) + tasks("t") + flows("s>t", "t>g", "g>w", "t>w", "w>e")
    ),
    "a complex gateway that joins": (
        ENDS + '<parallelGateway id="g"/><complexGateway id="c"/>' + flows("s>g", "g>c", "g>c", "c>e")
    ),
    "an event subprocess that repeats": (
        ENDS + tasks("t") + flows("s>t", "t>e") + handler(PAID).replace("><", f">{ONCE}<", 1)
    ),
    "a property of a flow that is none": ENDS + flows("s>e").replace('id="f0"', 'id="f0" tb:when="now"'),
    "a property of a lane that is none": '<laneSet><lane id="l" tb:colour="red"/></laneSet>' + ENDS + flows("s>e"),
}  # fmt: skip
OTHER = f'{HEAD}<process id="other" isExecutable="true">{ENDS}\n<serviceTask id="t" name="发"/>{flows("s>t", "t>e")}</process></definitions>'
FILES = {
    "no BPMN": b"<definitions/>",
    "no process": f'{HEAD}<process id="p"><documentation/></process></definitions>'.encode(),
    "a choreography": f'{HEAD}\n<choreography id="c"><x/><startEvent id="i"/></choreography></definitions>'.encode(),
    "no XML": b"not xml at all",
    "a document type": b"<!DOCTYPE d [\n<!ENTITY x 'y'>]><d/>",
    "too deep": b"<a>" * 101 + b"</a>" * 101,
    "too large": b" " * 5_000_001,
}  # fmt: skip


def said(load: object) -> Iterator[str]:
    assert callable(load)
    try:
        load()
    except DefinitionError as error:
        if error.source:
            yield f"  of {error.source}"
        for problem in error.problems:
            name = f" “{problem.name}”" if problem.name else ""
            yield f"  {problem.code} at {problem.element}{name}, line {problem.line}: {problem.message}"
            yield f"    {problem.cure.replace(SUPPORTED, '…')}"
    else:
        yield "  nothing"


def test_every_refusal_names_element_line_reason_and_cure() -> None:
    lines = []
    for name, content in {**{name: alone(one) for name, one in ELEMENTS.items()}, **AROUND}.items():
        xml = f'{HEAD}{ROOTS}\n<process id="p" isExecutable="true">{content}</process></definitions>'.encode()
        lines += [f"{name}:", *said(lambda xml=xml: load_bpmn(xml))]
    keep("refused-diagrams.txt", lines)


def test_every_refusal_of_a_file_says_what_to_do() -> None:
    lines = []
    for name, xml in FILES.items():
        lines += [f"{name}:", *said(lambda xml=xml: load_bpmn(xml, source="a.bpmn"))]
    call = bpmn(alone('<callActivity id="x" calledElement="other"/>'))
    lines += ["wrong in what is called:", *said(lambda: load_bpmn(call, called={"other": OTHER.encode()}))]
    two = f'{HEAD}<process id="p">{ENDS}</process>\n<process id="q" name="Q">{ENDS}</process></definitions>'.encode()
    lines += ["of two:", *said(lambda: load_bpmn(two))]
    lines += ["of two none of that id:", *said(lambda: load_bpmn(two, process="r"))]
    lines += ["both wrong:", *said(lambda: load_processes(two, executable=True))]
    keep("refused-files.txt", lines)


def test_what_nobody_knows_is_refused_in_a_drawing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = []
    for name in ("unheard of", "unheard of inside", "unheard of in an event", "an id twice", "a property that is none"):
        content = AROUND.get(name) or alone(ELEMENTS[name])
        lines += [f"{name}:", *said(lambda content=content: load_bpmn(bpmn(content), executable=False))]
    monkeypatch.setattr(elements, "_MOST_NODES", 3)
    many = ENDS + "\n" + tasks("t", "u", "v", "w") + flows("s>t", "t>u", "u>v", "v>e")
    lines += ["too many:", *said(lambda: load_bpmn(bpmn(many)))]
    keep("refused-drawings.txt", lines)


LONGEST = (
    ("P200Y", "P200Y1D"), ("P199Y11M", "P199Y12M"), ("P199Y366D", "P199Y366DT24H"), ("P73200D", "P10458W"),
    ("PT1756800H", "PT1756824H"), ("PT105408000M", "PT105409440M"), ("PT6324566399S", "PT6324566400S"),
)  # fmt: skip


@pytest.mark.parametrize(("good", "bad"), LONGEST)
def test_a_duration_may_be_as_long_as_two_hundred_years(good: str, bad: str) -> None:
    duration_rule(good)
    with pytest.raises(ValueError, match="longer than 200 years"):
        duration_rule(bad)


@pytest.mark.parametrize("text", ["P1Y", "P1M", "P1W", "P1DT1S", "PT0S", "P0D"])
def test_working_days_are_days_only(text: str) -> None:
    with pytest.raises(ValueError, match=r"^working days are written P<n>D$"):
        duration_rule(text, working=True)
    with pytest.raises(ValueError, match=r"^working days are written P<n>D$|^its rounds take no time$"):
        cycle_rule(f"R2/{text}", working=True)


def test_cycles_and_months_are_read_and_counted() -> None:
    assert cycle_rule(" R3/P2D ", working=True) == TimerRule(working_days=2, repeats=3)
    assert cycle_rule("R/PT1S") == TimerRule(seconds=1, repeats=-1)
    assert cycle_rule("R100000/P1D").repeats == 100_000
    at = datetime(2024, 1, 31, 8, tzinfo=UTC)
    months = [add_months(at, count).date().isoformat() for count in (0, 1, 11, 12, 13, -1, -2)]
    assert months == ["2024-01-31", "2024-02-29", "2024-12-31", "2025-01-31", "2025-02-28", "2023-12-31", "2023-11-30"]
    later = TimerRule(months=1, days=2, seconds=3).due(start=at, calendar=CALENDAR)
    assert later == datetime(2024, 3, 2, 8, 0, 3, tzinfo=UTC)
    assert TimerRule(at=at, days=1).due(start=at + timedelta(days=9), calendar=CALENDAR) == at


CHOICE = '<exclusiveGateway id="g"/><exclusiveGateway id="m"/>' + tasks("a", "b")
FORK = '<parallelGateway id="g"/><parallelGateway id="j"/><exclusiveGateway id="m"/>' + tasks("a", "b", "c")
SHAKY = {
    "no default": CHOICE + flows("s>g", "g>a:x = 1", "g>b:x = 2", "a>m", "b>m", "m>e"),
    "a join that waits for ever": (
        CHOICE.replace('<exclusiveGateway id="m"/>', '<parallelGateway id="m" name="合"/>').replace('id="g"', 'id="g" default="f2"')
        + flows("s>g", "g>a:x = 1", "g>b", "a>m", "b>m", "m>e")
    ),
    "a step twice": FORK + flows("s>g", "g>a", "g>b", "a>m", "b>m", "m>c", "c>e") + '<userTask id="z"/>',
    "an end without a decision": (
        '<userTask id="d" tb:act="decide"/>' + CHOICE.replace('id="g"', 'id="g" default="f2"')
        + flows("s>g", "g>a:x = 1", "g>d", "a>m", "d>b", "b>m", "m>e")
    ),
}  # fmt: skip


def test_what_a_process_could_come_to_is_said_with_its_cure() -> None:
    lines = []
    for name, content in SHAKY.items():
        drawn = load_bpmn(
            bpmn(ENDS + "\n" + content.replace('<userTask id="z"/>', "").replace('<parallelGateway id="j"/>', ""))
        )
        lines.append(f"{name}:")
        for most in (1000, 2):
            for one in check_process(definition=drawn, most=most):
                lines.append(
                    f"  within {most}: {one.code} at {one.element} “{one.name}”, line {one.line}: {one.message}"
                )
                lines.append(f"    {one.cure}")
    turning = ENDS + tasks("t", "u") + flows("s>t", "t>u", "u>t")
    drawing = load_bpmn(bpmn(turning), executable=False)
    marking = (drawing.place(drawing.index["t"]),)
    lines.append("a loop without an end:")
    for one in problems_ahead(definition=drawing, marking=marking, accepted=True, decided=True):
        lines.append(f"  {one.code} at {one.element} “{one.name}”, line {one.line}: {one.message}")
        lines.append(f"    {one.cure}")
    keep("unsound.txt", lines)
