"""The first twenty workflow control-flow patterns, each in its smallest diagram, with the orders that it must allow.

Patterns by van der Aalst, ter Hofstede, Kiepuszewski and Barros, numbered as in the revised view of 2006. Not here, for
BPMN cannot say them without a sequential ad-hoc subprocess or a number that grows while its rounds run: 15 (as many
instances as turn out to be needed) and 17 (interleaved routing).
"""

from __future__ import annotations

import pytest
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_events import ALARM, ENDS, PAID, boundary, catch, inner, live, refusal
from tests.kernel.flow.test_gateways import done, flows, tasks
from tests.kernel.flow.test_rounds import several

from tongban.kernel.flow import Complete, ReceiveMessage, ReceiveSignal, Withdraw

FORK = '<parallelGateway id="p"/>'
JOIN = '<parallelGateway id="q"/>'
CHOICE = '<exclusiveGateway id="x" default="f2"/>'
MERGE = '<exclusiveGateway id="m"/>'


def allows(life: Life, *order: str) -> None:
    """These tasks are done in this order, and then the case is over."""
    for node in order:
        assert node in life.open, (node, life.open)
        done(life, node)
    assert life.state.closed, life.open


def test_1_sequence() -> None:
    life = live(ENDS + tasks("a", "b") + flows("s>a", "a>b", "b>e"))
    assert life.open == ["a"]
    allows(life, "a", "b")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_2_parallel_split(order: tuple[str, str]) -> None:
    allows(live(ENDS + FORK + tasks("a", "b") + flows("s>p", "p>a", "p>b", "a>e", "b>e")), *order)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_3_synchronization(order: tuple[str, str]) -> None:
    life = live(ENDS + FORK + JOIN + tasks("a", "b", "c") + flows("s>p", "p>a", "p>b", "a>q", "b>q", "q>c", "c>e"))
    done(life, order[0])
    assert "c" not in life.open
    allows(life, order[1], "c")


@pytest.mark.parametrize(("kind", "way"), [("new", "a"), ("old", "b")])
def test_4_exclusive_choice_5_simple_merge(kind: str, way: str) -> None:
    life = live(
        ENDS + CHOICE + MERGE + tasks("a", "b", "c")
        + flows("s>x", 'x>a:kind = "new"', "x>b", "a>m", "b>m", "m>c", "c>e"), kind=kind,
    )  # fmt: skip
    assert life.open == [way]
    allows(life, way, "c")


OR = '<inclusiveGateway id="o" default="f3"/><inclusiveGateway id="j"/>'


@pytest.mark.parametrize(("x", "y", "ways"), [(True, True, ["a", "b"]), (False, True, ["b"]), (False, False, ["c"])])
def test_6_multi_choice_7_structured_synchronizing_merge(x: bool, y: bool, ways: list[str]) -> None:
    life = live(
        ENDS + OR + tasks("a", "b", "c", "z")
        + flows("s>o", "o>a:x", "o>b:y", "o>c", "a>j", "b>j", "c>j", "j>z", "z>e"), x=x, y=y,
    )  # fmt: skip
    assert life.open == ways
    for node in ways[1:]:
        done(life, node)
        assert "z" not in life.open
    allows(life, ways[0], "z")


def test_8_multi_merge() -> None:
    life = live(ENDS + FORK + MERGE + tasks("a", "b", "c") + flows("s>p", "p>a", "p>b", "a>m", "b>m", "m>c", "c>e"))
    done(life, "a")
    assert life.open == ["b", "c"]
    done(life, "b")
    assert life.open == ["c", "c"]
    allows(life, "c", "c")


FIRST = '<complexGateway id="k"><activationCondition>activationCount &gt;= {}</activationCondition></complexGateway>'


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")])
def test_9_structured_discriminator(order: tuple[str, str, str]) -> None:
    """The first branch goes on, the others are awaited and change nothing; then it may begin anew."""
    life = live(
        ENDS + FORK + MERGE + FIRST.format(1) + tasks("a", "b", "c", "z") + '<exclusiveGateway id="g" default="f11"/>'
        + flows("s>m", "m>p", "p>a", "p>b", "p>c", "a>k", "b>k", "c>k", "k>z", "z>g", "g>m:again", "g>e"),
        again=False,
    )  # fmt: skip
    done(life, order[0])
    assert sorted(life.open) == sorted([*order[1:], "z"])
    done(life, order[1])
    assert life.open.count("z") == 1
    allows(life, order[2], "z")


def test_9_structured_discriminator_begins_anew() -> None:
    life = live(
        ENDS + FORK + MERGE + FIRST.format(1) + tasks("a", "b", "z") + '<exclusiveGateway id="g" default="f8"/>'
        + flows("s>m", "m>p", "p>a", "p>b", "a>k", "b>k", "k>z", "z>g", "g>e", "g>m:again"), again=True,
    )  # fmt: skip
    done(life, "a", "b", "z")
    assert life.open == ["a", "b"]
    life.facts = {"again": False}
    allows(life, "b", "z", "a")


