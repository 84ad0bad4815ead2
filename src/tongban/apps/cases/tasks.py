"""Background work on cases, run by ``tongban work``."""

from django.utils import timezone
from django_tasks import task

from tongban.apps.cases import services

__all__ = ["do_what_is_due"]


@task()
def do_what_is_due() -> int:
    """Fire the timers that are due, carry what cases tell each other; return how many of both.

    The background is an edge: here the clock is read.
    """
    fired = services.fire_due_timers(at=timezone.now())
    return fired + services.pass_on(at=timezone.now())
