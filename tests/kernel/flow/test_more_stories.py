"""More lives of cases, kept event by event: moves between versions, rules, names and instants, due dates, nested events."""

# ruff: noqa: E501 - a diagram is easier to read on one line

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.kernel.flow.building import HEAD
from tests.kernel.flow.keeping import keep, words
from tests.kernel.flow.living import LIMITS
from tests.kernel.flow.stories import Story
from tests.kernel.flow.test_events import ALARM, ENDS, ERROR, PAID, ROOTS, SLOW, boundary, catch, handler, inner, throw
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_rounds import several
from tests.kernel.flow.test_rules import OLD, TWO, YOUNG, table

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    Accept,
    AddCosigner,
    AnswerSupplement,
    Asked,
    Bridge,
    Claim,
    Complete,
    DecideCase,
    Definition,
    Delegate,
    Deliver,
    File,
    Limits,
    Raise,
    ReceiveMessage,
    ReceiveSignal,
    RequestSupplement,
    Resume,
    ReturnTo,
    RunService,
    Sign,
    Suspend,
    Transfer,
    arrival,
    expected_events,
    hears,
    load_bpmn,
    plan_migration,
    reportable,
)
from tongban.kernel.flow.values import from_json, to_json
from tongban.kernel.rules import YearsMonths, load_dmn

DAY = timedelta(days=1)
ONE_DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
CARD = {"rules.dmn": load_dmn(table(OLD + YOUNG, outputs=TWO))}


def drawn(content: str, *, lanes: str = "") -> Definition:
    xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{lanes}{ENDS}{content}</process></definitions>'
    return load_bpmn(xml.encode(), decisions=CARD)


def lane(department: str, *nodes: str) -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    return f'<laneSet><lane id="l" tb:department="{department}">{refs}</lane></laneSet>'


FORK = '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("first", "a", "b", "last")
WAYS = ("s>first", "first>p", "p>a", "a>q", "p>b", "b>q", "q>last", "last>e")


def test_a_case_moves_to_another_version_and_back() -> None:
    one = Story(
        drawn(
            FORK + boundary("b", ONE_DAY, soft=True, node="remind") + flows(*WAYS, "remind>e"),
            lanes=lane("fire", "a", "b"),
        )
    )
    one.say(File())
    one.done("first")
    one.say(Claim(task=one.no("a"), by="luo"))
    one.say(Transfer(task=one.no("b"), to="sun", reason="x"))
    one.say(Delegate(task=one.no("b"), to="chen"), actor="sun")
    renamed = (
        FORK.replace('"a"', '"look" tb:act="review"')
        + boundary("look", PAID, soft=True, node="told")
        + tasks("extra")
        + boundary("look", ONE_DAY, soft=True, node="late")
    )
    new = drawn(
        renamed
        + flows(
            "s>first",
            "first>p",
            "p>look",
            "look>q",
            "p>b",
            "b>q",
            "q>extra",
            "extra>last",
            "last>e",
            "told>e",
            "late>e",
        ),
        lanes=lane("roads", "look", "b"),
    )
    one.move(new)
    one.move(new, a="look")
    one.look()
    one.say(Complete(task=one.no("look")), actor="luo")
    one.say(Complete(task=one.no("b")), actor="chen")
    one.say(Complete(task=one.no("b")), actor="sun")
    one.look()
    one.say(ReturnTo(task=one.no("extra"), node="look", reason="again"))
    one.say(ReturnTo(task=one.no("look"), node="first", reason="again"))
    one.keep("moved")


