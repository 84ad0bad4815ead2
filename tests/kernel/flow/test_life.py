"""The legal life of a case, one command at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.kernel.flow.building import bpmn
from tests.kernel.flow.living import CALENDAR, LIMITS, MONDAY, Life

from tongban.kernel.clock import Limit
from tongban.kernel.flow import (
    NEW,
    Accept,
    AnswerSupplement,
    Claim,
    Command,
    Complete,
    DecideCase,
    Definition,
    Deliver,
    Extend,
    File,
    FireTimer,
    Limits,
    Refuse,
    Refused,
    Release,
    RequestSupplement,
    Resume,
    RunService,
    Status,
    Suspend,
    Withdraw,
    decide,
    due_timers,
    file,
    link,
    load_bpmn,
    preview,
    state_to_json,
)

DAY = timedelta(days=1)


def refused(life: Life, command: Command, **more: str) -> str:
    """The code of the refusal; nothing may have changed."""
    before = state_to_json(life.state)
    with pytest.raises(Refused) as caught:
        life.do(command, **more)  # type: ignore[arg-type]
    assert state_to_json(life.state) == before
    return caught.value.code


def due(life: Life, name: str = "statutory") -> date:
    clock = life.state.statutory if name == "statutory" else life.state.promised
    assert clock is not None
    at = clock.due_if_resumed(life.at, CALENDAR)
    assert at is not None
    return CALENDAR.local_date(at)


def test_the_whole_way_to_a_certificate(filed: Life) -> None:
    filed.do(Accept(), after=timedelta(hours=1))
    filed.do(Claim(task=2, by="li"), after=DAY)
    filed.do(Complete(task=2, opinion="complete"), actor="li", after=timedelta(hours=1))
    filed.do(Complete(task=4), after=DAY)
    filed.do(Complete(task=3), after=DAY)
    filed.do(DecideCase(task=5, outcome="granted"))
    filed.do(RunService(task=6, outputs={"certificate": "JY-1"}))
    filed.do(Deliver(way="post"))
    assert filed.kinds == [
        "case.filed",
        "case.accepted",
        "task.claimed",
        "task.completed",
        "clock.paused",
        "task.completed",
        "task.completed",
        "clock.resumed",
        "case.decided",
        "task.completed",
        "case.delivered",
        "case.closed",
    ]
    assert (filed.state.status, filed.state.outcome) == (Status.CONCLUDED, "granted")
    assert filed.state.variables["issue"] == {"outcome": "done", "certificate": "JY-1"}
    assert filed.state.marking == ()


def test_first_command_files(licence: Definition) -> None:
    events = file(definition=licence, facts={}, at=MONDAY, calendar=CALENDAR, limits=LIMITS, actor="wang")
    assert [event.kind for event in events] == ["case.filed"]
    assert events[0].actor == "wang"
    assert events[0].data["opens"][0] == {
        "no": 1,
        "node": "accept",
        "department": "window",
        "act": "accept",
        "due": "2026-03-03T15:59:59+00:00",
    }


def test_nothing_but_filing_comes_first(licence: Definition) -> None:
    with pytest.raises(Refused) as caught:
        decide(definition=licence, state=NEW, command=Accept(), facts={}, at=MONDAY, calendar=CALENDAR)
    assert caught.value.code == "case.not-filed"


def test_filing_twice_is_refused(filed: Life) -> None:
    assert refused(filed, File(limits=LIMITS)) == "case.already-filed"


def test_acceptance_starts_both_clocks(filed: Life) -> None:
    filed.do(Accept(), after=DAY)
    assert filed.state.status == Status.ACCEPTED
    assert due(filed) == date(2026, 3, 31)
    assert due(filed, "promised") == date(2026, 3, 13)
    assert refused(filed, Accept()) == "case.already-accepted"
    assert refused(filed, Refuse(reason="late thought")) == "case.already-accepted"


def test_refusal_of_acceptance_ends_the_case_with_its_reason(filed: Life) -> None:
    assert refused(filed, Refuse(reason=" ")) == "reason.missing"
    filed.do(Refuse(reason="another authority decides this"))
    assert filed.state.status == Status.NOT_ACCEPTED
    assert filed.state.outcome == "not_accepted"
    assert filed.log[-1].data["reason"] == "another authority decides this"
    assert (filed.state.tasks, filed.state.timers, filed.state.marking) == ((), (), ())
    assert refused(filed, Withdraw()) == "case.ended"


def test_silence_accepts_from_the_day_of_receipt(filed: Life) -> None:
    timer = filed.state.timers[0]
    assert CALENDAR.local_date(timer.due) == date(2026, 3, 9)
    assert refused(filed, FireTimer(timer=timer.no)) == "timer.not-due"
    filed.at = timer.due
    assert due_timers(state=filed.state, at=filed.at) == (timer,)
    filed.do(FireTimer(timer=timer.no))
    assert filed.log[-1].data["silent"] is True
    assert filed.log[-1].actor == "system"
    assert filed.state.accepted == MONDAY
    assert due(filed) == date(2026, 3, 30)
    assert filed.open == ["handle"]
    assert refused(filed, FireTimer(timer=timer.no)) == "timer.not-set"


def test_silence_counts_even_when_no_worker_has_looked(filed: Life) -> None:
    filed.at += timedelta(days=9)
    assert refused(filed, Refuse(reason="too late")) == "case.accepted-by-silence"
    filed.do(RequestSupplement(items=["plan"]))
    assert filed.kinds[1:] == ["case.accepted", "supplement.requested", "clock.paused"]
    assert filed.state.accepted == MONDAY


def test_accepting_after_silence_records_the_silence(filed: Life) -> None:
    filed.do(Accept(), after=timedelta(days=9), actor="li")
    assert filed.kinds == ["case.filed", "case.accepted"]
    assert filed.log[-1].data["silent"] is True
    assert filed.log[-1].actor == "system"


def test_supplement_before_acceptance_stops_the_silence(filed: Life) -> None:
    filed.do(RequestSupplement(items=["plan"], note="signed", within=Limit.parse("10 working days")), after=DAY)
    assert filed.state.status == Status.SUPPLEMENT
    assert not filed.state.timers
    assert filed.log[-1].data["due"] == "2026-03-17T15:59:59+00:00"
    assert refused(filed, Accept()) == "supplement.open"
    filed.do(AnswerSupplement(), after=timedelta(days=3))
    assert str(filed.state.status) == "received"
    assert CALENDAR.local_date(filed.state.timers[0].due) == date(2026, 3, 13)
    assert refused(filed, RequestSupplement(items=["more"])) == "supplement.already-asked"
    assert refused(filed, AnswerSupplement()) == "supplement.not-open"
    filed.at = filed.state.timers[0].due
    filed.do(FireTimer(timer=filed.state.timers[0].no))
    assert CALENDAR.local_date(filed.state.accepted or MONDAY) == date(2026, 3, 6)


def test_supplement_in_handling_pauses_the_clocks(accepted: Life) -> None:
    before = due(accepted)
    assert refused(accepted, RequestSupplement(items=[" "])) == "supplement.nothing-asked"
    accepted.do(RequestSupplement(items=["plan"]), after=DAY)
    assert accepted.kinds[-2:] == ["supplement.requested", "clock.paused"]
    accepted.do(AnswerSupplement(), after=timedelta(days=7))
    assert accepted.kinds[-2:] == ["supplement.answered", "clock.resumed"]
    assert CALENDAR.working_days_between(before, due(accepted)) == 5
    assert accepted.state.timers == ()


def test_a_clarified_information_request_has_its_whole_time_again(licence: Definition) -> None:
    life = Life(licence)
    life.file(Limits(Limit.parse("20 working days"), restarts=True))
    life.do(Accept())
    life.do(RequestSupplement(items=["which year"]), after=timedelta(days=10))
    life.do(AnswerSupplement(), after=timedelta(days=7))
    assert life.log[-1].data["restarted"] is True
    assert due(life) == CALENDAR.add_working_days(CALENDAR.local_date(life.at), 20)


def test_overlapping_pauses_end_with_the_last(split: Life) -> None:
    assert split.state.status == Status.SUSPENDED
    split.do(Suspend(procedure="hearing", reason="the neighbour asks", limit=Limit.parse("20 working days")))
    split.do(RequestSupplement(items=["plan"]))
    assert split.kinds.count("clock.paused") == 1
    split.do(Resume(), after=DAY)
    split.do(Complete(task=split.task("inspect").no), after=DAY)
    assert "clock.resumed" not in split.kinds
    split.do(AnswerSupplement(), after=DAY)
    assert split.kinds[-1] == "clock.resumed"
    assert str(split.state.status) == "accepted"


def test_suspension_needs_a_known_procedure_and_a_reason(filed: Life) -> None:
    assert (
        refused(filed, Suspend(procedure="hearing", reason="x", limit=Limit.parse("20 working days")))
        == "case.not-accepted"
    )
    filed.do(Accept())
    assert refused(filed, Suspend(procedure="lunch", reason="x")) == "suspend.unknown-procedure"
    assert refused(filed, Suspend(procedure="hearing", reason="")) == "reason.missing"
    assert refused(filed, Resume()) == "case.not-suspended"
    filed.do(Suspend(procedure="hearing", reason="asked for", limit=Limit.parse("20 working days")))
    assert refused(filed, Suspend(procedure="hearing", reason="again")) == "case.suspended"
    assert refused(filed, Complete(task=2)) == "case.suspended"


def test_extension_is_once_and_within_what_the_matter_allows(accepted: Life, ten_days: Limit) -> None:
    before = due(accepted)

    def ask(by: str, approved: str = "director", reason: str = "two sites") -> Extend:
        return Extend(by=Limit.parse(by), reason=reason, approved_by=approved)

    assert refused(accepted, ask("11 working days")) == "extend.too-long"
    assert refused(accepted, ask("0 working days")) == "extend.too-long"
    assert refused(accepted, ask("5 calendar days")) == "extend.unit"
    assert refused(accepted, ask("5 working days", approved=" ")) == "extend.no-approval"
    assert refused(accepted, ask("5 working days", reason="")) == "reason.missing"
    accepted.do(Extend(by=ten_days, reason="two sites", approved_by="director"))
    assert CALENDAR.working_days_between(before, due(accepted)) == 10
    assert refused(accepted, ask("1 working day")) == "extend.already"


def test_extension_comes_before_the_limit_ends_and_only_where_there_is_one(accepted: Life, licence: Definition) -> None:
    accepted.at += timedelta(days=60)
    late = Extend(by=Limit.parse("1 working day"), reason="x", approved_by="y")
    assert refused(accepted, late) == "extend.late"
    other = Life(licence)
    other.file(Limits(Limit.parse("20 working days")))
    assert refused(other, late) == "case.not-accepted"
    other.do(Accept())
    assert refused(other, late) == "extend.not-allowed"


def test_withdrawal_ends_everything_before_the_decision(ready: Life) -> None:
    ready.do(Withdraw(reason="moved away"))
    assert (ready.state.status, ready.state.outcome) == (Status.WITHDRAWN, "withdrawn")
    assert ready.state.statutory is not None
    assert ready.state.statutory.is_stopped
    assert (ready.state.tasks, ready.state.timers, ready.state.marking) == ((), (), ())


def test_withdrawal_while_suspended_and_while_waiting_for_the_applicant(split: Life) -> None:
    split.do(RequestSupplement(items=["plan"]))
    split.do(Withdraw(), after=DAY)
    assert split.state.status == Status.WITHDRAWN


def test_withdrawal_comes_too_late_after_the_decision(ready: Life) -> None:
    ready.do(DecideCase(task=ready.task("decide").no, outcome="denied", reason="no second exit"))
    assert refused(ready, Withdraw()) == "case.decided"
    assert refused(ready, RequestSupplement(items=["plan"])) == "case.decided"


def test_a_denial_owes_its_reason(ready: Life) -> None:
    no = ready.task("decide").no
    assert refused(ready, DecideCase(task=no, outcome="denied")) == "reason.missing"
    assert refused(ready, DecideCase(task=no, outcome="perhaps")) == "task.unknown-outcome"
    ready.do(DecideCase(task=no, outcome="denied", reason="no second exit"))
    assert ready.state.status is Status.CONCLUDED
    assert ready.open == ["deliver"]
    assert ready.state.statutory is not None
    assert ready.state.statutory.is_stopped
    ready.do(Deliver(way="counter"))
    assert ready.kinds[-2:] == ["case.delivered", "case.closed"]
    assert refused(ready, Deliver()) == "case.delivered"


def test_nobody_decides_while_the_applicant_is_asked(ready: Life) -> None:
    ready.do(RequestSupplement(items=["plan"]))
    assert refused(ready, DecideCase(task=ready.task("decide").no, outcome="granted")) == "supplement.open"


def test_each_task_has_its_own_command(ready: Life, filed: Life) -> None:
    no = ready.task("decide").no
    assert refused(ready, Complete(task=no)) == "task.wrong-act"
    assert refused(ready, RunService(task=no)) == "task.not-a-service"
    assert refused(ready, Deliver(task=no)) == "task.wrong-act"
    assert refused(ready, Deliver()) == "case.not-decided"
    assert refused(ready, Complete(task=99)) == "task.not-open"
    assert refused(ready, Accept()) == "case.already-accepted"


def test_one_claimant_at_a_time(accepted: Life) -> None:
    assert refused(accepted, Release(task=2)) == "task.not-claimed"
    accepted.do(Claim(task=2, by="li"))
    assert refused(accepted, Claim(task=2, by="zhao")) == "task.claimed-by-other"
    assert refused(accepted, Claim(task=2, by="li")) == "task.already-claimed"
    assert refused(accepted, Complete(task=2), actor="zhao") == "task.claimed-by-other"
    assert refused(accepted, Release(task=2), actor="zhao") == "task.claimed-by-other"
    accepted.do(Release(task=2), actor="li")
    accepted.do(Claim(task=2, by="zhao"))
    accepted.do(Complete(task=2), actor="zhao")
    assert refused(accepted, Claim(task=2, by="li")) == "task.not-open"


def test_outcomes_are_those_of_the_diagram(accepted: Life) -> None:
    assert refused(accepted, Complete(task=2, outcome="maybe")) == "task.unknown-outcome"
    accepted.do(Complete(task=2, outcome="fail", data={"score": 3}))
    assert accepted.state.variables["handle"] == {"outcome": "fail"}
    assert accepted.log[-2].data["data"] == {"score": 3}


def test_a_reminder_leaves_the_task_open(split: Life) -> None:
    timer = next(timer for timer in split.state.timers if split.definition.nodes[timer.node].id == "late")
    assert CALENDAR.local_date(timer.due) == date(2026, 3, 5)
    split.at = timer.due
    split.do(FireTimer(timer=timer.no))
    assert split.open == ["inspect", "fire", "remind"]
    split.do(RunService(task=split.task("remind").no))
    split.do(Complete(task=split.task("fire").no))
    assert split.state.timers == ()


def test_a_reminder_goes_with_its_task(split: Life) -> None:
    split.do(Complete(task=split.task("fire").no))
    assert split.state.timers == ()


def test_time_does_not_run_backwards(accepted: Life) -> None:
    accepted.at -= DAY
    assert refused(accepted, Complete(task=2)) == "case.time-reversed"


def test_links_say_what_was_before_and_what_it_cost(accepted: Life) -> None:
    accepted.do(Claim(task=2, by="li"), after=timedelta(hours=2))  # 9:30 to 11:30
    (event, *_) = accepted.do(Complete(task=2), after=DAY)
    assert (event.previous_activity, event.previous_department) == ("accept", "window")
    assert event.previous_at == accepted.log[1].at
    assert event.opened == MONDAY
    assert event.claimed == MONDAY + timedelta(hours=2)
    assert event.finished == event.at
    assert event.waiting == 120
    assert event.working == CALENDAR.working_minutes(MONDAY + timedelta(hours=2), event.at)
    assert accepted.log[2].previous_activity == "accept"
    assert accepted.log[2].waiting is None


def test_a_task_that_nobody_claimed_was_only_waited_for(accepted: Life) -> None:
    (event, *_) = accepted.do(Complete(task=2), after=DAY)
    assert event.working == 0
    assert event.waiting == CALENDAR.working_minutes(MONDAY, event.at)


def test_decide_leaves_linking_to_link(accepted: Life) -> None:
    (event, *_) = decide(
        definition=accepted.definition,
        state=accepted.state,
        command=Complete(task=2),
        facts={},
        at=accepted.at,
        calendar=CALENDAR,
    )
    assert event.previous_activity == ""
    linked = link(definition=accepted.definition, state=accepted.state, event=event, calendar=CALENDAR)
    assert linked.previous_activity == "accept"
    assert linked._replace(previous_activity="", previous_department="", previous_at=None, opened=None, claimed=None,
                           finished=None, waiting=None, working=None) == event  # fmt: skip


def test_preview_says_what_happens_to_the_clock(accepted: Life) -> None:
    shown = preview(
        definition=accepted.definition,
        state=accepted.state,
        command=RequestSupplement(items=["plan"]),
        facts={},
        at=accepted.at + DAY,
        calendar=CALENDAR,
    )
    assert not shown.before["statutory"].paused
    assert shown.after["statutory"].paused
    assert shown.after["statutory"].reason == "supplement"
    assert shown.status is Status.SUPPLEMENT
    assert accepted.state.status == Status.ACCEPTED


def test_without_an_acceptance_step_the_case_is_accepted_when_filed() -> None:
    life = Life(
        load_bpmn(
            bpmn(
                '<startEvent id="s"/><userTask id="t" tb:act="decide"/><endEvent id="e"/>'
                '<sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="e"/>'
            )
        )
    )
    life.file()
    assert life.kinds == ["case.filed", "case.accepted"]
    assert due(life) == date(2026, 3, 30)
    assert life.state.timers == ()
    life.do(DecideCase(task=1, outcome="granted"))
    assert life.kinds[-2:] == ["case.decided", "case.closed"]
    life.do(Deliver(way="web"))
    assert life.state.delivered
