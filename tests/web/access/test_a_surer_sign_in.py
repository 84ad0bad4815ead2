"""What asks for a surer sign-in leads to one, and on to where the reader was; who has none comes to a window."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.conftest import CODE, KEY, confirm_surely

from tongban.apps.catalog.queries import get_matter
from tongban.apps.people.assurance import meets
from tongban.apps.people.models import Mandate, Person

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]


def level_of(client: Client) -> str:
    """How sure our pages take the session to be."""
    request: Any = client.get("/inbox/").wsgi_request
    return str(request.actor.assurance)


@pytest.fixture
def demanding(monkeypatch: pytest.MonkeyPatch, city: Any) -> Callable[[str], None]:
    """Let the food licence ask for a level."""

    def demand(level: str) -> None:
        version = get_matter(code="food-business-licence", on=timezone.localdate())
        changed = replace(version.definition, assurance=level)
        monkeypatch.setattr(type(version), "definition", changed, raising=False)

    return demand


@pytest.mark.parametrize(
    ("records", "level"),
    [
        ((), "low"),
        (({"method": "password"},), "low"),
        ((CODE,), "substantial"),
        (({"method": "mfa", "type": "recovery_codes"},), "substantial"),
        ((KEY,), "high"),
        ((CODE, KEY), "high"),
        (({"method": "socialaccount"},), "low"),
    ],
)
def test_it_works(client_for: For, records: Any, level: str) -> None:
    client = client_for("linxiaomei")
    if records:
        confirm_surely(client, *records)
    assert level_of(client) == level


def test_of_another_account_nothing_counts(client_for: For, user_for: Callable[[str], Any]) -> None:
    client = client_for("linxiaomei")
    confirm_surely(client, KEY, user_id=user_for("zhoumin").pk)
    assert level_of(client) == "low"


def test_levels_are_ordered() -> None:
    assert meets("high", "substantial")
    assert meets("", "")
    assert not meets("low", "substantial")
    assert not meets("", "low")


def test_a_matter_that_asks_for_more_is_not_filed_by_password(
    ready: Callable[[Client], Any], client_for: For, demanding: Callable[[str], None]
) -> None:
    client = client_for("linxiaomei")
    draft = ready(client)
    demanding("substantial")
    assert "To send this you confirm once more" in client.get("/matters/food-business-licence/start").text
    review = f"/drafts/{draft}/review/"
    answer = client.post(
        f"/drafts/{draft}/submit", {"declared": "on"}, headers={"referer": f"http://testserver{review}"}
    )
    assert answer["Location"] == f"/account/step-up/?needed=substantial&next=%2Fdrafts%2F{draft}%2Freview%2F"
    page = client.get(answer["Location"])
    assert "You have not set up a second step yet" in page.text
    confirm_surely(client, CODE)
    assert client.get(answer["Location"])["Location"] == review
    assert "/receipt/" in client.post(f"/drafts/{draft}/submit", {"declared": "on"})["Location"]


def test_a_mandate_must_be_as_sure_as_the_matter(
    client_for: For, user_for: Callable[[str], Any], demanding: Callable[[str], None], file_case: Callable[..., int]
) -> None:
    from tongban.apps.intake.services import require_assured
    from tongban.apps.people.errors import AssuranceTooLow
    from tongban.apps.people.queries import get_actor, get_applicant

    demanding("high")
    zhou = get_actor(user=user_for("zhoumin"), on=timezone.localdate(), assurance="high")
    key = "organisation:91361700MA00001A5K"
    definition = get_matter(code="food-business-licence", on=timezone.localdate()).definition
    given = get_applicant(actor=zhou, key=key, on=timezone.localdate())
    assert given is not None
    with pytest.raises(AssuranceTooLow):
        require_assured(definition=definition, applicant=given, actor=zhou)
    Mandate.objects.filter(agent=Person.objects.get(user__username="zhoumin")).update(assurance="high")
    given = get_applicant(actor=zhou, key=key, on=timezone.localdate())
    assert given is not None
    require_assured(definition=definition, applicant=given, actor=zhou)


def test_the_page_offers_what_would_do(client_for: For, user_for: Callable[[str], Any]) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user_for("linxiaomei"), generate_totp_secret())
    client = client_for("linxiaomei")
    assert "Confirm with a code from my app" in client.get("/account/step-up/?needed=substantial&next=/").text
    assert "Confirm with a code from my app" not in client.get("/account/step-up/?needed=high&next=/").text
    assert client_for("").get("/account/step-up/")["Location"].startswith("/account/login/")


def test_it_leads_nowhere_else(client_for: For) -> None:
    client = client_for("linxiaomei")
    confirm_surely(client, KEY)
    assert client.get("/account/step-up/?needed=high&next=https://elsewhere.example/")["Location"] == "/"
