"""Who may enter: every view says so, and what does not say it is not entered.

A view carries exactly one of ``@public``, ``@signed_in`` or ``@official(…)``. ``AccessMiddleware`` enforces it before
the view runs, reads the clock once, and puts ``request.at`` and ``request.actor`` there for the view.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_actor
from tongban.web.assurance import assurance_of
from tongban.web.keeping import keep_posted

__all__ = ["Access", "AccessMiddleware", "declared", "just_signed_in", "official", "public", "signed_in"]

View = TypeVar("View", bound=Callable[..., Any])

# Code of others that declares nothing of its own: allauth decides for itself who may enter, static files are for all.
_FOREIGN = ("allauth.", "django.views.i18n", "django.contrib.staticfiles", "django.views.static", "ninja.")


@dataclass(frozen=True, slots=True)
class Access:
    """``kind`` is public, signed_in or official; ``roles`` narrows officials (empty: any)."""

    kind: str
    roles: frozenset[str] = frozenset()


def public(view: View) -> View:
    """Anyone may enter."""
    return _declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Whoever is signed in may enter; whose things they see there is the domain's matter."""
    return _declare(view, Access("signed_in"))


def official(*roles: str) -> Callable[[View], View]:
    """Officials may enter: those with one of ``roles``, or any."""
    return lambda view: _declare(view, Access("official", frozenset(roles)))


def just_signed_in(view: View) -> View:
    """Whoever signed in some minutes ago is asked for their password or code once more; under ``signed_in``."""
    guarded: View = reauthentication_required(view)
    return guarded


def declared(view: Callable[..., Any]) -> Access | None:
    """Return what a view declares; code of others counts as public, it guards itself."""
    access: Access | None = getattr(view, "access", None)
    if access is None and getattr(view, "__module__", "").startswith(_FOREIGN):
        return Access("public")
    return access


def _declare(view: View, access: Access) -> View:
    if hasattr(view, "access"):
        raise ImproperlyConfigured(f"{view} declares access twice")
    view.access = access  # type: ignore[attr-defined]  # functions carry attributes
    return view


class AccessMiddleware:
    """Stops at the door whoever may not enter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Enforce what ``view`` declares; None lets the request pass."""
        access = declared(view)
        if access is None:
            raise PermissionDenied(f"{view.__module__}.{view.__qualname__} declares no access")
        if access.kind == "public":
            return None
        if not request.user.is_authenticated:
            if request.method == "POST" and getattr(view, "keeps_posted", False):
                keep_posted(request)
            return redirect_to_login(request.get_full_path())
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if access.kind == "official" and not _may_enter(actor, access):
            raise PermissionDenied
        # Not for their own pages alone: what an official may read can be reached from some of everybody's as well.
        if settings.SECOND_FACTOR_FOR_OFFICIALS and actor.is_official and not _has_second_factor(request):
            return redirect("mfa_index")
        return None


def _may_enter(actor: Actor, access: Access) -> bool:
    return actor.is_official and (not access.roles or any(actor.has_role(role) for role in access.roles))


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return Actor(id="public")
    on = timezone.localdate(request.at)  # type: ignore[attr-defined]
    return get_actor(user=request.user, on=on, assurance=assurance_of(request))


def _has_second_factor(request: HttpRequest) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(request.user))
