"""The request as our views see it: with an actor and the one reading of the clock."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tongban.apps.people.actors import Actor
from tongban.apps.people.models import User

__all__ = ["Request"]


class Request(HttpRequest):
    """``at`` is now; ``actor`` is who asks (``id`` "public" when nobody is signed in)."""

    at: datetime
    actor: Actor
    htmx: HtmxDetails
    user: User  # views that read it are behind a sign-in
