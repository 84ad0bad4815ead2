"""A case waits for a message or signal; who tells it, what cases tell each other, and that nothing of it is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.errors import NotYours, UnknownCase, UnknownEvent
from tongban.apps.cases.models import Case, Sending, Task, Waiting
from tongban.apps.cases.proof import verify
from tongban.apps.cases.queries import has_sendings
from tongban.apps.cases.services import telling, way
from tongban.apps.cases.tasks import do_what_is_due
from tongban.apps.catalog.queries import get_version
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.actors import SYSTEM
from tongban.kernel import flow
from tongban.kernel.flow import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reporting")]
Bring = Callable[..., int]


@pytest.fixture
def bring(file_case: Any, act: Any) -> Bring:
    """A case in review, or, with ``waiting``, one whose reviewer waits for the report."""

    def to(*, waiting: bool = True, **given: Any) -> int:
        number: int = file_case(**given)
        act(number, "accept", by="wangqian")
        for node in ("handle", "inspect"):
            act(number, "complete", by="chenli", node=node, outcome="pass", opinion="")
        if waiting:
            act(number, "complete", by="hejun", node="review", outcome="fail", opinion="")
        return number

    return to


def _open(number: int) -> list[str]:
    return list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True))


def _waiting(number: int) -> set[tuple[str, str]]:
    return set(Waiting.objects.filter(case=number).values_list("kind", "name"))


def _tell(number: int, name: str, actor: Any, **more: Any) -> None:
    data = more.pop("data", {})
    services.receive_message(number=number, name=name, data=data, actor=actor, at=timezone.now(), **more)


def _holds(number: int) -> None:
    """Rows, log and the table of what is waited for say the same."""
    case = Case.objects.get(pk=number)
    process = get_version(version_id=case.matter_version_id).definition.process
    state = flow.replay(definition=process, events=get_history(case=number))
    assert flow.state_to_json(state) == case.state
    expected = flow.expected_events(definition=process, state=state)
    assert _waiting(number) == {(one.kind, name) for one in expected for name in one.names}
    assert not verify(case=number).broken


def test_it_works(bring: Bring, actor_for: Any) -> None:
    number = bring()
    assert _open(number) == []
    assert ("message", "report") in _waiting(number)
    _tell(number, "report", actor_for("chenli"), data={"grade": "A", "samples": 3})
    assert _open(number) == ["decide"]
    event = next(event for event in get_history(case=number) if event.kind == "message.received")
    assert (event.data["name"], event.data["data"]) == ("report", {"grade": "A", "samples": 3})
    assert (event.actor, event.capacity) == (actor_for("chenli").id, "officer")
    assert _waiting(number) == set()
    _holds(number)


def test_a_message_at_the_border_of_a_step(bring: Bring) -> None:
    number = bring(waiting=False)
    assert {("message", "findings"), ("signal", "alarm")} <= _waiting(number)
    _tell(number, "findings", SYSTEM)
    assert _open(number) == ["handle"]
    assert ("message", "findings") not in _waiting(number)
    _holds(number)


def test_what_is_not_waited_for_is_refused(bring: Bring, actor_for: Any) -> None:
    number = bring()
    before = Case.objects.get(pk=number).last_hash
    with pytest.raises(Refused) as refused:
        _tell(number, "findings", actor_for("chenli"))
    assert refused.value.code == "event.not-awaited"
    with pytest.raises(UnknownEvent):
        _tell(number, "rapport", actor_for("chenli"))
    with pytest.raises(UnknownEvent):  # nobody waits for it: it is only a message
        services.receive_signal(number=number, name="report", data={}, actor=SYSTEM, at=timezone.now())
    assert Case.objects.get(pk=number).last_hash == before


def test_who_may_tell(bring: Bring, actor_for: Any) -> None:
    number = bring()
    for who, error in (("linxiaomei", NotYours), ("wangqian", NotYours), ("luhao", UnknownCase)):
        with pytest.raises(error):
            _tell(number, "report", actor_for(who))
        with pytest.raises(error):
            services.record_arrival(number=number, node="report", note="", actor=actor_for(who), at=timezone.now())
    with pytest.raises(UnknownCase):
        _tell(number, "report", actor_for("wuxiaochuan"))
    assert _open(number) == []


def test_an_officer_records_an_arrival(bring: Bring, actor_for: Any) -> None:
    number, officer = bring(), actor_for("chenli")
    services.record_arrival(number=number, node="report", note="By post", actor=officer, at=timezone.now())
    assert _open(number) == ["decide"]
    with pytest.raises(Refused, match=r"event\.not-awaited"):
        services.record_arrival(number=number, node="report", note="", actor=officer, at=timezone.now())


def test_a_step_reports_an_error(file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    with pytest.raises(Refused, match=r"event\.not-caught"):
        act(number, "raise_event", by="chenli", node="handle", name="OTHER", kind="error", reason="")
    act(number, "raise_event", by="chenli", node="handle", name="GONE", kind="error", reason="The shop is gone.")
    assert _open(number) == ["decide"]
    _holds(number)


def test_what_one_case_says_reaches_those_who_wait(bring: Bring, actor_for: Any) -> None:
    """The signal all who wait for it; the message only the same applicant's."""
    first, same = bring(), bring()
    other = bring(username="wuxiaochuan")
    review = bring(username="wuxiaochuan", waiting=False)
    _tell(first, "report", actor_for("chenli"))
    assert Sending.objects.count() == 2
    assert has_sendings(at=timezone.now())
    while do_what_is_due.call():
        pass
    assert _open(review) == ["handle"]
    assert _open(same) == ["decide"]
    assert _open(other) == []
    assert not Sending.objects.exists()
    assert not has_sendings(at=timezone.now())
    signal = next(event for event in get_history(case=review) if event.kind == "signal.received")
    assert (signal.actor, signal.capacity) == ("system", "system")
    for number in (first, same, other, review):
        _holds(number)


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    bring: Bring, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews = sorted(bring(waiting=False, username=who) for who in ("linxiaomei", "wuxiaochuan", "linxiaomei"))
    services.broadcast_signal(
        name="alarm", data={}, authority="market-regulation", actor=actor_for("chenli"), at=timezone.now()
    )
    run = way.run
    seen: list[int] = []

    def killed(journal: Any, *args: Any, **kwargs: Any) -> None:
        run(journal, *args, **kwargs)
        seen.append(journal.case.number)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(telling, "run", killed)
    with pytest.raises(KeyboardInterrupt):
        services.pass_on(at=timezone.now())
    monkeypatch.undo()
    assert [_open(number) for number in reviews] == [["handle"], ["review"], ["review"]]
    assert services.pass_on(at=timezone.now()) == 2
    assert services.pass_on(at=timezone.now()) == 0
    for number in reviews:
        kinds = [event.kind for event in get_history(case=number)]
        assert kinds.count("signal.received") == 1
        _holds(number)


