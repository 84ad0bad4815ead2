"""How signing in differs from allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongban.apps.people.sealing import is_sealed, open_sealed, seal

__all__ = ["AccountAdapter", "SecondFactorAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Accounts are opened by the city (a person is known by an identity number), not by anybody on the web."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth publishes no types
    """What proves a sign-in is sealed like numbers of people: whoever reads a backup makes no codes with it."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        # What was set up before secrets were sealed stays valid; `tongban keys reseal` seals it.
        return open_sealed(encrypted_text) if is_sealed(encrypted_text) else encrypted_text

    def generate_authenticator_name(self, user: object, type: object) -> str:  # allauth's name
        return _("This device")

    def _get_site_name(self) -> str:
        """What a device calls us when it asks whether to use a passkey."""
        return str(settings.MFA_TOTP_ISSUER)