OBSTACLES = {
    "gone": tasks("first", "last") + flows("s>first", "first>last", "last>e"),
    "another act": FORK.replace('"a"', '"a" tb:act="decide"') + flows(*WAYS),
    "a service": FORK.replace('<userTask id="a"/>', '<serviceTask id="a" tb:operation="x"/>') + flows(*WAYS),
    "repeats": FORK.replace('<userTask id="a"/>', f'<userTask id="a">{several("2")}</userTask>') + flows(*WAYS),
    "inside": '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("first", "b", "last") + inner(tasks("a"), "sub_i>a", "a>sub_j") + flows("s>first", "first>p", "p>sub", "sub>q", "p>b", "b>q", "q>last", "last>e"),
    "a branch more": FORK + tasks("c") + flows(*WAYS, "p>c", "c>q"),
    "no end without a decision": FORK + '<userTask id="d" tb:act="decide"/>' + flows("s>first", "first>d", "d>p", *WAYS[2:]),
    "asks for a step that was passed by": FORK + tasks("new") + '<exclusiveGateway id="g" default="f9"/>' + flows("s>first", "first>new", "new>p", *WAYS[2:-2], "q>g", 'g>last:new.outcome = "pass"', "g>e", "last>e").replace('id="f8"', 'id="f8" name="ask"'),
    "twice": FORK.replace('<parallelGateway id="q"/>', '<exclusiveGateway id="q"/>') + flows(*WAYS),
    "the same": FORK + flows(*WAYS),
}  # fmt: skip


def test_what_stands_against_a_move_is_named() -> None:
    one = Story(drawn(FORK + flows(*WAYS)))
    lines: list[str] = []
    for done in ((), ("first",), ("b",)):
        if not done:
            one.say(File())
        one.done(*done)
        for name, content in OBSTACLES.items():
            plan = plan_migration(bridge=Bridge(one.life.definition, drawn(content)), state=one.life.state)
            lines.append(f"{' '.join(one.life.open)}, {name}: {words(plan.marking)}")
            lines += [f"  {note}" for note in (*plan.obstacles, *plan.notes)]
    keep("obstacles.txt", lines)
    one.move(drawn(OBSTACLES["a branch more"]))
    one.life.at -= DAY
    one.move(drawn(OBSTACLES["the same"]))
    one.keep("stays")


def test_what_waits_in_rounds_and_subprocesses_moves_too() -> None:
    old = inner(f'<userTask id="a" name="甲">{several("2")}</userTask>' + catch(PAID), "sub_i>a", "a>w", "w>sub_j")
    one = Story(drawn(old + tasks("z") + flows("s>sub", "sub>z", "z>e")))
    one.say(File())
    one.done("a")
    longer = inner(
        f'<userTask id="a">{several("2")}</userTask>' + catch(PAID) + tasks("more"),
        "sub_i>a",
        "a>w",
        "w>more",
        "more>sub_j",
    )
    one.move(drawn(longer + tasks("z") + flows("s>sub", "sub>z", "z>e")))
    one.done("a")
    one.look()
    one.move(drawn(tasks("z") + flows("s>z", "z>e")))
    one.say(ReceiveMessage(name="m1"))
    one.done("more")
    one.keep("moved-rounds")


def test_a_rule_decides_at_once_or_says_why_not() -> None:
    rule = '<businessRuleTask id="r" name="算" tb:decision="card" tb:result="verdict"/><businessRuleTask id="d" tb:act="decide" tb:decision="card"/>'
    ways = flows("s>r", "r>d", "d>t", "t>e")
    for name, age in (("old", Decimal(70)), ("young", Decimal("12.5")), ("nobody", "x")):
        one = Story(drawn('<userTask id="t" tb:act="deliver"/>' + rule + ways), age=age)
        one.say(File(limits=LIMITS))
        if one.life.log:
            one.look()
            one.say(Deliver(way="counter"))
        one.keep(f"rule-{name}")


def test_names_of_conditions_are_steps_answers_and_the_instant() -> None:
    gates = "".join(f'<exclusiveGateway id="g{n}" default="f{2 * n + 2}"/>' for n in range(3))
    one = Story(
        drawn(
            tasks("a", "x", "y", "z") + gates
            + flows("s>a", "a>g0", "g0>x", "g0>g1:answers.sum + a.extra > 100 and a.outcome = \"fail\"", "g1>y", "g1>g2:now() > @\"2026-03-02T10:00:00+08:00\" and sum = 99.5", "g2>z", "g2>e:today() = @\"1999-01-01\"", "x>e", "y>e", "z>e")
        ),
        sum=Decimal("99.5"), a="an answer of the same name",
    )  # fmt: skip
    one.say(File(limits=LIMITS))
    one.say(Complete(task=1, outcome="fail", data={"extra": 1}))
    one.keep("names")
    script = '<scriptTask id="k" scriptFormat="feel" tb:result="kept"><script>{d: date(now()), t: @"PT2H", n: 0.5, big: 12345678901234567890, m: @"P1Y2M", l: [1, null, true]}</script></scriptTask>'
    two = Story(
        drawn(
            script
            + catch(
                "<conditionalEventDefinition><condition>kept.n &lt; amount</condition></conditionalEventDefinition>"
            )
            + tasks("z")
            + flows("s>k", "k>w", "w>z", "z>e")
        ),
        amount=Decimal(0),
    )
    two.say(File())
    two.life.facts = {"amount": Decimal(1)}
    two.say(ReceiveSignal(name="nothing"))
    two.say(ReceiveMessage(name="nothing"))
    two.keep("script")


