"""Offers over my own data: with my consent only, each with its reason, and gone with one press."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_rights
from tongban.apps.catalog.queries import get_matter, get_version
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Consent, Mandate, Person
from tongban.apps.people.services import find_or_register_person

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]
READ = get_rights().consents["offers"].versions[-1].sha256
ALL = ["identity", "family", "certificates", "cases"]


def codes(client: Client) -> list[str]:
    return [each.code for each in client.get("/for-me/").context["offers"].items]


def test_it_works(client_for: For) -> None:
    client = client_for("zhaoguoan")  # born in 1958
    assert "Shall we tell you what you may be entitled to?" in client.get("/").content.decode()
    assert codes(client) == []
    client.post("/for-me/switch", {"words": READ, "sources": ALL})
    assert "senior-card" in codes(client)
    page = client.get("/for-me/").content.decode()
    assert "You are 68." in page
    assert "Shown because we looked at" in page
    home = client.get("/").content.decode()
    assert "You may be entitled to this" in home
    assert "Shall we tell you" not in home


def test_no_box_is_ticked_beforehand(client_for: For) -> None:
    """Nothing is agreed to by leaving things as they are (Personal Information Protection Law, 14)."""
    client = client_for("zhaoguoan")
    assert not any(each.selected for each in client.get("/for-me/").context["sources"].options)
    page = client.post("/for-me/switch", {"words": READ}, follow=True)
    assert "Tick what may be looked at, or say no." in page.text
    assert not Consent.objects.exists()
    client.post("/for-me/switch", {"words": READ, "off": "1"})
    assert Consent.objects.get().sources == []


def test_without_consent_nothing_is_looked_at(client_for: For) -> None:
    client = client_for("zhaoguoan")
    with CaptureQueriesContext(connection) as queries:
        client.get("/for-me/")
    assert not any('FROM "certificate"' in each["sql"] for each in queries)
    assert not Consent.objects.exists()


def test_only_the_sources_that_are_on_are_used(client_for: For) -> None:
    client = client_for("zhaoguoan")
    client.post("/for-me/switch", {"words": READ, "sources": ["cases"]})
    assert "senior-card" not in codes(client)
    client.post("/for-me/switch", {"words": READ, "sources": ["identity", "made-up"]})
    assert "senior-card" in codes(client)
    assert Consent.objects.get(ended_at=None).sources == ["identity"]


def test_one_press_switches_it_off_and_is_remembered(client_for: For) -> None:
    client = client_for("zhaoguoan")
    client.post("/for-me/switch", {"words": READ, "sources": ALL})
    client.post("/for-me/switch", {"words": READ, "sources": ALL, "off": "1"})
    assert codes(client) == []
    assert "Shall we tell you" not in client.get("/").content.decode()
    assert [bool(row.ended_at) for row in Consent.objects.order_by("pk")] == [True, False]


def test_one_is_hidden_and_shown_again(client_for: For) -> None:
    client = client_for("zhaoguoan")
    client.post("/for-me/switch", {"words": READ, "sources": ALL})
    before = codes(client)
    client.post("/for-me/senior-card/hide")
    assert codes(client) == [each for each in before if each != "senior-card"]
    assert "Show again the one that you hid" in client.get("/for-me/").content.decode()
    client.post("/for-me/show-hidden")
    assert codes(client) == before


def test_what_is_asked_for_already_is_not_offered(client_for: For, file_case: Any) -> None:
    client = client_for("zhaoguoan")
    client.post("/for-me/switch", {"words": READ, "sources": ALL})
    examples = get_matter(code="senior-card", on=timezone.localdate()).definition.examples
    answers = next(each.answers for each in examples if each.expect.get("outcome") == "granted")
    file_case(matter="senior-card", username="zhaoguoan", answers=answers, at=timezone.now())
    assert "senior-card" not in codes(client)


def test_a_child_of_whom_one_is_guardian(client_for: For, user_for: Any) -> None:
    client = client_for("wuxiaochuan")
    client.post("/for-me/switch", {"words": READ, "sources": ["family"]})
    assert codes(client) == []
    today = timezone.localdate()
    born = today.replace(day=1)
    number = _identity(f"361799{born:%Y%m%d}001")
    child = find_or_register_person(name="吴小宝", identity_number=number, phone="")
    Mandate.objects.create(
        person_id=getattr(child, "person_id", child),
        agent=Person.objects.get(user=user_for("wuxiaochuan")),
        kind="guardian",
        valid_from=today,
        accepted_at=timezone.now(),
    )
    assert codes(client) == ["newborn-registration", "childcare-subsidy"]


def test_a_licence_that_ends_is_offered_for_renewal(client_for: For, granted: Callable[..., int]) -> None:
    from datetime import timedelta

    from tongban.apps.evidence.models import Certificate

    number = granted()
    client = client_for("linxiaomei")
    client.post("/for-me/switch", {"words": READ, "sources": ["certificates"]})
    assert codes(client) == []
    Certificate.objects.filter(case=number).update(valid_until=timezone.localdate() + timedelta(days=40))
    assert codes(client) == ["certificate-ends"]
    assert "ends in 40 days" in client.get("/for-me/").content.decode()


def test_officials_and_nobody(client_for: For) -> None:
    assert client_for("").get("/for-me/")["Location"].startswith("/account/login/")
    for path in ("switch", "show-hidden", "senior-card/hide"):
        assert client_for("").post(f"/for-me/{path}")["Location"].startswith("/account/login/")
    assert client_for("admin").get("/for-me/").status_code == 200


def test_somebody_elses_consent_stays_theirs(client_for: For) -> None:
    client_for("zhaoguoan").post("/for-me/switch", {"words": READ, "sources": ALL})
    assert codes(client_for("linxiaomei")) == []


def _identity(first: str) -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


def test_one_press_leads_to_what_is_ready_to_be_sent(client_for: For) -> None:
    """Filled in with what is held, each page that is whole is passed; pressed again it is the same draft."""
    client = client_for("zhaoguoan")
    client.post("/for-me/switch", {"words": READ, "sources": ALL})
    begun = client.post("/for-me/senior-card/ask")["Location"]
    draft = Draft.objects.get()
    assert begun == f"/drafts/{draft.pk}/"
    where = client.get(begun)["Location"]
    asked = {each.name for step in _steps(draft) for each in step.fields}
    open_ones = [step.id for step in _steps(draft) if step.id not in draft.steps_done]
    assert where == (f"{begun}{open_ones[0]}/" if open_ones else f"{begun}review/")
    assert "person" in draft.steps_done, "name, number, birth and telephone are held"
    assert "residence" not in draft.answers, "what nobody has verified is theirs to say"
    assert draft.answers.keys() <= asked
    assert client.post("/for-me/senior-card/ask")["Location"] == begun
    assert not Case.objects.exists()
    elsewhere = client_for("linxiaomei").post("/for-me/senior-card/ask", follow=True)
    assert "This is not offered to you now" in elsewhere.text
    assert client_for("").post("/for-me/senior-card/ask").status_code == 302
    assert Draft.objects.count() == 1


def _steps(draft: Draft) -> Any:
    return get_version(version_id=draft.matter_version_id).definition.form.steps
