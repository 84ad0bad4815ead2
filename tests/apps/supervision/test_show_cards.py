"""The clock shows cards: which, when, to whom, and each once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.apps.supervision.conftest import noon

from tongban.apps.cases import services as cases
from tongban.apps.cases.models import Case, Task
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.supervision import DEFAULT, CardRule, Supervision
from tongban.apps.ledger.queries import get_history, iterate_checked
from tongban.apps.supervision import issuing
from tongban.apps.supervision.models import Card
from tongban.apps.supervision.services import issue_cards, recount_cards
from tongban.kernel.clock import Limit, calendar_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``rules(CardRule(…))``: what the city has written; by default nothing."""

    def write(*given: CardRule, since: date | None = None) -> None:
        monkeypatch.setattr(issuing, "get_supervision", lambda: Supervision(rules=given, since=since))

    monkeypatch.setattr(issuing, "get_supervision", lambda: DEFAULT)
    return write


@pytest.fixture(autouse=True)
def _usual(rules: Any) -> None:
    """No test depends on what the demo city has written."""


def _cards() -> list[tuple[int, str]]:
    return sorted(Card.objects.values_list("task", "colour"))


def _step(case: Case) -> Task:
    return Task.objects.get(case=case, finished=None)


def _due(case: Case) -> datetime:
    assert case.promised_due is not None
    return case.promised_due


def test_it_works(accepted: Callable[..., Case]) -> None:
    case = accepted()
    step = _step(case)
    assert (step.node, step.act) == ("handle", "handle")
    assert issue_cards(at=noon(step.due, 1)) == 0  # one of two working days used
    assert issue_cards(at=noon(step.due, 0)) == 1
    assert _cards() == [(step.no, "yellow")]
    assert issue_cards(at=step.due) == 0
    assert issue_cards(at=step.due + timedelta(seconds=1)) == 1
    assert _cards() == [(step.no, "red"), (step.no, "yellow")]


def test_what_stands_on_a_card(accepted: Callable[..., Case], actor_for: Any, user_for: Any) -> None:
    case = accepted()
    step = _step(case)
    cases.claim(number=case.number, task=step.no, actor=actor_for("chenli"), at=step.opened + timedelta(minutes=1))
    at = noon(step.due, -1)
    issue_cards(at=at)
    card = Card.objects.get()
    assert (card.case_id, card.task, card.node) == (case.number, step.no, "handle")
    assert (card.department, card.matter, card.holder_id) == (step.department, case.matter, user_for("chenli").pk)
    assert (card.limit, card.percent, card.due, card.issued_at) == ("2 working days", 100, step.due, at)
    assert card.answered_by == "decider handler reviewer"
    assert at + timedelta(days=3) <= card.answer_due < card.appeal_due
    (event,) = get_history(case=card.number)
    assert (event.kind, event.capacity, event.department, event.node) == (
        *("card.issued", "system"),
        *(step.department, "handle"),
    )
    assert event.data["holder"] == f"user:{user_for('chenli').pk}"


def test_the_case_as_a_whole(accepted: Callable[..., Case]) -> None:
    case = accepted()
    due = _due(case)
    Task.objects.filter(case=case, finished=None).update(due=due)  # a step that has no limit of its own
    assert issue_cards(at=noon(due, 1)) == 0  # 7 of 8 working days: 87 %
    assert issue_cards(at=noon(due, 0)) == 1
    assert issue_cards(at=due + timedelta(seconds=1)) == 1
    assert _cards() == [(0, "red"), (0, "yellow")]
    assert {(card.department, card.node, card.holder_id is None) for card in Card.objects.all()} == {
        (case.authority_id, "", True)
    }


def test_what_is_late_when_it_is_first_looked_at_gets_red_alone(accepted: Callable[..., Case]) -> None:
    case = accepted()
    assert issue_cards(at=_due(case) + timedelta(days=1)) == 2
    assert {colour for _, colour in _cards()} == {"red"}
    assert issue_cards(at=_due(case) - timedelta(days=1)) == 0  # a clock that was put back


def test_a_longer_limit_is_measured_as_it_is_now(accepted: Callable[..., Case], actor_for: Any) -> None:
    case = accepted()
    assert case.accepted_at is not None
    Task.objects.filter(case=case, finished=None).update(due=_due(case))
    more, soon = Limit.parse("10 working days"), case.accepted_at + timedelta(hours=1)
    cases.extend(number=case.number, by=more, reason="Much to see.", actor=actor_for("hejun"), at=soon)
    case.refresh_from_db()
    due = _due(case)
    Task.objects.filter(case=case, finished=None).update(due=due)
    assert issue_cards(at=noon(due, 2)) == 0  # 16 of 18: 88 %
    assert issue_cards(at=noon(due, 1)) == 1  # 17 of 18: 94 %
    assert Card.objects.get().limit == "18 working days"


