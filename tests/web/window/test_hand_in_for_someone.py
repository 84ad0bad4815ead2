"""Whoever has filed, by whatever way, hands in the rest at any counter: their card first, then what is asked for."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case, Material
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Mandate, Person
from tongban.apps.people.sealing import open_sealed
from tongban.apps.rights.models import Look
from tongban.kernel.numbers import parse_case_number

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
WHERE = "/window/papers/"
HARD = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
LIN = {"identity_number": "361799198805140027", "name": "林晓梅"}
COMPANY = {"credit_code": "91361700MA00001A5K", "name": "明川小馆餐饮有限公司"}


@pytest.fixture
def owing(file_case: Any) -> int:
    """Lin Xiaomei's case, filed online without the paper that may follow."""
    number: int = file_case(matter="student-aid", **HARD)
    return number


def test_it_works(client_for: For, owing: int, a_photo: Any) -> None:
    clerk = client_for("wangqian")
    assert WHERE in clerk.get("/window/").text
    answer = clerk.post(WHERE, LIN | {"case": f"{owing:016d}"})
    assert answer["Location"] == f"{WHERE}{owing:016d}/"
    page = clerk.get(answer["Location"])
    assert "Something that shows the hardship" in page.text
    assert "林晓梅" in page.text
    assert clerk.post(answer["Location"], {}).status_code == 422
    done = clerk.post(answer["Location"], {"file-hardship_proof": a_photo("letter.png")}, follow=True)
    assert done.redirect_chain[-1][0] == "/window/"
    assert "Thank you, we have it" in done.text
    assert Material.objects.get(case=owing).code == "hardship_proof"
    assert Case.objects.get(pk=owing).later_due is None
    event = get_history(case=owing)[-1]
    assert (event.kind, event.data["brought"]) == ("material.handed_in", ["hardship_proof"])
    assert (event.capacity, event.actor) == ("clerk", f"user:{clerk.session['_auth_user_id']}")
    # They read that they were called up, and that their case was looked at, at a counter.
    lin = Person.objects.get(user__username="linxiaomei")
    looks = {(look.what, look.role) for look in Look.objects.filter(person=lin)}
    assert looks == {("person", "clerk"), ("case", "clerk")}
    assert "At a counter, through Wang Qian" in client_for("linxiaomei").get(f"/cases/{owing:016d}/").text


def test_what_was_asked_for_is_answered_likewise(client_for: For, file_case: Any, act: Any, a_photo: Any) -> None:
    number = file_case()
    asked = ["floor_plan", "shop_name"]
    act(number, "request_supplement", by="wangqian", items=asked, note="请标出水池。", within=None)
    clerk = client_for("sunbei")
    there = clerk.post(WHERE, LIN | {"case": f"{number:016d}"})["Location"]
    assert there == f"{WHERE}{number:016d}/supplement/"
    page = clerk.get(there)
    assert "请标出水池。" in page.text
    wrong = clerk.post(there, {"shop_name": "x", "file-floor_plan": a_photo()})
    assert wrong.status_code == 422
    assert Case.objects.get(pk=number).status == "supplement"
    clerk.post(there, {"shop_name": "新小馆", "file-floor_plan": a_photo()})
    case = Case.objects.get(pk=number)
    assert (case.status, case.answers["shop_name"]) == ("received", "新小馆")
    assert get_history(case=number)[-1].capacity == "clerk"
    assert "At a counter, through Sun Bei" in client_for("linxiaomei").get(f"/cases/{number:016d}/").text


def test_both_at_once_are_told_apart(client_for: For, owing: int, act: Any) -> None:
    act(owing, "request_supplement", by="wangqian", items=["school"], note="", within=None)
    clerk = client_for("wangqian")
    there = clerk.post(WHERE, LIN | {"case": f"{owing:016d}"})["Location"]
    assert f"{WHERE}{owing:016d}/supplement/" == there
    for path in (there, f"{WHERE}{owing:016d}/"):
        page = clerk.get(path).text
        assert "What is missing" in page
        assert "What was to follow" in page
        assert page.count('aria-current="page">What') == 1


