"""What was asked for is handed in once, all of it, by who was asked."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import Api

Read = Callable[[Any], tuple[int, str]]


@pytest.fixture
def asked(owner: Api, window: Api) -> str:
    """A case whose applicant is asked for a new floor plan, the shop's name and something in words."""
    number = owner.file()
    items = ["floor_plan", "shop_name", "照片一张"]
    response = window.do(number, "supplement", {"items": items, "note": "Please.", "within_working_days": 5})
    assert response.status_code == 200, response.content
    assert response.json()["status"] == "supplement"
    return number


def test_it_works(owner: Api, asked: str) -> None:
    assert owner.get(f"/cases/{asked}").json()["supplement"] == {
        "items": ["floor_plan", "shop_name", "照片一张"],
        "note": "Please.",
    }
    assert [each["number"] for each in owner.get("/cases", group="waiting").json()["items"]] == [asked]
    file = owner.upload().json()["id"]
    body = {"answers": {"shop_name": "小馆子"}, "materials": {"floor_plan": [file], "other": [file]}}
    response = owner.post(f"/cases/{asked}/supplement", body)
    assert response.status_code == 200, response.content
    case = owner.get(f"/cases/{asked}").json()
    assert case["answers"]["shop_name"] == "小馆子"
    assert case["supplement"] is None
    assert [each["code"] for each in case["materials"]] == ["floor_plan", "floor_plan", "other"]


def test_who_may(
    owner: Api, asked: str, colleague: Api, stranger: Api, nobody: Api, window: Api, code_of: Read
) -> None:
    body = {"answers": {"shop_name": "小馆子"}}
    path = f"/cases/{asked}/supplement"
    assert code_of(nobody.post(path, body)) == (401, "api.unauthenticated")
    assert code_of(stranger.post(path, body)) == (404, "case.unknown")
    assert code_of(window.post(path, body)) == (403, "case.not-yours")
    assert colleague.post(path, body).status_code == 200
    assert code_of(owner.post(path, body)) == (409, "supplement.not-open")


def test_only_what_was_asked_and_only_what_can_be_taken(owner: Api, colleague: Api, asked: str) -> None:
    path = f"/cases/{asked}/supplement"

    def wrong(body: Any) -> list[tuple[str, str]]:
        response = owner.post(path, body)
        assert response.status_code == 422, response.content
        return [(each["field"], each["code"]) for each in response.json()["errors"]]

    foreign = colleague.upload().json()["id"]
    assert wrong({}) == [("body", "api.nothing-given")]
    assert wrong({"answers": {"area_m2": 20}}) == [("answers.area_m2", "api.not-asked")]
    assert wrong({"answers": {"shop_name": "x"}}) == [("answers.shop_name", "too-short")]
    assert wrong({"materials": {"safety_rules": [foreign]}}) == [("materials.safety_rules", "api.not-asked")]
    assert wrong({"materials": {"floor_plan": [foreign]}}) == [("materials.floor_plan.0", "api.file-unknown")]
    assert owner.get(f"/cases/{asked}").json()["status"] == "supplement"


def test_nothing_is_asked_for(owner: Api, code_of: Read) -> None:
    response = owner.post(f"/cases/{owner.file()}/supplement", {"answers": {"shop_name": "小馆子"}})
    assert code_of(response) == (409, "supplement.not-open")