def test_while_the_clock_stands_still_there_are_no_cards(accepted: Callable[..., Case], act: Any) -> None:
    case = accepted()
    assert case.accepted_at is not None
    asked = case.accepted_at + timedelta(hours=1)
    act(case.number, "request_supplement", by="chenli", at=asked, items=["floor_plan"], note="", within=None)
    assert issue_cards(at=_due(case) + timedelta(days=30)) == 0


def test_what_is_decided_is_measured_against_its_delivery(granted: Callable[..., int]) -> None:
    number = granted()
    step = Task.objects.filter(case=number, finished=None).first()
    assert step is not None
    assert step.act == "deliver"
    assert issue_cards(at=noon(step.due, 2)) == 0
    assert issue_cards(at=noon(step.due, 1)) == 1  # 9 of 10 working days
    assert Card.objects.get().limit == "10 working days"


def test_before_acceptance_the_step_is_watched(file_case: Any) -> None:
    number = file_case()
    step = Task.objects.get(case=number)
    issue_cards(at=step.due + timedelta(seconds=1))
    assert list(Card.objects.values_list("task", "colour", "department")) == [(step.no, "red", step.department)]


def test_what_is_over_gets_no_card(accepted: Callable[..., Case], actor_for: Any) -> None:
    case = accepted()
    assert case.accepted_at is not None
    soon = case.accepted_at + timedelta(hours=1)
    cases.withdraw(number=case.number, reason="", actor=actor_for("linxiaomei"), at=soon)
    assert issue_cards(at=_due(case) + timedelta(days=1)) == 0


def test_rules_of_the_city(accepted: Callable[..., Case], rules: Any) -> None:
    case = accepted()
    at = _due(case) + timedelta(seconds=1)
    rules()
    assert issue_cards(at=at) == 0
    rules(CardRule(matters=frozenset({"shop-sign"})))
    assert issue_cards(at=at) == 0
    rules(CardRule(matters=frozenset({case.matter}), cards=frozenset()), CardRule())
    assert issue_cards(at=at) == 0
    rules(CardRule(), since=at.date() + timedelta(days=2))
    assert issue_cards(at=at) == 0
    rules(CardRule(steps=frozenset({"inspect"})), CardRule(of="case", answered_by=frozenset({"decider"})))
    assert issue_cards(at=at) == 1
    assert (Card.objects.get().task, Card.objects.get().answered_by) == (0, "decider")
    rules(replace(DEFAULT.rules[0], of="step"))
    assert issue_cards(at=at) == 1


def test_the_limit_of_the_law_may_count(accepted: Callable[..., Case], rules: Any) -> None:
    case = accepted()
    assert case.statutory_due is not None
    rules(CardRule(of="case", limit="statutory"))
    assert issue_cards(at=_due(case) + timedelta(seconds=1)) == 0
    assert issue_cards(at=case.statutory_due + timedelta(seconds=1)) == 1
    assert (Card.objects.get().limit, Card.objects.get().due) == ("20 working days", case.statutory_due)


def test_each_card_has_a_log_that_holds(accepted: Callable[..., Case]) -> None:
    case = accepted()
    before = get_history(case=case.number)
    issue_cards(at=_due(case) + timedelta(days=1))
    assert [checked.broken for checked in iterate_checked() if checked.broken is not None] == []
    assert {checked.case for checked in iterate_checked()} >= set(Card.objects.values_list("number", flat=True))
    assert get_history(case=case.number) == before  # the case does not know


def test_a_look_takes_no_more_queries_for_more_cases(accepted: Callable[..., Case]) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            case = accepted()
        at = _due(case) + timedelta(days=1)
        issue_cards(at=at)
        with CaptureQueriesContext(connection) as queries:
            assert issue_cards(at=at) == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_page_by_page_nothing_is_passed_over(accepted: Callable[..., Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "BATCH", 2)
    made = [accepted() for _ in range(5)]
    assert issue_cards(at=_due(made[-1]) + timedelta(days=1)) == 2 * len(made)


def test_a_holiday_announced_late_moves_its_days(
    accepted: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later, on record, once; a day made up for takes nothing away."""
    case = accepted()
    at = noon(_step(case).due, 0)
    issue_cards(at=at)
    before = Card.objects.get()
    calendar = get_calendar()
    day = calendar.add_working_days(calendar.local_date(at), 1)
    for overrides, moved in (({day: False}, 1), ({day: False}, 0), ({}, 0)):
        changed = calendar_for(overrides=overrides)
        monkeypatch.setattr("tongban.apps.supervision.recounting.get_calendar", lambda now=changed: now)
        assert recount_cards(notice="明政办发〔2026〕31号", at=at) == moved
    card = Card.objects.get()
    for name in ("answer_due", "appeal_due"):
        was, now = calendar.local_date(getattr(before, name)), calendar.local_date(getattr(card, name))
        assert now == calendar.add_working_days(was, 1), name
    last = get_history(case=card.number)[-1]
    assert (last.kind, last.data["notice"]) == ("card.recounted", "明政办发〔2026〕31号")
