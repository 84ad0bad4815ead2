"""At a counter somebody may stand for the applicant: the case keeps applicant, agent and assisting clerk."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tongban.apps.cases.models import Case
from tongban.apps.intake.models import Draft, Order
from tongban.apps.ledger.models import Event
from tongban.apps.people.models import Mandate, Person
from tongban.apps.people.sealing import open_sealed
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
WHO = "/window/food-business-licence/?for=organisation"
COMPANY = {"credit_code": "91361700MA00001A5K", "name": "明川小馆餐饮有限公司", "phone": ""}
ZHOU = "周敏"


@pytest.fixture
def zhou() -> dict[str, str]:
    """Zhou Min, who acts for the company under a mandate."""
    person = Person.objects.get(user__username="zhoumin")
    return {"agent_number": _number(person), "agent_name": person.name}


def test_it_works(client_for: For, fill_in: Any, a_photo: Any, zhou: dict[str, str]) -> None:
    clerk = client_for("wangqian")
    assert clerk.post(WHO, COMPANY | zhou).status_code == 302
    draft = Draft.objects.get().pk
    page = clerk.get(f"/drafts/{draft}/", follow=True).text
    assert "You fill this in for <strong>明川小馆餐饮有限公司</strong>, as a clerk at the counter" in page
    fill_in(clerk, draft)
    clerk.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 302
    case = Case.objects.get()
    assert (case.organisation_id, case.channel) == (COMPANY["credit_code"], "window")
    assert case.agent is not None
    assert case.agent.name == ZHOU
    filed = Event.objects.get(case=case.number, kind="case.filed")
    assert (filed.capacity, filed.actor) == ("clerk", f"user:{clerk.session['_auth_user_id']}")
    # All three stand on the case, for the company, for who stood there, and for whoever handles it.
    for reader, path in (("linxiaomei", "cases"), ("zhoumin", "cases"), ("chenli", "desk/cases")):
        page = client_for(reader).get(f"/{path}/{case.number:016d}/").text
        for words in ("明川小馆餐饮有限公司", "through Zhou Min", "with the help of Wang Qian"):
            assert words in page, (reader, words)
    # Both were called up, and read it.
    assert {
        (each.person and each.person.name, each.organisation_id) for each in Look.objects.filter(what="person")
    } == {
        (None, COMPANY["credit_code"]),
        (ZHOU, None),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agent_name": "周大敏"}, "Another name is on file"),
        ({"agent_name": ""}, "Enter the name on the identity card"),
        ({"agent_number": ""}, "Enter the number on the identity card"),
        ({"agent_number": "361799198805140028"}, "check"),
        ({"agent_number": "361799199702190093", "agent_name": "吴小川"}, "Nothing is on record that lets them act"),
    ],
)
def test_what_is_wrong_is_said(client_for: For, zhou: dict[str, str], changes: dict[str, str], words: str) -> None:
    page = client_for("wangqian").post(WHO, COMPANY | zhou | changes)
    assert page.status_code == 422
    assert words in page.text
    assert not Draft.objects.exists()


def test_a_mandate_for_other_matters_does_not_do(client_for: For, zhou: dict[str, str]) -> None:
    Mandate.objects.filter(agent__name=ZHOU).update(matters=["shop-sign"])
    assert client_for("wangqian").post(WHO, COMPANY | zhou).status_code == 422


def test_it_ends_with_the_mandate(client_for: For, fill_in: Any, a_photo: Any, zhou: dict[str, str]) -> None:
    clerk = client_for("wangqian")
    clerk.post(WHO, COMPANY | zhou)
    draft = Draft.objects.get().pk
    fill_in(clerk, draft)
    clerk.post(f"/drafts/{draft}/materials/", {"file-floor_plan": a_photo()})
    Mandate.objects.filter(agent__name=ZHOU).update(revoked_at="2026-01-01T00:00:00Z")
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 403
    assert not Case.objects.exists()
    # The applicant has come themselves: the same draft goes on without an agent.
    clerk.post(WHO, COMPANY)
    assert Draft.objects.get().agent is None
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 302
    assert Case.objects.get().agent is None


def test_in_several_matters_at_once(client_for: For, zhou: dict[str, str]) -> None:
    guide = urlencode({"stage": "retiring", "category": "male", "fund": "no", "age": "under60"})
    zhao = {"name": "赵国安", "identity_number": "361799195803070076", "phone": ""}
    clerk = client_for("wangqian")
    assert clerk.post(f"/window/together/retirement/?{guide}", zhao | zhou).status_code == 422
    me = Person.objects.get(name="赵国安")
    held = Mandate.objects.get(person=me)
    Mandate.objects.filter(pk=held.pk).update(matters=None)
    agent = {"agent_number": _number(held.agent), "agent_name": held.agent.name}
    assert clerk.post(f"/window/together/retirement/?{guide}", zhao | agent).status_code == 302
    assert Order.objects.get().channel == "window"
    assert {draft.agent for draft in Draft.objects.all()} == {held.agent}


def _number(person: Person) -> str:
    return open_sealed(person.identity_sealed)
