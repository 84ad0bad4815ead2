"""What every template may use without its view asking for it."""

from typing import Any

from django.http import HttpRequest

from tongban.web.city import get_city
from tongban.web.preferences import Display, display_of

__all__ = ["page"]


def page(request: HttpRequest) -> dict[str, Any]:
    """The city and how this reader wants pages shown."""
    display: Display = display_of(request)
    return {"city": get_city(), "display": display}
