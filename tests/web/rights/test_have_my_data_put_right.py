"""What is wrong is put right, what may go is deleted; what stays is said with the law that keeps it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case, Material
from tongban.apps.channels.models import Notice
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Person
from tongban.apps.people.queries import get_phone, get_profile
from tongban.apps.rights.models import CarriedOut, Removal
from tongban.kernel.flow import Refused

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]


@pytest.fixture
def decided(file_case: Any, act: Any) -> Callable[..., int]:
    """A request of Wu Xiaochuan's about his data, decided."""

    def bring(matter: str, outcome: str = "granted", **answers: Any) -> int:
        number: int = file_case(username="wuxiaochuan", matter=matter, answers=answers)
        act(number, "accept", by="yaoqi")
        act(number, "complete", by="yaoqi", node="handle", outcome="pass", opinion="Checked.")
        act(number, "decide", by="luqing", node="decide", outcome=outcome, reason="" if outcome == "granted" else "No.")
        return number

    return bring


def _wu() -> Person:
    return Person.objects.get(user__username="wuxiaochuan")


def test_a_name_is_put_right(client_for: For, decided: Any) -> None:
    number = decided("data-correction", corrects="name", new_name="吴晓川", why="A slip.")
    officer, page = client_for("yaoqi"), f"/desk/cases/{number:016d}/carry-out/"
    assert page in officer.get(f"/desk/cases/{number:016d}/").text
    told = officer.get(page).text
    assert "The name on file was put right." in told
    assert "It cannot be taken back" in told
    assert _wu().name == "吴小川"  # what it would do was tried and taken back
    assert officer.post(page).status_code == 302
    assert get_profile(person_id=_wu().pk).name == "吴晓川"
    case = Case.objects.get(pk=number)
    assert (case.applicant_name, case.closed_at is not None) == ("吴小川", True)  # as it was filed; and delivered
    assert (
        "What was filed before stays as it was filed." in client_for("wuxiaochuan").get(f"/cases/{number:016d}/").text
    )
    assert "Carried out on" in officer.get(page).text


def test_a_mobile_is_put_right_and_stands_in_forms_from_then_on(client_for: For, decided: Any) -> None:
    number = decided("data-correction", corrects="phone", new_phone="13900000094", why="A new one.")
    client_for("yaoqi").post(f"/desk/cases/{number:016d}/carry-out/")
    assert get_phone(person_id=_wu().pk) == "13900000094"
    assert "139****0094" in client_for("wuxiaochuan").get("/me/data/").text
    assert "13900000094" not in str(CarriedOut.objects.values_list("done", "kept"))


def test_what_may_go_goes_and_what_stays_says_why(
    client_for: For, decided: Any, file_case: Any, catch_up: Any, begin_draft: Callable[[], None]
) -> None:
    old, recent, open_case = (file_case(username="wuxiaochuan", matter="noise-complaint") for _ in range(3))
    now = timezone.now()
    for number, ago in ((old, 800), (recent, 30)):
        came_out = now - timedelta(days=ago)
        Case.objects.filter(pk=number).update(outcome="denied", decided_at=came_out, closed_at=came_out)
    catch_up()
    Notice.objects.filter(person=_wu()).update(read_at=now)
    legal = Notice.objects.filter(person=_wu(), legal=True).count()
    begin_draft()
    number = decided("data-deletion", deletes=["cases", "drafts", "notices", "phone"], understood=True)
    client_for("yaoqi").post(f"/desk/cases/{number:016d}/carry-out/")
    told = client_for("wuxiaochuan").get(f"/cases/{number:016d}/").text
    for words in (
        "Drafts that were not sent: 1 deleted.",
        "answers and papers of 1 deleted",
        "Answers and papers of 1 cases are kept by law",
        "Personal Information Protection Law, Article 19",
        "2 of your cases are under way",
        "prove what was done",
    ):
        assert words in told, words
    assert Case.objects.get(pk=old).answers == {}
    assert Removal.objects.get().because == str(number)
    assert Case.objects.get(pk=recent).answers
    assert Case.objects.get(pk=open_case).answers
    assert not Draft.objects.filter(case=None).exists()
    assert Notice.objects.filter(person=_wu(), read_at__isnull=False, legal=False).count() == 0
    assert Notice.objects.filter(person=_wu(), legal=True).count() >= legal
    assert get_phone(person_id=_wu().pk) == ""


