"""A resident files without a paper that may follow, is told by when, and hands it in on the page of the case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.conftest import PNG

from tongban.apps.cases.models import Case, Material, Timer
from tongban.apps.cases.services import fire_due_timers
from tongban.apps.catalog.city import get_calendar
from tongban.apps.intake.services import start
from tongban.apps.ledger.queries import get_history
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db

HARD = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
TEN_DAYS = Limit.parse("10 working days")


@pytest.fixture
def owing(file_case: Any) -> Callable[..., int]:
    """A case that was filed without the paper that may follow."""
    return lambda **given: file_case(matter="student-aid", **(HARD | given))


def _due(number: int) -> datetime:
    return get_calendar().deadline(start=Case.objects.get(pk=number).filed_at, limit=TEN_DAYS)


def test_it_works(client_for: Callable[..., Client], owing: Any, a_photo: Any) -> None:
    number = owing()
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{number}/")
    assert f"/cases/{number}/papers/" in page.text
    assert "Something that shows the hardship" in client.get(f"/cases/{number}/papers/").text
    response = client.post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo("letter.png")})
    assert response["Location"] == f"/cases/{number}/"
    assert Material.objects.get(case=number).code == "hardship_proof"
    page = client.get(f"/cases/{number}/")
    assert f"/cases/{number}/papers/" not in page.text
    assert "You handed in what was to follow" in page.text


def test_the_case_is_accepted_with_a_promise(owing: Any, act: Any) -> None:
    number = owing()
    due = _due(number)
    promised = get_history(case=number)[0].data["later"]["hardship_proof"]
    assert datetime.fromisoformat(promised) == due
    assert Case.objects.get(pk=number).later_due == due
    act(number, "accept", by="wangqian")
    case = Case.objects.get(pk=number)
    assert (case.status, case.paused) == ("accepted", False)


def test_the_review_says_by_when(client_for: Callable[..., Client], actor_for: Any, owing: Any) -> None:
    actor, now = actor_for("linxiaomei"), timezone.now()
    key = f"person:{actor.person_id}"
    draft = start(actor=actor, matter="student-aid", applicant_key=key, channel="web", at=now)
    client = client_for("linxiaomei")
    given = Case.objects.get(pk=owing()).answers
    client.post(f"/drafts/{draft}/family/", {name: str(given[name]) for name in HARD})
    assert (
        "You may also hand it in later, within 10 working days of filing."
        in client.get(f"/drafts/{draft}/materials/").text
    )
    page = client.get(f"/drafts/{draft}/review/")
    assert [name.en for name, _ in page.context["promised"]] == ["Something that shows the hardship"]
    assert "you promise to hand these in by then" in page.text
    client.post(f"/drafts/{draft}/materials/", {"file-hardship_proof": _photo(), "action": "add"})
    assert client.get(f"/drafts/{draft}/review/").context["promised"] == []


def _photo() -> Any:
    import io

    file = io.BytesIO(PNG)
    file.name = "letter.png"
    return file


def test_the_receipt_says_it(client_for: Callable[..., Client], owing: Any) -> None:
    number = owing()
    assert "The work does not wait for it." in client_for("linxiaomei").get(f"/cases/{number}/receipt/").text


def test_what_is_filed_with_everything_promises_nothing(file_case: Any, client_for: Callable[..., Client]) -> None:
    number = file_case(matter="student-aid")  # on a register: nothing to show
    case = Case.objects.get(pk=number)
    assert case.later_due is None
    client = client_for("linxiaomei")
    assert f"/cases/{number}/papers/" not in client.get(f"/cases/{number}/").text
    response = client.post(f"/cases/{number}/papers/", {"file-hardship_proof": _photo()}, follow=True)
    assert "there is nothing to hand in" in response.text
    assert not Material.objects.filter(case=number).exists()


def test_nothing_is_no_answer(client_for: Callable[..., Client], owing: Any) -> None:
    number = owing()
    response = client_for("linxiaomei").post(f"/cases/{number}/papers/", {})
    assert response.status_code == 422
    assert "Please choose a file" in response.text
    assert Case.objects.get(pk=number).later_due is not None


def test_a_wrong_file_changes_nothing(client_for: Callable[..., Client], owing: Any, a_photo: Any) -> None:
    number = owing()
    files = {"file-hardship_proof": a_photo("letter.png", b"not a picture")}
    response = client_for("linxiaomei").post(f"/cases/{number}/papers/", files)
    assert response.status_code == 422
    assert "We cannot read this kind of file" in response.text
    assert not Material.objects.filter(case=number).exists()


def test_sent_twice_it_counts_once(client_for: Callable[..., Client], owing: Any, a_photo: Any) -> None:
    number = owing()
    client = client_for("linxiaomei")
    for _ in range(2):
        client.post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    assert Material.objects.filter(case=number).count() == 1
    assert [event.kind for event in get_history(case=number)].count("material.handed_in") == 1


def test_late_is_on_record_and_not_too_late(
    client_for: Callable[..., Client], owing: Any, act: Any, a_photo: Any
) -> None:
    number = owing(at=timezone.now() - timedelta(days=40))
    act(number, "accept", by="wangqian", at=timezone.now() - timedelta(days=39))
    before = Case.objects.get(pk=number)
    assert fire_due_timers(at=timezone.now()) >= 1
    late = get_history(case=number)[-1]
    assert (late.kind, late.data["late"]) == ("timer.fired", ["hardship_proof"])
    after = Case.objects.get(pk=number)
    assert (after.status, after.promised_due, after.paused) == (before.status, before.promised_due, False)
    assert not Timer.objects.filter(case=number).exists()
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{number}/")
    assert "overdue since" in page.text
    assert "What was to follow has not come in time" in page.text
    client.post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    assert Material.objects.filter(case=number).count() == 1
    assert Case.objects.get(pk=number).later_due is None


def test_a_decision_ends_it(client_for: Callable[..., Client], owing: Any, act: Any, a_photo: Any) -> None:
    number = owing()
    act(number, "accept", by="wangqian")
    act(number, "complete", by="luojing", node="verify", outcome="pass", opinion="Seen.")
    act(number, "complete", by="hewen", node="review", outcome="pass", opinion="Yes.")
    act(number, "decide", by="hewen", node="decide", outcome="granted", reason="")
    assert Case.objects.get(pk=number).later_due is None
    response = client_for("linxiaomei").post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    assert response["Location"] == f"/cases/{number}/"
    assert not Material.objects.filter(case=number).exists()


def test_what_is_handed_in_as_a_supplement_is_there(
    client_for: Callable[..., Client], owing: Any, act: Any, a_photo: Any
) -> None:
    number = owing()
    act(number, "request_supplement", by="wangqian", items=["hardship_proof"], note="", within=None)
    client_for("linxiaomei").post(f"/cases/{number}/supplement/", {"file-hardship_proof": a_photo()})
    assert Case.objects.get(pk=number).later_due is None
    assert get_history(case=number)[-1].data["brought"] == ["hardship_proof"]


@pytest.mark.parametrize(("who", "status"), [("wuxiaochuan", 404), ("luojing", 404), ("", 302)])
def test_others_cannot(client_for: Callable[..., Client], owing: Any, a_photo: Any, who: str, status: int) -> None:
    number = owing()
    client = client_for(who)
    assert client.get(f"/cases/{number}/papers/").status_code == status
    assert client.post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()}).status_code == status
    assert not Material.objects.filter(case=number).exists()
