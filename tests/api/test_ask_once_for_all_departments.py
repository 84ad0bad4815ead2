"""Systems of several departments say what they miss; one request is made of it, and the company answers once."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import Api

from tongban.apps.desks.models import Missing
from tongban.apps.ledger.queries import get_history

Read = Callable[[Any], tuple[int, str]]


@pytest.fixture
def number(owner: Api, window: Api) -> str:
    """A restaurant that four departments have on their desks."""
    filed = owner.file(matter="restaurant-opening")
    assert window.do(filed, "accept").status_code == 200
    return filed


@pytest.fixture
def fire(connect: Callable[..., Api]) -> Api:
    return connect(department="fire-rescue")


@pytest.fixture
def sign(connect: Callable[..., Api]) -> Api:
    return connect(department="urban-management")


def test_it_works(owner: Api, market: Api, fire: Api, sign: Api, number: str, code_of: Read) -> None:
    said = fire.do(number, "missing", {"items": ["floor_plan"], "words": "Mark the second exit."}, node="opinion_fire")
    assert said.status_code == 200, said.content
    sign.do(number, "missing", {"items": ["sign_drawing", "unheard_of"], "words": ""}, node="opinion_sign")
    assert "exit" not in Missing.objects.get(department="fire-rescue").sealed
    found = market.get(f"/cases/{number}/missing").json()
    assert [(each["department"], each["items"]) for each in found["items"]] == [
        ("fire-rescue", ["floor_plan"]),
        ("urban-management", ["sign_drawing"]),
    ]
    assert found["until"]
    merged = sorted({item for each in found["items"] for item in each["items"]})
    words = " ".join(each["words"] for each in found["items"]).strip()
    assert market.do(number, "supplement", {"items": merged, "note": words}, node="opinion_food").status_code == 200
    late = sign.do(number, "missing", {"words": "And its height."}, node="opinion_sign")
    assert code_of(late) == (409, "desk.asked-already")
    asked = owner.get(f"/cases/{number}").json()["supplement"]
    assert asked == {"items": merged, "note": "Mark the second exit."}
    files = {code: [owner.upload(code, matter="restaurant-opening").json()["id"]] for code in merged}
    assert owner.post(f"/cases/{number}/supplement", {"materials": files}).status_code == 200
    kinds = [event.kind for event in get_history(case=int(number))]
    assert (kinds.count("supplement.requested"), kinds.count("supplement.answered")) == (1, 1)


def test_it_is_taken_back_with_nothing(fire: Api, number: str) -> None:
    fire.do(number, "missing", {"words": "Mark the second exit."}, node="opinion_fire")
    fire.do(number, "missing", {}, node="opinion_fire")
    assert fire.get(f"/cases/{number}/missing").json()["items"] == []


def test_who_may(
    owner: Api, stranger: Api, nobody: Api, fire: Api, number: str, connect: Callable[..., Api], code_of: Read
) -> None:
    path = f"/cases/{number}/missing"
    assert code_of(owner.get(path)) == (403, "api.scope")
    assert code_of(stranger.get(path)) == (403, "api.scope")
    assert code_of(nobody.get(path)) == (401, "api.unauthenticated")
    assert code_of(connect(department="civil-affairs").get(path)) == (404, "case.unknown")
    steps = fire.get(f"/cases/{number}").json()["steps"]
    others = next(step["no"] for step in steps if step["node"] == "opinion_sign")
    said = fire.post(f"/cases/{number}/tasks/{others}/missing", {"words": "In their name."})
    assert code_of(said) == (409, "desk.step-moved")
    assert not Missing.objects.exists()
