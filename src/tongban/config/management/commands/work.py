"""``tongban work``: the worker that does timers and other background tasks."""

import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from tongban.apps.cases.queries import has_due_timers
from tongban.apps.cases.tasks import do_what_is_due

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Run background tasks and whatever the clock owes. Start as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks at the timers")
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            _enqueue_if_due()
            call_command("db_worker", batch=True, startup_delay=False)
            return
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(stop, options["every"]), daemon=True, name="timers")
        watcher.start()
        try:
            call_command("db_worker")
        finally:
            stop.set()


def _watch(stop: threading.Event, seconds: float) -> None:
    while not stop.wait(seconds):
        close_old_connections()
        try:
            _enqueue_if_due()
        except OperationalError:  # the database is busy or restarting: the next look will do
            continue


def _enqueue_if_due() -> None:
    if has_due_timers(at=timezone.now()):
        do_what_is_due.enqueue()
