"""A number whose check character does not fit: registered on a clerk's word, and right everywhere, in carts too."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.orders.conftest import fill_page

from tongban.apps.cases.models import Case
from tongban.apps.cases.proof import verify
from tongban.apps.catalog import bundles
from tongban.apps.catalog.definitions import Form
from tongban.apps.catalog.models import Bundle, BundleVersion
from tongban.apps.intake.models import Draft, Order
from tongban.apps.intake.queries import get_draft
from tongban.apps.ledger.models import Event
from tongban.apps.people.models import Mandate, Organisation, Person, User
from tongban.apps.people.queries import get_actor

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
CODE = "91361700MA00009A5X"
SHOP = {"credit_code": CODE, "name": "老街豆腐坊", "phone": "13900000088"}
CARD = {"identity_number": "361799197001019990", "name": "钱大娘", "phone": "13900000099"}
SAID = {"override": "on", "reason": "执照原件如此"}
TOGETHER = "/window/together/trial-registered/"
BUNDLE = """\
code: trial-registered
name: {zh: "试一试：已有执照", en: "A trial: registered already"}
summary: {zh: "刻章和发票。", en: "Seals and invoices."}
keywords: {zh: ["试执照"], en: ["trial registered"]}
icon: shop
served: ["2"]
guide: []
parts:
  - matter: seal-record
  - matter: invoice-quota
shared:
  - id: credit_code
    title: {zh: "统一社会信用代码", en: "Unified social credit code"}
    fields: {seal-record: credit_code, invoice-quota: credit_code}
materials: []
visits: {most: 0, why: {zh: "不用来。", en: "Nobody comes."}}
examples:
  - {name: {zh: "例", en: "Example"}, answers: {}, parts: [seal-record, invoice-quota]}
"""


@pytest.fixture(autouse=True)
def registered_already(city: Any) -> Iterator[None]:
    """An event of life for organisations, whose code is asked once."""
    Bundle.objects.get_or_create(pk="trial-registered")
    BundleVersion.objects.create(
        bundle_id="trial-registered",
        version=1,
        effective_from=date(2026, 1, 1),
        published_at=timezone.now(),
        published_by="test",
        digest="trial-registered",
        files={"bundle.yaml": BUNDLE},
    )
    bundles.forget()
    yield
    bundles.forget()


def test_an_organisation_files_several_matters(client_for: For, a_photo: Callable[..., Any]) -> None:
    clerk = client_for("wangqian")
    page = clerk.post(TOGETHER, SHOP)
    assert page.status_code == 422
    assert "The licence really says so" in page.text
    assert "Give the reason" in clerk.post(TOGETHER, SHOP | {"override": "on"}).text
    assert not Order.objects.exists()
    cart = clerk.post(TOGETHER, SHOP | SAID)["Location"]
    assert Organisation.objects.get(pk=CODE).check_overridden == SAID["reason"]
    shared = clerk.get(f"{cart}answers/")
    values = {field.name: field.value for field in shared.context["fields"]}
    assert values["credit_code"] == CODE
    # Another slip is still one.
    wrong = clerk.post(f"{cart}answers/", values | {"credit_code": "91361700MA00008A5X"})
    assert wrong.status_code == 422
    for _ in range(14):
        url = clerk.get(cart).context["next_url"]
        if url.endswith("/review/"):
            break
        _fill(clerk, url, a_photo)
    answer = clerk.post(f"{cart}submit", {"declared": "yes"})
    assert answer.status_code == 302, answer.context["problems"]
    cases = list(Case.objects.filter(organisation=CODE))
    assert {case.matter for case in cases} == {"seal-record", "invoice-quota"}
    assert {case.answers["credit_code"] for case in cases} == {CODE}


def _fill(clerk: Client, url: str, a_photo: Callable[..., Any]) -> None:
    """A page with the answers of an example, but the code of the licence on the counter."""
    page = clerk.get(url, follow=True)
    if any(field.name == "credit_code" for field in page.context.get("fields") or ()):
        path = page.request["PATH_INFO"]
        values = {field.name: field.value for field in page.context["fields"]} | {
            "credit_code": CODE,
            "company_name": SHOP["name"],
            "representative_name": "钱大娘",
            "contact_phone": "13900000088",
            "asked": page.context.get("asked", ""),
        }
        assert clerk.post(path, {name: value or "" for name, value in values.items()}).status_code == 302, path
        return
    fill_page(clerk, page, a_photo)


@pytest.mark.parametrize("where", ["/window/food-business-licence/", "/window/together/retirement/?stage=retiring"])
def test_a_person_is_registered_on_a_clerks_word(client_for: For, where: str) -> None:
    if "together" in where:
        where += "&category=male&fund=no&age=under60"
    clerk = client_for("wangqian")
    page = clerk.post(where, CARD)
    assert page.status_code == 422
    assert "The card really says so" in page.text
    assert not Person.objects.filter(name="钱大娘").exists()
    assert clerk.post(where, CARD | {"override": "on", "reason": " "}).status_code == 422
    assert clerk.post(where, CARD | {"override": "on", "reason": "身份证原件如此"}).status_code == 302
    assert Person.objects.get(name="钱大娘").check_overridden == "身份证原件如此"
    event = Event.objects.get(kind="person.registered")
    assert (event.capacity, event.data["reason"]) == ("clerk", "身份证原件如此")
    assert CARD["identity_number"] not in str(event.data)
    assert verify().holds
    # Whoever comes again is the same person.
    clerk.post(where, CARD | {"override": "on", "reason": "再次"})
    assert Person.objects.filter(name="钱大娘").count() == 1
    assert Event.objects.filter(kind="person.registered").count() == 1


def test_no_form_refuses_such_a_number_again(client_for: For) -> None:
    clerk = client_for("wangqian")
    clerk.post("/window/senior-card/", CARD | {"override": "on", "reason": "身份证原件如此"})
    actor = get_actor(user=User.objects.get(username="wangqian"), on=timezone.localdate())
    form: Form = get_draft(draft=Draft.objects.get().pk, actor=actor).definition.form
    asked = [field for field in form.fields.values() if field.format == "identity-number"]
    assert asked
    assert not form.read(asked[0], CARD["identity_number"]).code
    assert form.read(asked[0], "361799197001019991").code


@pytest.mark.parametrize("number", ["36179919700101999", "36179919701301999X", "ABCDEFGHIJKLMNOPQR"])
def test_no_other_slip_is_overridden(client_for: For, number: str) -> None:
    page = client_for("wangqian").post(
        "/window/senior-card/", CARD | {"identity_number": number, "override": "on", "reason": "x"}
    )
    assert page.status_code == 422
    assert not Person.objects.filter(name="钱大娘").exists()


def test_only_clerks_override(client_for: For) -> None:
    for other, status in (("chenli", 403), ("linxiaomei", 403), ("", 302)):
        assert client_for(other).post(TOGETHER, SHOP | SAID).status_code == status
    assert not Organisation.objects.filter(pk=CODE).exists()


# --- once it is on record, it is right wherever a valid one is --------------------------------------------------------


@pytest.fixture
def on_record(client_for: For) -> None:
    """A company and a person whose numbers a clerk has put on record although their checks fail."""
    clerk = client_for("wangqian")
    clerk.post("/window/food-business-licence/?for=organisation", SHOP | SAID)
    clerk.post("/window/senior-card/", CARD | {"override": "on", "reason": "身份证原件如此"})
    assert Organisation.objects.filter(pk=CODE).exists()
    assert Person.objects.filter(name="钱大娘").exists()


def test_a_person_names_such_a_company(client_for: For, begin: Any) -> None:
    """Not the applicant's own number: the company for which somebody asks in their own name."""
    client = client_for("linxiaomei")
    draft = begin(client, "seal-record")
    given = {"company_name": SHOP["name"], "representative_name": "钱大娘", "contact_phone": "13900000088"}
    page = f"/drafts/{draft}/company/"
    refused = client.post(page, given | {"credit_code": CODE})
    assert refused.status_code == 422
    client_for("wangqian").post("/window/food-business-licence/?for=organisation", SHOP | SAID)
    assert client.post(page, given | {"credit_code": " 9136 1700 MA00009A5x "}).status_code == 302
    assert Draft.objects.get(pk=draft).answers["credit_code"] == CODE
    assert client.post(page, given | {"credit_code": "91361700MA00008A5X"}).status_code == 422
    # What is not a number of that kind at all is still none.
    assert client.post(page, given | {"credit_code": CARD["identity_number"]}).status_code == 422


