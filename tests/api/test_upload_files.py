"""A file is taken in for a material of a matter, and belongs to the client that brought it."""

from collections.abc import Callable
from typing import Any

from tests.api.conftest import PDF, Api

Read = Callable[[Any], tuple[int, str]]


def test_it_works(owner: Api) -> None:
    response = owner.upload(name="../../图纸.pdf")
    assert response.status_code == 201
    stored = response.json()
    assert stored["name"] == "图纸.pdf"
    assert stored["media_type"] == "application/pdf"
    assert stored["size"] == len(PDF)


def test_nobody_and_who_lacks_the_scope(nobody: Api, market: Api, code_of: Read) -> None:
    assert code_of(nobody.upload()) == (401, "api.unauthenticated")
    assert code_of(market.upload()) == (403, "api.scope")


def test_what_it_is_counts_not_what_it_is_called(owner: Api) -> None:
    response = owner.upload(content=b"MZ\x90 not a document", name="plan.pdf")
    assert response.status_code == 422
    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [("file", "file.type")]
    assert "pdf" in response.json()["errors"][0]["message"]


def test_empty_or_for_nothing_that_is_asked(owner: Api) -> None:
    assert owner.upload(content=b"").json()["errors"][0]["code"] == "file.empty"
    assert owner.upload("tea_leaves").json()["errors"][0]["code"] == "material.unknown"
    held = owner.upload("business_licence").json()["errors"][0]
    assert held["code"] == "material.unknown", "what government holds is not asked for"
    assert owner.upload(matter="flying-carpets").status_code == 404


def test_too_large_for_the_material(owner: Api, code_of: Read) -> None:
    assert code_of(owner.upload(content=PDF + b"0" * 10_000_001)) == (413, "file.too-large")


def test_too_large_for_any(owner: Api, code_of: Read, settings: Any) -> None:
    settings.UPLOAD_MAX_MEGABYTES = 1
    assert code_of(owner.upload(content=PDF + b"0" * 1_200_000)) == (413, "api.too-large")


def test_sent_again_it_is_the_same_file(owner: Api) -> None:
    """The boundary of a multipart body is new each time; what counts is what is in it."""
    first, again = owner.upload(key="one"), owner.upload(key="one")
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    other = owner.upload(key="one", content=PDF + b"more")
    assert (other.status_code, other.json()["code"]) == (422, "api.key-reused")
