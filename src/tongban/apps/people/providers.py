"""Signing in through an identity provider: a pseudonym is not a person until the person has proven their number once.

How it is proven (docs/adr/0030): by the account that a window opened for them, by what the provider has verified at a
high level, or at a counter with the identity card. Nothing that is typed joins a pseudonym to a person.
"""

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tongban.apps.people.assurance import CLAIM_KEY, LEVEL_KEY, LOW, meets
from tongban.apps.people.errors import NameDiffers, PseudonymTaken
from tongban.apps.people.joining import join_by_proof, open_claim
from tongban.kernel.numbers import NumberError

__all__ = ["ProviderAdapter", "note_level"]


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Takes from the provider what is needed and keeps the pseudonym only."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        """Before anything is looked up or stored: note level and verified claims for this request, and drop them."""
        said: dict[str, Any] = dict(sociallogin.account.extra_data)
        token, more = said.get("id_token") or {}, said.get("userinfo") or {}
        request.provider_level = settings.OIDC_ACR.get(str(token.get("acr", "")), LOW)  # type: ignore[attr-defined]
        number = str({**token, **more}.get(settings.OIDC_NUMBER_CLAIM, "")) if settings.OIDC_NUMBER_CLAIM else ""
        name = str({**token, **more}.get(settings.OIDC_NAME_CLAIM, ""))
        request.provider_proof = (name, number)  # type: ignore[attr-defined]
        sociallogin.account.extra_data = {}
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in a pseudonym that belongs to somebody; join one that is proven; send any other to be proven."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        account = sociallogin.account
        name, number = request.provider_proof  # type: ignore[attr-defined]
        now = timezone.now()
        if number and name and meets(request.provider_level, settings.OIDC_PROOF_LEVEL):  # type: ignore[attr-defined]
            try:
                user = join_by_proof(
                    provider=account.provider, uid=account.uid, name=name, identity_number=number, at=now
                )
            except (NameDiffers, NumberError, PseudonymTaken):
                user = None  # the counter sorts it out, with the card
            if user is not None:
                sociallogin.lookup()
                return
        request.session[CLAIM_KEY] = open_claim(provider=account.provider, uid=account.uid, at=now)
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("join")))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False


def note_level(request: HttpRequest, method: str, **_given: object) -> None:
    """Once somebody is signed in through the provider, the session carries the level that it vouched for."""
    if method == "socialaccount":
        request.session[LEVEL_KEY] = getattr(request, "provider_level", LOW)


authentication_step_completed.connect(note_level, dispatch_uid="tongban.provider-level")
