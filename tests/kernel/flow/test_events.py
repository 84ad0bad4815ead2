"""Messages, signals, conditions, errors, escalations, cycles, links: each in its smallest diagram."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.kernel.flow.building import HEAD
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import done, flows, late, tasks

from tongban.kernel.flow import (
    CheckConditions,
    Command,
    Complete,
    File,
    FireTimer,
    Raise,
    ReceiveMessage,
    ReceiveSignal,
    Refused,
    arrival,
    expected_events,
    hears,
    load_bpmn,
)

ROOTS = (
    '<message id="m1" name="paid"/><signal id="s1" name="alarm"/><error id="e1" name="No stock" errorCode="NO_STOCK"/>'
    '<escalation id="c1" name="Slow" escalationCode="SLOW"/>'
)
PAID = '<messageEventDefinition messageRef="m1"/>'
ALARM = '<signalEventDefinition signalRef="s1"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'
SLOW = '<escalationEventDefinition escalationRef="c1"/>'
RICH = '<conditionalEventDefinition><condition language="FEEL">amount &gt; 100</condition></conditionalEventDefinition>'
ENDS = '<startEvent id="s"/><endEvent id="e"/>'


def live(content: str, start: str = "", **facts: Any) -> Life:
    """A case of this process, filed."""
    xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{content}</process></definitions>'
    life = Life(load_bpmn(xml.encode()))
    life.facts = facts
    life.do(File(start=start))
    return life


def refusal(life: Life, command: Command) -> str:
    with pytest.raises(Refused) as caught:
        life.do(command)
    return caught.value.code


def catch(definition: str, node: str = "w") -> str:
    return f'<intermediateCatchEvent id="{node}">{definition}</intermediateCatchEvent>'


def throw(definition: str, node: str = "t") -> str:
    return f'<intermediateThrowEvent id="{node}">{definition}</intermediateThrowEvent>'


def boundary(host: str, definition: str, *, soft: bool = False, node: str = "b") -> str:
    kind = ' cancelActivity="false"' if soft else ""
    return f'<boundaryEvent id="{node}" attachedToRef="{host}"{kind}>{definition}</boundaryEvent>'


def inner(content: str, *more: str, node: str = "sub", attributes: str = "") -> str:
    """A subprocess from `i` to `j`; flows by `x>y`."""
    made = flows(*more).replace('id="f', f'id="{node}_f')
    ends = "" if attributes else f'<startEvent id="{node}_i"/><endEvent id="{node}_j"/>'
    return f'<subProcess id="{node}"{attributes}>{ends}{content}{made}</subProcess>'


def handler(definition: str, *, soft: bool = False, node: str = "h") -> str:
    """An event subprocess with one task."""
    kind = ' isInterrupting="false"' if soft else ""
    content = (
        f'<startEvent id="{node}_s"{kind}>{definition}</startEvent><userTask id="{node}_t"/><endEvent id="{node}_e"/>'
    )
    return inner(content, f"{node}_s>{node}_t", f"{node}_t>{node}_e", node=node, attributes=' triggeredByEvent="true"')


@pytest.mark.parametrize("wait", [catch(PAID), '<receiveTask id="w" messageRef="m1"/>'])
def test_a_message_is_waited_for(wait: str) -> None:
    life = live(ENDS + wait + tasks("z") + flows("s>w", "w>z:w.sum &gt; 1".replace("&gt;", ">"), "w>e", "z>e"))
    assert not life.open
    assert refusal(life, ReceiveMessage(name="other")) == "event.not-awaited"
    (event, *_) = life.do(ReceiveMessage(name="paid", data={"sum": 5}))
    assert (event.kind, event.node, event.data["name"], event.data["data"]) == (
        "message.received", "w", "paid", {"sum": 5},
    )  # fmt: skip
    assert "z" in life.open
    assert refusal(life, ReceiveMessage(name="paid")) == "event.not-awaited"


def test_a_message_is_known_by_its_id_too_and_by_the_event_that_waits() -> None:
    fork = '<parallelGateway id="p"/>' + catch(PAID, "v") + catch(PAID, "w") + tasks("y", "z")
    life = live(ENDS + fork + flows("s>p", "p>v", "p>w", "v>y", "w>z", "y>e", "z>e"))
    life.do(ReceiveMessage(name="m1", node="w"))
    assert life.open == ["z"]
    life.do(ReceiveMessage(name="paid"))
    assert life.open == ["z", "y"]


def test_what_is_thrown_is_on_record() -> None:
    way = throw(PAID) + '<sendTask id="u" messageRef="m1"/>' + tasks("z")
    end = '<endEvent id="k">' + PAID + "</endEvent>"
    life = live('<startEvent id="s"/>' + way + end + flows("s>t", "t>u", "u>z", "z>k"))
    assert life.log[0].data["throws"] == [
        {"move": 1, "node": "t", "kind": "message", "name": "paid"},
        {"move": 2, "node": "u", "kind": "message", "name": "paid"},
    ]
    done(life, "z")
    assert life.log[-2].data["throws"][0]["node"] == "k"
    assert life.state.closed


def test_a_signal_is_caught_by_all_that_wait() -> None:
    fork = '<parallelGateway id="p"/>' + catch(ALARM, "v") + catch(ALARM, "w") + tasks("a", "y", "z")
    life = live(ENDS + fork + flows("s>p", "p>v", "p>w", "p>a", "v>y", "w>z", "y>e", "z>e", "a>e"))
    events = life.do(ReceiveSignal(name="alarm", data={"level": 2}))
    assert [(event.kind, event.node) for event in events] == [("signal.received", "v"), ("signal.received", "w")]
    assert sorted(life.open) == ["a", "y", "z"]
    assert life.state.variables["w"] == {"level": 2}


def test_a_signal_that_a_case_sends_reaches_itself() -> None:
    fork = '<parallelGateway id="p"/>' + catch(ALARM) + tasks("a", "z") + throw(ALARM)
    life = live(ENDS + fork + flows("s>p", "p>w", "p>a", "a>t", "t>e", "w>z", "z>e"))
    done(life, "a")
    assert life.open == ["z"]
    assert life.kinds[-2:] == ["task.completed", "signal.received"]


def test_a_condition_is_met_when_answers_change() -> None:
    life = live(ENDS + catch(RICH) + tasks("z") + flows("s>w", "w>z", "z>e"), amount=5)
    assert not life.open
    assert refusal(life, CheckConditions()) == "event.not-awaited"
    life.facts = {"amount": 500}
    life.do(CheckConditions())
    assert life.open == ["z"]
    assert life.kinds[-1] == "condition.met"
    assert live(ENDS + catch(RICH) + tasks("z") + flows("s>w", "w>z", "z>e"), amount=200).open == ["z"]


def test_a_soft_condition_comes_once_for_each_run_of_its_activity() -> None:
    loop = '<exclusiveGateway id="m"/><exclusiveGateway id="g" default="f3"/>'
    content = loop + tasks("a", "n") + boundary("a", RICH, soft=True)
    life = live(ENDS + content + flows("s>m", "m>a", "a>g", "g>e", 'g>m:a.outcome = "fail"', "b>n", "n>e"), amount=500)
    assert life.open == ["a", "n"]
    done(life, "n")
    assert life.open == ["a"]
    life.do(Complete(task=life.task("a").no, outcome="fail"))
    assert life.open == ["a", "n"]
    done(life, "n", "a")
    assert life.state.closed


EVENTS = '<eventBasedGateway id="g"/>' + catch(PAID, "v") + tasks("y", "z")
TIMED = catch("<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>", "w")


@pytest.mark.parametrize(("paid", "way"), [(True, "y"), (False, "z")])
def test_the_first_event_behind_the_gateway_is_taken(paid: bool, way: str) -> None:
    life = live(ENDS + EVENTS + TIMED + flows("s>g", "g>v", "g>w", "v>y", "w>z", "y>e", "z>e"))
    assert len(life.state.timers) == 1
    if paid:
        life.do(ReceiveMessage(name="paid"))
    else:
        late(life, "w")
    assert life.open == [way]
    assert not life.state.timers
    done(life, way)
    assert life.state.closed


def test_an_event_based_gateway_may_begin_the_process() -> None:
    gateway = '<eventBasedGateway id="g" instantiate="true"/>' + catch(PAID, "v") + catch(ALARM, "w") + tasks("y", "z")
    life = live('<endEvent id="e"/>' + gateway + flows("g>v", "g>w", "v>y", "w>z", "y>e", "z>e"))
    life.do(ReceiveSignal(name="alarm"))
    assert life.open == ["z"]


@pytest.mark.parametrize(
    ("definition", "command", "soft"),
    [
        (PAID, ReceiveMessage(name="paid"), False),
        (PAID, ReceiveMessage(name="paid"), True),
        (ALARM, ReceiveSignal(name="alarm"), False),
        (ALARM, ReceiveSignal(name="alarm"), True),
        (SLOW, Raise(task=1, name="SLOW", kind="escalation"), False),
        (SLOW, Raise(task=1, name="SLOW", kind="escalation"), True),
        # An error always ends its activity.
        (ERROR, Raise(task=1, name="NO_STOCK", reason="none left"), False),
        ("<errorEventDefinition/>", Raise(task=1, name="ANYTHING"), False),
    ],
)
@pytest.mark.parametrize("on", ["task", "sub"])
def test_events_on_the_border(definition: str, command: Command, on: str, soft: bool) -> None:
    work = tasks("a") if on == "task" else inner(tasks("a"), "sub_i>a", "a>sub_j")
    host = "a" if on == "task" else "sub"
    life = live(
        ENDS + work + tasks("y", "z") + boundary(host, definition, soft=soft)
        + flows(f"s>{host}", f"{host}>y", "b>z", "y>e", "z>e")
    )  # fmt: skip
    life.do(command)
    assert life.open == (["a", "z"] if soft else ["z"])
    for node in life.open:
        done(life, node)
    if soft:
        done(life, "y")
    assert life.state.closed


def test_an_error_that_nothing_catches_is_refused_and_changes_nothing() -> None:
    life = live(ENDS + tasks("a", "z") + boundary("a", ERROR) + flows("s>a", "a>e", "b>z", "z>e"))
    assert refusal(life, Raise(task=1, name="OTHER")) == "event.not-caught"
    assert life.open == ["a"]


def test_an_error_end_is_caught_by_the_nearest_that_names_it() -> None:
    deep = inner(tasks("a") + f'<endEvent id="x">{ERROR}</endEvent>', "d_i>a", "a>x", node="d").replace(
        '<endEvent id="d_j"/>', ""
    )
    outer = inner(deep, "sub_i>d", "d>sub_j") + boundary("sub", "<errorEventDefinition/>", node="any")
    life = live(
        ENDS + outer + boundary("sub", ERROR, node="named") + tasks("y", "z")
        + flows("s>sub", "sub>e", "any>y", "named>z", "y>e", "z>e")
    )  # fmt: skip
    done(life, "a")
    assert life.open == ["z"]
    assert life.log[-1].data["throws"][0] == {"move": 1, "node": "x", "kind": "error", "name": "NO_STOCK"}


def test_an_error_end_that_nobody_catches_ends_the_case() -> None:
    fork = '<parallelGateway id="p"/>' + tasks("a", "b") + f'<endEvent id="x">{ERROR}</endEvent>'
    life = live(ENDS + fork + flows("s>p", "p>a", "p>b", "a>x", "b>e"))
    done(life, "a")
    assert life.state.closed
    assert not life.state.tasks


def test_an_escalation_goes_on_and_tells_the_one_above() -> None:
    work = inner(tasks("a", "c") + throw(SLOW), "sub_i>a", "a>t", "t>c", "c>sub_j")
    life = live(ENDS + work + boundary("sub", SLOW, soft=True) + tasks("z") + flows("s>sub", "sub>e", "b>z", "z>e"))
    done(life, "a")
    assert sorted(life.open) == ["c", "z"]
    done(life, "c", "z")
    assert life.state.closed


def test_a_cycle_fires_as_often_as_it_says() -> None:
    cycle = "<timerEventDefinition><timeCycle>R3/PT10H</timeCycle></timerEventDefinition>"
    life = live(ENDS + tasks("a", "n") + boundary("a", cycle, soft=True) + flows("s>a", "a>e", "b>n", "n>e"))
    begun = life.at
    for number in range(1, 4):
        assert life.state.timers[0].due == begun + timedelta(hours=10 * number)
        late(life, "b")
    assert life.open == ["a", "n", "n", "n"]
    assert not life.state.timers
    assert refusal(life, FireTimer(timer=1)) == "timer.not-set"


def test_a_cycle_without_end_stops_with_its_activity() -> None:
    cycle = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
    life = live(ENDS + tasks("a", "n") + boundary("a", cycle, soft=True) + flows("s>a", "a>e", "b>n", "n>e"))
    for _ in range(5):
        late(life, "b")
    assert life.open.count("n") == 5
    done(life, "a")
    assert not life.state.timers


def test_a_link_comes_out_at_its_other_end() -> None:
    links = throw('<linkEventDefinition name="on"/>') + catch('<linkEventDefinition name="on"/>') + tasks("a", "z")
    life = live(ENDS + links + flows("s>a", "a>t", "w>z", "z>e"))
    done(life, "a")
    assert life.open == ["z"]


@pytest.mark.parametrize(
    ("definition", "command"),
    [(PAID, ReceiveMessage(name="paid", data={"x": 1})), (ALARM, ReceiveSignal(name="alarm", data={"x": 1}))],
)
@pytest.mark.parametrize("on", ["process", "sub"])
@pytest.mark.parametrize("soft", [False, True])
def test_event_subprocesses(definition: str, command: Command, on: str, soft: bool) -> None:
    if on == "process":
        content = tasks("a") + handler(definition, soft=soft) + flows("s>a", "a>e")
    else:
        content = inner(tasks("a") + handler(definition, soft=soft), "sub_i>a", "a>sub_j")
        content += flows("s>sub", "sub>e")
    life = live(ENDS + content)
    life.do(command)
    assert life.open == (["a", "h_t"] if soft else ["h_t"])
    if soft:
        life.do(command)
        assert life.open == ["a", "h_t", "h_t"]
        done(life, "h_t", "a")
    else:
        assert refusal(life, command) == "event.not-awaited"
    assert not life.state.closed
    done(life, "h_t")
    assert life.state.closed
    assert "#" not in "".join(life.state.variables)


def test_a_timer_starts_an_event_subprocess() -> None:
    timer = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
    life = live(ENDS + tasks("a") + handler(timer) + flows("s>a", "a>e"))
    late(life, "h_s")
    assert life.open == ["h_t"]
    other = live(ENDS + tasks("a") + handler(timer) + flows("s>a", "a>e"))
    done(other, "a")
    assert other.state.closed
    assert not other.state.timers


def test_an_error_inside_starts_the_event_subprocess_that_catches_it() -> None:
    fail = f'<endEvent id="x">{ERROR}</endEvent>'
    life = live(ENDS + tasks("a") + fail + handler(ERROR) + flows("s>a", "a>x:true", "a>e:false"))
    done(life, "a")
    assert life.open == ["h_t"]


STARTS = '<startEvent id="s1"/><startEvent id="s2"/><endEvent id="e"/>' + tasks("a", "b")


def test_starts_are_alternatives() -> None:
    ways = flows("s1>a", "s2>b", "a>e", "b>e")
    assert live(STARTS + ways, start="s2").open == ["b"]
    for wanted in ("", "nowhere"):
        with pytest.raises(Refused) as caught:
            live(STARTS + ways, start=wanted)
        assert (caught.value.code, caught.value.params["known"]) == ("start.unknown", ["s1", "s2"])
    told = STARTS.replace('<startEvent id="s2"/>', f'<startEvent id="s2">{PAID}</startEvent>')
    assert live(told + ways).open == ["a"]


def test_without_a_start_all_that_nothing_leads_to_begins() -> None:
    assert sorted(live('<endEvent id="e"/>' + tasks("a", "b") + flows("a>e", "b>e")).open) == ["a", "b"]


def test_what_a_case_expects_is_told_and_its_arrival_is_caught() -> None:
    content = ENDS + tasks("a", "y") + catch(PAID) + boundary("a", ALARM) + flows("s>a", "a>w", "w>e", "b>y", "y>e")
    life = live(content)
    (signal,) = expected_events(definition=life.definition, state=life.state)
    assert (signal.kind, signal.names[0], signal.node.id) == ("signal", "alarm", "b")
    done(life, "a")
    (message,) = expected_events(definition=life.definition, state=life.state)
    assert (message.kind, message.names[0], message.node.id) == ("message", "paid", "w")
    life.do(arrival(expected=message, note="by post"))
    assert life.state.closed
    assert expected_events(definition=life.definition, state=life.state) == ()
    for kind, name, there in (("message", "paid", True), ("signal", "paid", False), ("message", "other", False)):
        assert hears(definition=life.definition, kind=kind, name=name) is there
    other = live(ENDS + tasks("a") + flows("s>a", "a>e"))
    assert not other.definition.hears
