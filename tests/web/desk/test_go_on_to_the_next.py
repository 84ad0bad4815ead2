"""From one case to the next in the part of the queue that is looked at, and where a command leads when it is done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db

ONWARD = "/desk/onward/"


@pytest.fixture
def queue(file_case: Any) -> list[int]:
    """Three cases at the counter, due one day after the other."""
    numbers = [file_case(username=name) for name in ("linxiaomei", "wuxiaochuan", "zhaoguoan")]
    for days, number in enumerate(numbers, start=1):
        Task.objects.filter(case=number).update(due=timezone.now() + timedelta(days=days))
    return numbers


def _to(client: Any, number: int, **given: str) -> str:
    location: str = client.get(ONWARD, {"case": number} | given)["Location"]
    return location.replace(" ", "")


def test_it_works(client_for: Any, queue: list[int]) -> None:
    client = client_for("wangqian")
    assert _to(client, queue[0]) == f"/desk/cases/{queue[1]}/"
    assert _to(client, queue[1], back="") == f"/desk/cases/{queue[0]}/"
    assert _to(client, queue[2]) == "/desk/"
    assert "That was the last one" in client.get("/desk/").text
    assert _to(client, queue[0], back="") == "/desk/"
    page = client.get(f"/desk/cases/{queue[1]}/").text
    assert f'href="/desk/#at-{queue[1]}"' in page
    assert f"/desk/onward/?case={queue[1]}" in page


def test_within_what_is_looked_at(client_for: Any, queue: list[int], act: Any) -> None:
    act(queue[1], "claim", by="wangqian")
    client = client_for("wangqian")
    client.get("/desk/?group=free")
    assert _to(client, queue[0]) == f"/desk/cases/{queue[2]}/"
    assert _to(client, queue[2]) == "/desk/?group=free"
    assert f'href="/desk/?group=free#at-{queue[0]}"' in client.get(f"/desk/cases/{queue[0]}/").text


def test_what_is_done_keeps_its_place(client_for: Any, queue: list[int], give: Any) -> None:
    client = client_for("wangqian")
    assert client.post("/desk/afterwards", {"then": "next", "case": queue[1]})["Location"] == f"/desk/cases/{queue[1]}/"
    done = give(client, queue[1], "accept")
    assert _to(client, queue[1]) == f"/desk/cases/{queue[2]}/"
    assert client.get(done["Location"])["Location"] == f"/desk/cases/{queue[2]}/"
    client.post("/desk/afterwards", {"then": "queue", "case": queue[2]})
    assert give(client, queue[2], "accept")["Location"] == f"/desk/#at-{queue[2]}"
    client.post("/desk/afterwards", {"then": "elsewhere"})
    assert give(client, queue[0], "claim")["Location"] == f"/desk/#at-{queue[0]}"


@pytest.mark.parametrize("case", ["", "x", "9" * 30, "１２", "0"])
def test_a_mangled_number_is_no_error(client_for: Any, queue: list[int], case: str) -> None:
    client = client_for("wangqian")
    assert client.get(ONWARD, {"case": case})["Location"] == f"/desk/cases/{queue[0]}/"
    assert client.post("/desk/afterwards", {"then": "stay", "case": case}).status_code == 302


def test_a_case_is_found_by_its_number(client_for: Any, queue: list[int]) -> None:
    client = client_for("wangqian")
    text = f"{queue[0]}"
    spaced = " ".join(text[at : at + 4] for at in range(0, 16, 4))
    assert client.get("/desk/find/", {"number": spaced})["Location"] == f"/desk/cases/{queue[0]}/"
    slip = client.get("/desk/find/", {"number": text[:-1] + str((int(text[-1]) + 1) % 10)}, follow=True)
    assert "has a slip in it" in slip.text
    assert client.get("/desk/find/", follow=True).status_code == 200


def test_other_departments_go_through_their_own(client_for: Any, queue: list[int], at_step: Any) -> None:
    own = at_step("handle")
    assert _to(client_for("chenli"), queue[0]) == f"/desk/cases/{own}/"
    assert _to(client_for("luhao"), queue[0]) == "/desk/"
    for path in (ONWARD, "/desk/find/"):
        assert client_for("linxiaomei").get(path).status_code == 403
        assert client_for("").get(path)["Location"].startswith("/account/login/")
    assert client_for("linxiaomei").post("/desk/afterwards").status_code == 403


def test_keys_are_listed_and_can_be_switched_off(client_for: Any, city: Any) -> None:
    client = client_for("chenli")
    page = client.get("/desk/").text
    assert "Keys of the desk" in page
    assert 'data-keys="off"' not in page
    assert client.post("/preferences", {"keys": "off", "next": "/desk/"})["Location"] == "/desk/"
    page = client.get("/desk/").text
    assert 'data-keys="off"' in page
    assert "Switch keys on" in page
    assert "No letter is a shortcut" in client.get("/display").text
    assert "No letter is a shortcut" not in client_for("linxiaomei").get("/display").text