def test_whoever_comes_again_is_found_without_a_second_override(client_for: For, on_record: None) -> None:
    clerk = client_for("wangqian")
    for where, who in (("food-business-licence/?for=organisation", SHOP), ("food-business-licence/", CARD)):
        answer = clerk.post(f"/window/{where}", who)
        assert answer.status_code == 302, answer.context["form"].errors
    registered = Event.objects.filter(kind__in=("organisation.registered", "person.registered"))
    assert registered.count() == 2
    page = clerk.post("/window/food-business-licence/", CARD | {"name": "钱小姐"})
    assert "Another name is on file" in page.text


def test_a_mandate_on_both_sides(client_for: For, on_record: None) -> None:
    clerk = client_for("wangqian")
    given = {
        "kind": "representative",
        "represented": CODE,
        "represented_name": SHOP["name"],
        "agent": CARD["identity_number"],
        "agent_name": CARD["name"],
        "scope": "all",
        "until": "",
        "reason": "执照",
    }
    assert clerk.post("/window/mandates/", given).status_code == 302
    mandate = Mandate.objects.get(organisation=CODE)
    assert mandate.agent.name == CARD["name"]
    assert SHOP["name"] in clerk.get("/window/mandates/").text
    # And stands there for the company.
    agent = {"agent_number": CARD["identity_number"], "agent_name": CARD["name"]}
    answer = clerk.post("/window/food-business-licence/?for=organisation", SHOP | agent)
    assert answer.status_code == 302
    assert Draft.objects.get(pk=answer["Location"].split("/")[2]).agent == mandate.agent


def test_a_mandate_is_given_online(client_for: For, on_record: None) -> None:
    given = {
        "whom": f"person:{Person.objects.get(user__username='zhaoguoan').pk}",
        "name": CARD["name"],
        "number": CARD["identity_number"],
        "scope": "all",
        "until": (timezone.localdate() + timedelta(days=90)).isoformat(),
    }
    client = client_for("zhaoguoan")
    # Who has no account is not found; a slip in the number is one, whoever it may belong to.
    assert "check" in client.post("/mandates/give/", given).text
    Person.objects.filter(name=CARD["name"]).update(user=User.objects.create(username="qiandaniang"))
    assert "钱大娘 may act for 赵国安" in client.post("/mandates/give/", given).text
    assert "check" in client.post("/mandates/give/", given | {"name": "钱小姐"}).text


def test_papers_are_handed_in_for_them(client_for: For, on_record: None, file_case: Any) -> None:
    number = file_case(username="linxiaomei")
    clerk = client_for("wangqian")
    page = clerk.post("/window/papers/", CARD | {"case": f"{number:016d}"})
    assert page.context["form"].errors.keys() == {"case"}
