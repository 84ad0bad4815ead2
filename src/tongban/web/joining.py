"""What somebody sees whose pseudonym is nobody yet: how to prove once who they are."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tongban.apps.people.assurance import CLAIM_KEY
from tongban.web.access import public
from tongban.web.requests import Request

__all__ = ["show"]


@public
@require_safe
def show(request: Request) -> HttpResponse:
    """The two ways: an account that a window has opened, or the code below with the identity card."""
    code = request.session.get(CLAIM_KEY, "")
    if not code or request.user.is_authenticated:
        return redirect("account_login")
    half = len(code) // 2
    context = {
        "code": f"{code[:half]} {code[half:]}",
        "hours": settings.OIDC_JOIN_HOURS,
        "provider": settings.OIDC_NAME,
    }
    return render(request, "account/join.html", context)
