"""At the counter: a mandate put on record, one ended, a credit code overridden; by clerks only, with a reason."""

from collections.abc import Callable
from typing import Any

import pytest
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
