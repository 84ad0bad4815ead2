"""Officials look before something becomes public, and put right how it was sorted."""

from typing import Any

import pytest

from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.queries import get_public

pytestmark = pytest.mark.django_db

SAID = "我叫王小明，电话 13912345678，滨河路工地夜里施工太吵了。"


@pytest.fixture
def inquiry(say: Any, follow_log: Any) -> Any:
    number = say(SAID, by="wuxiaochuan", published=True, subject="夜里施工")
    follow_log("voice")
    return number


def test_it_works(client_for: Any, inquiry: int) -> None:
    client = client_for("xuhong")
    assert "夜里施工" in client.get("/desk/voices/").text
    page = client.get(f"/desk/voices/{inquiry}/")
    assert SAID in page.text
    form = page.context["form"]
    assert "13912345678" not in form.initial["text"]
    client.post(f"/desk/voices/{inquiry}/", form.initial | {"publish": "1"})
    found = get_public(number=inquiry)
    assert found is not None
    assert "滨河路工地夜里施工太吵了" in found.text
    assert "夜里施工" not in client.get("/desk/voices/").text


def test_a_number_that_is_somebodys_is_refused_and_nothing_is_lost(client_for: Any, inquiry: int) -> None:
    answer = client_for("xuhong").post(f"/desk/voices/{inquiry}/", {"text": SAID + "多写的话", "publish": "1"})
    assert answer.status_code == 422
    assert "is surely somebody" in answer.text
    assert "多写的话" in answer.text
    assert get_public(number=inquiry) is None


def test_it_is_withheld_with_a_reason(client_for: Any, inquiry: int) -> None:
    client = client_for("xuhong")
    assert client.post(f"/desk/voices/{inquiry}/", {"withhold": "1"}).status_code == 422
    client.post(f"/desk/voices/{inquiry}/", {"withhold": "1", "reason": "personal"})
    assert Inquiry.objects.get(pk=inquiry).withheld == "personal"
    assert "It is about private persons" in client.get(f"/desk/voices/{inquiry}/").text


@pytest.mark.parametrize(
    ("who", "status"), [("", 302), ("wuxiaochuan", 403), ("tanglei", 404), ("liangchen", 403), ("xuhong", 200)]
)
def test_owner_colleague_stranger_and_nobody(client_for: Any, inquiry: int, who: str, status: int) -> None:
    assert client_for(who).get(f"/desk/voices/{inquiry}/").status_code == status


def test_the_page_of_the_case_says_why_and_a_coordinator_puts_it_right(client_for: Any, inquiry: int) -> None:
    client = client_for("xuhong")
    page = client.get(f"/desk/cases/{inquiry}/").text
    assert "What it is about" in page
    assert "Put it right" in page
    client.post(f"/desk/voices/{inquiry}/category/", {"category": "building-streets-lights"})
    row = Inquiry.objects.get(pk=inquiry)
    assert (row.category, row.sorted_by, row.proposed) == ("building-streets-lights", "by-hand", "urban-management")
    wrong = client.post(f"/desk/voices/{inquiry}/category/", {"category": "no-such"}, follow=True)
    assert "Choose a category of the directory" in wrong.text


def test_the_department_that_the_directory_names_is_chosen_already(client_for: Any, say: Any, follow_log: Any) -> None:
    number = say("大学城北门的路灯坏了一个多月，晚上漆黑一片，照明不亮。", by="wuxiaochuan")
    follow_log("voice")
    page = client_for("xuhong").get(f"/desk/cases/{number}/").text
    assert '<option value="urban-management" selected' in page


@pytest.mark.parametrize(("who", "status"), [("", 302), ("wuxiaochuan", 403), ("tanglei", 404), ("fupeng", 404)])
def test_only_a_coordinator_puts_it_right(client_for: Any, inquiry: int, who: str, status: int) -> None:
    answer = client_for(who).post(f"/desk/voices/{inquiry}/category/", {"category": "building-streets-lights"})
    assert answer.status_code == status


def test_a_case_in_which_nobody_says_anything_has_no_such_part(client_for: Any, file_case: Any) -> None:
    number = file_case()
    assert "What it is about" not in client_for("wangqian").get(f"/desk/cases/{number}/").text
