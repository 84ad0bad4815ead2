"""Whole lives of cases, kept event by event and key by key (`kept/story-*.txt`), with what was refused on the way."""

# ruff: noqa: E501 - a diagram is easier to read on one line

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.kernel.flow.building import HEAD, bpmn
from tests.kernel.flow.living import LIMITS
from tests.kernel.flow.stories import HOUR, Story
from tests.kernel.flow.test_events import (
    ALARM,
    ENDS,
    ERROR,
    PAID,
    RICH,
    ROOTS,
    SLOW,
    boundary,
    catch,
    handler,
    inner,
    throw,
)
from tests.kernel.flow.test_gateways import flows, tasks
from tests.kernel.flow.test_rounds import CALLED, EXTENDED, LOOP, MAPPED, several

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    Accept,
    AddCosigner,
    AnswerSupplement,
    Asked,
    CheckConditions,
    Claim,
    Complete,
    DecideCase,
    Definition,
    Delegate,
    Deliver,
    Extend,
    File,
    FireTimer,
    Limits,
    Object,
    Raise,
    Recall,
    ReceiveMessage,
    ReceiveSignal,
    Refuse,
    Release,
    RemoveCosigner,
    RequestSupplement,
    Resume,
    ReturnTo,
    RunService,
    Sign,
    Suspend,
    Transfer,
    Withdraw,
    load_bpmn,
)

DAY = timedelta(days=1)
TEN_DAYS = Limit.parse("10 working days")
HOURS = Limit.parse("4 working hours")
ONE_DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R3/PT10H</timeCycle></timerEventDefinition>"


def story(content: str, *, after: str = "", **facts: object) -> Story:
    """A case of this process, not filed yet."""
    xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{ENDS}{content}</process>{after}</definitions>'
    return Story(load_bpmn(xml.encode()), **facts)


def test_a_licence_from_the_window_to_delivery(licence: Definition) -> None:
    one = Story(licence)
    one.look()
    one.say(Accept())
    one.say(File(limits=LIMITS, about={"matter": "food"}), actor="lin", capacity="applicant")
    one.say(File())
    one.look()
    one.say(Complete(task=1))
    one.say(Suspend(procedure="hearing", reason="x", limit=TEN_DAYS))
    one.say(Extend(by=TEN_DAYS, reason="x", approved_by="y"))
    one.say(Claim(task=1, by="qian"), actor="qian")
    one.say(Accept(), actor="zhao")
    one.say(Accept(), actor="qian", after=DAY)
    one.say(Refuse(reason="x"))
    one.look()
    one.say(Complete(task=9))
    one.say(Complete(task=2, outcome="maybe"))
    one.say(Complete(task=2, outcome="pass", opinion="齐全", data={"rooms": 3}), actor="li", after=DAY)
    one.look()
    one.say(RunService(task=4))
    one.late("late")
    one.say(Transfer(task=5, to="li", reason="x"))
    one.say(Claim(task=5, by="li"))
    one.say(Complete(task=5))
    one.say(RunService(task=5, outputs={"to": "fire"}))
    one.done("fire", "inspect")
    one.look()
    one.say(DecideCase(task=6, outcome="perhaps"))
    one.say(DecideCase(task=6, outcome="denied", reason=" "))
    one.say(Deliver(way="post"))
    one.say(DecideCase(task=6, outcome="granted"), actor="he", after=DAY)
    one.look()
    one.say(Withdraw())
    one.say(RunService(task=7, outputs={"certificate": "JY-1"}))
    one.say(Deliver(way="post", task=8), after=DAY)
    one.say(Deliver())
    one.look()
    one.keep("licence")


def test_a_case_that_is_asked_for_more_and_accepted_by_silence(licence: Definition) -> None:
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(Accept(), after=-HOUR)
    one.say(AnswerSupplement())
    one.say(RequestSupplement(items=[" "]))
    one.say(RequestSupplement(items=["plan", ""], note="both floors", within=TEN_DAYS), actor="qian")
    one.say(RequestSupplement(items=["again"]))
    one.say(Accept())
    one.look()
    one.say(FireTimer(timer=1))
    one.say(AnswerSupplement(about={"files": 2}), after=DAY)
    one.say(FireTimer(timer=2))
    one.late()
    one.look()
    one.keep("silence")


def test_a_refusal_that_comes_too_late_for_silence_and_one_that_does_not(licence: Definition) -> None:
    late = Story(licence)
    late.say(File())
    late.say(Refuse(reason="x"), after=timedelta(days=20))
    late.say(Accept(), after=timedelta(days=20))
    late.keep("accepted-late")
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(Claim(task=1, by="qian"))
    one.say(Refuse(reason="not ours"), actor="zhao")
    one.say(Refuse(reason=" "), actor="qian")
    one.say(Refuse(reason="not ours"), actor="qian")
    one.look()
    one.say(Accept())
    one.keep("not-accepted")


