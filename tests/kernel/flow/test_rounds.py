"""What is done several times: multi-instance and loops, on tasks, subprocesses and calls."""

from __future__ import annotations

from typing import Any

import pytest
from tests.kernel.flow.building import HEAD
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_events import ALARM, ENDS, ROOTS, boundary, catch, inner, live, refusal
from tests.kernel.flow.test_gateways import done, flows, late, tasks

from tongban.kernel.flow import Complete, ReceiveSignal, Refused, ReturnTo, load_bpmn, return_targets


def several(
    number: str = "3", *, sequential: bool = False, until: str = "", more: str = "", attributes: str = ""
) -> str:
    kind = ' isSequential="true"' if sequential else ""
    count = f"<loopCardinality>{number}</loopCardinality>" if number else ""
    end = f"<completionCondition>{until}</completionCondition>" if until else ""
    return f"<multiInstanceLoopCharacteristics{kind}{attributes}>{more}{count}{end}</multiInstanceLoopCharacteristics>"


def sign(loop: str) -> str:
    return f'<userTask id="sign">{loop}</userTask>' + tasks("z") + flows("s>sign", "sign>z", "z>e")


def vote(life: Life, *outcomes: str) -> None:
    for outcome in outcomes:
        life.do(Complete(task=life.task("sign").no, outcome=outcome))


def test_all_sign_side_by_side() -> None:
    life = live(ENDS + sign(several()))
    assert life.open == ["sign"] * 3
    vote(life, "pass", "fail")
    assert life.open == ["sign"]
    vote(life, "pass")
    assert life.open == ["z"]
    assert life.state.variables == {
        "sign": {
            "outcome": "pass",
            "outcomes": {"pass": 2, "fail": 1},
            "results": [{"outcome": "pass"}, {"outcome": "fail"}, {"outcome": "pass"}],
        }
    }


def test_one_signs_after_the_other() -> None:
    life = live(ENDS + sign(several(sequential=True)))
    for _ in range(3):
        assert life.open == ["sign"]
        vote(life, "pass")
    assert life.open == ["z"]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(
    ("until", "votes"),
    [
        ("nrOfCompletedInstances >= 2", ["pass", "pass"]),
        ("outcomes.pass >= 2", ["pass", "fail", "pass"]),
        ('sign.outcome = "fail"', ["pass", "fail"]),
        ("nrOfCompletedInstances / nrOfInstances > 0.5", ["fail", "fail", "fail"]),
        ("loopCounter = 1", ["pass"]),
    ],
)
def test_a_quorum_ends_it_early(sequential: bool, until: str, votes: list[str]) -> None:
    life = live(ENDS + sign(several("5", sequential=sequential, until=until.replace(">", "&gt;"))))
    for number, outcome in enumerate(votes):
        assert set(life.open) == {"sign"}, number
        vote(life, outcome)
    assert life.open == ["z"]
    assert [task.no for task in life.state.tasks] == [life.state.next_task - 1]


def test_the_rest_counts_as_active() -> None:
    life = live(ENDS + sign(several("4", until="nrOfActiveInstances &lt;= 2")))
    vote(life, "pass")
    assert life.open == ["sign"] * 3
    vote(life, "pass")
    assert life.open == ["z"]


EXTENDED = (
    '<extensionElements><z:loopCharacteristics xmlns:z="urn:z" inputCollection="= departments" '
    'inputElement="who" outputCollection="answers_given" outputElement="= who"/></extensionElements>'
)
ITEMS = ["drains", "fire", "roads"]


