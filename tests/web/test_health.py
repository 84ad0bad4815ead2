"""Whoever watches the city asks whether a process lives and whether requests can be served."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Worker
from tongban.apps.cases.services import beat
from tongban.web import health

_WELL = {"database": "yes", "migrations": "yes", "followers": "yes", "worker": "yes"}


@pytest.fixture(autouse=True)
def _asks_anew() -> Iterator[None]:
    health._migrated = False
    yield
    health._migrated = False


def test_a_process_lives_without_a_database() -> None:
    response = Client().get("/healthz")  # no database is allowed in this test
    assert response.status_code == 200
    assert response.json() == {"alive": "yes"}
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
def test_it_works(catch_up: Callable[..., int]) -> None:
    catch_up()  # what loading a city has written may be long ago
    beat(worker="here/1", at=timezone.now())
    response = Client().get("/readyz?all")
    assert (response.status_code, response.json()) == (200, _WELL)


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "said"), [(None, "never"), (timedelta(minutes=3), "late")])
def test_a_missing_worker_turns_nobody_away_but_is_told(ago: timedelta | None, said: str) -> None:
    if ago is not None:
        beat(worker="here/1", at=timezone.now() - ago)
    asked = Client().get("/readyz")
    assert (asked.status_code, asked.json()["worker"]) == (200, said)
    assert Client().get("/readyz?all").status_code == 503


@pytest.mark.django_db
def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr("tongban.web.health.connection.cursor", gone)
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "no")


@pytest.mark.django_db
def test_a_database_that_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.web.health.MigrationExecutor.migration_plan", lambda *_: ["one"])
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")


@pytest.mark.django_db
def test_workers_that_are_long_gone_are_forgotten() -> None:
    now = timezone.now()
    beat(worker="old/1", at=now - timedelta(days=2))
    beat(worker="new/1", at=now - timedelta(seconds=20))
    beat(worker="new/1", at=now)
    assert list(Worker.objects.values_list("pk", "seen_at")) == [("new/1", now)]


@pytest.mark.django_db
def test_probes_are_not_sent_to_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/").status_code == 301
