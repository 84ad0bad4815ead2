"""What may follow a filing is handed in through the API: by the organisation, or by the front desk that filed it."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.utils import timezone
from tests.api.conftest import Api

from tongban.apps.cases.models import Case, Material
from tongban.apps.catalog import services as catalog
from tongban.apps.ledger.queries import get_history

Read = Callable[[Any], tuple[int, str]]
AID, PROOF = "student-aid", "hardship_proof"
HARD = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
LIN = {"name": "林晓梅", "identity_number": "361799198805140027"}


@pytest.fixture
def owed(window: Api) -> str:
    """A case that the front desk's system filed for a person, without the paper that may follow."""
    response = window.post("/cases", window.filing(matter=AID, **HARD) | {"applicant": {"person": LIN}})
    assert response.status_code == 201, response.content.decode()
    return str(response.json()["number"])


@pytest.fixture
def of_organisation(city: Path, tmp_path: Path, owner: Api) -> str:
    """The same of an organisation: the matter is published for them too."""
    path = copytree(city, tmp_path / "city") / "matters" / AID / "matter.yaml"
    path.write_text(path.read_text().replace('served: ["1"]', 'served: ["1", "2"]'))
    catalog.publish(folder=tmp_path / "city", effective_from=timezone.localdate(), by="test", at=timezone.now())
    return owner.file(matter=AID, **HARD)


def _body(caller: Api) -> dict[str, Any]:
    return {"materials": {PROOF: [caller.upload(PROOF, matter=AID).json()["id"]]}}


def test_it_works(owner: Api, colleague: Api, stranger: Api, nobody: Api, of_organisation: str, code_of: Read) -> None:
    number, path = of_organisation, f"/cases/{of_organisation}/papers"
    (to_follow,) = owner.get(f"/cases/{number}").json()["to_follow"]
    assert (to_follow["code"], to_follow["late"]) == (PROOF, False)
    assert to_follow["name"]["en"] == "Something that shows the hardship"
    assert code_of(nobody.post(path, {})) == (401, "api.unauthenticated")
    assert code_of(stranger.post(path, _body(stranger))) == (404, "case.unknown")
    assert not Material.objects.filter(case=int(number)).exists()
    assert colleague.post(path, _body(colleague)).status_code == 200
    assert owner.get(f"/cases/{number}").json()["to_follow"] == []
    event = get_history(case=int(number))[-1]
    assert (event.kind, event.data["brought"], event.capacity) == ("material.handed_in", [PROOF], "agent")
    assert Case.objects.get(pk=number).later_due is None
    assert code_of(owner.post(path, _body(owner))) == (409, "material.not-awaited")


def test_the_front_desk_hands_in_for_whom_it_has_filed(window: Api, owed: str) -> None:
    response = window.post(f"/cases/{owed}/papers", _body(window))
    assert response.status_code == 200, response.content.decode()
    event = get_history(case=int(owed))[-1]
    assert (event.kind, event.capacity) == ("material.handed_in", "clerk")
    assert Material.objects.get(case=int(owed)).code == PROOF


def test_it_answers_what_they_were_asked_too(window: Api, owed: str) -> None:
    assert window.do(owed, "supplement", {"items": ["school"], "note": "Which one?"}).status_code == 200
    response = window.post(f"/cases/{owed}/supplement", {"answers": {"school": "明川市第二小学"}})
    assert response.status_code == 200, response.content.decode()
    assert get_history(case=int(owed))[-1].capacity == "clerk"


def test_others_of_the_front_desk_do_not(
    connect: Callable[..., Api], owed: str, owner: Api, file_case: Any, window: Api, code_of: Read
) -> None:
    other = connect(department="window", scopes=("desk:tasks", "cases:file", "cases:track"))
    assert code_of(other.post(f"/cases/{owed}/papers", _body(other))) == (403, "case.not-yours")
    assert code_of(owner.post(f"/cases/{owed}/papers", _body(owner))) == (404, "case.unknown")
    own = file_case(matter=AID, **HARD)
    assert code_of(window.post(f"/cases/{own:016d}/papers", _body(window))) == (403, "case.not-yours")
    assert not Material.objects.filter(code=PROOF).exists()


def test_only_what_is_awaited_and_can_be_taken(window: Api, owner: Api, owed: str) -> None:
    def wrong(body: Any) -> list[tuple[str, str]]:
        response = window.post(f"/cases/{owed}/papers", body)
        assert response.status_code == 422, response.content
        return [(each["field"], each["code"]) for each in response.json()["errors"]]

    file = window.upload(PROOF, matter=AID).json()["id"]
    assert wrong({}) == [("body", "api.nothing-given")]
    assert wrong({"materials": {PROOF: []}}) == [("body", "api.nothing-given")]
    assert wrong({"materials": {"school_record": [file]}}) == [("materials.school_record", "api.not-asked")]
    assert wrong(_body(owner)) == [(f"materials.{PROOF}.0", "api.file-unknown")]
    assert not Material.objects.filter(case=int(owed)).exists()


def test_once_is_enough(window: Api, owed: str) -> None:
    body = _body(window)
    answers = [window.post(f"/cases/{owed}/papers", body, key="once-and-no-more") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert Material.objects.filter(case=int(owed)).count() == 1
