"""How signing in differs from allauth's defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

__all__ = ["AccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """Accounts are opened by the city (a person is known by an identity number), not by anybody on the web."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
