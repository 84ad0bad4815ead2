"""A department's system tells a case what it waits for, or reports that a step went another way."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.api.conftest import Api

from tongban.apps.ledger.queries import get_history

Read = Callable[[Any], tuple[int, str]]
pytestmark = pytest.mark.usefixtures("reporting")


@pytest.fixture
def number(owner: Api, window: Api, market: Api) -> str:
    """A case that waits for the laboratory's report."""
    found = owner.file()
    window.do(found, "accept")
    for node in ("handle", "inspect"):
        market.do(found, "complete", {"outcome": "pass"}, node=node)
    market.do(found, "complete", {"outcome": "fail"}, node="review")
    return found


def _open(owner: Api, number: str) -> list[str]:
    return [step["node"] for step in owner.get(f"/cases/{number}").json()["steps"] if step["finished"] is None]


def test_it_works(number: str, owner: Api, market: Api) -> None:
    assert _open(owner, number) == []
    body = {"name": "report", "data": {"grade": "A", "samples": 3, "clean": True, "by": None}}
    response = market.post(f"/cases/{number}/messages", body)
    assert (response.status_code, response.json()["number"]) == (200, number)
    assert _open(owner, number) == ["decide"]
    event = next(event for event in get_history(case=int(number)) if event.kind == "message.received")
    assert event.data["data"] == body["data"]


def test_it_is_told_once(number: str, owner: Api, market: Api, code_of: Read) -> None:
    first = market.post(f"/cases/{number}/messages", {"name": "report"}, key="lab-17")
    again = market.post(f"/cases/{number}/messages", {"name": "report"}, key="lab-17")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert [event.kind for event in get_history(case=int(number))].count("message.received") == 1
    assert code_of(market.post(f"/cases/{number}/messages", {"name": "report"})) == (409, "event.not-awaited")


def test_what_it_does_not_wait_for(number: str, market: Api, code_of: Read) -> None:
    path = f"/cases/{number}/messages"
    assert code_of(market.post(path, {"name": "findings"})) == (409, "event.not-awaited")
    response = market.post(path, {"name": "rapport"})
    assert code_of(response) == (422, "event.unknown")
    assert "rapport" in response.json()["detail"]
    assert code_of(market.post(path, {"name": "alarm", "kind": "signal"})) == (409, "event.not-awaited")
    for wrong in ({}, {"name": ""}, {"name": "report", "data": {"share": 0.5}}, {"name": "report", "extra": 1}):
        assert code_of(market.post(path, wrong)) == (422, "api.invalid"), wrong


def test_a_signal_for_one_case(owner: Api, window: Api, market: Api) -> None:
    number = owner.file()
    window.do(number, "accept")
    for node in ("handle", "inspect"):
        market.do(number, "complete", {"outcome": "pass"}, node=node)
    assert market.post(f"/cases/{number}/messages", {"name": "alarm", "kind": "signal"}).status_code == 200
    assert _open(owner, number) == ["handle"]


def test_who_may_tell(
    number: str, owner: Api, stranger: Api, nobody: Api, window: Api, connect: Callable[..., Api], code_of: Read
) -> None:
    path, body = f"/cases/{number}/messages", {"name": "report"}
    assert code_of(nobody.post(path, body)) == (401, "api.unauthenticated")
    for other in (owner, stranger):
        assert code_of(other.post(path, body)) == (403, "api.scope")
    assert code_of(window.post(path, body)) == (403, "case.not-yours")
    assert code_of(connect(department="health").post(path, body)) == (404, "case.unknown")
    decider = connect(department="market-regulation", scopes=["desk:decide"])
    assert code_of(decider.post(path, body)) == (403, "api.scope")
    assert _open(owner, number) == []


def test_a_step_goes_another_way(owner: Api, window: Api, market: Api, code_of: Read) -> None:
    number = owner.file()
    window.do(number, "accept")
    assert code_of(market.do(number, "raise", {"name": "OTHER"}, node="handle")) == (409, "event.not-caught")
    response = market.do(number, "raise", {"name": "GONE", "reason": "The shop is gone."}, node="handle")
    assert response.status_code == 200
    assert _open(owner, number) == ["decide"]