def test_clocks_that_pause_are_extended_and_begin_again(licence: Definition) -> None:
    one = Story(licence)
    limits = Limits(Limit.parse("20 working days"), Limit.parse("8 working days"), TEN_DAYS, restarts=True)
    one.say(File(limits=limits))
    one.say(Resume())
    one.say(Accept())
    one.say(Suspend(procedure="lunch", reason="x", limit=TEN_DAYS))
    one.say(Suspend(procedure="hearing", reason="", limit=TEN_DAYS))
    one.say(Suspend(procedure="hearing", reason="asked for"))
    one.say(Suspend(procedure="hearing", reason="asked for", limit=TEN_DAYS), actor="he", after=DAY)
    one.say(Suspend(procedure="testing", reason="x", limit=TEN_DAYS))
    one.say(Complete(task=2))
    one.say(ReturnTo(task=2, node="accept", reason="x"))
    one.look()
    one.late()
    one.say(Resume(), after=DAY)
    one.say(Extend(by=HOURS, reason="x", approved_by="y"))
    one.say(Extend(by=Limit.parse("11 working days"), reason="x", approved_by="y"))
    one.say(Extend(by=TEN_DAYS, reason="x", approved_by=" "))
    one.say(Extend(by=TEN_DAYS, reason="", approved_by="y"))
    one.say(Extend(by=TEN_DAYS, reason="flood", approved_by="the head"), after=DAY)
    one.say(Extend(by=TEN_DAYS, reason="x", approved_by="y"))
    one.say(RequestSupplement(items=["water bill"]))
    one.say(AnswerSupplement(), after=DAY)
    one.look()
    one.say(Withdraw(reason="moved away"), actor="lin", after=DAY)
    one.keep("clocks")
    bare = Story(licence)
    bare.say(File(limits=Limits(Limit.parse("20 working days"), None, None)))
    bare.say(Accept())
    bare.say(Extend(by=TEN_DAYS, reason="x", approved_by="y"))
    bare.keep("no-extension")
    over = Story(licence)
    over.say(File(limits=LIMITS))
    over.say(Accept())
    over.say(Extend(by=TEN_DAYS, reason="x", approved_by="y"), after=timedelta(days=90))
    over.keep("too-late")


def test_work_that_is_returned_through_a_branch(licence: Definition) -> None:
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(Accept())
    one.done("handle", "fire")
    one.say(ReturnTo(task=3, node="nowhere", reason="x"))
    one.say(ReturnTo(task=3, node="decide", reason="x"))
    one.say(ReturnTo(task=3, node="accept", reason="x"))
    one.say(ReturnTo(task=3, node="handle", reason=" "))
    one.say(Claim(task=3, by="li"))
    one.say(ReturnTo(task=3, node="handle", reason="x"), actor="chen")
    one.say(ReturnTo(task=3, node="handle", reason="the shop has moved"), actor="li")
    one.look()
    one.done("handle", "inspect", "fire")
    one.say(ReturnTo(task=one.no("decide"), node="fire", reason="again"))
    one.done("fire")
    one.say(DecideCase(task=one.no("decide"), outcome="denied", reason="no water"))
    one.say(ReturnTo(task=one.no("deliver"), node="fire", reason="x"))
    one.say(Deliver())
    one.keep("returned")


def test_hands_that_change(licence: Definition) -> None:
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(Accept())
    one.say(Transfer(task=2, to="li", reason=""))
    one.say(Transfer(task=2, to="li", department="moon", reason="x"))
    one.say(Transfer(task=2, reason="x"))
    one.say(Transfer(task=2, to="li", reason="on leave"), actor="he")
    one.say(Claim(task=2, by="li"))
    one.say(Claim(task=2, by="chen"))
    one.say(Release(task=2), actor="chen")
    one.say(Delegate(task=2, to="li"), actor="li")
    one.say(Delegate(task=2, to="chen", reason="you know the street"), actor="li")
    one.look("li")
    one.look("chen")
    one.say(Release(task=2), actor="chen")
    one.say(Transfer(task=2, to="sun", reason="x"), actor="chen")
    one.say(Complete(task=2), actor="li")
    one.say(Recall(task=2), actor="he")
    one.say(Recall(task=2), actor="li")
    one.say(Recall(task=2), actor="li")
    one.say(Delegate(task=2, to="chen"), actor="li")
    one.say(Complete(task=2, opinion="seen"), actor="chen", after=DAY)
    one.say(Release(task=2), actor="li")
    one.say(Release(task=2))
    one.say(Transfer(task=2, department="fire-rescue", reason="their house"))
    one.look()
    one.say(Delegate(task=2, to="luo"))
    one.say(Claim(task=2, by="luo"), actor="luo")
    one.say(Complete(task=2), actor="sun", capacity="stand-in:luo")
    one.keep("hands")


