"""The identity provider of the city, where there is one: how the sign-in pages lead to it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from tongban.apps.people.assurance import meets

__all__ = ["Provider", "provider_link", "the_provider"]


@dataclass(frozen=True, slots=True)
class Provider:
    """Under which name, and where signing in with it begins."""

    name: str
    url: str


def the_provider(*, back: str = "", acr: str = "", process: str = "login") -> Provider | None:
    """The provider, or None; ``acr`` (all that we know) is asked of it, ``back`` is where the reader goes on."""
    if not settings.OIDC_URL:
        return None
    asked = {"process": process}
    if back:
        asked["next"] = back
    if acr or settings.OIDC_ACR:
        asked["auth_params"] = urlencode({"acr_values": acr or " ".join(settings.OIDC_ACR)})
    url = reverse("openid_connect_login", kwargs={"provider_id": settings.OIDC_PROVIDER})
    return Provider(settings.OIDC_NAME, f"{url}?{urlencode(asked)}")


def provider_link(*, back: str, level: str) -> Provider | None:
    """The provider, asked for at least ``level``; None when it has no such level."""
    enough = [acr for acr, given in settings.OIDC_ACR.items() if meets(given, level)]
    return the_provider(back=back, acr=" ".join(enough)) if enough else None
