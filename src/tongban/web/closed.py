"""Pages of the sign-in library that lead nowhere here, and so are not there.

Nobody signs up, and nobody has an electronic mail address on file: nothing can be confirmed, reset or sent by it.
Whoever runs the city sets a forgotten password anew (`tongban changepassword`).
"""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path

from tongban.web.access import public

__all__ = ["urlpatterns"]


@public
def closed(request: HttpRequest, **_parts: str) -> NoReturn:
    """Answer as if nothing were here."""
    raise Http404


urlpatterns: list[URLPattern] = [
    path(route, closed)
    for route in (
        "email/",
        "confirm-email/",
        "confirm-email/<path:key>/",
        "login/code/confirm/",
        "3rdparty/signup/",
        "password/reset/",
        "password/reset/<path:rest>/",
    )
]
