"""A surer sign-in for what asks for one: the ways that this reader has, and how to get one."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tongban.apps.people.assurance import HIGH, LEVELS, SUBSTANTIAL, meets
from tongban.web.access import signed_in
from tongban.web.providers import provider_link
from tongban.web.requests import Request

__all__ = ["show", "step_up"]


def step_up(request: HttpRequest, *, needed: str) -> HttpResponse:
    """Lead to the page that asks for a surer sign-in; afterwards back to where the reader was."""
    back = request.get_full_path()
    if request.method != "GET":
        back = urlsplit(request.headers.get("referer", "")).path or "/"
    return redirect(f"{reverse('step_up')}?{urlencode({'needed': needed, 'next': back})}")


@signed_in
@require_safe
def show(request: Request) -> HttpResponse:
    """What is asked for, and each way to give it; who has none is shown how to get one, or a window."""
    needed, back = request.GET.get("needed", ""), request.GET.get("next", "")
    if needed not in LEVELS:
        needed = SUBSTANTIAL
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    if meets(request.actor.assurance, needed):
        return redirect(back)
    return render(request, "account/step_up.html", {"needed": needed, "next": back} | _ways(request, needed, back))


def _ways(request: Request, needed: str, back: str) -> dict[str, Any]:
    onward = urlencode({"next": back})
    has_key = is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN])
    has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    return {
        "passkey": f"{reverse('mfa_reauthenticate_webauthn')}?{onward}" if has_key else "",
        "app": f"{reverse('mfa_reauthenticate')}?{onward}" if has_app and needed != HIGH else "",
        "provider": provider_link(back=back, level=needed),
        "app_would_do": needed != HIGH,
    }