def test_a_case_that_cannot_go_on_holds_up_nobody(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, other = sorted(bring(waiting=False, username=who) for who in ("linxiaomei", "wuxiaochuan"))
    now = timezone.now()
    services.broadcast_signal(name="alarm", data={}, authority="", actor=SYSTEM, at=now)
    run = way.run

    def refusing(journal: Any, *args: Any, **kwargs: Any) -> None:
        if journal.case.number == stuck:
            raise Refused("flow.no-branch")
        run(journal, *args, **kwargs)

    monkeypatch.setattr(telling, "run", refusing)
    assert services.pass_on(at=now) == 1
    assert _open(other) == ["handle"]
    assert Sending.objects.get().target_id == stuck
    assert services.pass_on(at=now + timedelta(hours=1)) == 0  # refused again, put off again
    monkeypatch.undo()
    assert services.pass_on(at=now + timedelta(hours=2)) == 1
    assert _open(stuck) == ["handle"]
    assert not Sending.objects.exists()


def test_it_does_not_reach_those_who_begin_to_wait_later(bring: Bring) -> None:
    sent = timezone.now()
    services.broadcast_signal(name="alarm", data={}, authority="", actor=SYSTEM, at=sent)
    late = bring(waiting=False)
    assert services.pass_on(at=timezone.now()) == 0
    assert _open(late) == ["review"]
    assert not Sending.objects.exists()


def test_who_may_send_to_all(bring: Bring, actor_for: Any) -> None:
    number = bring(waiting=False)
    for who, where in (("chenli", ""), ("chenli", "fire-rescue"), ("linxiaomei", "market-regulation")):
        with pytest.raises(NotYours):
            services.broadcast_signal(name="alarm", data={}, authority=where, actor=actor_for(who), at=timezone.now())
    services.broadcast_signal(name="alarm", data={}, authority="fire-rescue", actor=SYSTEM, at=timezone.now())
    assert services.pass_on(at=timezone.now()) == 0
    assert _open(number) == ["review"]


def test_cases_that_only_wake_each_other_up_stop(bring: Bring) -> None:
    number = bring()
    Sending.objects.create(
        kind="message", name="report", target_id=number, hops=60, sent=timezone.now(), due=timezone.now()
    )
    assert services.pass_on(at=timezone.now()) == 1
    assert _open(number) == ["decide"]
    assert not Sending.objects.exists()


def test_a_withdrawn_case_waits_for_nothing(bring: Bring, actor_for: Any) -> None:
    number = bring()
    services.withdraw(number=number, reason="", actor=actor_for("linxiaomei"), at=timezone.now())
    assert _waiting(number) == set()
