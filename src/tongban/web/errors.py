"""What is shown when a request is refused at the door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import permission_denied
from django_ratelimit.exceptions import Ratelimited

__all__ = ["forbidden"]


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, or 429 when somebody asks too often: that is not about who they are, and passes."""
    if isinstance(exception, Ratelimited):
        response = render(request, "429.html", status=429)
        response["Retry-After"] = "60"
        return response
    return permission_denied(request, exception)
