"""Whatever goes wrong is told as problem details, in the reader's language."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import translation
from tests.api.conftest import BISTRO, Api

from tongban.api.v1.errors import Wrong
from tongban.api.v1.words import CODES

Read = Callable[[Any], tuple[int, str]]


def test_an_address_with_nothing_behind_it(nobody: Api, code_of: Read) -> None:
    for path in ("/", "/nothing", "/cases/", "/matters/a/b"):
        assert code_of(nobody.get(path)) == (404, "api.not-found"), path
    assert code_of(nobody.post("/nothing")) == (404, "api.not-found")


def test_a_method_that_is_not_possible(nobody: Api, code_of: Read) -> None:
    response = nobody.browser.delete("/api/v1/matters")
    assert code_of(response) == (405, "api.method")
    assert response["Allow"] == "GET"


def test_not_recognised(owner: Api, nobody: Api, code_of: Read) -> None:
    response = nobody.get("/cases")
    assert code_of(response) == (401, "api.unauthenticated")
    assert response["WWW-Authenticate"].startswith("Basic realm=")
    assert owner.credentials
    client, secret = owner.credentials
    for header in (
        f"Bearer {client}.{secret}x",
        f"Bearer {client}",
        f"Bearer x.{secret}",
        "Bearer \x00.\x00",
        "Basic !!!",
        f"Basic {base64.b64encode(client.encode()).decode()}",
        f"Basic {base64.b64encode(f'{client}:wrong'.encode()).decode()}",
        "Basic " + "A" * 4000,
        f"Digest {client}.{secret}",
        "",
    ):
        response = nobody.browser.get("/api/v1/cases", headers={"authorization": header})
        assert code_of(response) == (401, "api.unauthenticated"), header


def test_recognised_by_either_scheme(owner: Api) -> None:
    assert owner.credentials
    pair = base64.b64encode(":".join(owner.credentials).encode()).decode()
    response = owner.browser.get("/api/v1/cases", headers={"authorization": f"Basic {pair}"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_session_of_a_browser_opens_nothing(client_for: Callable[[str], Any], code_of: Read) -> None:
    assert code_of(client_for("hejun").get("/api/v1/tasks")) == (401, "api.unauthenticated")


@pytest.mark.parametrize(
    "body", ["{", "\x00", '{"a":', "[" * 100_000, '{"grade": 1e}', '{"grade": ' + "9" * 5000 + "}"]
)
def test_a_body_that_cannot_be_read(owner: Api, body: str) -> None:
    response = owner.browser.post(
        "/api/v1/cases", body, content_type="application/json", headers={**owner.headers, "idempotency-key": "k"}
    )
    assert response.status_code in (400, 422), response.content
    assert response["Content-Type"] == "application/problem+json"


def test_another_kind_of_content(owner: Api, code_of: Read) -> None:
    keyed = {**owner.headers, "idempotency-key": "k"}
    text = owner.browser.post("/api/v1/cases", "x", content_type="text/plain", headers=keyed)
    assert code_of(text) == (415, "api.media-type")
    json = owner.browser.post("/api/v1/files", "{}", content_type="application/json", headers=keyed)
    assert code_of(json) == (415, "api.media-type")
    broken = owner.browser.post("/api/v1/files", b"x", content_type="multipart/form-data; boundary=", headers=keyed)
    assert broken.status_code in (400, 422)
    assert broken["Content-Type"] == "application/problem+json"


def test_a_body_beyond_reason(owner: Api, code_of: Read) -> None:
    assert code_of(owner.post("/cases", {"matter": "x" * 3_000_000})) == (413, "api.too-large")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "matter", "required"),
        ({"matter": 7}, "matter", "type"),
        ({"matter": "No Such!"}, "matter", "pattern"),
        ({"matter": "a", "colour": 1}, "colour", "unknown"),
        ({"matter": "a", "materials": {"x": ["not-an-id"]}}, "materials.x.0", "type"),
        ({"matter": "a", "answers": []}, "answers", "type"),
    ],
)
def test_every_value_that_is_wrong_is_named(owner: Api, body: Any, field: str, code: str) -> None:
    response = owner.post("/cases", body)
    assert response.status_code == 422
    errors = response.json()["errors"]
    assert (field, code) in [(each["field"], each["code"]) for each in errors]
    assert all(each["message"] for each in errors)


def test_control_characters_are_stored_nowhere(owner: Api, market: Api) -> None:
    path = f"/cases/{owner.file()}/withdraw"
    for text in ("a\x00b", "\x1b[31m", "\ud800"):
        assert owner.post(path, {"reason": text}).status_code in (400, 422)
    assert owner.get("/matters", q="a\x00b").status_code == 422


def test_too_often(owner: Api, colleague: Api, settings: Any, code_of: Read) -> None:
    settings.RATE_API = "3/m"
    assert [owner.get("/cases").status_code for _ in range(3)] == [200] * 3
    response = owner.get("/cases")
    assert code_of(response) == (429, "api.rate")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response["Retry-After"] in response.json()["detail"]
    assert colleague.get("/cases").status_code == 200, "each client has a count of its own"


def test_guessing_is_counted_by_address(nobody: Api, settings: Any, code_of: Read) -> None:
    settings.RATE_API = "3/m"
    guesses = [nobody.browser.get("/api/v1/cases", headers={"authorization": f"Bearer a.{n}"}) for n in range(4)]
    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429]
    assert nobody.get("/matters").status_code == 429


def test_strangers_behind_our_proxy_are_told_apart(nobody: Api, settings: Any) -> None:
    settings.RATE_API = "3/m"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(address: str) -> int:
        headers = {"x-forwarded-for": f"10.0.0.1, {address}"}  # the first was sent by the asker
        status: int = nobody.browser.get("/api/v1/matters", headers=headers).status_code
        return status

    assert [ask("203.0.113.9") for _ in range(4)] == [200, 200, 200, 429]
    assert ask("203.0.113.10") == 200


def test_the_database_is_away(owner: Api, monkeypatch: pytest.MonkeyPatch, code_of: Read) -> None:
    def away(**given: Any) -> Any:
        raise OperationalError("could not connect")

    monkeypatch.setattr("tongban.api.v1.routes.filing.list_cases", away)
    response = owner.get("/cases")
    assert code_of(response) == (503, "api.busy")
    assert response["Retry-After"] == "1"


def test_in_the_language_of_the_reader(connect: Callable[..., Api]) -> None:
    for language, title, label in (
        ("zh-CN,zh;q=0.9", "内容有误", "经营者名称"),
        ("en-GB", "Something in it is wrong", "Name of business"),
        ("fr", "内容有误", "经营者名称"),
    ):
        api = connect(organisation=BISTRO, language=language)
        response = api.post("/cases", {"matter": "food-business-licence"})
        body = response.json()
        assert body["title"] == title
        message = next(each["message"] for each in body["errors"] if each["field"] == "answers.shop_name")
        assert label in message
        assert "Accept-Language" in response["Vary"]


def test_every_code_of_the_api_has_words_in_both_languages() -> None:
    from tongban.config.urls import api

    params = {"scopes": "x", "limit": 1, "wanted": "x", "seconds": 1}
    for code in CODES:
        said = set()
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said.add(api.speech.of_wrong(Wrong(field="x", code=code, params=params)))
        assert len(said) == 2, code
