"""How a reader wants pages shown: theme and size, kept in two cookies, switched by a plain form.

Neither says who the reader is, so nothing is stored on the server.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.web.access import public

__all__ = ["SIZES", "THEMES", "Display", "display_of", "save"]

THEMES = ("auto", "light", "dark")
SIZES = ("standard", "elder")
_CHOICES = {"theme": THEMES, "size": SIZES}
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Display:
    """Theme (``auto`` follows the device) and size (``elder``: large, plain, a telephone number always there)."""

    theme: str
    size: str


def display_of(request: HttpRequest) -> Display:
    """The reader's choices; what is missing or unknown in a cookie counts as not chosen."""
    theme = request.COOKIES.get("tb_theme", "")
    size = request.COOKIES.get("tb_size", "")
    return Display(theme=theme if theme in THEMES else THEMES[0], size=size if size in SIZES else SIZES[0])


@public
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the form names (``theme``, ``size``) and go back to the page that it stood on (``next``)."""
    chosen = {key: request.POST[key] for key in _CHOICES if key in request.POST}
    if not chosen or any(value not in _CHOICES[key] for key, value in chosen.items()):
        return HttpResponseBadRequest(_("There is no such way to show the pages."))
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for key, value in chosen.items():
        response.set_cookie(
            f"tb_{key}", value, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response
