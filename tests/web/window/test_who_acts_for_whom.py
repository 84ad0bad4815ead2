"""At the counter: a mandate put on record, one ended, a credit code overridden; by clerks only, with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.proof import verify
from tongban.apps.intake.queries import get_draft
from tongban.apps.intake.services import save_step, start_for
from tongban.apps.ledger.models import Event
from tongban.apps.people.models import Mandate, Organisation
from tongban.apps.people.services import register_unfit_organisation

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
GUARDIAN = {
    "kind": "guardian",
    "represented": "361799202001010023",
    "represented_name": "林小小",
    "agent": "361799198805140027",
    "agent_name": "林晓梅",
    "until": "",
    "reason": "出生医学证明",
}
UNFIT = {"credit_code": "91361700MA00009A5X", "name": "老街豆腐坊", "phone": ""}
WHO = "/window/food-business-licence/?for=organisation"


def test_it_works(client_for: For) -> None:
    clerk = client_for("wangqian")
    assert clerk.post("/window/mandates/", GUARDIAN)["Location"] == "/window/mandates/"
    held = Mandate.objects.get(person__name="林小小")
    page = clerk.get("/window/mandates/").text
    assert "is the guardian of 林小小" in page
    assert "361799202001010023" not in page
    event = Event.objects.get(case=held.number or 0)
    assert (event.kind, event.capacity, event.data["reason"]) == ("mandate.registered", "clerk", "出生医学证明")
    assert "林小小" in client_for("linxiaomei").get("/acting/").text
    clerk.post(f"/window/mandates/{held.pk}/end", {"reason": "监护人变更"})
    held.refresh_from_db()
    assert held.ended_as == "revoked"


def test_only_of_who_stands_there_is_one_ended(client_for: For) -> None:
    held = Mandate.objects.get(person__user__username="zhaoguoan")
    clerk = client_for("wangqian")
    page = clerk.post(f"/window/mandates/{held.pk}/end", {"reason": "x"}, follow=True).text
    assert "There is no such mandate" in page
    held.refresh_from_db()
    assert held.revoked_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Give the reason"),
        ({"agent_name": "林大梅"}, "Another name is on file"),
        ({"represented": "361799202001010024"}, "check"),
        ({"kind": "mandate", "until": ""}, "The last day must not lie in the past"),
    ],
)
def test_what_is_wrong_is_said(client_for: For, changes: dict[str, str], words: str) -> None:
    page = client_for("wangqian").post("/window/mandates/", GUARDIAN | changes)
    assert page.status_code == 422
    assert words in page.text


@pytest.mark.parametrize("path", ["/window/mandates/", "/window/join/"])
def test_who_may_enter(client_for: For, path: str) -> None:
    assert client_for("wangqian").get(path).status_code == 200
    for other in ("chenli", "linxiaomei"):
        assert client_for(other).get(path).status_code == 403
    assert client_for("").get(path)["Location"].startswith("/account/login/")


def test_a_code_that_fails_its_check_is_registered_on_record(client_for: For) -> None:
    clerk = client_for("wangqian")
    page = clerk.post(WHO, UNFIT)
    assert page.status_code == 422
    assert "The licence really says so" in page.text
    page = clerk.post(WHO, UNFIT | {"override": "on"})
    assert "Give the reason" in page.text
    assert clerk.post(WHO, UNFIT | {"override": "on", "reason": "执照原件如此"}).status_code == 302
    found = Organisation.objects.get(pk=UNFIT["credit_code"])
    assert found.check_overridden == "执照原件如此"
    event = Event.objects.get(kind="organisation.registered")
    assert (event.capacity, event.data["overridden"]) == ("clerk", "number.check")
    assert verify().holds


def test_no_other_slip_is_overridden(client_for: For) -> None:
    clerk = client_for("wangqian")
    for code in ("91361700MA00009A5", "91361700MA0000IA5X"):  # too short; a letter that no code has
        page = clerk.post(WHO, UNFIT | {"credit_code": code, "override": "on", "reason": "x"})
        assert page.status_code == 422
    assert not Organisation.objects.filter(name="老街豆腐坊").exists()


@pytest.mark.parametrize(("typed", "is_wrong"), [("91361700MA00009A5X", False), ("91361700MA00008A5X", True)])
def test_no_form_refuses_such_a_code_again(actor_for: Callable[[str], Any], typed: str, is_wrong: bool) -> None:
    clerk, now = actor_for("wangqian"), timezone.now()
    applicant = register_unfit_organisation(**UNFIT, reason="执照原件如此", actor=clerk, at=now)
    draft = start_for(actor=clerk, matter="seal-record", applicant=applicant, channel="window", at=now)
    form = get_draft(draft=draft, actor=clerk, at=now).definition.form
    step = next(step.id for step in form.steps for field in step.fields if field.name == "credit_code")
    found = save_step(draft=draft, actor=clerk, step=step, answers={"credit_code": typed}, at=now)
    assert ("credit_code" in {error.field for error in found.errors}) == is_wrong
    errors = form.validate(answers={"credit_code": typed}).errors
    assert ("credit_code" in {error.field for error in errors}) == is_wrong


MANDATE = {
    "kind": "mandate",
    "represented": "91361700MA00001A5K",
    "represented_name": "明川小馆餐饮有限公司",
    "agent": "361799199702190093",
    "agent_name": "吴小川",
    "reason": "授权书原件，双方到场",
}


def until(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("scope", "matters"),
    [
        ({"scope": "some", "matters": ["food-business-licence"]}, ["food-business-licence"]),
        ({"scope": "all"}, None),
    ],
)
def test_a_clerk_chooses_for_what_and_until_when(client_for: For, scope: dict[str, Any], matters: Any) -> None:
    clerk, wu = client_for("wangqian"), client_for("wuxiaochuan")
    given = MANDATE | scope | {"until": until(30)}
    assert clerk.post("/window/mandates/", given)["Location"] == "/window/mandates/"
    held = _given().get()
    assert (held.matters, str(held.valid_until)) == (matters, until(30))
    page = clerk.get("/window/mandates/").text
    assert ("in these matters only: Food business licence" in page) == (matters is not None)
    # It goes as far as it says, from the first page of a matter on.
    assert _may_ask(wu, "food-business-licence")
    assert _may_ask(wu, "shop-sign") == (matters is None)


def _given() -> QuerySet[Mandate]:
    return Mandate.objects.filter(agent__name="吴小川", organisation=MANDATE["represented"])


def _may_ask(client: Client, matter: str) -> bool:
    keys = {each.key for each in client.get(f"/matters/{matter}/start").context["applicants"]}
    return f"organisation:{MANDATE['represented']}" in keys


def test_or_a_whole_topic(client_for: For) -> None:
    clerk = client_for("wangqian")
    page = clerk.get("/window/mandates/?topic=business")
    assert page.context["form"].initial == {"scope": "topic", "topic": "business"}
    clerk.post("/window/mandates/", MANDATE | {"scope": "topic", "topic": "business", "until": until(30)})
    held = _given().get()
    assert held.matters is not None
    assert "food-business-licence" in held.matters
    assert "senior-card" not in held.matters


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": ""}, "Choose for what"),
        ({"scope": "some"}, "Tick at least one matter"),
        ({"scope": "some", "matters": ["no-such-matter"]}, "no-such-matter"),
        ({"scope": "topic"}, "Choose a topic"),
        ({"scope": "all", "until": ""}, "The last day must not lie in the past"),
        ({"scope": "all", "until": until(-1)}, "The last day must not lie in the past"),
        ({"scope": "all", "until": until(3000)}, "The last day must not lie in the past"),
    ],
)
def test_what_a_mandate_lacks_is_said(client_for: For, changes: dict[str, Any], words: str) -> None:
    page = client_for("wangqian").post("/window/mandates/", MANDATE | {"until": until(30)} | changes)
    assert page.status_code == 422
    assert words in page.text
    assert not _given().exists()


def test_a_guardian_acts_in_everything_whatever_was_ticked(client_for: For) -> None:
    clerk = client_for("wangqian")
    clerk.post("/window/mandates/", GUARDIAN | {"scope": "some", "matters": ["senior-card"]})
    assert Mandate.objects.get(person__name="林小小").matters is None


def test_an_organisation_whose_code_was_overridden_is_found_again(
    client_for: For, actor_for: Callable[[str], Any]
) -> None:
    register_unfit_organisation(**UNFIT, reason="执照原件如此", actor=actor_for("wangqian"), at=timezone.now())
    given = {"represented": UNFIT["credit_code"], "represented_name": UNFIT["name"], "scope": "all"}
    done = client_for("wangqian").post("/window/mandates/", MANDATE | given | {"until": until(30)})
    assert done.status_code == 302
    assert Mandate.objects.filter(organisation=UNFIT["credit_code"]).exists()
