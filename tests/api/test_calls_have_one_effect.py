"""Idempotency-Key: a call that is sent again has its effect once. What happens under kill -9 is a scenario."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.api.conftest import Api

from tongban.api.v1.models import IdempotentCall
from tongban.apps.cases.models import Case

Read = Callable[[Any], tuple[int, str]]


def test_it_works(owner: Api) -> None:
    filing = owner.filing()
    first = owner.post("/cases", filing, key="order-7")
    again = owner.post("/cases", filing, key="order-7")
    assert again.status_code == first.status_code == 201
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Case.objects.count() == 1


def test_another_call_under_the_same_key(owner: Api, code_of: Read) -> None:
    filing = owner.filing()
    number = owner.post("/cases", filing, key="k").json()["number"]
    assert code_of(owner.post("/cases", filing | {"answers": {}}, key="k")) == (422, "api.key-reused")
    assert code_of(owner.post(f"/cases/{number}/withdraw", {}, key="k")) == (422, "api.key-reused")
    assert Case.objects.get().status == "received"


def test_keys_of_two_clients_are_two_keys(owner: Api, colleague: Api) -> None:
    numbers = {each.post("/cases", each.filing(), key="same").json()["number"] for each in (owner, colleague)}
    assert len(numbers) == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel", "two words"])
def test_a_key_that_is_none(owner: Api, key: str) -> None:
    response = owner.browser.post(
        "/api/v1/cases",
        "{}" if key else '{"matter": "food-business-licence"}',
        content_type="application/json",
        headers={**owner.headers, **({"idempotency-key": key} if key else {})},
    )
    assert response.status_code in (400, 422)
    if not key:
        assert response.json()["errors"][0] == {
            "field": "Idempotency-Key",
            "code": "api.key-missing",
            "message": "Every POST carries an `Idempotency-Key` of 1 to 255 visible ASCII characters.",
        }


def test_a_refused_call_leaves_no_key(owner: Api) -> None:
    filing = owner.filing()
    assert owner.post("/cases", filing | {"answers": {}}, key="k").status_code == 422
    assert not IdempotentCall.objects.filter(key="k").exists()
    assert owner.post("/cases", filing, key="k").status_code == 201


def test_an_error_in_the_middle_leaves_neither_key_nor_case(owner: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongban.apps.intake.services import file_directly as real

    def breaks(**given: Any) -> int:
        real(**given)
        raise RuntimeError("the power is gone")

    filing = owner.filing()
    monkeypatch.setattr("tongban.api.v1.routes.filing.file_directly", breaks)
    owner.browser.raise_request_exception = False
    response = owner.post("/cases", filing, key="k")
    assert (response.status_code, response.json()["code"]) == (500, "api.internal")
    assert "power" not in response.content.decode()
    assert not Case.objects.exists()
    monkeypatch.undo()
    assert owner.post("/cases", filing, key="k").status_code == 201


def test_commands_too(owner: Api, window: Api) -> None:
    path = f"/cases/{owner.file()}/tasks/1/accept"
    first, again = window.post(path, key="a"), window.post(path, key="a")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert window.post(path, key="b").status_code == 409


def test_what_is_kept_says_nothing_of_who_asked(owner: Api, window: Api) -> None:
    number = owner.file()
    window.do(number, "accept")
    owner.post(f"/cases/{number}/withdraw", {"reason": "林晓梅 changed her mind"})
    kept = "".join(IdempotentCall.objects.values_list("body", flat=True))
    assert str(number) in kept
    for word in ("林晓梅", "明川小馆", "13900000"):
        assert word not in kept


def test_old_answers_are_forgotten(owner: Api) -> None:
    from tongban.api.v1.clients import forget_calls

    owner.file()
    assert forget_calls(before=timezone.now() - timedelta(days=1)) == 0
    assert forget_calls(before=timezone.now() + timedelta(days=1)) == 2
