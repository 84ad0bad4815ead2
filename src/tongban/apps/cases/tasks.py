"""Background work on cases, run by ``tongban work``."""

from django.utils import timezone
from django_tasks import task

from tongban.apps.cases import services

__all__ = ["do_what_is_due"]


@task()
def do_what_is_due() -> int:
    """Fire the timers that are due; return how many. The background is an edge: here the clock is read."""
    return services.fire_due_timers(at=timezone.now())
