"""Pages that lead to the cashier of the payment service in one press."""

from django.http import HttpResponse

from tongban.apps.payments.queries import get_cashier, is_on

__all__ = ["with_cashier"]


def with_cashier(response: HttpResponse) -> HttpResponse:
    """Browsers hold where a form ends up against the page's policy: a form for paying ends at the cashier."""
    if is_on():
        response._csp_update = {"form-action": [get_cashier()]}  # type: ignore[attr-defined]  # django-csp's own way
    return response