def test_others_sign_before_beside_and_after(licence: Definition) -> None:
    fire, window = Asked("fire-rescue"), Asked("window", "zhao")
    one = Story(licence)
    one.say(File(limits=LIMITS))
    one.say(AddCosigner(task=1, signers=[fire]))
    one.say(Accept())
    wrong: list[dict[str, Any]] = [
        {"signers": []},
        {"signers": [fire, fire]},
        {"signers": [fire], "rule": "2"},
        {"signers": [fire], "place": "in"},
    ]
    for bad in wrong:
        one.say(AddCosigner(task=2, **bad))
    one.say(Claim(task=2, by="li"))
    one.say(AddCosigner(task=2, signers=[Asked("window", "li")]), actor="li")
    one.say(AddCosigner(task=2, signers=[fire, window], place="before", rule="any", reason="their law"), actor="li")
    one.say(AddCosigner(task=2, signers=[Asked("authority", "he")], rule="1"), actor="li")
    one.say(
        AddCosigner(task=2, signers=[Asked("authority", "sun"), fire._replace(who="luo")], place="after"), actor="li"
    )
    one.look()
    one.look("zhao")
    one.say(Complete(task=2), actor="li")
    one.say(Sign(task=7))
    one.say(Sign(task=99))
    one.say(Object(task=2, reason="x"))
    one.say(RemoveCosigner(task=99, reason="x"))
    one.say(Claim(task=3, by="luo"), actor="luo")
    one.say(Claim(task=3, by="luo"), actor="luo")
    one.say(Claim(task=4, by="luo"), actor="luo")
    one.say(Release(task=3), actor="sun")
    one.say(Release(task=3), actor="luo")
    one.say(Release(task=3), actor="luo")
    one.say(Sign(task=4), actor="luo")
    one.say(Sign(task=4, opinion="fine"), actor="zhao")
    one.say(Object(task=5, reason=""), actor="he")
    one.say(Object(task=5, reason="too small"), actor="he")
    one.look("li")
    one.say(Complete(task=2), actor="li")
    one.say(RemoveCosigner(task=5, reason=" "), actor="li")
    one.say(RemoveCosigner(task=5, reason="it is not"), actor="li")
    one.say(RemoveCosigner(task=5, reason="again"), actor="li")
    one.say(Complete(task=2, opinion="好", data={"n": 1}), actor="li", after=DAY)
    one.look("li")
    one.say(Complete(task=2), actor="li")
    one.say(Sign(task=6), actor="sun")
    one.say(RemoveCosigner(task=6, reason="x"), actor="li")
    one.say(Object(task=7, reason="not seen"), actor="luo")
    one.look()
    one.say(Complete(task=2), actor="li")
    one.say(Recall(task=2), actor="li")
    one.say(Complete(task=2, outcome="fail"), actor="li")
    for signer in one.life.state.rounds[0].signers:
        one.say(Sign(task=signer.no), actor=signer.who)
    one.look()
    one.keep("signing")


def test_events_on_a_border_and_who_reports_them() -> None:
    one = story(
        tasks("a", "n", "x", "z") + boundary("a", CYCLE, soft=True, node="remind") + boundary("a", ERROR, node="gone")
        + boundary("a", SLOW, soft=True, node="slow") + boundary("a", PAID, node="paid")
        + flows("s>a", "a>e", "remind>n", "n>e", "gone>x", "x>e", "slow>z", "z>e", "paid>e")
    )  # fmt: skip
    one.say(File())
    one.look()
    one.late("remind")
    one.say(Raise(task=1, name="SLOW", kind="escalation", reason="many questions"))
    one.say(Raise(task=1, name="SLOW", kind="shout"))
    one.say(Raise(task=1, name="OTHER"))
    one.say(ReceiveMessage(name="alarm"))
    one.say(ReceiveSignal(name="alarm"))
    one.say(CheckConditions())
    one.say(FireTimer(timer=9))
    one.say(Claim(task=1, by="li"))
    one.say(Raise(task=1, name="NO_STOCK"), actor="chen")
    one.say(Raise(task=1, name="NO_STOCK", reason="sold out"), actor="li")
    one.done("n", "z", "x")
    one.keep("borders")


