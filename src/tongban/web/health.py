"""Whether this process lives, and whether the city can be served: for whatever watches it, not for people."""

from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import get_last_beat
from tongban.apps.ledger.queries import list_followers
from tongban.web.access import public
from tongban.web.requests import Request

__all__ = ["WORKER_LATE", "alive", "ready"]

WORKER_LATE = timedelta(minutes=2)
"""A worker gives a sign of life four times a minute; after so long without one, nobody does what the clock owes."""

FOLLOWERS_LATE = timedelta(minutes=5)
"""How long after an event whoever follows the log may still not have seen it."""

_migrated = False  # once it is so, it stays so while this process runs


@public
@require_safe
def alive(request: Request) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return _told({"alive": "yes"}, good=True)


@public
@require_safe
def ready(request: Request) -> HttpResponse:
    """Whether requests can be served: the database answers and is up to date.

    A missing worker, or one that lags behind the log, is told but turns no visitor away, because pages work without;
    with ``?all`` it counts too.
    """
    found = {"database": _database(), "migrations": "unknown", "worker": "unknown", "followers": "unknown"}
    if found["database"] == "yes":
        found["migrations"] = _migrations()
    if found["migrations"] == "yes":
        last = get_last_beat()
        late = [row for row in list_followers(at=request.at) if row.tries or _is_late(row.since, request.at)]
        found["followers"] = "late" if late else "yes"
        found["worker"] = "never" if last is None else "yes" if request.at - last <= WORKER_LATE else "late"
    asked = found if "all" in request.GET else {key: found[key] for key in ("database", "migrations")}
    return _told(found, good=set(asked.values()) == {"yes"})


def _is_late(oldest: datetime | None, at: datetime) -> bool:
    return oldest is not None and at - oldest > FOLLOWERS_LATE


def _told(found: dict[str, str], *, good: bool) -> HttpResponse:
    response = JsonResponse(found, status=200 if good else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no"
    return "yes"


def _migrations() -> str:
    global _migrated  # reading all migrations takes a while, and they only ever get applied
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "yes" if _migrated else "pending"
