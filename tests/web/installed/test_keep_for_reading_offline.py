"""What may be kept on a device: my own cases, for me only, where I said that the device is mine."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], granted: Callable[..., int]) -> None:
    number = granted()
    told = client_for("linxiaomei").get("/kept/list.json").json()
    urls = [each["url"] for each in told["items"]]
    assert urls[0] == "/cases/"
    assert f"/cases/{number:016d}/" in urls
    assert f"/cases/{number:016d}/certificate.pdf" in urls
    assert len(told["reader"]) == 24
    assert told["bytes"] == 10_000_000


def test_a_copy_is_only_made_for_whom_it_is(client_for: Callable[..., Client], file_case: Callable[..., int]) -> None:
    """The page of a case, asked for with somebody else's token, is not given out: whoever is signed in by now."""
    path = f"/cases/{file_case():016d}/"
    owner, stranger = client_for("linxiaomei"), client_for("zhoumin")
    token = owner.get("/kept/list.json").json()["reader"]
    assert owner.get(path, headers={"Tongban-Keep": token}).status_code == 200
    assert stranger.get("/cases/", headers={"Tongban-Keep": token}).status_code == 409
    assert Client().get("/cases/", headers={"Tongban-Keep": token}).status_code == 409
    assert owner.get(path, headers={"Tongban-Keep": ""}).status_code == 409


def test_a_stranger_s_list_has_nothing_of_mine(
    client_for: Callable[..., Client], file_case: Callable[..., int]
) -> None:
    number = file_case()
    assert f"{number:016d}" not in client_for("zhoumin").get("/kept/list.json").text
    assert f"{number:016d}" not in client_for("chenli").get("/kept/list.json").text
    for path in ("/kept/", "/kept/list.json"):
        assert Client().get(path)["Location"].startswith("/account/login/")


def test_nothing_is_kept_on_a_device_that_others_use(
    client_for: Callable[..., Client], file_case: Callable[..., int]
) -> None:
    file_case()
    client = client_for("linxiaomei")
    _for_this_visit_only(client)
    assert client.get("/kept/list.json").json()["items"] == []
    page = client.get("/kept/").text
    assert "data-keep=" not in page
    assert 'data-device="own"' not in page


def _for_this_visit_only(client: Client) -> None:
    session = SessionStore(client.cookies["sessionid"].value)
    session.set_expiry(0)
    session.save()


def test_only_the_newest_are_kept(
    client_for: Callable[..., Client], file_case: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    file_case()
    newest = file_case()
    monkeypatch.setattr("tongban.web.installed.views.KEPT_CASES", 1)
    urls = [each["url"] for each in client_for("linxiaomei").get("/kept/list.json").json()["items"]]
    assert urls == ["/cases/", f"/cases/{newest:016d}/"]


def test_the_list_asks_as_often_for_many_as_for_one(
    client_for: Callable[..., Client],
    file_case: Callable[..., int],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for("linxiaomei")
    file_case()
    client.get("/kept/list.json")
    with CaptureQueriesContext(connection) as one:
        client.get("/kept/list.json")
    file_case()
    file_case()
    with CaptureQueriesContext(connection) as many:
        client.get("/kept/list.json")
    assert len(many) == len(one)


@pytest.mark.parametrize("path", ["/", "/cases/", "/matters/", "/kept/", "/desk/"])
def test_no_cache_on_the_way_keeps_what_is_somebody_s(client_for: Callable[..., Client], path: str) -> None:
    assert client_for("chenli").get(path, follow=True)["Cache-Control"] == "private, no-store"


def test_nor_what_was_sent_or_looked_up(client: Client) -> None:
    assert client.post("/track/", {"number": "1", "phone": "x"})["Cache-Control"] == "private, no-store"
    assert not client.get("/matters/").has_header("Cache-Control")
