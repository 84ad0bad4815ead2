"""What pages for all have in common: no search engine lists single cases, and nobody asks without end."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django_ratelimit.core import is_ratelimited

from tongban.apps.people.addresses import address_of
from tongban.web.access import View

__all__ = ["asks_too_often", "unlisted"]


def unlisted(view: View) -> View:
    """What these pages say of single cases and certificates is not for search engines."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return inner  # type: ignore[return-value]  # wraps keeps the view's own shape


def asks_too_often(request: HttpRequest, group: str, rate: str, *, key: str = "") -> bool:
    """Count this request; true when there were more than ``rate`` of them from one address, or for one ``key``."""
    counted = key or address_of(request)
    return bool(is_ratelimited(request, group=group, key=lambda *_: counted, rate=rate, increment=True))
