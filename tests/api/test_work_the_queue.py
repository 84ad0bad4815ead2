"""A department's system sees its queue and does its work; each scope is the roles whose work it covers."""

from collections.abc import Callable
from typing import Any

from tests.api.conftest import Api

from tongban.apps.cases.proof import verify

Read = Callable[[Any], tuple[int, str]]


def test_the_queue(owner: Api, window: Api, market: Api, stranger: Api, nobody: Api, code_of: Read) -> None:
    filed = [owner.file() for _ in range(3)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = window.get("/tasks", limit=2, cursor=cursor).json()
        seen += [item["case"]["number"] for item in page["items"]]
        assert all(item["task"]["may_act"] and item["task"]["act"] == "accept" for item in page["items"])
        cursor = page["next"]
    assert sorted(seen) == sorted(filed)
    assert market.get("/tasks").json()["items"] == []
    assert window.get("/tasks", matter="shop-sign").json()["items"] == []
    assert code_of(stranger.get("/tasks")) == (403, "api.scope")
    assert code_of(nobody.get("/tasks")) == (401, "api.unauthenticated")


def test_from_acceptance_to_delivery(owner: Api, window: Api, market: Api, grant: Callable[[str], None]) -> None:
    number = owner.file()
    grant(number)
    case = owner.get(f"/cases/{number}").json()
    assert (case["status"], case["outcome"]) == ("concluded", "granted")
    waiting = [step for step in case["steps"] if step["finished"] is None]
    if waiting:
        assert window.do(number, "deliver", {"way": "collected"}).status_code == 200
    assert not verify(case=int(number)).broken


def test_refuse_with_the_reason(owner: Api, window: Api) -> None:
    number = owner.file()
    assert window.do(number, "refuse", {"reason": ""}).json()["errors"][0]["code"] == "too-short"
    response = window.do(number, "refuse", {"reason": "Not in this city."})
    assert (response.status_code, response.json()["status"]) == (200, "not_accepted")
    assert owner.get(f"/cases/{number}").json()["reason"] == "Not in this city."


def test_a_denial_owes_its_reason(owner: Api, window: Api, market: Api, code_of: Read) -> None:
    number = owner.file()
    window.do(number, "accept")
    for node in ("handle", "inspect", "review"):
        market.do(number, "complete", {"outcome": "pass"}, node=node)
    assert code_of(market.do(number, "decide", {"outcome": "denied"}, node="decide")) == (422, "reason.missing")
    response = market.do(number, "decide", {"outcome": "denied", "reason": "Too small."}, node="decide")
    assert response.json()["outcome"] == "denied"


def test_whose_step_it_is(
    owner: Api, stranger: Api, nobody: Api, window: Api, market: Api, connect: Callable[..., Api], code_of: Read
) -> None:
    number = owner.file()
    path = f"/cases/{number}/tasks/1/accept"
    assert code_of(nobody.post(path)) == (401, "api.unauthenticated")
    assert code_of(owner.post(path)) == (403, "api.scope")
    assert code_of(stranger.post(path)) == (403, "api.scope")
    assert code_of(market.post(path)) == (403, "case.not-yours"), "it sees the case; the step is the front desk's"
    assert code_of(connect(department="health").post(path)) == (404, "case.unknown")
    assert window.post(path).status_code == 200
    assert code_of(window.post(path)) == (409, "task.not-open")


def test_a_scope_is_the_roles_that_it_covers(
    owner: Api, window: Api, connect: Callable[..., Api], code_of: Read
) -> None:
    number = owner.file()
    window.do(number, "accept")
    handler = connect(department="market-regulation", scopes=["desk:tasks"])
    decider = connect(department="market-regulation", scopes=["desk:decide"])
    assert code_of(decider.do(number, "complete", {"outcome": "pass"}, node="handle")) == (403, "case.not-yours")
    for node in ("handle", "inspect"):
        assert handler.do(number, "complete", {"outcome": "pass"}, node=node).status_code == 200
    assert code_of(handler.do(number, "complete", {"outcome": "pass"}, node="review")) == (403, "case.not-yours")
    assert decider.do(number, "complete", {"outcome": "pass"}, node="review").status_code == 200
    assert code_of(handler.do(number, "decide", {"outcome": "granted"}, node="decide")) == (403, "api.scope")
    assert decider.do(number, "decide", {"outcome": "granted"}, node="decide").status_code == 200


def test_what_the_state_does_not_allow(owner: Api, window: Api, market: Api, code_of: Read) -> None:
    number = owner.file()
    window.do(number, "accept")
    assert code_of(market.do(number, "decide", {"outcome": "granted"}, node="handle"))[0] in (403, 409)
    assert code_of(market.post(f"/cases/{number}/tasks/99/complete", {"outcome": "pass"})) == (403, "case.not-yours")
    assert market.post(f"/cases/{number}/tasks/0/complete", {"outcome": "pass"}).status_code == 422
    assert market.post(f"/cases/{number}/tasks/{10**30}/complete", {"outcome": "pass"}).status_code == 422


def test_the_log_names_the_system(owner: Api, window: Api) -> None:
    from tongban.apps.ledger.queries import get_history

    number = owner.file()
    window.do(number, "accept")
    events = get_history(case=int(number))
    ids = [api.credentials[0] for api in (owner, window) if api.credentials]
    assert [event.actor for event in events[:2]] == [f"client:{each}" for each in ids]
    assert [event.capacity for event in events[:2]] == ["agent", "officer"]