@pytest.fixture
def begin_draft(client_for: For) -> Callable[[], None]:
    """A draft of Wu Xiaochuan's that is not sent."""

    def begin() -> None:
        key = f"person:{_wu().pk}"
        client_for("wuxiaochuan").post("/matters/food-business-licence/start", {"applicant": key})

    return begin


def test_it_is_done_once(client_for: For, decided: Any) -> None:
    number = decided("data-correction", corrects="phone", new_phone="13900000094", why="A new one.")
    page, officer = f"/desk/cases/{number:016d}/carry-out/", client_for("yaoqi")
    officer.post(page)
    assert "has been done" in officer.post(page, follow=True).text
    assert CarriedOut.objects.count() == 1


def test_where_the_delivery_fails_nothing_is_done(
    client_for: For, decided: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = decided("data-correction", corrects="phone", new_phone="13900000094", why="A new one.")

    def refuse(**_given: object) -> None:
        raise Refused("task.claimed-by-other")

    monkeypatch.setattr("tongban.apps.rights.requests.deliver", refuse)
    answer = client_for("yaoqi").post(f"/desk/cases/{number:016d}/carry-out/", follow=True)
    assert "A colleague is working on this step" in answer.text
    assert get_phone(person_id=_wu().pk) == "13900000004"
    assert not CarriedOut.objects.exists()


def test_what_was_not_granted_is_not_carried_out(client_for: For, decided: Any, file_case: Any) -> None:
    denied = decided("data-correction", "denied", corrects="phone", new_phone="13900000094", why="A new one.")
    fresh = file_case(username="wuxiaochuan", matter="data-deletion")
    other = file_case(username="wuxiaochuan", matter="information-request")
    for number in (denied, fresh, other):
        client_for("yaoqi").post(f"/desk/cases/{number:016d}/carry-out/")
        assert client_for("yaoqi").get(f"/desk/cases/{number:016d}/carry-out/").status_code == 409
    assert get_phone(person_id=_wu().pk) == "13900000004"


def test_only_its_authority_carries_it_out(client_for: For, decided: Any) -> None:
    number = decided("data-correction", corrects="phone", new_phone="13900000094", why="A new one.")
    page = f"/desk/cases/{number:016d}/carry-out/"
    for other, status in (
        ("chenli", 404),
        ("wangqian", 404),
        ("luqing", 403),
        ("liangchen", 403),
        ("wuxiaochuan", 403),
    ):
        assert client_for(other).post(page).status_code == status, other
    assert "/account/login/" in client_for("").post(page)["Location"]
    assert get_phone(person_id=_wu().pk) == "13900000004"


def test_the_way_there_begins_at_my_data(client_for: For) -> None:
    page = client_for("wuxiaochuan").get("/me/data/").text
    assert "/matters/data-correction/start" in page
    assert "/matters/data-deletion/start" in page


def test_papers_go_with_a_case_that_is_deleted(client_for: For, decided: Any, file_case: Any) -> None:
    number, long_ago = file_case(username="wuxiaochuan"), timezone.now() - timedelta(days=366 * 11)
    Case.objects.filter(pk=number).update(outcome="denied", decided_at=long_ago, closed_at=long_ago)
    request = decided("data-deletion", deletes=["cases"], understood=True)
    client_for("yaoqi").post(f"/desk/cases/{request:016d}/carry-out/")
    assert Material.objects.get(case=number).file.removed_at is not None
