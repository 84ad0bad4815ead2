"""Signing in through a real, certified OpenID Connect provider: a pseudonym, a level, and when it is a person."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests.oidc.running import Provider, running_provider

from tongban.apps.ledger.models import Event
from tongban.apps.people.models import Person, PseudonymClaim

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
LEVELS = {"urn:test:password": "low", "urn:test:card": "high"}
LIN = {"name": "林晓梅", "identity_number": "361799198805140027"}
NEW = {"name": "新来", "identity_number": "361799202001010023"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def _configured(provider: Provider, settings: Any) -> None:
    app: dict[str, Any] = {
        "provider_id": "identity",
        "name": "市民码",
        "client_id": "tongban",
        "secret": "a-secret-of-the-tests",
    }
    app["settings"] = {"server_url": provider.url}
    settings.OIDC_URL, settings.OIDC_NAME, settings.OIDC_ACR = provider.url, "市民码", LEVELS
    settings.OIDC_NUMBER_CLAIM = "identity_number"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "identity"], "APPS": [app]}
    }


def actor_of(client: Client) -> Any:
    """Who asks, as our pages know it."""
    request: Any = client.get("/inbox/").wsgi_request
    return request.actor


def signs_in(client: Client, provider: Provider, *, link: str = "/account/login/?next=/inbox/") -> Any:
    """From the link on a page, through the provider, back to us."""
    page = client.get(link)
    shown = page.context["provider_to_connect" if "3rdparty" in link else "provider"]
    return client.get(provider.walk(client.get(shown.url)["Location"]))


def test_it_works(client_for: For, provider: Provider) -> None:
    """With the number verified by card, the pseudonym is joined to who is on file, once, and carries the level."""
    provider.expects("p-1", acr="urn:test:card", claims=LIN)
    client = client_for("")
    assert signs_in(client, provider)["Location"] == "/inbox/"
    actor = actor_of(client)
    assert (actor.name, actor.assurance) == ("林晓梅", "high")
    account = SocialAccount.objects.get(uid="p-1")
    assert account.extra_data == {}
    assert account.user.username == "linxiaomei"
    event = Event.objects.get(kind="pseudonym.joined")
    assert event.capacity == "provider"
    assert LIN["identity_number"] not in str(event.data)

    provider.expects("p-1", acr="urn:test:password")  # next time no number is needed, and the level is what it is
    again = client_for("")
    assert signs_in(again, provider)["Location"] == "/inbox/"
    assert actor_of(again).assurance == "low"
    assert Event.objects.filter(kind="pseudonym.joined").count() == 1


def test_a_pseudonym_alone_is_nobody(client_for: For, provider: Provider) -> None:
    provider.expects("p-2", acr="urn:test:card")
    client = client_for("")
    assert signs_in(client, provider)["Location"] == "/account/join/"
    assert "Who are you?" in client.get("/account/join/").text
    assert client.get("/inbox/")["Location"].startswith("/account/login/")
    assert not SocialAccount.objects.exists()


def test_a_number_that_was_not_verified_surely_enough_proves_nothing(client_for: For, provider: Provider) -> None:
    provider.expects("p-3", acr="urn:test:password", claims=LIN)
    assert signs_in(client_for(""), provider)["Location"] == "/account/join/"
    provider.expects("p-3", acr="urn:test:card", claims=LIN | {"name": "林大梅"})  # another name is on file
    assert signs_in(client_for(""), provider)["Location"] == "/account/join/"
    assert not SocialAccount.objects.exists()


def test_a_clerk_joins_it_with_the_card(client_for: For, provider: Provider) -> None:
    provider.expects("p-4", acr="urn:test:password")
    client = client_for("")
    signs_in(client, provider)
    code = client.get("/account/join/").context["code"]
    clerk = client_for("wangqian")
    wrong = clerk.post("/window/join/", {**NEW, "code": "2222 2222"})
    assert "There is no such code" in wrong.text
    assert clerk.post("/window/join/", {**NEW, "code": code})["Location"] == "/window/join/"
    assert signs_in(client, provider)["Location"] == "/inbox/"
    assert actor_of(client).name == "新来"
    assert not Person.objects.get(name="新来").user.has_usable_password()  # type: ignore[union-attr]
    assert not PseudonymClaim.objects.exists()
    assert "There is no such code" in clerk.post("/window/join/", {**NEW, "code": code}).text


def test_the_account_that_a_window_opened_is_proof(
    client_for: For, provider: Provider, user_for: Callable[[str], Any]
) -> None:
    user = user_for("zhaoguoan")
    user.set_password("a-long-password-of-the-tests")
    user.save()
    client = client_for("")
    client.post("/account/login/", {"login": "zhaoguoan", "password": "a-long-password-of-the-tests"})
    client.post("/account/reauthenticate/", {"password": "a-long-password-of-the-tests"})
    provider.expects("p-5", acr="urn:test:password")
    signs_in(client, provider, link="/account/3rdparty/")
    assert SocialAccount.objects.get(uid="p-5").user == user
    assert "connected since" in client.get("/account/3rdparty/").text
    other = client_for("")
    assert signs_in(other, provider)["Location"] == "/inbox/"


def test_a_second_factor_is_asked_for_all_the_same(
    client_for: For, provider: Provider, user_for: Callable[[str], Any]
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user_for("linxiaomei"), generate_totp_secret())
    provider.expects("p-6", acr="urn:test:card", claims=LIN)
    assert signs_in(client_for(""), provider)["Location"].startswith("/account/2fa/authenticate/")


def test_an_answer_that_we_did_not_ask_for_is_refused(client_for: For, provider: Provider) -> None:
    provider.expects("p-7", acr="urn:test:card", claims=LIN)
    asked = client_for("")
    back = provider.walk(asked.get(asked.get("/account/login/").context["provider"].url)["Location"])
    stranger = client_for("")
    assert "You are not signed in" in stranger.get(back).text
    assert stranger.get("/inbox/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_without_a_provider_nothing_of_it_is_offered(client_for: For, settings: Any) -> None:
    settings.OIDC_URL = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    client = client_for("")
    assert "市民码" not in client.get("/account/login/").text
    assert client.get("/account/oidc/identity/login/").status_code == 404
    assert client.get("/account/3rdparty/signup/").status_code == 404
