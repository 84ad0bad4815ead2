"""A case filed by the API is the same case as one from a page or a counter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.api.conftest import BISTRO, Api
from tests.conftest import FileCase

from tongban.apps.cases.models import Case, Material
from tongban.apps.cases.proof import verify
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Organisation, Person

Read = Callable[[Any], tuple[int, str]]
PERSON = {"name": "林晓梅", "identity_number": "361799198805140027"}


def test_it_works(owner: Api) -> None:
    response = owner.post("/cases", owner.filing())
    assert response.status_code == 201
    number = response.json()["number"]
    assert response["Location"] == response.json()["href"] == f"/api/v1/cases/{number}"
    case = Case.objects.get(pk=int(number))
    assert (case.organisation_id, case.channel, case.status) == (BISTRO, "api", "received")
    assert not verify(case=case.pk).broken


def test_it_is_the_same_case_as_from_a_page(owner: Api, file_case: FileCase) -> None:
    """Same version, state, steps and events: only who, when and through which channel differ."""
    filing = owner.filing()
    mine = int(owner.post("/cases", filing).json()["number"])
    theirs = file_case(username="zhoumin", applicant=f"organisation:{BISTRO}", answers=filing["answers"])
    one, other = Case.objects.get(pk=mine), Case.objects.get(pk=theirs)
    assert one.matter_version_id == other.matter_version_id
    assert one.answers.keys() == other.answers.keys()
    assert one.applicant_name == other.applicant_name
    ours, yours = get_history(case=mine), get_history(case=theirs)
    assert [(event.kind, event.capacity, event.node) for event in ours] == [
        (event.kind, event.capacity, event.node) for event in yours
    ]
    assert ours[0].data["about"]["answers"] == yours[0].data["about"]["answers"]
    assert [material.code for material in Material.objects.filter(case=mine)] == [
        material.code for material in Material.objects.filter(case=theirs)
    ]


def test_everything_that_is_wrong_is_said_at_once_in_words(owner: Api) -> None:
    response = owner.post(
        "/cases",
        {"matter": "food-business-licence", "answers": {"area_m2": 3, "safety_manager_phone": "12", "colour": "red"}},
    )
    assert response.status_code == 422
    errors = {each["field"]: each for each in response.json()["errors"]}
    assert errors["answers.shop_name"]["code"] == "required"
    assert errors["answers.area_m2"]["code"] == "minimum"
    assert "8" in errors["answers.area_m2"]["message"]
    assert errors["answers.safety_manager_phone"]["code"] == "format.mobile"
    assert errors["answers.colour"]["code"] == "unknown"
    assert errors["materials.floor_plan"]["code"] == "material.missing"
    assert "Name of business" in errors["answers.shop_name"]["message"]
    assert not Case.objects.exists()


def test_a_file_serves_only_who_uploaded_it(owner: Api, colleague: Api, stranger: Api) -> None:
    filing = owner.filing()
    for other in (colleague, stranger):
        response = other.post("/cases", filing)
        assert response.status_code == 422
        assert response.json()["errors"] == [
            {
                "field": "materials.floor_plan.0",
                "code": "api.file-unknown",
                "message": "There is no such file, or this client did not upload it.",
            }
        ]
    assert owner.post("/cases", filing).status_code == 201


def test_a_file_has_to_fit_the_material_that_it_is_used_for(owner: Api, settings: Any) -> None:
    from tongban.apps.evidence.models import StoredFile

    filing = owner.filing()
    StoredFile.objects.update(size=10_000_001)
    errors = owner.post("/cases", filing).json()["errors"]
    assert [(each["field"], each["code"]) for each in errors] == [("materials.floor_plan.0", "api.file-unfit")]


def test_what_is_not_asked_for_cannot_be_handed_in(owner: Api) -> None:
    filing = owner.filing()
    filing["materials"]["tea_leaves"] = filing["materials"]["floor_plan"]
    errors = owner.post("/cases", filing).json()["errors"]
    assert [(each["field"], each["code"]) for each in errors] == [("materials.tea_leaves", "material.unknown")]


def test_nobody_and_who_lacks_the_scope(nobody: Api, market: Api, code_of: Read) -> None:
    body = {"matter": "food-business-licence", "answers": {}}
    assert code_of(nobody.post("/cases", body)) == (401, "api.unauthenticated")
    assert code_of(market.post("/cases", body)) == (403, "api.scope")


def test_an_organisation_files_for_itself_only(owner: Api) -> None:
    response = owner.post("/cases", owner.filing() | {"applicant": {"person": PERSON}})
    assert [each["code"] for each in response.json()["errors"]] == ["api.not-for-others"]


def test_a_matter_that_is_not_for_organisations(owner: Api, code_of: Read) -> None:
    assert code_of(owner.post("/cases", owner.filing(matter="residence-permit"))) == (422, "applicant.not-served")


# --- the front desk --------------------------------------------------------------------------------------------------


def test_the_front_desk_files_for_a_person(window: Api) -> None:
    response = window.post("/cases", window.filing() | {"applicant": {"person": PERSON}})
    assert response.status_code == 201, response.content
    case = Case.objects.get(pk=int(response.json()["number"]))
    assert case.person == Person.objects.get(user__username="linxiaomei")
    assert get_history(case=case.pk)[0].capacity == "clerk"


def test_the_front_desk_registers_who_is_not_known_yet(window: Api) -> None:
    person = {"name": "古今", "identity_number": "361799199702190106", "phone": "13900000099"}
    person["identity_number"] = _with_check("36179919970219010")
    response = window.post("/cases", window.filing() | {"applicant": {"person": person}})
    assert response.status_code == 201, response.content
    assert Case.objects.get(pk=int(response.json()["number"])).applicant_name == "古今"


def test_the_front_desk_files_for_an_organisation(window: Api) -> None:
    name = Organisation.objects.get(pk=BISTRO).name
    applicant = {"organisation": {"name": name, "credit_code": BISTRO}}
    response = window.post("/cases", window.filing() | {"applicant": applicant})
    assert Case.objects.get(pk=int(response.json()["number"])).organisation_id == BISTRO


@pytest.mark.parametrize(
    ("applicant", "field", "code"),
    [
        (None, "applicant", "api.applicant"),
        ({}, "applicant", "api.applicant"),
        ({"person": PERSON | {"name": "林小妹"}}, "applicant.person.name", "people.name-differs"),
        (
            {"person": PERSON | {"identity_number": "361799198805140028"}},
            "applicant.person.identity_number",
            "format.identity-number",
        ),
        ({"person": PERSON | {"phone": "110"}}, "applicant.person.phone", "format.mobile"),
        (
            {"organisation": {"name": "x", "credit_code": "91361700MA00001A5X"}},
            "applicant.organisation.credit_code",
            "format.credit-code",
        ),
    ],
)
def test_a_slip_files_nothing_in_another_name(window: Api, applicant: Any, field: str, code: str) -> None:
    response = window.post("/cases", window.filing() | ({"applicant": applicant} if applicant is not None else {}))
    assert response.status_code == 422, response.content
    assert [(each["field"], each["code"]) for each in response.json()["errors"]] == [(field, code)]
    assert not Case.objects.exists()


def test_an_instant_matter_is_decided_at_once(window: Api, connect: Callable[..., Api]) -> None:
    zhao = {"name": "赵国安", "identity_number": "361799195803070076"}
    response = window.post("/cases", window.filing(matter="senior-card") | {"applicant": {"person": zhao}})
    assert response.status_code == 201, response.content
    assert response.json()["filed_at"][:4] == str(timezone.now().year)
    case = Case.objects.get(pk=int(response.json()["number"]))
    assert (case.status, case.outcome) == ("concluded", "granted")
    authority = connect(department=case.authority_id)
    assert authority.get(response.json()["href"].removeprefix("/api/v1")).json()["certificate"]["identifier"]


def _with_check(number: str) -> str:
    from stdnum.cn import ric

    return number + str(ric.calc_check_digit(number + "0"))


def test_a_number_that_is_on_record_is_right_although_its_check_fails(window: Api) -> None:
    from tongban.apps.people.actors import Actor
    from tongban.apps.people.services import register_unfit_person

    person = {"name": "钱大娘", "identity_number": "361799197001019990", "phone": "13900000099"}
    filing = window.filing() | {"applicant": {"person": person}}
    refused = window.post("/cases", filing)
    assert [each["field"] for each in refused.json()["errors"]] == ["applicant.person.identity_number"]
    clerk = Actor(id="user:1", roles=frozenset({("window", "clerk")}))
    register_unfit_person(**person, reason="As on the card.", actor=clerk, at=timezone.now())
    response = window.post("/cases", filing)
    assert response.status_code == 201, response.content.decode()
    assert Case.objects.get(pk=int(response.json()["number"])).applicant_name == "钱大娘"
