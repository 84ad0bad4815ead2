"""A throw-away Mingchuan for benchmarks: on SQLite in a temporary folder, or on a PostgreSQL of its own."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def city(*, postgres: bool = False) -> Iterator[None]:
    """Set Django up on an empty database with the demo city loaded. Once a process."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tongban-bench-"))
        os.environ["TONGBAN_VAR"] = folder
        os.environ["TONGBAN_LOG_LEVEL"] = "WARNING"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
        if postgres:
            sys.path.insert(0, str(ROOT))
            from tests.run import postgres as server  # the tests' own

            os.environ["TONGBAN_DATABASE_URL"] = stack.enter_context(server())
        else:
            os.environ.pop("TONGBAN_DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        from tongban.config.management.commands.load_city import load_city

        call_command("migrate", verbosity=0)
        load_city(password=None)
        yield
        from django.db import connections

        connections.close_all()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of ``values`` lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def now() -> datetime:
    """The clock, read once by a benchmark."""
    from django.utils import timezone

    return timezone.now()