def test_9_two_of_three() -> None:
    life = live(
        ENDS + FORK + FIRST.format(2) + tasks("a", "b", "c", "z")
        + flows("s>p", "p>a", "p>b", "p>c", "a>k", "b>k", "c>k", "k>z", "z>e")
    )  # fmt: skip
    done(life, "a")
    assert life.open == ["b", "c"]
    done(life, "c")
    assert life.open == ["b", "z"]
    allows(life, "b", "z")


def test_10_arbitrary_cycles() -> None:
    """Two ways into the loop and two out of it."""
    gates = (
        '<exclusiveGateway id="m1"/><exclusiveGateway id="m2"/>'
        '<exclusiveGateway id="x1" default="f4"/><exclusiveGateway id="x2" default="f8"/>'
        '<exclusiveGateway id="x0" default="f1"/>'
    )
    life = live(
        ENDS + gates + tasks("a", "b")
        + flows("s>x0", "x0>m1", "x0>m2:late", "a>x1", "x1>m2", "x1>e:stop", "m2>b", "b>x2", "x2>e", "x2>m1:again",
                "m1>a"),
        late=True, again=True, stop=False,
    )  # fmt: skip
    for node in ("b", "a", "b", "a"):
        assert life.open == [node]
        done(life, node)
    life.facts = {"again": False}
    allows(life, "b")


def test_11_implicit_termination() -> None:
    """Over when nothing is left to do; no join says so."""
    more = '<endEvent id="e2"/>'
    life = live(ENDS + more + FORK + tasks("a", "b", "c") + flows("s>p", "p>a", "p>b", "a>e", "b>c", "c>e2"))
    done(life, "a")
    assert not life.state.closed
    allows(life, "b", "c")


def test_12_instances_without_synchronization() -> None:
    """Each round of a loop sets off work that nobody waits for."""
    life = live(
        ENDS + FORK + MERGE + '<exclusiveGateway id="x" default="f5"/><endEvent id="e2"/>' + tasks("set", "work")
        + flows("s>m", "m>set", "set>p", "p>work", "p>x", "x>e", "x>m:again", "work>e2"), again=True,
    )  # fmt: skip
    done(life, "set")
    done(life, "set")
    life.facts = {"again": False}
    done(life, "set")
    assert life.open == ["work"] * 3
    allows(life, "work", "work", "work")


@pytest.mark.parametrize("number", ["3", "count(list)"])
def test_13_14_as_many_instances_as_are_known_before(number: str) -> None:
    task = f'<userTask id="a">{several(number)}</userTask>'
    life = live(ENDS + task + tasks("z") + flows("s>a", "a>z", "z>e"), list=["x", "y", "z"])
    assert life.open == ["a"] * 3
    allows(life, "a", "a", "a", "z")


@pytest.mark.parametrize("first", ["paid", "alarm"])
def test_16_deferred_choice(first: str) -> None:
    life = live(
        ENDS + '<eventBasedGateway id="g"/>' + catch(PAID, "v") + catch(ALARM, "w") + tasks("a", "b")
        + flows("s>g", "g>v", "g>w", "v>a", "w>b", "a>e", "b>e")
    )  # fmt: skip
    assert not life.open
    life.do(ReceiveMessage(name="paid") if first == "paid" else ReceiveSignal(name="alarm"))
    allows(life, "a" if first == "paid" else "b")


def test_18_milestone() -> None:
    """What may be asked for while the milestone holds, and not after."""
    life = live(
        ENDS + tasks("until", "asked", "after") + boundary("until", PAID, soft=True) + '<endEvent id="e2"/>'
        + flows("s>until", "until>after", "after>e", "b>asked", "asked>e2")
    )  # fmt: skip
    life.do(ReceiveMessage(name="paid"))
    life.do(ReceiveMessage(name="paid"))
    assert life.open == ["until", "asked", "asked"]
    done(life, "until")
    assert refusal(life, ReceiveMessage(name="paid")) == "event.not-awaited"
    allows(life, "asked", "after", "asked")


def test_19_cancel_task() -> None:
    life = live(ENDS + tasks("a", "z") + boundary("a", PAID) + flows("s>a", "a>e", "b>z", "z>e"))
    life.do(ReceiveMessage(name="paid"))
    assert life.open == ["z"]
    assert life.log[-1].data["closes"] == [1]
    allows(life, "z")


@pytest.mark.parametrize("how", ["withdrawn", "terminated", "interrupted"])
def test_20_cancel_case(how: str) -> None:
    stop = '<endEvent id="k"><terminateEventDefinition/></endEvent>'
    work = FORK + tasks("a", "b", "c")
    if how == "interrupted":
        body = inner(work, "sub_i>p", "p>a", "p>b", "p>c", "a>sub_j", "b>sub_j", "c>sub_j") + boundary(
            "sub", PAID, node="stop"
        )
        life = live(ENDS + body + flows("s>sub", "sub>e", "stop>e"))
    else:
        life = live(ENDS + work + stop + flows("s>p", "p>a", "p>b", "p>c", "a>k", "b>e", "c>e"))
    if how == "withdrawn":
        life.do(Withdraw())
    elif how == "terminated":
        life.do(Complete(task=life.task("a").no))
    else:
        life.do(ReceiveMessage(name="paid"))
    assert life.state.closed
    assert not life.state.tasks
    assert not life.state.marking
