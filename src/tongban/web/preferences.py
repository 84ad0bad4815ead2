"""How a reader wants pages shown: size, colours, contrast, motion. Chosen by plain forms.

A choice is kept on the device, in cookies that say nothing of who the reader is. Whoever is signed in keeps it for
themselves as well, so that it comes along to another device; there it counts more than what that device has.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.people.services import keep_display
from tongban.web.access import public
from tongban.web.fields import Field, Option

__all__ = ["CHOICES", "Display", "display_of", "save", "show"]

CHOICES = {
    "size": ("standard", "elder"),
    "theme": ("auto", "light", "dark"),
    "contrast": ("auto", "more"),
    "motion": ("auto", "reduce"),
    "keys": ("on", "off"),
}
"""What can be chosen; the first of each is what counts when nothing has been chosen."""
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Display:
    """Size (``elder``: large, plain, one thing a page, a telephone number always there), theme, contrast, motion, keys.

    ``auto`` follows the device.
    """

    size: str
    theme: str
    contrast: str
    motion: str
    keys: str

    @property
    def is_elder(self) -> bool:
        """Whether pages are shown large, plain, and with fewer choices."""
        return self.size == "elder"

    @property
    def has_keys(self) -> bool:
        """Whether letters are shortcuts at the desk (WCAG 2.1.4: they can be switched off)."""
        return self.keys == "on"


def display_of(request: HttpRequest) -> Display:
    """The reader's choices: their own, then the device's; what is missing or unknown counts as not chosen."""
    user = getattr(request, "user", None)
    own = dict(parse_qsl(user.display)) if user is not None and user.is_authenticated else {}
    return Display(**{key: _known(key, own.get(key) or request.COOKIES.get(f"tb_{key}", "")) for key in CHOICES})


def _known(key: str, value: str) -> str:
    return value if value in CHOICES[key] else CHOICES[key][0]


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """One page for everything that can be chosen of how pages are shown."""
    display = display_of(request)
    actor = getattr(request, "actor", None)
    shown = [key for key in CHOICES if key != "keys" or (actor is not None and actor.is_official)]
    fields = [_field(key, getattr(display, key)) for key in shown]
    context = {"fields": fields, "next": request.GET.get("next", "/")}
    return render(request, "display.html", context)


@public
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what the form names (``size``, ``theme``, …) and go back to the page that it stood on (``next``)."""
    chosen = {key: request.POST[key] for key in CHOICES if key in request.POST}
    if not chosen or any(value not in CHOICES[key] for key, value in chosen.items()):
        return HttpResponseBadRequest(_("There is no such way to show the pages."))
    if request.user.is_authenticated:
        shown = display_of(request)
        keep_display(
            user_id=request.user.pk, display=urlencode({key: chosen.get(key, getattr(shown, key)) for key in CHOICES})
        )
    response = HttpResponseRedirect(_back(request))
    for key, value in chosen.items():
        response.set_cookie(
            f"tb_{key}", value, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


def _field(key: str, value: str) -> Field:
    label, words = {
        "size": (
            _("Size and choices"),
            {
                "standard": (_("Standard"), ""),
                "elder": (
                    _("Elder mode"),
                    _("Large words, fewer choices, one thing a page, our telephone always there."),
                ),
            },
        ),
        "theme": (
            _("Colours"),
            {"auto": (_("As the device"), ""), "light": (_("Light"), ""), "dark": (_("Dark"), "")},
        ),
        "contrast": (
            _("Contrast"),
            {
                "auto": (_("As the device"), ""),
                "more": (_("High"), _("Black on white or white on black, with strong lines.")),
            },
        ),
        "motion": (
            _("Motion"),
            {"auto": (_("As the device"), ""), "reduce": (_("Nothing moves"), _("No sliding, no fading."))},
        ),
        "keys": (
            _("Keys of the desk"),
            {"on": (_("On"), _("The question mark lists them.")), "off": (_("Off"), _("No letter is a shortcut."))},
        ),
    }[key]
    options = tuple(
        Option(value=code, label=name, hint=hint, selected=code == value) for code, (name, hint) in words.items()
    )
    return Field(kind="radios", name=key, label=label, options=options)