def test_messages_signals_and_conditions_that_are_waited_for() -> None:
    one = story(
        '<parallelGateway id="p"/><eventBasedGateway id="g"/>' + catch(PAID, "m") + catch(ONE_DAY, "t") + catch(ALARM, "w")
        + catch(RICH, "r") + tasks("a", "y", "z") + throw(ALARM, "tell")
        + flows("s>p", "p>g", "g>m", "g>t", "m>y", "t>e", "p>w", "p>r", "p>a", "a>tell", "tell>e", "w>z", "z>e", "y>e", "r>e"),
        amount=5,
    )  # fmt: skip
    one.say(File())
    one.look()
    one.say(ReceiveMessage(name="paid", data={"sum": 5, "by": "post"}, node="t"))
    one.say(ReceiveMessage(name="paid", data={"sum": 5, "by": "post"}, node="m"), actor="bank")
    one.life.facts = {"amount": 500}
    one.say(CheckConditions())
    one.done("a")
    one.say(ReceiveSignal(name="alarm", data={"level": 2}))
    one.done("y", "z")
    one.keep("waiting")


def test_an_event_subprocess_takes_the_place_of_what_runs() -> None:
    work = inner(tasks("a") + handler(PAID) + handler(ONE_DAY, soft=True, node="k"), "sub_i>a", "a>sub_j")
    for name in ("paid", "late"):
        one = story(work + tasks("z") + flows("s>sub", "sub>z", "z>e"))
        one.say(File())
        if name == "late":
            one.late("k_s")
            one.done("a", "k_t")
        else:
            one.say(ReceiveMessage(name="paid", data={"sum": 1}))
            one.say(ReturnTo(task=one.no("h_t"), node="a", reason="x"))
            one.say(ReceiveMessage(name="paid", data={"sum": 2}))
            one.done("h_t")
        one.say(ReturnTo(task=one.no("z"), node="a", reason="again"))
        one.keep(f"handler-{name}")


def test_rounds_beside_each_other_and_one_after_the_other() -> None:
    loop = several("", more=EXTENDED, sequential=True, until="nrOfCompletedInstances &gt;= 2")
    work = inner(tasks("a"), "sub_i>a", "a>sub_j").replace('<subProcess id="sub">', f'<subProcess id="sub">{loop}')
    vote = f'<userTask id="sign">{several("3", until="outcomes.pass &gt;= 2")}</userTask>' + boundary("sign", ONE_DAY)
    again = '<userTask id="again">' + LOOP.format(' loopMaximum="2"', "") + "</userTask>"
    one = story(
        work + vote + again + tasks("z") + flows("s>sub", "sub>sign", "sign>again", "again>z", "z>e", "b>z"),
        departments=["drains", "fire", "roads"],
    )  # fmt: skip
    one.say(File())
    one.done("a", "a")
    one.look()
    one.say(Complete(task=one.no("sign"), outcome="fail"))
    one.say(ReturnTo(task=one.no("sign"), node="a", reason="the drains were not asked"))
    one.done("a", "sign", "sign", "again", "again")
    one.say(ReturnTo(task=one.no("z"), node="sign", reason="again"))
    one.late("b")
    one.done("z")
    one.keep("rounds")


def test_a_call_with_its_own_names_and_a_script_and_a_complex_gateway() -> None:
    script = '<scriptTask id="x" scriptFormat="feel" tb:result="square"><script>area * area</script></scriptTask>'
    fork = (
        '<parallelGateway id="p"/><complexGateway id="c"><activationCondition>activationCount &gt;= 2</activationCondition>'
        "</complexGateway>" + tasks("k", "l", "m", "z")
    )
    one = story(
        script + f'<callActivity id="call" calledElement="check">{MAPPED}</callActivity>' + fork
        + flows("s>x", "x>call", "call>p", "p>k", "p>l", "p>m", "k>c", "l>c", "m>c", "c>z", "z>e"),
        after=CALLED, area=6,
    )  # fmt: skip
    one.say(File())
    one.say(Complete(task=1, outcome="fail"))
    one.done("call/deep", "k", "l", "z", "m")
    one.keep("called")


def test_inclusive_ways_meet_and_a_terminating_end_ends_all() -> None:
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    one = story(
        '<inclusiveGateway id="g" default="f3"/><inclusiveGateway id="j"/><parallelGateway id="k"/>' + tasks("a", "b", "c", "z")
        + stop + catch(ONE_DAY)
        + flows("s>g", "g>a:amount > 10", "g>b:amount > 100", "g>c", "a>j", "b>j", "c>j", "j>k", "k>z", "z>stop", "k>w", "w>e"),
        amount=500,
    )  # fmt: skip
    one.say(File())
    one.done("b", "a")
    one.look()
    one.done("z")
    one.keep("inclusive")
    other = Story(
        load_bpmn(
            bpmn(ENDS + '<exclusiveGateway id="g"/>' + tasks("a", "b") + flows("s>g", "g>a:x", "g>b:y", "a>e", "b>e"))
        )
    )
    other.say(File())
    other.life.facts = {"x": "no", "y": True}
    other.say(File())
    other.keep("no-way")