DUES = (
    '<userTask id="accept" tb:act="accept" tb:limit="1 working day"/><userTask id="a" tb:limit="3 working days"/><userTask id="i" tb:special="hearing"/>'
    '<userTask id="d" tb:act="decide" tb:limit="8 working hours"/><parallelGateway id="p"/><parallelGateway id="q"/>'
    + flows("s>accept", "accept>p", "p>a", "p>i", "a>q", "i>q", "q>d", "d>e")
)


def test_due_dates_move_with_the_clock_that_stands_still() -> None:
    one = Story(drawn(DUES))
    one.say(File(limits=Limits(Limit.parse("20 working days"), restarts=True)))
    one.say(RequestSupplement(items=["plan"], within=Limit.parse("5 working days")))
    one.say(AnswerSupplement(), after=3 * DAY)
    one.say(Accept(), after=2 * DAY)
    one.say(Suspend(procedure="expert_review", reason="x", limit=Limit.parse("9 working days")), after=DAY)
    one.say(Resume(), after=2 * DAY)
    one.done("i")
    one.look()
    one.say(RequestSupplement(items=["again"], note="x"), after=DAY)
    one.say(AnswerSupplement(about={"n": 1}), after=3 * DAY)
    one.done("a")
    one.say(DecideCase(task=one.no("d"), outcome="granted"))
    one.keep("dues")


def test_what_is_thrown_inside_is_caught_by_the_nearest() -> None:
    deep = inner(
        tasks("a", "c") + throw(SLOW) + f'<endEvent id="x">{ERROR}</endEvent>', "d_i>a", "a>t", "t>c", "c>x", node="d"
    ).replace('<endEvent id="d_j"/>', "")
    around = inner(
        deep
        + boundary("d", SLOW, soft=True, node="any").replace(SLOW, "<escalationEventDefinition/>")
        + tasks("n")
        + handler(ERROR),
        "sub_i>d",
        "d>sub_j",
        "any>n",
        "n>sub_j",
    )
    one = Story(
        drawn(
            around
            + boundary("sub", ERROR, node="far")
            + tasks("y", "z")
            + flows("s>sub", "sub>y", "far>z", "y>e", "z>e")
        )
    )
    one.say(File())
    one.done("a")
    one.look()
    one.say(Raise(task=one.no("n"), name="SLOW", kind="escalation"))
    one.say(Raise(task=one.no("c"), name="SLOW", kind="escalation"))
    one.done("c", "h_t", "y")
    one.keep("nested")


def test_rounds_of_a_subprocess_with_timers_and_events_of_their_own() -> None:
    loop = several("2", until="loopCounter &gt;= 9")
    work = inner(
        tasks("a") + catch(ONE_DAY) + catch(ALARM, "v") + handler(PAID, soft=True), "sub_i>a", "a>w", "w>v", "v>sub_j"
    ).replace('<subProcess id="sub">', f'<subProcess id="sub">{loop}')
    one = Story(drawn(work + tasks("z") + flows("s>sub", "sub>z", "z>e")))
    one.say(File())
    one.done("a")
    one.say(ReceiveMessage(name="paid", data={"n": 1}))
    one.late("w")
    one.say(ReceiveSignal(name="alarm", data={"n": 2}))
    one.done("a", "h_t")
    one.late("w")
    one.say(ReturnTo(task=1, node="a", reason="x"))
    one.say(ReceiveSignal(name="alarm"))
    one.say(ReturnTo(task=one.no("z"), node="a", reason="x"))
    one.look()
    one.keep("rounds-inside")


