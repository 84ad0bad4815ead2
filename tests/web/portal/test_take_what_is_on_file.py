"""Filing as a company that is registered: what registers hold is shown, taken with one press, and not asked."""

import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from tests.apps.exchange.department import Department
from tests.conftest import PNG
from tests.web.conftest import COMPANY

from tongban.apps.cases.models import Case
from tongban.apps.exchange.extracts import ask_again, list_extracts_of_case
from tongban.apps.exchange.models import Extract, Lookup
from tongban.apps.insight.queries import ReuseFigures, get_reuse
from tongban.apps.intake.models import Draft
from tongban.apps.ledger.queries import get_history

START = "/matters/restaurant-opening/start"
REST: dict[str, dict[str, Any]] = {
    "shop": {"seats": "40"},
    "food": {"business_format": "restaurant", "items": ["hot_dishes"], "safety_manager": "林晓梅"},
    "building": {"exits": "2", "fuel": "electric", "grease_trap": "true"},
    "sign": {"sign_width_m": "3", "sign_height_m": "1"},
}


@pytest.fixture
def client(client_for: Callable[..., Client]) -> Client:
    return client_for("linxiaomei")


def begin(client: Client) -> str:
    """Begin as the company; return the address of the draft."""
    response = client.post(START, {"applicant": COMPANY})
    assert response.status_code == 302
    return response.headers["Location"]


def fill_in(client: Client, draft: str) -> set[str]:
    """Go through all pages; return the questions that were asked."""
    asked: set[str] = set()
    for _ in range(10):
        page = client.get(draft, follow=True)
        path = page.request["PATH_INFO"]
        step = path.rstrip("/").rpartition("/")[2]
        if step == "materials":
            files = {"file-floor_plan": _file(), "file-sign_drawing": _file()}
            client.post(path, files)
        elif step == "review":
            return asked
        else:
            asked |= set(page.context["asked"].split())
            answers = {name: value for name, value in REST[step].items() if name in page.context["asked"].split()}
            client.post(path, {"asked": page.context["asked"], **answers})
    raise AssertionError(path)


def _file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("plan.png", PNG)


def test_what_was_saved_stands_on_the_receipt_and_is_counted(
    registers: Path, client: Client, follow_log: Callable[[str], None]
) -> None:
    for _ in range(2):
        draft = begin(client)
        client.get(draft, follow=True)
        client.post(f"{draft}on-file/", {"action": "take"})
        fill_in(client, draft)
        sent = client.post(f"{draft}submit", {"declared": "yes"}, follow=True)
        assert sent.request["PATH_INFO"].endswith("/receipt/")
        assert "This saves you 4 questions, 3 papers and 3 trips." in sent.text
    follow_log("reuse")
    spared = ReuseFigures(cases=2, questions=8, papers=6, trips=6, pages=0)
    assert get_reuse(matter="restaurant-opening") == get_reuse() == spared
    assert get_reuse(matter="food-business-licence").cases == 0
    assert re.search(r"Papers nobody had to bring</dt>\s*<dd[^>]*>\s*6", client.get("/").text)


def test_the_restaurant_asks_a_registered_company_for_nothing_that_registers_hold(
    registers: Path, client: Client
) -> None:
    draft = begin(client)
    shown = client.get(draft, follow=True)
    assert shown.request["PATH_INFO"].endswith("/on-file/")
    for said in ("明川小馆餐饮有限公司", "明川市临江区滨河路 16 号", "96", "Company register", "林晓梅"):
        assert said in shown.text, said
    assert "13900000001" not in shown.text
    after = client.post(shown.request["PATH_INFO"], {"action": "take"}, follow=True)
    assert "This saves you 4 questions, 3 papers and 3 trips." in after.text
    asked = fill_in(client, draft)
    assert asked.isdisjoint({"shop_name", "address", "area_m2", "contact_phone"})
    assert {"seats", "items", "exits", "sign_width_m"} <= asked
    review = client.get(f"{draft}review/")
    assert "明川小馆餐饮有限公司" in review.text
    assert "This saves you 4 questions, 3 papers and 3 trips." in review.text
    client.post(f"{draft}submit", {"declared": "yes"})
    case = Case.objects.get()
    assert case.answers["shop_name"] == "明川小馆餐饮有限公司"
    assert case.answers["area_m2"] == 96
    kept = list_extracts_of_case(case=case.number)
    assert {(each.register, each.state) for each in kept} == {
        ("company-register", "taken"),
        ("property-register", "taken"),
        ("civil-register", "taken"),
    }


