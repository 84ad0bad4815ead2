"""Where the payment provider tells that something was paid. Its signature is its sign-in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongban.apps.payments.errors import PaymentsOff, ProofInvalid, UnknownPayment
from tongban.apps.payments.services import take_notice
from tongban.web.access import public
from tongban.web.limits import asks_too_often

__all__ = ["notice"]

_LARGEST = 20_000


@csrf_exempt
@public
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take in one notice. 204: heard, also for the second time; 4xx: nothing has changed, and it may come again."""
    if asks_too_often(request, "payment-notices", settings.RATE_NOTICES):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        return HttpResponse(status=413)
    headers = {name.title(): value for name, value in request.headers.items()}
    try:
        take_notice(body=request.body, headers=headers, at=timezone.now())
    except ProofInvalid:
        return HttpResponse(status=403)
    except (UnknownPayment, PaymentsOff):
        return HttpResponse(status=404)
    return HttpResponse(status=204)
