"""From which address a request comes, when there are proxies of ours before us."""

from django.conf import settings
from django.http import HttpRequest

__all__ = ["address_of"]


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, for rate limits.

    Each of our own proxies (``settings.ALLAUTH_TRUSTED_PROXY_COUNT`` of them) adds the address that it was asked from
    to the end of ``X-Forwarded-For``. What stands before those entries was sent by the asker, so it is not believed.
    """
    trusted = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    told = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if trusted and len(told) >= trusted:
        return told[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))