def test_it_is_all_asked_when_somebody_wants_to_fill_it_in_themselves(registers: Path, client: Client) -> None:
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "decline"})
    page = client.get(draft, follow=True)
    assert {"shop_name", "address", "area_m2"} <= set(page.context["asked"].split())
    assert not Extract.objects.exclude(values_sealed="").exists()
    assert Lookup.objects.count() == 3


def test_nothing_of_what_was_said_lies_open(registers: Path, client: Client) -> None:
    begin(client)
    kept = "".join(str(vars(row)) for model in (Extract, Lookup, Draft) for row in model.objects.all())
    for said in ("滨河路", "林晓梅", "13900000001", "361799198805140027"):
        assert said not in kept, said


def file_by_oneself(client: Client, draft: str) -> int:
    """Write what no register has said, hand in the papers and send it; return the number of the case."""
    client.post(f"{draft}shop/", {"asked": "shop_name seats", "shop_name": "明川小馆", "seats": "40"})
    client.post(f"{draft}sign/", {"contact_phone": "13900000001", **REST["sign"]})
    for step in ("food", "building"):
        client.post(f"{draft}{step}/", REST[step])
    client.post(f"{draft}materials/", {"file-floor_plan": _file(), "file-sign_drawing": _file()})
    assert marked(client.get(f"{draft}review/").text) == {"Name of business", "Mobile"}
    assert client.post(f"{draft}submit", {"declared": "yes"}).status_code == 302
    return int(Case.objects.get().number)


def marked(page: str) -> set[str]:
    """The questions whose answers a page marks as to be confirmed."""
    rows = page.split('<div class="govuk-summary-list__row')[1:]
    parts = [each.partition("</dd>")[0] for each in rows]
    found = [each for each in parts if "to be confirmed" in each]
    return {each.split('__key">')[1].partition("<")[0].strip() for each in found}


