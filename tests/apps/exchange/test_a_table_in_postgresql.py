"""A register in a PostgreSQL database: a table or a view, read in time, only read, and said plainly when away."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.apps.exchange.conftest import COMPANY, PERSON, postgresql_table, service

from tongban.apps.exchange.connectors.interface import Away
from tongban.apps.exchange.connectors.sql_table import SqlTable
from tongban.apps.exchange.errors import RegisterAway
from tongban.apps.exchange.extracts import Wanted, list_extracts, look_up
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.services import About, ask

pytestmark = pytest.mark.django_db
Publish = Callable[..., Mapping[str, Any]]
COLUMNS = {"number": "id", "name": "full_name", "address": "home"}


@pytest.fixture
def database(db: None) -> Iterator[str]:
    if connection.vendor != "postgresql":
        pytest.skip("needs the PostgreSQL server of tests/run.py")
    with postgresql_table() as address:
        yield address


@pytest.fixture
def change(database: str) -> Iterator[Callable[[str], Any]]:
    """Let the department change its database."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as base:
        yield base.execute


def connector(database: str, **changes: Any) -> dict[str, Any]:
    given = {"kind": "sql", "database": database, "table": "department.person", "key_column": "id", "columns": COLUMNS}
    return {**given, **changes}


def asked(key: str = PERSON) -> Any:
    return ask(
        register="people",
        key=key,
        consumer="market-regulation",
        purpose="catering",
        about=About(matter="restaurant-opening"),
        actor="user:7",
        at=timezone.now(),
    )


def test_it_works(publish: Publish, database: str) -> None:
    publish(service("people", connector(database)))
    assert dict(asked().values) == {"name": "林晓梅"}
    assert not asked(COMPANY).is_found


def test_a_key_is_a_value_and_never_a_part_of_the_statement(publish: Publish, database: str) -> None:
    publish(service("people", connector(database)))
    assert not asked("' OR '1'='1").is_found
    publish(service("people", connector(database, table='person"; DROP TABLE person; --')))
    with pytest.raises(RegisterAway):
        asked()


def test_a_view_gives_days_and_exact_numbers_as_they_are_written(
    publish: Publish, database: str, change: Callable[[str], Any]
) -> None:
    """What is said is sealed, digested and sent on as JSON: a day, an exact number and nothing at all among it."""
    change(
        "CREATE VIEW department.said AS SELECT id, DATE '2026-03-09' AS day, 96.50 AS area, NULL AS home, 7 AS n,"
        " true AS holds FROM department.person"
    )
    columns = {"number": "id", "day": "day", "area": "area", "home": "home", "n": "n", "holds": "holds"}
    way = SqlTable(connector(database, table="department.said", columns=columns))
    found = way.fetch(request=_request(), number=1, fields=list(columns), seconds=5)
    assert found is not None
    assert json.loads(json.dumps(dict(found))) == {
        "number": PERSON,
        "day": "2026-03-09",
        "area": "96.50",
        "home": None,
        "n": 7,
        "holds": True,
    }


def test_one_that_keeps_us_waiting_is_given_up_in_time_and_asked_again(
    publish: Publish, database: str, change: Callable[[str], Any]
) -> None:
    from uuid import uuid4

    publish(service("people", connector(database, timeout=0.3)))
    change("BEGIN")
    change("LOCK TABLE department.person")
    draft = uuid4()
    wanted = [
        Wanted(
            register="people",
            of="",
            key=PERSON,
            consumer="market-regulation",
            matter="restaurant-opening",
            fields=("name",),
        )
    ]
    look_up(draft=draft, wanted=wanted, actor="user:7", at=timezone.now())
    row = Lookup.objects.get()
    assert (row.outcome, row.reason) == ("away", "database")
    assert (row.milliseconds or 0) < 5000
    assert [each.state for each in list_extracts(draft=draft)] == ["pending"]
    change("ROLLBACK")
    look_up(draft=draft, wanted=wanted, actor="user:7", at=timezone.now() + timedelta(minutes=1))
    assert [each.state for each in list_extracts(draft=draft)] == ["offered"]


def test_one_that_is_ended_while_it_answers_leaves_its_record(
    publish: Publish, database: str, change: Callable[[str], Any]
) -> None:
    publish(service("people", connector(database, timeout=20)))
    change("BEGIN")
    change("LOCK TABLE department.person")

    def end() -> None:
        """As soon as our question waits for the lock, the database server ends that session."""
        import psycopg

        until = time.monotonic() + 15
        waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with psycopg.connect(database, autocommit=True) as other:  # within a transaction it would see no change
            while not other.execute(waiting + " AND query LIKE '%department%person%'").fetchall():
                assert time.monotonic() < until
                time.sleep(0.02)

    ending = threading.Thread(target=end)
    ending.start()
    with pytest.raises(RegisterAway):
        asked()
    ending.join()
    change("ROLLBACK")
    assert Lookup.objects.get().reason == "database"
    assert asked().is_found


@pytest.mark.parametrize("wrong", ["table", "column", "server"])
def test_what_is_not_there_is_said_as_being_away(publish: Publish, database: str, wrong: str) -> None:
    given = {
        "table": connector(database, table="department.nobody"),
        "column": connector(database, columns={**COLUMNS, "name": "no_such_column"}),
        "server": connector("postgresql://nobody@127.0.0.1:9/none", timeout=1),
    }
    publish(service("people", given[wrong]))
    with pytest.raises(RegisterAway) as raised:
        asked()
    assert raised.value.params["reason"] == "database"


def test_it_is_only_read(publish: Publish, database: str, change: Callable[[str], Any]) -> None:
    """Even where the department gave us a sign-in that may write, and a view that would."""
    change("CREATE TABLE department.seen (id text)")
    change(
        "CREATE FUNCTION department.note(who text) RETURNS text LANGUAGE sql AS"
        " $$INSERT INTO department.seen VALUES (who) RETURNING id$$"
    )
    change("CREATE VIEW department.noted AS SELECT id, department.note(id) AS full_name, home FROM department.person")
    way = SqlTable(connector(database, table="department.noted"))
    with pytest.raises(Away, match="database"):
        way.fetch(request=_request(), number=1, fields=["name"], seconds=5)
    assert change("SELECT COUNT(*) FROM department.seen").fetchone() == (0,)


def _request() -> Any:
    from tongban.apps.exchange.requests import Request

    return Request(
        register="people",
        provider="public-security",
        consumer="market-regulation",
        purpose="catering",
        fields=("name",),
        key=PERSON,
        about=About(),
        consent=False,
        actor="user:7",
    )