def test_who_signs_hears_of_what_is_delegated_and_suspended(licence: Definition) -> None:
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(Accept())
    one.say(Claim(task=2, by="li"))
    one.say(
        AddCosigner(task=2, signers=[Asked("window", "zhao"), Asked("window")], place="before", rule="all"), actor="li"
    )
    one.say(Delegate(task=2, to="zhao"), actor="li")
    one.say(Delegate(task=2, to="chen"), actor="li")
    one.say(AddCosigner(task=2, signers=[Asked("authority", "li")]), actor="chen")
    one.say(AddCosigner(task=2, signers=[Asked("authority", "he")], place="after"), actor="chen")
    one.say(Complete(task=2), actor="chen")
    one.say(Claim(task=4, by="chen"), actor="chen")
    one.say(Claim(task=4, by="qian"), actor="qian")
    one.say(Sign(task=3), actor="sun", capacity="stand-in:zhao")
    one.say(Suspend(procedure="hearing", reason="x", limit=Limit.parse("5 working days")))
    one.say(Sign(task=4), actor="qian")
    one.look("chen")
    one.say(Resume())
    one.say(Sign(task=4), actor="qian")
    one.look("chen")
    one.say(Complete(task=2, outcome="fail"), actor="chen")
    one.say(Complete(task=2, opinion="so be it"), actor="li", capacity="head")
    one.say(ReturnTo(task=2, node="accept", reason="x"), actor="li")
    one.say(Sign(task=5), actor="he")
    one.say(RunService(task=9))
    one.keep("signing-delegated")


def test_what_a_case_can_be_told_and_what_it_listens_for() -> None:
    definition = drawn(
        tasks("a") + boundary("a", ALARM, soft=True, node="w1") + boundary("a", ERROR, node="w2") + boundary("a", SLOW, soft=True, node="w3")
        + boundary("a", "<errorEventDefinition/>", node="w4") + catch(PAID) + throw(ALARM) + flows("s>a", "a>w", "w>t", "t>e", "w1>e", "w2>e", "w3>e", "w4>e")
    )  # fmt: skip
    lines = [words(one._replace(node=one.node.id)) for one in reportable(definition=definition)]  # type: ignore[arg-type]
    for kind, name in (
        ("message", "paid"),
        ("message", "m1"),
        ("message", "alarm"),
        ("signal", "alarm"),
        ("error", "NO_STOCK"),
        ("signal", ""),
    ):
        lines.append(f"hears {kind} {name!r}: {hears(definition=definition, kind=kind, name=name)}")
    one = Story(definition)
    lines.append(f"before filing: {words(expected_events(definition=definition, state=one.life.state))}")
    one.say(File())
    for _ in range(2):
        for expected in expected_events(definition=definition, state=one.life.state):
            lines += [words(arrival(expected=expected, note=note)) for note in ("", "by post")]
        one.done("a") if one.life.open else None
    one.say(ReceiveMessage(name="paid"))
    lines.append(f"after its end: {words(expected_events(definition=definition, state=one.life.state))}")
    keep("told.txt", lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("3.0"), 3), (Decimal("0.50"), {"@": "number", "text": "0.5"}), (Decimal(2**53), {"@": "number", "text": "9007199254740992"}),
        (Decimal(2**53 - 1), 2**53 - 1), (Decimal(-(2**53)), {"@": "number", "text": "-9007199254740992"}),
        (date(2026, 3, 2), {"@": "date", "text": "2026-03-02"}), (time(9, 30), {"@": "time", "text": "09:30:00"}),
        (datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")), {"@": "date and time", "text": "2026-03-02T09:30:00+08:00"}),
        (timedelta(days=-1, seconds=3, microseconds=7), {"@": "duration", "text": "-86396999993"}), (YearsMonths(14), {"@": "months", "text": "14"}),
        ({"a": [Decimal("1.5"), (None, True, "x")]}, {"a": [{"@": "number", "text": "1.5"}, [None, True, "x"]]}),
        ({"@": "a", "b": 1}, {"@": "a", "b": 1}), ({"text": "t"}, {"text": "t"}),
    ],
)  # fmt: skip
def test_values_as_json_and_back(value: Any, text: Any) -> None:
    assert to_json(value) == text
    assert to_json(from_json(text)) == text


