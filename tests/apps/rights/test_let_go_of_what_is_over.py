"""What need not be kept any longer is let go of, on record; what is not over, or is held, never loses anything."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tongban.apps.cases.errors import CaseUnderWay
from tongban.apps.cases.models import Case, Material, Rating
from tongban.apps.cases.proof import verify
from tongban.apps.cases.queries import get_case
from tongban.apps.cases.services import erase, rate
from tongban.apps.catalog.definitions import Article, Retention, Text
from tongban.apps.evidence.errors import FileRemoved
from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import read_file
from tongban.apps.exchange.extracts import list_extracts_of_case
from tongban.apps.exchange.models import Extract
from tongban.apps.people.sealing import seal
from tongban.apps.rights.errors import ReasonMissing, UnknownHold
from tongban.apps.rights.holds import reasons_to_keep
from tongban.apps.rights.models import Hold, Look, Removal
from tongban.apps.rights.queries import get_removal
from tongban.apps.rights.services import lift_hold, place_hold, record_look, sweep

pytestmark = pytest.mark.django_db
LATER = timedelta(days=366 * 11)


@pytest.fixture
def over(file_case: Any, act: Any) -> Callable[[], int]:
    """A food business licence that was denied and is over, with a file in it."""

    def bring() -> int:
        number: int = file_case()
        act(number, "accept", by="wangqian")
        for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
            act(number, "complete", by=officer, node=node, outcome="pass", opinion="Seen.")
        act(number, "decide", by="hejun", node="decide", outcome="denied", reason="No sink.")
        act(number, "deliver", by="wangqian", way="counter")
        return number

    return bring


def _state(number: int) -> tuple[bool, int]:
    case = Case.objects.get(pk=number)
    return bool(case.answers), Material.objects.filter(case=number, file__removed_at=None).count()


def test_it_works(over: Any, actor_for: Any, django_capture_on_commit_callbacks: Any) -> None:
    number, now = over(), timezone.now()
    rate(number=number, grade=2, words="Call me.", shown=True, actor=actor_for("linxiaomei"), at=now)
    file = Material.objects.get(case=number).file
    assert sweep(at=now) == []
    with django_capture_on_commit_callbacks(execute=True):
        (line,) = sweep(at=now + LATER)
    assert (line.matter, line.cases, line.files, line.kept) == ("food-business-licence", 1, 1, 0)
    case = Case.objects.get(pk=number)
    assert (case.answers, case.applicant_name) == ({}, "林**")
    assert Rating.objects.get(case=number).words == ""
    file.refresh_from_db()
    assert (file.name, file.removed_at) == ("", now + LATER)
    with pytest.raises(FileRemoved):
        read_file(sha256=file.sha256)
    removal = get_removal(case=number)
    assert removal is not None
    assert (removal.because, removal.files, removal.article.en) == ("sweep", 1, "Article 19")
    assert verify(case=number).holds  # the log holds no answers: it is whole
    assert get_case(number=number, actor=actor_for("linxiaomei"), at=now).answers == {}
    assert sweep(at=now + LATER) == []  # once


@pytest.mark.parametrize("reached", ["received", "supplement", "accepted", "suspended", "reviewed"])
def test_an_undecided_case_loses_nothing_however_old_it_is(file_case: Any, act: Any, reached: str) -> None:
    """RULES.md, what users suffer from, no. 8; and whoever asks for it directly is refused."""
    number = file_case()
    if reached == "supplement":
        act(number, "request_supplement", by="wangqian", items=["floor_plan"], note="", within=None)
    elif reached != "received":
        act(number, "accept", by="wangqian")
    if reached == "reviewed":
        act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.")
    if reached == "suspended":
        from tongban.kernel.clock import Limit

        act(number, "suspend", by="chenli", procedure="expert_review", limit=Limit.parse("9 working days"), reason="x")
    before = _state(number)
    assert before == (True, 1)
    for years in (1, 5, 30):
        sweep(at=timezone.now() + years * LATER)
    with pytest.raises(CaseUnderWay):
        erase(number=number, at=timezone.now() + LATER)
    assert _state(number) == before
    assert read_file(sha256=Material.objects.get(case=number).file.sha256)


def test_decided_but_not_in_the_applicants_hands_is_not_over(granted: Any) -> None:
    number = granted()
    sweep(at=timezone.now() + LATER)
    assert _state(number)[0]


def test_a_hold_keeps_it_until_it_is_lifted(over: Any, actor_for: Any) -> None:
    number, officer, later = over(), actor_for("hejun"), timezone.now() + LATER
    view = get_case(number=number, actor=officer, at=later)
    with pytest.raises(ReasonMissing):
        place_hold(view=view, kind="named", reason=" ", actor=officer, at=later)
    hold = place_hold(view=view, kind="objection", reason="Reconsideration filed.", actor=officer, at=later)
    (line,) = sweep(at=later)
    assert (line.cases, line.kept) == (0, 1)
    lift_hold(view=view, hold=hold, actor=officer, at=later)
    with pytest.raises(UnknownHold):
        lift_hold(view=view, hold=hold, actor=officer, at=later)
    assert sweep(at=later)[0].cases == 1
    assert Hold.objects.get().lifted_at == later


def test_a_hold_that_comes_in_between_is_seen_under_the_lock(
    over: Any, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, officer, later = over(), actor_for("hejun"), timezone.now() + LATER
    seen: list[dict[int, str]] = [{}]
    asked_of = "tongban.apps.rights.retention.reasons_to_keep"
    monkeypatch.setattr(asked_of, lambda **asked: seen.pop() if seen else reasons_to_keep(**asked))
    Hold.objects.create(case=number, kind="named", reason="x", placed_by=officer.id, placed_at=later)
    sweep(at=later)
    assert _state(number)[0]
    assert not Removal.objects.exists()


def test_a_certificate_that_still_holds_keeps_its_case(granted: Any, act: Any) -> None:
    number = granted()
    act(number, "deliver", by="wangqian", way="counter")
    Certificate.objects.filter(case=number).update(valid_until=timezone.localdate() + 2 * LATER)
    assert sweep(at=timezone.now() + LATER)[0].kept == 1
    Certificate.objects.filter(case=number).update(valid_until=timezone.localdate())
    assert sweep(at=timezone.now() + LATER)[0].cases == 1


def test_a_complaint_of_a_look_that_is_not_decided_keeps_it(over: Any, file_case: Any, actor_for: Any) -> None:
    number, officer, now = over(), actor_for("chenli"), timezone.now()
    record_look(view=get_case(number=number, actor=officer, at=now), actor=officer, at=now)
    file_case(matter="data-use-complaint", look=f"L{Look.objects.get().pk}")
    (line,) = sweep(at=now + LATER)
    assert (line.cases, line.kept) == (0, 1)


def test_bytes_that_somebody_else_has_too_stay(
    over: Any, file_case: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first, other = over(), file_case()
    with django_capture_on_commit_callbacks(execute=True):
        sweep(at=timezone.now() + LATER)
    kept = Material.objects.get(case=other).file
    assert kept.sha256 == Material.objects.get(case=first).file.sha256
    assert read_file(sha256=kept.sha256)


def test_a_dry_run_tells_and_changes_nothing(over: Any) -> None:
    number, told = over(), io.StringIO()
    Case.objects.filter(pk=number).update(decided_at=timezone.now() - LATER, closed_at=timezone.now() - LATER)
    call_command("retention", "sweep", "--dry-run", stdout=told)
    assert "food-business-licence: 1 cases, 1 files" in told.getvalue()
    assert _state(number) == (True, 1)
    call_command("retention", "sweep", "--limit", "1", stdout=told)
    assert _state(number) == (False, 0)
    call_command("retention", "record", stdout=told)
    assert f"{number:016d} food-business-licence (sweep)" in told.getvalue()


def test_a_matter_may_keep_it_for_another_time(file_case: Any) -> None:
    """The noise complaint says two years; the city says ten for all others."""
    number, now = file_case(matter="noise-complaint"), timezone.now()
    Case.objects.filter(pk=number).update(outcome="denied", decided_at=now, closed_at=now)
    assert sweep(at=now + timedelta(days=720)) == []
    assert sweep(at=now + timedelta(days=735))[0].matter == "noise-complaint"


def test_the_cost_of_looking_does_not_grow_with_what_is_not_due(over: Any) -> None:
    over()
    with CaptureQueriesContext(connection) as few:
        sweep(at=timezone.now())
    over()
    with CaptureQueriesContext(connection) as more:
        sweep(at=timezone.now())
    assert len(more) == len(few)


@given(months=st.integers(6, 600), day=st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)))
def test_nothing_goes_before_its_last_day(months: int, day: date) -> None:
    kept = Retention(months, Article(Text("", ""), Text("", "")))
    assert kept.since(kept.until(day)) <= day  # on the last day itself it is not past
    assert kept.until(day) > day


def test_what_registers_said_for_it_goes_with_its_answers(over: Any) -> None:
    number, now = over(), timezone.now()
    Extract.objects.create(
        draft=uuid4(), case=number, register="company", of="organisation", state="taken", values_sealed=seal("{}")
    )
    sweep(at=now)
    assert [row.state for row in list_extracts_of_case(case=number)] == ["taken"]
    sweep(at=now + LATER)
    assert list_extracts_of_case(case=number) == []
