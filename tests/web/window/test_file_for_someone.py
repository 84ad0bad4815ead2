"""The counter: a clerk files for whoever stands there; the case is theirs, not the clerk's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Organisation, Person
from tongban.apps.people.sealing import open_sealed

pytestmark = pytest.mark.django_db
WHO = "/window/food-business-licence/"
NEW = {"identity_number": "361799197001019992", "name": "钱大娘", "phone": "139 0000 0099"}
LIN = {"identity_number": "361799198805140027", "name": "林晓梅", "phone": ""}
BISTRO = {"credit_code": "91361700MA00001A5K", "name": "明川小馆餐饮有限公司", "phone": ""}


def _with_check_digit(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


NEW["identity_number"] = _with_check_digit("36179919700101999")


def test_someone_new_is_registered_and_the_draft_opens(client_for: Callable[..., Client]) -> None:
    response = client_for("wangqian").post(WHO, NEW)
    draft = Draft.objects.get()
    assert response["Location"] == f"/drafts/{draft.pk}/"
    assert draft.channel == "window"
    person = draft.person
    assert person is not None
    assert person.name == "钱大娘"
    assert open_sealed(person.phone_sealed) == "13900000099"


def test_someone_on_file_is_found(client_for: Callable[..., Client]) -> None:
    before = Person.objects.count()
    client_for("wangqian").post(WHO, LIN)
    assert Person.objects.count() == before
    assert Draft.objects.filter(person__name="林晓梅").count() == 1


def test_a_slip_in_the_number_is_caught(client_for: Callable[..., Client]) -> None:
    before = Person.objects.count()
    page = client_for("wangqian").post(WHO, NEW | {"identity_number": "361799198805140028"})
    assert page.status_code == 422
    assert "钱大娘" in page.text
    assert page.context["form"].errors.keys() == {"identity_number"}
    assert Person.objects.count() == before
    assert not Draft.objects.exists()


def test_another_name_on_file_is_not_told(client_for: Callable[..., Client]) -> None:
    page = client_for("wangqian").post(WHO, LIN | {"name": "钱大娘"})
    assert page.status_code == 422
    assert "Another name is on file" in page.text
    assert "林晓梅" not in page.text
    assert not Draft.objects.exists()


def test_an_organisation_on_file_is_not_changed(client_for: Callable[..., Client]) -> None:
    before = Organisation.objects.values().get(pk=BISTRO["credit_code"])
    response = client_for("wangqian").post(f"{WHO}?for=organisation", BISTRO | {"phone": "13900000088"})
    assert response.status_code == 302
    assert Organisation.objects.values().get(pk=BISTRO["credit_code"]) == before
    assert Draft.objects.get().organisation_id == BISTRO["credit_code"]


def test_a_wrong_credit_code_is_caught(client_for: Callable[..., Client]) -> None:
    page = client_for("wangqian").post(f"{WHO}?for=organisation", BISTRO | {"credit_code": "91361700MA00001A5A"})
    assert page.context["form"].errors.keys() == {"credit_code"}


def test_the_whole_way(client_for: Callable[..., Client], fill_in: Any, a_photo: Any) -> None:
    client = client_for("wangqian")
    client.post(WHO, LIN)
    draft = Draft.objects.get().pk
    assert f"/drafts/{draft}/" in client.get("/window/").text
    fill_in(client, draft)
    client.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
    receipt = client.post(f"/drafts/{draft}/submit", {"declared": "yes"})["Location"]
    case = Case.objects.get()
    page = client.get(receipt)
    assert "For the person before you" in page.text
    (line,) = page.context["documents"]
    assert client.get(line.url)["Content-Type"] == "application/pdf"
    assert client_for("sunbei").get(receipt).status_code == 200, "whoever is at a counter prints it again"
    assert client_for("chenli").get(receipt).status_code == 404
    assert client_for("zhoumin").get(receipt).status_code == 404
    assert "For the person before you" not in client_for("linxiaomei").get(receipt).text
    assert (case.channel, case.applicant_name, case.agent_id) == ("window", "林晓梅", None)
    page = client.get("/window/")
    assert [row.number for row, _ in page.context["filed"]] == [case.number]
    assert page.context["drafts"] == []
    owner = client_for("linxiaomei").get("/cases/")
    assert str(case.number)[:4] in owner.text
    assert case.number not in [row.number for row in _own_cases(client)]


def _own_cases(client: Client) -> list[Any]:
    from django.utils import timezone

    from tongban.apps.cases.queries import list_cases
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    user = User.objects.get(pk=client.session["_auth_user_id"])
    return list(list_cases(actor=get_actor(user=user, on=timezone.localdate())).rows)


def test_who_is_no_clerk_any_more_files_for_nobody(
    client_for: Callable[..., Client], user_for: Callable[[str], Any], fill_in: Any, a_photo: Any
) -> None:
    client = client_for("wangqian")
    client.post(WHO, LIN)
    draft = Draft.objects.get().pk
    fill_in(client, draft)
    client.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
    user_for("wangqian").memberships.filter(role="clerk").delete()
    assert client.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 403
    assert not Case.objects.exists()


def test_another_clerk_does_not_open_the_draft(client_for: Callable[..., Client]) -> None:
    client_for("wangqian").post(WHO, LIN)
    draft = Draft.objects.get().pk
    assert client_for("sunbei").get(f"/drafts/{draft}/").status_code == 404
    assert client_for("sunbei").get("/window/").context["drafts"] == []


@pytest.mark.parametrize("path", ["/window/", WHO])
def test_only_clerks_enter(client_for: Callable[..., Client], path: str) -> None:
    assert client_for("wangqian").get(path).status_code == 200
    assert client_for("chenli").get(path).status_code == 403
    assert client_for("linxiaomei").get(path).status_code == 403
    assert client_for("").get(path)["Location"] == f"/account/login/?next={path}"


def test_a_matter_is_found_by_its_everyday_word(client_for: Callable[..., Client]) -> None:
    page = client_for("wangqian").get("/window/", {"q": "开饭馆"})
    assert "food-business-licence" in [row.code for row, _, _ in page.context["matters"]]
    assert "No matter fits" in client_for("wangqian").get("/window/", {"q": "zzzzqqq"}).text


def test_an_unknown_matter_is_not_found(client_for: Callable[..., Client]) -> None:
    assert client_for("wangqian").get("/window/no-such-matter/").status_code == 404


def test_what_is_decided_at_once_is_still_the_counters_to_see(client_for: Callable[..., Client], city: Any) -> None:
    from django.utils import timezone

    from tongban.apps.catalog.queries import get_matter
    from tongban.apps.intake.services import file_directly
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import Applicant, get_actor

    published = get_matter(code="senior-card", on=timezone.localdate())
    person = Person.objects.get(name="赵国安")
    number = file_directly(
        matter=published,
        applicant=Applicant(key=f"person:{person.pk}", name=person.name, person_id=person.pk),
        agent_id=None,
        answers=published.definition.examples[0].answers,
        materials={},
        channel="window",
        actor=get_actor(user=User.objects.get(username="wangqian"), on=timezone.localdate()),
        at=timezone.now(),
    )
    assert client_for("wangqian").get(f"/desk/cases/{number}/").status_code == 200
    assert client_for("sunbei").get(f"/desk/cases/{number}/").status_code == 200
    assert client_for("luhao").get(f"/desk/cases/{number}/").status_code == 404