def test_somebody_stands_there_for_them(client_for: For, file_case: Any, act: Any, a_photo: Any) -> None:
    number = file_case(username="linxiaomei", applicant=f"organisation:{COMPANY['credit_code']}")
    act(number, "request_supplement", by="wangqian", items=["floor_plan"], note="", within=None)
    zhou = Person.objects.get(user__username="zhoumin")
    agent = {"agent_number": open_sealed(zhou.identity_sealed), "agent_name": zhou.name}
    clerk, given = client_for("wangqian"), COMPANY | {"case": f"{number:016d}"} | agent
    Mandate.objects.filter(agent=zhou).update(matters=["shop-sign"])
    assert "Nothing is on record that lets them act" in clerk.post(f"{WHERE}?for=organisation", given).text
    Mandate.objects.filter(agent=zhou).update(matters=None)
    there = clerk.post(f"{WHERE}?for=organisation", given)["Location"]
    clerk.post(there, {"file-floor_plan": a_photo()})
    assert Case.objects.get(pk=number).status == "received"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"case": ""}, "Enter the number of the case."),
        ({"case": "2611220483917723"}, "number"),
        ({"name": "林小梅"}, "Another name is on file"),
        ({"identity_number": "361799199702190093", "name": "吴小川"}, "They have no case with this number"),
        ({"identity_number": "361799197702190019", "name": "不在册"}, "They have no case with this number"),
    ],
)
def test_a_slip_opens_nothing(client_for: For, owing: int, changes: dict[str, str], words: str) -> None:
    before = Person.objects.count()
    given = LIN | {"case": f"{owing:016d}"} | changes
    given["identity_number"] = _with_check_digit(given["identity_number"][:17])
    page = client_for("wangqian").post(WHERE, given)
    assert page.status_code == 422
    assert words in page.text
    assert Person.objects.count() == before
    assert not Look.objects.exists()


def _with_check_digit(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


def test_no_card_no_page(client_for: For, owing: int, file_case: Any, a_photo: Any) -> None:
    other = file_case(matter="student-aid", **HARD)
    clerk = client_for("wangqian")
    clerk.post(WHERE, LIN | {"case": f"{owing:016d}"})
    for path in (f"{WHERE}{other:016d}/", f"{WHERE}{other:016d}/supplement/"):
        assert clerk.get(path)["Location"] == f"{WHERE}?case={other:016d}"
        assert clerk.post(path, {"file-hardship_proof": a_photo()}).status_code == 302
    colleague = client_for("sunbei")
    assert colleague.get(f"{WHERE}{owing:016d}/").status_code == 302
    assert not Material.objects.exists()


def test_the_card_has_to_be_shown_again_after_a_while(client_for: For, owing: int) -> None:
    clerk = client_for("wangqian")
    there = clerk.post(WHERE, LIN | {"case": f"{owing:016d}"})["Location"]
    session = clerk.session
    session["counter_case"] |= {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert clerk.get(there)["Location"] == f"{WHERE}?case={owing:016d}"


def test_the_page_of_the_case_leads_there_with_its_number(client_for: For, owing: int) -> None:
    page = client_for("wangqian").get(f"/desk/cases/{owing:016d}/")
    assert "The applicant is at the counter" in page.text
    address = re.search(rf'href="({WHERE}\?case=[^"]+)"', page.text)
    assert address is not None
    form = client_for("wangqian").get(address[1]).context["form"]
    assert parse_case_number(form["case"].value()) == owing


def test_who_is_no_clerk_is_not_led_there(client_for: For, owing: int, act: Any) -> None:
    act(owing, "accept", by="wangqian")
    assert "The applicant is at the counter" not in client_for("luojing").get(f"/desk/cases/{owing:016d}/").text


def test_nothing_is_asked_for(client_for: For, file_case: Any) -> None:
    number = file_case(matter="student-aid")
    page = client_for("wangqian").post(WHERE, LIN | {"case": f"{number:016d}"}, follow=True)
    assert "there is nothing to hand in" in page.text


@pytest.mark.parametrize("path", [WHERE, WHERE + "{case}/", WHERE + "{case}/supplement/"])
@pytest.mark.parametrize(("who", "status"), [("chenli", 403), ("linxiaomei", 403), ("wuxiaochuan", 403), ("", 302)])
def test_only_clerks_enter(client_for: For, owing: int, path: str, who: str, status: int) -> None:
    address = path.format(case=f"{owing:016d}")
    assert client_for(who).get(address).status_code == status
    assert client_for(who).post(address, LIN | {"case": f"{owing:016d}"}).status_code == status
    assert not Material.objects.exists()