@pytest.mark.parametrize(
    ("more", "attributes"),
    [
        (EXTENDED, ""),
        ("", ' xmlns:c="urn:c" c:collection="departments" c:elementVariable="who"'),
        ("", ' xmlns:c="urn:c" c:collection="${departments}" c:elementVariable="who"'),
        ('<loopDataInputRef>departments</loopDataInputRef><inputDataItem id="i" name="who"/>', ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sequential", [False, True])
def test_once_for_each_of_a_collection(more: str, attributes: str, sequential: bool) -> None:
    loop = several("", more=more, attributes=attributes, sequential=sequential)
    work = inner(
        '<exclusiveGateway id="g" default="sub_f2"/>' + tasks("roads", "other"),
        "sub_i>g", 'g>roads:who = "roads"', "g>other", "roads>sub_j", "other>sub_j",
    ).replace('<subProcess id="sub">', f'<subProcess id="sub">{loop}')  # fmt: skip
    life = live(ENDS + work + tasks("z") + flows("s>sub", "sub>z", "z>e"), departments=ITEMS)
    if sequential:
        for node in ("other", "other", "roads"):
            assert life.open == [node]
            done(life, node)
    else:
        assert life.open == ["other", "other", "roads"]
        done(life, "roads", "other", "other")
    assert life.open == ["z"]
    if "outputCollection" in more:
        assert sorted(life.state.variables["answers_given"]) == ITEMS
    assert not [name for name in life.state.variables if "#" in name]


def test_nobody_has_to_sign() -> None:
    assert live(ENDS + sign(several("0"))).open == ["z"]
    assert live(ENDS + sign(several("n", sequential=True)), n=0).open == ["z"]


@pytest.mark.parametrize(
    ("number", "code"), [('"x"', "loop.no-rounds"), ("1.5", "loop.no-rounds"), ("-1", "loop.no-rounds"),
                         ("5000", "loop.too-many"), ("missing", "loop.no-rounds")]
)  # fmt: skip
def test_a_number_that_is_none(number: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        live(ENDS + sign(several(number)))
    assert caught.value.code == code


def test_rounds_of_a_subprocess_do_not_mix() -> None:
    """A parallel join of one round is not fed by a token of another."""
    fork = '<parallelGateway id="p"/><parallelGateway id="q"/>' + tasks("a", "b", "c")
    work = inner(fork, "sub_i>p", "p>a", "p>b", "a>q", "b>q", "q>c", "c>sub_j")
    life = live(
        ENDS + work.replace('<subProcess id="sub">', f'<subProcess id="sub">{several("2")}') + flows("s>sub", "sub>e")
    )
    assert life.open == ["a", "b", "a", "b"]
    first = [task.no for task in life.state.tasks if life.definition.nodes[task.node].id == "a"]
    for number in first:
        life.do(Complete(task=number))
    assert life.open == ["b", "b"], "no round is complete, though two tokens wait at the join"
    done(life, "b")
    assert life.open == ["b", "c"]
    done(life, "b", "c")
    assert not life.state.closed
    done(life, "c")
    assert life.state.closed


def test_rounds_in_rounds() -> None:
    deep = inner(f'<userTask id="a">{several("2")}</userTask>', "sub_i>a", "a>sub_j")
    deep = deep.replace('<subProcess id="sub">', f'<subProcess id="sub">{several("3")}')
    life = live(ENDS + deep + flows("s>sub", "sub>e"))
    assert life.open == ["a"] * 6
    assert len({task.copy for task in life.state.tasks}) == 6
    for _ in range(6):
        assert not life.state.closed
        done(life, "a")
    assert life.state.closed
    assert life.state.variables["sub"]["results"][0]["a"]["outcomes"] == {"pass": 2}


def test_an_event_on_the_border_ends_all_rounds() -> None:
    timer = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
    life = live(
        ENDS + f'<userTask id="sign">{several()}</userTask>' + boundary("sign", timer) + tasks("z")
        + flows("s>sign", "sign>e", "b>z", "z>e")
    )  # fmt: skip
    assert len(life.state.timers) == 1
    vote(life, "pass")
    late(life, "b")
    assert life.open == ["z"]
    assert not [name for name in life.state.variables if "#" in name]


def test_a_timer_on_the_border_goes_with_the_last_round() -> None:
    timer = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
    life = live(
        ENDS + f'<userTask id="sign">{several("2")}</userTask>' + boundary("sign", timer, soft=True) + tasks("z")
        + flows("s>sign", "sign>e", "b>z", "z>e")
    )  # fmt: skip
    late(life, "b")
    assert life.open == ["sign", "sign", "z"]
    vote(life, "pass", "pass")
    assert life.open == ["z"]
    assert not life.state.timers


def test_each_round_waits_for_its_own_timer_and_all_for_a_signal() -> None:
    timer = catch("<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>", "v")
    work = inner(timer + catch(ALARM), "sub_i>v", "v>w", "w>sub_j")
    life = live(
        ENDS + work.replace('<subProcess id="sub">', f'<subProcess id="sub">{several("2")}') + flows("s>sub", "sub>e")
    )
    assert [timer.copy for timer in life.state.timers] == [1, 2]
    late(life, "v")
    life.do(ReceiveSignal(name="alarm"))
    assert not life.state.closed
    late(life, "v")
    life.do(ReceiveSignal(name="alarm"))
    assert life.state.closed


LOOP = "<standardLoopCharacteristics{0}>{1}</standardLoopCharacteristics>"


def looped(condition: str, attributes: str = "", **facts: Any) -> Life:
    inside = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return live(ENDS + sign(LOOP.format(attributes, inside)), **facts)


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    life = looped('sign.outcome = "fail"')
    vote(life, "fail", "fail")
    assert life.open == ["sign"]
    vote(life, "pass")
    assert life.open == ["z"]


def test_a_loop_may_ask_before_and_has_a_maximum() -> None:
    assert looped("again", ' testBefore="true"', again=False).open == ["z"]
    assert looped("loopCounter &lt; 2", ' testBefore="true"').open == ["sign"]
    life = looped("", ' loopMaximum="2"')
    vote(life, "pass")
    assert life.open == ["sign"]
    vote(life, "pass")
    assert life.open == ["z"]


def test_scripts_and_messages_may_repeat() -> None:
    script = (
        f'<scriptTask id="x" scriptFormat="feel" tb:result="square">{several("4")}'
        "<script>loopCounter * loopCounter</script></scriptTask>"
    )
    life = live(ENDS + script + tasks("z") + flows("s>x", "x>z", "z>e"))
    assert life.open == ["z"]
    assert life.state.variables["x"]["results"] == [1, 4, 9, 16]
    send = f'<sendTask id="x" messageRef="m1">{several("2", sequential=True)}</sendTask>'
    sent = live(ENDS + send + tasks("z") + flows("s>x", "x>z", "z>e"))
    assert [one["name"] for one in sent.log[0].data["throws"]] == ["paid", "paid"]


# Returns


def back(life: Life, source: int, target: str) -> None:
    life.do(ReturnTo(task=source, node=target, reason="again"))


def test_back_to_those_who_signed_asks_all_of_them_again() -> None:
    life = live(ENDS + tasks("a") + f'<userTask id="sign">{several()}</userTask>' + tasks("z")
                + flows("s>a", "a>sign", "sign>z", "z>e"))  # fmt: skip
    done(life, "a", "sign", "sign", "sign")
    targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=life.task("z").no)
    assert targets == ("a", "sign")
    back(life, life.task("z").no, "sign")
    assert life.open == ["sign"] * 3
    vote(life, "fail", "fail", "fail")
    assert life.state.variables["sign"]["outcomes"] == {"fail": 3}
    assert life.open == ["z"]


def test_one_who_signs_may_send_the_whole_back() -> None:
    life = live(ENDS + tasks("a") + f'<userTask id="sign">{several()}</userTask>' + flows("s>a", "a>sign", "sign>e"))
    done(life, "a", "sign")
    back(life, life.task("sign").no, "a")
    assert life.open == ["a"]
    assert not [name for name in life.state.variables if "#" in name]
    done(life, "a")
    assert life.open == ["sign"] * 3


def test_a_round_goes_back_by_itself() -> None:
    work = inner(tasks("a", "c"), "sub_i>a", "a>c", "c>sub_j")
    life = live(
        ENDS + work.replace('<subProcess id="sub">', f'<subProcess id="sub">{several("3")}') + flows("s>sub", "sub>e")
    )
    done(life, "a", "a", "a")
    second = next(task for task in life.state.tasks if task.copy == 2)
    back(life, second.no, "a")
    assert sorted((life.definition.nodes[task.node].id, task.copy) for task in life.state.tasks) == [
        ("a", 2), ("c", 1), ("c", 3),
    ]  # fmt: skip
    done(life, "c", "c", "a")
    assert not life.state.closed
    done(life, "c")
    assert life.state.closed


def test_of_rounds_one_after_another_the_last_goes_back() -> None:
    life = live(ENDS + sign(several(sequential=True)))
    vote(life, "pass", "fail", "pass")
    back(life, life.task("z").no, "sign")
    assert life.open == ["sign"]
    assert life.state.tasks[0].copy == 3
    vote(life, "fail")
    assert life.open == ["z"]
    assert life.state.variables["sign"]["outcomes"] == {"pass": 1, "fail": 2}


def test_a_quorum_that_is_undone_is_asked_for_again() -> None:
    life = live(ENDS + sign(several("5", until="nrOfCompletedInstances &gt;= 2")))
    vote(life, "pass", "pass")
    back(life, life.task("z").no, "sign")
    assert life.open == ["sign"] * 5
    vote(life, "pass", "pass")
    assert life.open == ["z"]
    assert refusal(life, ReturnTo(task=life.task("z").no, node="z", reason="again")) == "return.not-earlier"


# Calls

CALLED = (
    '<process id="check" isExecutable="true"><startEvent id="cs"/><userTask id="look"/><endEvent id="ce"/>'
    '<exclusiveGateway id="cg" default="c3"/><userTask id="deep"/>'
    '<sequenceFlow id="c1" sourceRef="cs" targetRef="look"/><sequenceFlow id="c2" sourceRef="look" targetRef="cg"/>'
    '<sequenceFlow id="c3" sourceRef="cg" targetRef="ce"/><sequenceFlow id="c4" sourceRef="cg" targetRef="deep">'
    '<conditionExpression>look.outcome = "fail" and size &gt; 10</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="c5" sourceRef="deep" targetRef="ce"/></process>'
)
MAPPED = (
    '<extensionElements><c:in xmlns:c="urn:c" source="area * 2" target="size"/>'
    '<c:out xmlns:c="urn:c" sourceExpression="${look.outcome}" target="verdict"/></extensionElements>'
)


def calling(loop: str = "", **facts: Any) -> Life:
    content = (
        ENDS + f'<callActivity id="call" calledElement="check">{MAPPED}{loop}</callActivity>' + tasks("z")
        + flows("s>call", "call>z", "z>e")
    )  # fmt: skip
    xml = f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{content}</process>{CALLED}</definitions>'
    life = Life(load_bpmn(xml.encode()))
    life.file(facts=facts)
    return life


def test_a_called_process_has_its_own_names_and_hands_back_what_is_mapped() -> None:
    life = calling(area=6)
    assert life.open == ["call/look"]
    life.do(Complete(task=1, outcome="fail"))
    assert life.open == ["call/deep"]
    done(life, "call/deep")
    assert life.open == ["z"]
    assert life.state.variables["verdict"] == "fail"
    assert life.state.variables["call"]["deep"] == {"outcome": "pass"}
    assert "look" not in life.state.variables
    small = calling(area=1)
    small.do(Complete(task=1, outcome="fail"))
    assert small.open == ["z"]


def test_a_call_may_repeat_and_be_returned_to() -> None:
    life = calling(several("2"), area=6)
    assert life.open == ["call/look"] * 2
    life.do(Complete(task=1, outcome="fail"))
    life.do(Complete(task=2))
    done(life, "call/deep")
    assert life.open == ["z"]
    back(life, life.task("z").no, "call/look")
    assert life.open == ["call/look"] * 2
    done(life, "call/look", "call/look")
    assert life.open == ["z"]


def test_a_called_process_of_another_file() -> None:
    content = ENDS + '<callActivity id="call" calledElement="check"/>' + flows("s>call", "call>e")
    xml = f'{HEAD}<process id="p" isExecutable="true">{content}</process></definitions>'.encode()
    other = f"{HEAD}{CALLED}</definitions>".encode()
    life = Life(load_bpmn(xml, called={"check": other}))
    life.file()
    assert life.open == ["call/look"]
    done(life, "call/look")
    assert life.state.closed
