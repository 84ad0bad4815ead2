"""An applicant takes a case back before the decision, and rates it once after."""

from collections.abc import Callable
from typing import Any

from tests.api.conftest import Api

from tongban.apps.cases.models import Rating

Read = Callable[[Any], tuple[int, str]]


def test_withdraw(owner: Api, code_of: Read) -> None:
    number = owner.file()
    response = owner.post(f"/cases/{number}/withdraw", {"reason": "We moved."})
    assert (response.status_code, response.json()["outcome"]) == (200, "withdrawn")
    assert code_of(owner.post(f"/cases/{number}/withdraw", {})) == (409, "case.ended")


def test_who_may_withdraw(
    owner: Api, colleague: Api, stranger: Api, nobody: Api, market: Api, window: Api, code_of: Read
) -> None:
    path = f"/cases/{owner.file()}/withdraw"
    assert code_of(nobody.post(path)) == (401, "api.unauthenticated")
    assert code_of(stranger.post(path)) == (404, "case.unknown")
    assert code_of(market.post(path)) == (403, "api.scope")
    assert code_of(window.post(path)) == (403, "case.not-yours")
    assert colleague.post(path).status_code == 200


def test_rate_once_after_the_decision(
    owner: Api, stranger: Api, nobody: Api, grant: Callable[[str], None], code_of: Read
) -> None:
    number = owner.file()
    path = f"/cases/{number}/rating"
    assert code_of(owner.post(path, {"grade": 5})) == (409, "case.not-decided")
    grant(number)
    assert code_of(stranger.post(path, {"grade": 1})) == (404, "case.unknown")
    assert code_of(nobody.post(path, {"grade": 1})) == (401, "api.unauthenticated")
    assert owner.post(path, {"grade": 6}).json()["errors"][0]["code"] == "maximum"
    assert owner.post(path, {"grade": 4, "words": "Quick.", "shown": True}).status_code == 201
    assert Rating.objects.get().shown
    assert code_of(owner.post(path, {"grade": 4})) == (409, "case.already-rated")
    assert Rating.objects.get(case=int(number)).grade == 4
    assert owner.get(f"/cases/{number}").json()["rating"]["words"] == "Quick."
