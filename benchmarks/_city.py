"""A throw-away Mingchuan for benchmarks: on SQLite in a temporary folder, or on a PostgreSQL of its own."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
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


COPIED = {
    "case": "number",
    "task": "case_id",
    "material": "case_id",
    "rating": "case_id",
    "event": "case",
}
"""Tables that grow with cases, and the column with the case's number."""


def copy_rows(copies: int, *, tables: Sequence[str] = ("case", "task")) -> None:
    """Have ``copies`` of the generated cases, under other numbers, with their rows in ``tables`` (of `COPIED`).

    A copy's number is its original's, some months earlier; so copies lie beside one another in every index, as cases
    of other months do. Hashes of copied events are the originals': enough to be read, not to be verified.
    """
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute('SELECT min("number"), max("number") FROM "case"')
        first, last = cursor.fetchone()
        month = 10**12
        step = -(-(last - first + month) // month) * month  # whole months, more than the originals span
        if first - step * copies < 0:
            raise ValueError("Too many copies of cases from so long a time: their numbers would end below nothing.")
        columns = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            columns[table] = [column[0] for column in cursor.description]
        there = 1
        while there < copies:  # twice as many each time
            more = min(there, copies - there)
            with transaction.atomic():
                for table, names in columns.items():
                    key = COPIED[table]
                    names = [name for name in names if name != "turn"]  # the database's own
                    listed = ", ".join(f'"{name}"' for name in names)
                    moved = ", ".join(f'"{name}" - {there * step}' if name == key else f'"{name}"' for name in names)
                    cursor.execute(
                        f'INSERT INTO "{table}" ({listed}) SELECT {moved} FROM "{table}" '
                        f'WHERE "{key}" BETWEEN {first - (more - 1) * step} AND {last} ON CONFLICT DO NOTHING'
                    )
            there += more
        # As the database does by itself in time: counts for its planner, and what every reader may see.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of ``values`` lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def now() -> datetime:
    """The clock, read once by a benchmark."""
    return datetime.now(UTC)