def test_an_acceptance_that_is_passed_by_is_none() -> None:
    gate = (
        '<exclusiveGateway id="g" default="f2"/><userTask id="accept" tb:act="accept"/><exclusiveGateway id="m"/>'
        + tasks("t")
    )
    one = Story(drawn(gate + flows("s>g", "g>accept:big", "g>m", "accept>m", "m>t", "t>e")), big=False)
    one.say(File(limits=LIMITS))
    one.look()
    one.done("t")
    one.keep("no-acceptance")


def test_a_handler_that_runs_again_remembers_nothing_of_the_first_time() -> None:
    told = (
        '<subProcess id="h" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false">'
        + PAID
        + "</startEvent>"
        + tasks("h1", "h2", "h3")
    )
    told += '<endEvent id="he"/>' + flows("hs>h1", "h1>h2", "h2>h3", "h3>he").replace('"f', '"h_f') + "</subProcess>"
    one = Story(drawn(tasks("a") + told + flows("s>a", "a>e")))
    one.say(File())
    for _ in range(2):
        one.say(ReceiveMessage(name="paid", data={"n": 1}))
        one.done("h1", "h2")
        one.done("h3") if len(one.life.log) < 8 else None
    one.say(ReturnTo(task=one.no("h3"), node="h1", reason="again"))
    one.keep("handler-again")


def test_rules_and_scripts_in_rounds_speak_of_their_round() -> None:
    steps = '<scriptTask id="k" scriptFormat="feel" tb:result="double"><script>loopCounter * 2</script></scriptTask><businessRuleTask id="r" tb:decision="card" tb:result="verdict"/>'
    work = inner(steps + tasks("t"), "sub_i>k", "k>r", "r>t", "t>sub_j").replace(
        '<subProcess id="sub">', f'<subProcess id="sub">{several("2")}'
    )
    gone = '<userTask id="many"><multiInstanceLoopCharacteristics><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics></userTask>'
    one = Story(drawn(work + gone + flows("s>sub", "sub>many", "many>e")), age=Decimal(70), n=Decimal(1024))
    one.say(File())
    one.done("t", "t")
    one.life.facts = {"age": Decimal(70), "n": Decimal("1.5")}
    one.done("t")
    one.life.facts = {"age": Decimal(70), "n": Decimal(0)}
    one.done("t")
    one.keep("rules-in-rounds")


def test_a_condition_may_ask_for_the_instant() -> None:
    waits = catch(
        '<conditionalEventDefinition><condition>now() &gt; @"2026-03-03T09:00:00+08:00"</condition></conditionalEventDefinition>'
    )
    one = Story(
        drawn(waits + tasks("a", "z") + '<parallelGateway id="p"/>' + flows("s>p", "p>a", "p>w", "w>z", "a>e", "z>e"))
    )
    one.say(File())
    one.say(Claim(task=1, by="li"))
    one.say(Complete(task=1), after=DAY)
    one.keep("instant")


def test_timers_that_a_new_version_brings_hang_where_they_should() -> None:
    old = inner(tasks("a"), "sub_i>a", "a>sub_j")
    one = Story(drawn(old + tasks("z") + flows("s>sub", "sub>z", "z>e")))
    one.say(File())
    late = handler(ONE_DAY, node="k")
    new = drawn(tasks("z") + late + old + boundary("sub", ONE_DAY) + flows("z>e", "sub>z", "s>sub", "b>e"))
    one.move(new)
    one.done("a")
    one.move(drawn(tasks("z") + flows("s>z", "z>e")))
    one.move(drawn(old + tasks("z") + flows("z>e", "s>sub", "sub>z")))
    one.look()
    one.say(ReturnTo(task=one.no("z"), node="a", reason="x"))
    one.done("z")
    one.keep("new-timers")
