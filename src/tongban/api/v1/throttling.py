"""How often a caller may ask: counted by client, and by address for whoever is not recognised.

What is costly has a limit of its own besides, which it shares with the page that does the same.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage
from ninja.throttling import BaseThrottle

from tongban.apps.people.addresses import address_of

__all__ = ["ByCaller", "OfVerifications", "seconds_to_wait"]


def seconds_to_wait(request: HttpRequest, *, key: str, group: str = "api", rate: str = "") -> int | None:
    """Count one call under ``key``; return how long to wait when it is one too many, else None.

    ``rate``: ``settings.RATE_API`` unless told otherwise.
    """
    usage: dict[str, Any] | None = get_usage(
        request, group=group, key=lambda group, request: key, rate=rate or settings.RATE_API, increment=True
    )
    return max(1, usage["time_left"]) if usage and usage["should_limit"] else None


class ByCaller(BaseThrottle):
    """``settings.RATE_API`` for each client, and for each address where anybody may ask."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this call; False when it is one too many."""
        caller = getattr(request, "auth", None)
        key = f"client:{caller.client}" if caller else f"address:{address_of(request)}"
        wait = seconds_to_wait(request, key=key)
        request._api_wait = wait  # type: ignore[attr-defined]  # one object serves all requests, so it keeps nothing
        return wait is None

    def wait(self) -> float | None:
        """Not said here: the answer is made where the request is at hand."""
        return None


class OfVerifications(ByCaller):
    """``settings.RATE_VERIFICATION`` for each address: files of strangers are costly to read."""

    def allow_request(self, request: HttpRequest) -> bool:
        """As above."""
        wait = seconds_to_wait(request, key=address_of(request), group="verify", rate=settings.RATE_VERIFICATION)
        request._api_wait = wait  # type: ignore[attr-defined]  # as above
        return wait is None
