"""Others sign a step before, beside or after its work; the diagram's tokens know nothing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.kernel.flow.living import Life
from tests.kernel.flow.test_gateways import INNER, done, flows, late, live, tasks, watched

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    AddCosigner,
    Asked,
    Claim,
    Command,
    Complete,
    DecideCase,
    Object,
    Recall,
    Refused,
    Release,
    RemoveCosigner,
    ReturnTo,
    Sign,
    Suspend,
    Transfer,
    Withdraw,
)

FIRE, WINDOW, THIRD = Asked("fire"), Asked("window"), Asked("other")


def refusal(life: Life, command: Command, actor: str = "") -> str:
    with pytest.raises(Refused) as caught:
        life.do(command, actor=actor)
    life.check()
    return caught.value.code


def ask(life: Life, node: str, *signers: Asked, place: str = "beside", rule: str = "all") -> list[int]:
    """Ask, and return the numbers under which they were asked."""
    events = life.do(AddCosigner(task=life.task(node).no, signers=signers, place=place, rule=rule, reason="both laws"))
    return [row["no"] for row in events[0].data["asks"]]


def complete(life: Life, node: str) -> Complete:
    return Complete(task=life.task(node).no)


@pytest.mark.parametrize("place", ["before", "beside"])
def test_a_step_is_not_finished_without_those_who_were_asked(accepted: Life, place: str) -> None:
    marking = accepted.state.marking
    first, second = ask(accepted, "handle", FIRE, WINDOW, place=place)
    assert accepted.state.marking == marking
    assert refusal(accepted, complete(accepted, "handle")) == "cosign.waiting"
    accepted.do(Sign(task=first, opinion="in order"))
    assert refusal(accepted, complete(accepted, "handle")) == "cosign.waiting"
    accepted.do(Sign(task=second))
    assert accepted.state.rounds == ()
    accepted.do(complete(accepted, "handle"))
    assert sorted(accepted.open) == ["fire", "inspect"]


def test_one_signature_suffices_where_any_does_and_frees_the_others(accepted: Life) -> None:
    first, second = ask(accepted, "handle", FIRE, WINDOW, rule="any")
    events = accepted.do(Sign(task=second))
    assert events[0].data["closes"] == [second, first]
    assert refusal(accepted, Sign(task=first)) == "task.not-open"
    accepted.do(complete(accepted, "handle"))


def test_two_of_three_suffice_and_two_objections_do_not(accepted: Life) -> None:
    first, second, third = ask(accepted, "handle", FIRE, WINDOW, THIRD, rule="2")
    accepted.do(Object(task=first, reason="no water"))
    assert refusal(accepted, complete(accepted, "handle")) == "cosign.waiting"
    accepted.do(Object(task=second, reason="no counter"))
    assert refusal(accepted, complete(accepted, "handle")) == "cosign.objected"
    accepted.do(Sign(task=third))
    assert refusal(accepted, complete(accepted, "handle")) == "cosign.objected"


def test_an_objection_is_overruled_with_a_reason_only(accepted: Life) -> None:
    (only,) = ask(accepted, "handle", FIRE)
    accepted.do(Object(task=only, reason="no water"))
    assert refusal(accepted, RemoveCosigner(task=only, reason=" ")) == "reason.missing"
    accepted.do(RemoveCosigner(task=only, reason="there is a hydrant"))
    assert [event.kind for event in accepted.log[-2:]] == ["cosign.objected", "cosign.removed"]
    accepted.do(complete(accepted, "handle"))


def test_who_has_signed_is_not_removed(accepted: Life) -> None:
    first, _ = ask(accepted, "handle", FIRE, WINDOW)
    accepted.do(Sign(task=first))
    assert refusal(accepted, RemoveCosigner(task=first, reason="x")) == "cosign.answered"


def test_afterwards_the_token_waits_for_the_signature(accepted: Life) -> None:
    (only,) = ask(accepted, "handle", FIRE, place="after")
    assert refusal(accepted, Sign(task=only)) == "cosign.not-yet"
    accepted.do(Claim(task=2, by="li"), after=timedelta(hours=1))
    accepted.do(Complete(task=2, outcome="fail", opinion="not yet"), actor="li", after=timedelta(minutes=30))
    assert accepted.open == ["handle"]
    assert refusal(accepted, complete(accepted, "handle"), "li") == "task.proposed"
    accepted.do(Claim(task=only, by="luo"), after=timedelta(minutes=10), actor="luo")
    signed, completed, *_ = accepted.do(Sign(task=only), after=timedelta(minutes=20), actor="luo")
    assert (signed.kind, signed.waiting, signed.working) == ("cosign.signed", 10, 20)
    assert (completed.kind, completed.actor, completed.data["opinion"]) == ("task.completed", "li", "not yet")
    # Nobody worked on the step while others looked at its result.
    assert (completed.waiting, completed.working) == (60, 30)
    assert accepted.state.variables["handle"] == {"outcome": "fail"}
    assert completed.previous_activity == "cosign.signed"


def test_an_objection_afterwards_brings_the_result_back_and_all_are_asked_again(accepted: Life) -> None:
    first, second = ask(accepted, "handle", FIRE, WINDOW, place="after")
    accepted.do(complete(accepted, "handle"))
    accepted.do(Sign(task=first))
    accepted.do(Object(task=second, reason="the floor plan is another one"))
    assert accepted.state.handovers == ()
    signers = [signer for one in accepted.state.rounds for signer in one.signers]
    assert [(signer.no > second, signer.answer, signer.opened) for signer in signers] == [(True, "", None)] * 2
    accepted.do(complete(accepted, "handle"))
    for signer in signers:
        accepted.do(Sign(task=signer.no))
    assert sorted(accepted.open) == ["fire", "inspect"]


def test_a_result_is_taken_back_from_those_who_sign_afterwards(accepted: Life) -> None:
    first, _ = ask(accepted, "handle", FIRE, WINDOW, place="after")
    assert refusal(accepted, Recall(task=2)) == "task.nothing-to-recall"
    accepted.do(complete(accepted, "handle"))
    accepted.do(Sign(task=first))
    accepted.do(Recall(task=2))
    assert refusal(accepted, Sign(task=first)) == "task.not-open"
    accepted.do(complete(accepted, "handle"))
    for signer in accepted.state.rounds[0].signers:
        accepted.do(Sign(task=signer.no))
    assert "handle" not in accepted.open


def test_a_decision_is_signed_before_it_holds(ready: Life) -> None:
    (only,) = ask(ready, "decide", FIRE, place="after")
    ready.do(DecideCase(task=ready.task("decide").no, outcome="denied", reason="no water"))
    assert ready.state.decided is None
    ready.do(Sign(task=only))
    assert ready.state.outcome == "denied"
    assert next(event for event in ready.log if event.kind == "case.decided").data["reason"] == "no water"


def test_nobody_signs_their_own_work(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"))
    assert refusal(accepted, AddCosigner(task=2, signers=[Asked("fire", "li")])) == "cosign.own-work"
    (only,) = ask(accepted, "handle", FIRE)
    assert refusal(accepted, Sign(task=only), "li") == "cosign.own-work"
    assert refusal(accepted, Claim(task=only, by="li"), "li") == "cosign.own-work"
    accepted.do(Claim(task=only, by="luo"))
    assert refusal(accepted, Transfer(task=2, to="luo", reason="x")) == "cosign.own-work"
    accepted.do(Release(task=2))
    assert refusal(accepted, Claim(task=2, by="luo"), "luo") == "cosign.own-work"


def test_who_was_asked_by_name_signs_and_no_other(accepted: Life) -> None:
    (only,) = ask(accepted, "handle", Asked("fire", "sun"))
    assert refusal(accepted, Sign(task=only), "luo") == "task.claimed-by-other"
    assert refusal(accepted, Claim(task=only, by="luo"), "luo") == "task.claimed-by-other"
    accepted.do(Sign(task=only), actor="sun")


def test_what_cannot_be_asked(accepted: Life) -> None:
    assert refusal(accepted, AddCosigner(task=2, signers=[])) == "cosign.nobody"
    assert refusal(accepted, AddCosigner(task=2, signers=[FIRE, FIRE])) == "cosign.twice"
    assert refusal(accepted, AddCosigner(task=2, signers=[FIRE], rule="2")) == "cosign.rule"
    assert refusal(accepted, AddCosigner(task=2, signers=[FIRE], rule="most")) == "cosign.rule"
    assert refusal(accepted, AddCosigner(task=2, signers=[FIRE], place="inside")) == "cosign.unknown-place"
    ask(accepted, "handle", FIRE)
    assert refusal(accepted, AddCosigner(task=2, signers=[FIRE])) == "cosign.twice"
    accepted.do(Suspend(procedure="hearing", reason="x", limit=Limit.parse("20 working days")))
    assert refusal(accepted, Sign(task=3)) == "case.suspended"


def test_acceptance_is_not_signed(filed: Life) -> None:
    assert refusal(filed, AddCosigner(task=1, signers=[FIRE])) == "task.wrong-act"


def test_a_return_ends_them_with_their_step(ready: Life) -> None:
    first, second = ask(ready, "decide", FIRE, WINDOW)
    ready.do(Sign(task=first))
    (event,) = ready.do(ReturnTo(task=ready.task("decide").no, node="fire", reason="again"))[:1]
    assert second in event.data["closes"]
    assert first not in event.data["closes"]
    assert ready.state.rounds == ()


def test_a_return_of_another_branch_leaves_them(split: Life) -> None:
    (only,) = ask(split, "fire", WINDOW)
    done(split, "inspect")
    assert refusal(split, complete(split, "fire")) == "cosign.waiting"
    split.do(Sign(task=only))
    done(split, "fire")
    assert split.open == ["decide"]


def test_a_withdrawal_ends_them(accepted: Life) -> None:
    (only,) = ask(accepted, "handle", FIRE, place="after")
    (event, *_) = accepted.do(Withdraw())
    assert event.data["closes"] == [2, only]
    assert accepted.state.rounds == ()


def test_a_timer_that_interrupts_ends_them() -> None:
    life = watched(True)
    done(life, "a")
    (only,) = ask(life, "b", FIRE)
    late(life, "w")
    assert life.state.rounds == ()
    assert only in life.log[-1].data["closes"]


def test_a_terminate_end_ends_them() -> None:
    content = '<terminateEndEvent id="x"/>'.replace("terminateEndEvent", "endEvent").replace(
        "/>", "><terminateEventDefinition/></endEvent>"
    )
    life = live(content + '<parallelGateway id="p"/>' + tasks("a", "b") + flows("s>p", "p>a", "p>b", "a>x", "b>e"))
    (only,) = ask(life, "b", FIRE, place="after")
    life.do(complete(life, "b"))
    (event, *_) = life.do(complete(life, "a"))
    assert only in event.data["closes"]
    assert (life.state.rounds, life.state.handovers) == ((), ())


def test_inside_a_subprocess_too() -> None:
    life = live(INNER % ("", "j") + tasks("z") + flows("s>sub", "sub>z", "z>e"))
    (only,) = ask(life, "a", FIRE, place="after")
    done(life, "b")
    life.do(complete(life, "a"))
    assert life.open == ["a"]
    life.do(Sign(task=only))
    assert life.open == ["z"]
