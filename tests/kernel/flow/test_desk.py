"""What the desk offers is what the kernel allows, and what the checker says of a diagram."""

from __future__ import annotations

import pytest
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import CALENDAR, MONDAY, Life
from tests.kernel.flow.test_gateways import flows, live, tasks

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    COMMANDS,
    GB_STATUS,
    NEW,
    Accept,
    AddCosigner,
    AnswerSupplement,
    Asked,
    Claim,
    Command,
    Complete,
    DecideCase,
    Definition,
    Delegate,
    Deliver,
    Extend,
    File,
    Object,
    Recall,
    Refuse,
    Refused,
    Release,
    RemoveCosigner,
    RequestSupplement,
    Resume,
    ReturnTo,
    RunService,
    Sign,
    Status,
    Suspend,
    Transfer,
    Withdraw,
    available_commands,
    check_process,
    commands,
    decide,
    event_body,
    load_bpmn,
    open_tasks,
    return_targets,
)

CASE: dict[str, Command] = {
    "file": File(),
    "accept": Accept(),
    "refuse": Refuse(reason="x"),
    "request_supplement": RequestSupplement(items=["x"]),
    "answer_supplement": AnswerSupplement(),
    "suspend": Suspend(procedure="hearing", reason="x", limit=Limit.parse("20 working days")),
    "resume": Resume(),
    "extend": Extend(by=Limit.parse("1 working day"), reason="x", approved_by="y"),
    "withdraw": Withdraw(),
    "deliver": Deliver(),
}


def of_task(name: str, no: int, target: str) -> Command:
    commands: dict[str, Command] = {
        "claim": Claim(task=no, by="somebody"),
        "release": Release(task=no),
        "complete": Complete(task=no),
        "decide": DecideCase(task=no, outcome="granted"),
        "run_service": RunService(task=no),
        "return_to": ReturnTo(task=no, node=target, reason="x"),
        "deliver": Deliver(task=no),
        "transfer": Transfer(task=no, to="somebody", reason="x"),
        "delegate": Delegate(task=no, to="somebody"),
        "recall": Recall(task=no),
        "add_cosigner": AddCosigner(task=no, signers=[Asked("fire", f"signer {no}")]),
        "sign": Sign(task=no),
        "object": Object(task=no, reason="x"),
        "remove_cosigner": RemoveCosigner(task=no, reason="x"),
    }
    return commands[name]


OF_TASKS = (
    "claim",
    "release",
    "complete",
    "decide",
    "run_service",
    "deliver",
    "return_to",
    "transfer",
    "delegate",
    "recall",
    "add_cosigner",
)
OF_SIGNERS = ("claim", "release", "sign", "object", "remove_cosigner", "complete", "transfer")


def allowed(life: Life, command: Command) -> bool:
    try:
        decide(
            definition=life.definition,
            state=life.state,
            command=command,
            facts={},
            at=life.at,
            calendar=CALENDAR,
            history=life.log,
        )
    except Refused:
        return False
    return True


def assert_offers_match(life: Life) -> None:
    """Every command that is offered is allowed, and every one that is allowed is offered."""
    offered = available_commands(definition=life.definition, state=life.state)
    for name, command in CASE.items():
        assert (name in offered.case) == allowed(life, command), name
    for task in life.state.tasks:
        targets = return_targets(definition=life.definition, state=life.state, history=life.log, task=task.no)
        for name in OF_TASKS:
            if name == "return_to" and not targets:
                continue
            command = of_task(name, task.no, targets[0] if targets else "")
            assert (name in offered.tasks[task.no]) == allowed(life, command), (name, task)
    for signer in (signer for one in life.state.rounds for signer in one.signers):
        for name in OF_SIGNERS:
            command = of_task(name, signer.no, "")
            assert (name in offered.tasks[signer.no]) == allowed(life, command), (name, signer)


def test_offers_match_what_is_allowed_all_along_a_life(licence: Definition) -> None:
    life = Life(licence)
    assert available_commands(definition=licence, state=NEW).case == ("file",)
    life.file()
    steps: list[Command] = [
        RequestSupplement(items=["plan"]),
        AnswerSupplement(),
        Accept(),
        Claim(task=2, by="li"),
        Suspend(procedure="hearing", reason="x", limit=Limit.parse("20 working days")),
        Resume(),
        Complete(task=2),
        Complete(task=4),
        Complete(task=3),
        DecideCase(task=5, outcome="granted"),
        RunService(task=6),
        Deliver(),
    ]
    assert_offers_match(life)
    for step in steps:
        life.do(step)
        assert_offers_match(life)
    assert life.state.closed


def test_offers_match_with_a_supplement_open_in_handling(ready: Life) -> None:
    ready.do(RequestSupplement(items=["plan"]))
    assert_offers_match(ready)


