"""What a device needs to know to install the site: names in each language, icons, shortcuts (W3C Web App Manifest)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.web.city import City

__all__ = ["manifest_of"]

_PAPER, _RIVER = "#f6f7f4", "#0b5a5e"
_ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("maskable-192.png", "192x192", "image/png", "maskable"),
    ("maskable-512.png", "512x512", "image/png", "maskable"),
)


def manifest_of(*, city: City, language: str) -> dict[str, Any]:
    """The manifest in one language, with the names in the others beside it. All languages are the same app (``id``)."""
    with override(language):
        return {
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "lang": _tag(language),
            "dir": "ltr",
            "name": _said(city.site_name, language),
            "short_name": _said(city.site_name, language),
            "name_localized": {_tag(code): _said(city.site_name, code) for code, _name in settings.LANGUAGES},
            "short_name_localized": {_tag(code): _said(city.site_name, code) for code, _name in settings.LANGUAGES},
            "description": _("Everything that government does for you: find it, file it, follow it, receive it."),
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _RIVER,
            "categories": ["government", "utilities"],
            "icons": [
                {"src": static(f"tongban/icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
                for name, sizes, kind, purpose in _ICONS
            ],
            "shortcuts": [
                {"name": _("My cases"), "url": reverse("portal:cases")},
                {"name": _("All matters"), "url": reverse("portal:matters")},
                {"name": _("Track a case"), "url": reverse("open:track")},
            ],
        }


def _said(words: Mapping[str, str], language: str) -> str:
    """The city's words in a language; where it has none, in English, then in whatever it has."""
    return words.get(language.split("-")[0]) or words.get("en") or next(iter(words.values()))


def _tag(language: str) -> str:
    """A Django language code as BCP 47 writes it: ``zh-hans`` is ``zh-Hans``."""
    head, _dash, script = language.partition("-")
    return f"{head}-{script.capitalize()}" if len(script) == 4 else language
