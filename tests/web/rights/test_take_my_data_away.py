"""A copy of all that is on file of me: made in the background, fetched by me alone, for a day."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.services import rate
from tongban.apps.halls.appointments import list_days, list_slots
from tongban.apps.halls.services import book
from tongban.apps.rights import exports
from tongban.apps.rights.models import Export
from tongban.apps.rights.services import make_export, sweep_exports

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PASSWORD = "a-long-enough-one"


@pytest.fixture
def mine(user_for: Callable[[str], Any]) -> Client:
    """Lin Xiaomei, who has just been asked for her password once more."""
    user = user_for("linxiaomei")
    user.set_password(PASSWORD)
    user.save()
    browser = Client(headers={"accept-language": "en"})
    _enter(browser, "linxiaomei")
    return browser


def _enter(browser: Client, name: str) -> None:
    browser.post("/account/login/", {"login": name, "password": PASSWORD})
    again = browser.post("/account/reauthenticate/?next=/me/export/", {"password": PASSWORD})
    assert again["Location"] == "/me/export/"


def _made(browser: Client) -> Export:
    assert browser.post("/me/export/ask").status_code == 302
    export = Export.objects.get()
    make_export(export=export.pk)
    export.refresh_from_db()
    return export


def _opened(browser: Client, export: Export) -> zipfile.ZipFile:
    answer = browser.get(f"/me/export/{export.pk}/data.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def _book_a_time(actor: Any) -> None:
    hall, group, now = "city-centre", "general", timezone.now()
    day = next(row.day for row in list_days(hall=hall, group=group, at=now) if row.free)
    starts_at = next(slot.starts_at for slot in list_slots(hall=hall, group=group, day=day, at=now) if slot.free)
    book(hall=hall, group=group, starts_at=starts_at, person_id=actor.person_id, actor=actor, at=now)


def test_it_works(
    mine: Client, client_for: For, granted: Any, act: Any, actor_for: Any, catch_up: Any, file_case: Any
) -> None:
    number = granted()
    act(number, "deliver", by="wangqian", way="counter")
    rate(number=number, grade=5, words="Quick.", shown=False, actor=actor_for("linxiaomei"), at=timezone.now())
    client_for("chenli").get(f"/desk/cases/{number:016d}/")
    file_case(username="wuxiaochuan")  # somebody else's
    _book_a_time(actor_for("linxiaomei"))
    _book_a_time(actor_for("zhoumin"))
    catch_up()
    assert "Make the copy" in mine.get("/me/export/").text
    export = _made(mine)
    assert (export.state, export.done, export.total) == ("ready", 1, 1)
    assert "It is ready" in mine.get("/me/export/").text
    archive = _opened(mine, export)
    data = json.loads(archive.read("data.json"))
    assert data["person"]["identity_number"] == "361799198805140027"  # it is hers
    (case,) = data["cases"]
    assert (case["number"], case["outcome"], case["rating"]["grade"]) == (f"{number:016d}", "granted", 5)
    assert case["answers"]["shop_name"]
    assert {"case.filed", "case.accepted", "case.decided"} <= {entry["kind"] for entry in case["log"]}
    assert not any(entry["kind"] == "task.claimed" for entry in case["log"])
    assert [each["identifier"] for each in data["certificates"]] == [case["certificate"]]
    assert data["notices"]
    assert [each["department"] for each in data["looks"]] == ["market-regulation"]
    assert {"consents", "drafts", "registers_asked", "acts_for"} <= data.keys()
    assert [(each["what"], each["hall"], each["state"]) for each in data["service_halls"]] == [
        ("appointment", "city-centre", "booked")
    ]
    names = archive.namelist()
    assert any(name.startswith(f"files/{number:016d}/1-") for name in names)
    assert f"certificates/{case['certificate']}.pdf" in names
    assert archive.read("data.pdf").startswith(b"%PDF")
    assert "user:" not in archive.read("data.json").decode()  # no official by their sign-in


def test_who_is_only_signed_in_is_asked_once_more_and_then_it_begins(user_for: Any) -> None:
    user = user_for("linxiaomei")
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    browser.post("/account/login/", {"login": "linxiaomei", "password": PASSWORD})
    asked = browser.post("/me/export/ask")["Location"]
    assert "/account/reauthenticate/" in asked
    assert not Export.objects.exists()
    browser.post(asked, {"password": PASSWORD}, follow=True)
    assert Export.objects.count() == 1  # pressed once, however often the password was wanted


def test_an_old_sign_in_does_not_fetch_it(mine: Client, file_case: Any) -> None:
    export = _made(mine)
    session = mine.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    assert "reauthenticate" in mine.get(f"/me/export/{export.pk}/data.zip")["Location"]


def test_asked_for_twice_it_is_made_once(mine: Client) -> None:
    for _ in range(2):
        mine.post("/me/export/ask")
    export = Export.objects.get()
    assert "It is being made" in mine.get("/me/export/").text
    make_export(export=export.pk)
    make_export(export=export.pk)
    mine.post("/me/export/ask")
    assert Export.objects.get().state == "ready"


def test_after_a_day_it_is_gone(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    export = _made(mine)
    path = settings.FILES / "exports" / f"{export.pk}.zip"
    assert path.exists()
    Export.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert mine.get(f"/me/export/{export.pk}/data.zip").status_code == 404
    assert sweep_exports(at=timezone.now()) == 1
    assert not path.exists()
    assert "Make the copy" in mine.get("/me/export/").text


def test_what_went_wrong_is_said_and_can_be_tried_again(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    mine.post("/me/export/ask")

    def fail(**_given: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(exports, "collect", fail)
        with pytest.raises(OSError, match="disk full"):
            make_export(export=Export.objects.get().pk)
    assert "It could not be made" in mine.get("/me/export/").text
    mine.post("/me/export/ask")
    assert Export.objects.filter(state="waiting").count() == 1


def test_one_that_a_dead_process_left_lying_can_be_asked_for_anew(mine: Client) -> None:
    mine.post("/me/export/ask")
    Export.objects.update(state="making", asked_at=timezone.now() - timedelta(hours=1))
    assert "It could not be made" in mine.get("/me/export/").text
    mine.post("/me/export/ask")
    assert Export.objects.count() == 2


def test_nobody_else_fetches_it(mine: Client, client_for: For, user_for: Any) -> None:
    export = _made(mine)
    path = f"/me/export/{export.pk}/data.zip"
    assert "/account/login/" in client_for("").get(path)["Location"]
    other = user_for("wuxiaochuan")
    other.set_password(PASSWORD)
    other.save()
    stranger = Client()
    _enter(stranger, "wuxiaochuan")
    assert stranger.get(path).status_code == 404
