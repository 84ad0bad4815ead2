"""The queue and the board read an index, in its order: at a million cases as at ten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongban.apps.cases.boards import list_loads
from tongban.apps.cases.queries import count_queue, list_overdue_procedures, list_queue
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def _plans(captured: CaptureQueriesContext) -> list[str]:
    """How SQLite does what was asked."""
    said = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
            said.append(" / ".join(row[-1] for row in cursor.fetchall()))
    return said


@pytest.mark.usefixtures("city")
def test_queue_board_and_procedures() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("how SQLite reads; PostgreSQL chooses by what it has counted")
    actor = get_actor(user=User.objects.get(username="hejun"), on=AT.date())
    with CaptureQueriesContext(connection) as captured:
        for group in ("department", "free", "paused"):
            list_queue(actor=actor, group=group)
        list_overdue_procedures(at=AT)
    for plan in _plans(captured):
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert "SCAN" not in plan, plan
    with CaptureQueriesContext(connection) as captured:
        count_queue(actor=actor)
        list_loads(at=AT, soon=AT + timedelta(days=3))
    for plan in _plans(captured):
        assert "COVERING INDEX" in plan, plan


@pytest.mark.django_db
def test_no_index_of_some_rows_says_so_in_words_that_sqlite_does_not_follow() -> None:
    # That "x IS NOT NULL" follows from "x < ?" it sees; of NOT (x IS NULL) it does not.
    if connection.vendor != "sqlite":
        pytest.skip("how SQLite reads")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%% WHERE %%NOT (%%IS NULL)%%'"
        )
        assert not cursor.fetchall()
