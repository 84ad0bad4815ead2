"""A throw-away Mingchuan for benchmarks: on SQLite in a temporary folder, or on a PostgreSQL of its own."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
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


def copy_rows(copies: int) -> None:
    """Have ``copies`` of the generated cases, under other numbers, with their steps.

    The log is not needed by lists and stays as it is.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, key in (("case", "number"), ("task", "case_id")):
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns = [column[0] for column in cursor.description]
            listed = ", ".join(f'"{name}"' for name in columns)
            for copy in range(1, copies):
                moved = ", ".join(f'"{name}" - {copy * 10**13}' if name == key else f'"{name}"' for name in columns)
                where = f'"{key}" > 2605000000000000'  # the generated ones, not the copies
                cursor.execute(
                    f'INSERT OR IGNORE INTO "{table}" ({listed}) SELECT {moved} FROM "{table}" WHERE {where}'
                )
        cursor.execute("ANALYZE")


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of ``values`` lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def now() -> datetime:
    """The clock, read once by a benchmark."""
    return datetime.now(UTC)