def test_a_register_that_is_killed_while_one_files_loses_nothing_and_is_asked_again(
    registers: Path,
    client: Client,
    client_for: Callable[..., Client],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Department(tmp_path, {"company_name": "明川小馆餐饮有限公司"}) as department:
        monkeypatch.setenv("SANDBOX_REGISTERS", department.url)
        department.behave("hang")
        killer = threading.Thread(target=department.kill_when_it_answers)
        killer.start()
        draft = begin(client)  # half an answer has come when the register dies
        killer.join()
        assert len(department.asked) == 1

        # It is filed all the same: what the register would have said is asked, and marked for both sides.
        client.post(f"{draft}on-file/", {"action": "take"})
        assert "shop_name" in client.get(draft, follow=True).context["asked"].split()
        number = file_by_oneself(client, draft)
        own, officers = f"/cases/{number:016d}/", f"/desk/cases/{number:016d}/"
        for page in (client.get(own).text, client_for("chenli").get(officers).text):
            assert marked(page) == {"Name of business", "Mobile"}
        assert "Company register did not answer when you filed." in client.get(own).text
        tried = Lookup.objects.filter(register="company-register")
        assert {(row.outcome, row.reason) for row in tried} == {("away", "connection")}
        assert {get_history(case=row.number)[-1].kind for row in tried} == {"exchange.failed"}

        # It is back: it is left alone for a while, then asked by itself, and says what the officer reads.
        department.behave("answers")
        department.start()
        monkeypatch.setenv("SANDBOX_REGISTERS", department.url)
        assert ask_again(at=timezone.now()) == 0
        assert ask_again(at=timezone.now() + timedelta(hours=1)) == 1
        assert ask_again(at=timezone.now() + timedelta(days=1)) == 0
        for page in (client.get(own).text, client_for("chenli").get(officers).text):
            assert marked(page) == set()
        assert "confirmed after filing" in client_for("chenli").get(officers).text
        (confirmed,) = [each for each in list_extracts_of_case(case=number) if each.register == "company-register"]
        assert confirmed.values["company_name"] == "明川小馆餐饮有限公司"
        assert [row.outcome for row in tried.order_by("asked_at").filter(case=number)] == ["found"]
        call_command("verify", stdout=StringIO())


def test_what_has_changed_since_it_was_shown_is_shown_once_more(registers: Path, client: Client) -> None:
    draft = begin(client)
    client.get(draft, follow=True)
    Extract.objects.update(fresh_until=timezone.now())
    with closing(sqlite3.connect(registers / "property-register.sqlite3", isolation_level=None)) as base:
        base.execute("UPDATE record SET area_m2 = '120'")
    again = client.post(f"{draft}on-file/", {"action": "take"}, follow=True)
    assert "The register says something else by now" in again.text
    assert "120" in again.text
    client.post(f"{draft}on-file/", {"action": "take"})
    assert Draft.objects.get().answers["area_m2"] == 120


def _ready(client: Client) -> str:
    """A draft in which all was taken and the rest filled in."""
    draft = begin(client)
    client.post(f"{draft}on-file/", {"action": "take"})
    fill_in(client, draft)
    return draft


def _measured_anew(registers: Path, area: str) -> None:
    with closing(sqlite3.connect(registers / "property-register.sqlite3", isolation_level=None)) as base:
        base.execute("UPDATE record SET area_m2 = ?", (area,))


def test_what_has_become_stale_is_asked_again_when_it_is_sent(registers: Path, client: Client) -> None:
    draft = _ready(client)
    Extract.objects.update(fresh_until=timezone.now())
    _measured_anew(registers, "120")
    answer = client.post(f"{draft}submit", {"declared": "yes"}, follow=True)
    assert not Case.objects.exists()
    assert answer.request["PATH_INFO"].endswith("/on-file/")
    assert "then send it" in answer.text
    (changed,) = [
        row["value"] for each in answer.context["shown"] for row in each.rows if row["value"].startswith("120")
    ]
    assert "before: 96" in changed
    assert Draft.objects.get().answers["seats"] == 40  # nothing is lost
    client.post(f"{draft}on-file/", {"action": "take"})
    client.post(f"{draft}submit", {"declared": "yes"})
    assert Case.objects.get().answers["area_m2"] == 120
    assert not Extract.objects.exclude(before_sealed="").exists()


def test_what_says_the_same_is_sent_at_once(registers: Path, client: Client) -> None:
    draft = _ready(client)
    asked = Lookup.objects.count()
    Extract.objects.filter(register="property-register").update(fresh_until=timezone.now())
    client.post(f"{draft}submit", {"declared": "yes"})
    assert Case.objects.get().answers["area_m2"] == 96
    assert Lookup.objects.count() == asked + 1


def test_what_is_fresh_is_not_asked_again(registers: Path, client: Client) -> None:
    draft = _ready(client)
    asked = Lookup.objects.count()
    _measured_anew(registers, "120")
    client.post(f"{draft}submit", {"declared": "yes"})
    assert Case.objects.get().answers["area_m2"] == 96
    assert Lookup.objects.count() == asked


def test_a_register_that_is_down_when_it_is_sent_stops_nobody(registers: Path, client: Client) -> None:
    draft = _ready(client)
    Extract.objects.update(fresh_until=timezone.now())
    (registers / "property-register.sqlite3").unlink()
    client.post(f"{draft}submit", {"declared": "yes"})
    case = Case.objects.get()
    assert case.answers["area_m2"] == 96
    assert {each.state for each in list_extracts_of_case(case=case.number)} == {"taken"}


def test_what_is_not_on_record_any_more_is_asked(registers: Path, client: Client) -> None:
    draft = _ready(client)
    Extract.objects.update(fresh_until=timezone.now())
    with closing(sqlite3.connect(registers / "property-register.sqlite3", isolation_level=None)) as base:
        base.execute("DELETE FROM record")
    answer = client.post(f"{draft}submit", {"declared": "yes"}, follow=True)
    assert not Case.objects.exists()
    assert "then send it" in answer.text
    assert Draft.objects.get().answers["area_m2"] == 96


@pytest.mark.parametrize(("who", "status"), [("wuxiaochuan", 404), ("chenli", 404), ("", 302)])
def test_it_is_nobody_else_s(
    registers: Path, client: Client, client_for: Callable[..., Client], who: str, status: int
) -> None:
    draft = begin(client)
    other = client_for(who)
    assert other.get(f"{draft}on-file/").status_code == status
    assert other.post(f"{draft}on-file/", {"action": "take"}).status_code == status
    assert Extract.objects.filter(state="taken").count() == 0