def test_offers_match_while_a_task_is_given_away_and_others_sign(accepted: Life) -> None:
    steps: list[Command] = [
        Claim(task=2, by="li"),
        Delegate(task=2, to="wu"),
        AddCosigner(task=2, signers=[Asked("fire")], place="before"),
        AddCosigner(task=2, signers=[Asked("fire", "sun"), Asked("window")], place="after", rule="any"),
        Claim(task=3, by="luo"),
        Sign(task=3),
        Complete(task=2),
        Complete(task=2),
        Claim(task=5, by="wang"),
        Object(task=5, reason="no"),
        Suspend(procedure="hearing", reason="x", limit=Limit.parse("20 working days")),
        Resume(),
        Recall(task=2),
        Complete(task=2),
        Sign(task=4),
    ]
    for step in steps:
        accepted.do(step)
        assert_offers_match(accepted)
    assert sorted(accepted.open) == ["fire", "inspect"]


def test_a_task_of_somebody_else_offers_nothing(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"))
    of_other = available_commands(definition=accepted.definition, state=accepted.state, actor="zhao")
    assert of_other.tasks == {2: ()}
    own = available_commands(definition=accepted.definition, state=accepted.state, actor="li")
    assert own.tasks == {2: ("release", "complete", "return_to", "transfer", "delegate", "add_cosigner")}


def test_open_tasks_say_what_their_node_is(split: Life) -> None:
    inspect, fire = open_tasks(definition=split.definition, state=split.state)
    assert (inspect.node, inspect.name, inspect.name_en) == ("inspect", "现场核查", "On-site inspection")
    assert (inspect.special, inspect.department, inspect.opened) == ("inspection", "authority", MONDAY)
    assert fire.due is not None
    assert fire.outcomes == ("pass", "fail")


def test_every_command_has_a_name_and_every_status_a_code() -> None:
    assert {one.__name__ for one in COMMANDS.values()} == set(commands.__all__) - {"Command", "CommandBase"}
    assert set(GB_STATUS) == set(Status) - {Status.NEW}


def test_the_body_of_an_event_is_plain_and_complete(accepted: Life) -> None:
    body = event_body(event=accepted.log[-1], case=2603028391772241, seq=2)
    assert (body["case"], body["seq"], body["kind"], body["at"]) == (
        2603028391772241,
        2,
        "case.accepted",
        "2026-03-02T01:30:00+00:00",
    )
    assert set(body) >= {"actor", "capacity", "department", "node", "previous_activity", "waiting", "working", "data"}


def found(content: str) -> set[tuple[str, str]]:
    definition = load_bpmn(bpmn('<startEvent id="s"/><endEvent id="e"/>' + content))
    return {(problem.code, problem.element) for problem in check_process(definition=definition)}


def test_a_sound_process_passes(licence: Definition) -> None:
    assert check_process(definition=licence) == ()


def test_exclusive_branches_joined_in_parallel_get_stuck() -> None:
    content = '<exclusiveGateway id="g" default="f2"/><parallelGateway id="j"/>' + tasks("a", "b")
    ways = flows("s>g", "g>a:x", "g>b", "a>j", "b>j", "j>e")
    assert found(content + ways) == {("token.stuck", "j")}
    life = live(content + ways, x=True)
    life.do(Complete(task=1))
    assert not life.state.tasks
    assert not life.state.closed


def test_parallel_branches_joined_exclusively_open_work_twice() -> None:
    content = '<parallelGateway id="p"/><exclusiveGateway id="j"/>' + tasks("a", "b", "z")
    assert ("task.twice", "z") in found(content + flows("s>p", "p>a", "p>b", "a>j", "b>j", "j>z", "z>e"))


def test_an_end_without_a_decision_is_found() -> None:
    content = '<exclusiveGateway id="g" default="f2"/><userTask id="d" tb:act="decide"/>' + tasks("a")
    assert found(content + flows("s>g", "g>d:x", "g>a", "a>e", "d>e")) == {("process.undecided", "p")}


def test_a_gateway_without_default_is_found() -> None:
    content = '<exclusiveGateway id="g"/>' + tasks("a", "b")
    assert found(content + flows("s>g", "g>a:x", "g>b:y", "a>e", "b>e")) == {("gateway.no-default", "g")}


def test_the_walk_is_bounded(licence: Definition) -> None:
    assert [problem.code for problem in check_process(definition=licence, most=3)] == ["process.too-large"]


@pytest.mark.parametrize("count", [2, 5])
def test_two_tokens_in_one_task_are_two_tasks(count: int) -> None:
    content = '<parallelGateway id="p"/><exclusiveGateway id="m"/>' + tasks("z")
    life = live(content + flows("s>p", *["p>m"] * count, "m>z", "z>e"))
    assert life.open == ["z"] * count
    for _ in range(count):
        life.do(Complete(task=life.state.tasks[0].no))
    assert life.state.closed
