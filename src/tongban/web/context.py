"""What every template may use without its view asking for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tongban.apps.channels.queries import count_unread
from tongban.apps.people.actors import Actor
from tongban.web.capacity import capacity_of
from tongban.web.city import get_city
from tongban.web.installed.personal import reader_token
from tongban.web.preferences import Display, display_of
from tongban.web.providers import Provider, the_provider

__all__ = ["page"]


def page(request: HttpRequest) -> dict[str, Any]:
    """The city and how this reader wants pages shown."""
    display: Display = display_of(request)
    reader = reader_token(request)
    return {
        "city": get_city(),
        "display": display,
        "reader": reader,
        "second_factor_demanded": settings.SECOND_FACTOR_FOR_OFFICIALS,
        "own_device": bool(reader) and not request.session.get_expire_at_browser_close(),
        "provider": SimpleLazyObject(lambda: _provider(request)),
        "provider_to_connect": SimpleLazyObject(lambda: the_provider(process="connect")),
        "city_provider_name": settings.OIDC_NAME,
        "capacity": SimpleLazyObject(lambda: capacity_of(request)),
        "unread": SimpleLazyObject(lambda: _unread(request)),
    }


def _provider(request: HttpRequest) -> Provider | None:
    """The identity provider, leading back to where the reader wanted to go."""
    return the_provider(back=request.GET.get("next", ""))


def _unread(request: HttpRequest) -> int:
    """How many notices the reader has not read: asked only where a page shows it."""
    actor: Actor | None = getattr(request, "actor", None)
    return 0 if actor is None or actor.person_id is None else count_unread(person_id=actor.person_id)
