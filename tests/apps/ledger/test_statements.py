"""Statements written by hand say of every model what its own columns say, on whichever database the tests run."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models
from django.db.models import Model

from tongban.apps.cases.models import Case, Material, Rating, Task, Timer
from tongban.apps.evidence.models import Certificate
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.statements import Statements, columns_of

WRITTEN = (Case, Task, Timer, Material, Rating, Certificate, Event)
OF_ONE_CASE: tuple[tuple[Any, str], ...] = (
    (Case, "number"),
    (Task, "case_id"),
    (Material, "case_id"),
    (Certificate, "case"),
)
AT = datetime(2026, 3, 2, 1, 30, 15, 678901, tzinfo=UTC)


@pytest.mark.parametrize("model", WRITTEN)
def test_columns_are_named_like_attributes(model: type[Model]) -> None:
    assert columns_of(model) == tuple(field.column for field in model._meta.concrete_fields)


def _event(**changes: Any) -> Event:
    given: dict[str, Any] = {field.attname: _sample(field) for field in Event._meta.concrete_fields}
    return Event(**(given | changes))


def _sample(field: Any) -> Any:
    samples = {
        models.DateTimeField: AT,
        models.DateField: date(2026, 3, 2),
        models.JSONField: {"意见": ["可以", 1, None, "\u2028"]},
        models.BinaryField: bytes(range(32)),
        models.BooleanField: True,
        models.UUIDField: UUID(int=7),
    }
    for kind, value in samples.items():
        if isinstance(field, kind):
            return value
    return 3 if isinstance(field, models.IntegerField) else "字"


def test_a_row_reads_as_it_was_written(db: None) -> None:
    written = _event(case=1, seq=1)
    Statements().insert_objects(Event, [written])
    read = Event.objects.get(case=1)
    for name in columns_of(Event):
        value = getattr(read, name)
        assert (bytes(value) if name == "hash" else value) == getattr(written, name), name


def test_it_writes_what_the_orm_writes(granted: Callable[..., int]) -> None:
    """Each row of a real case, which statements wrote, is the same to the database when the ORM writes it."""
    number = granted()
    for model, key in OF_ONE_CASE:
        rows = list(model._default_manager.filter(**{key: number}))
        assert rows, model
        by_statements = _stored(model, key, number)
        model._default_manager.filter(**{key: number})._raw_delete("default")
        model._default_manager.bulk_create(rows)
        assert _stored(model, key, number) == by_statements, model


def _stored(model: type[Model], key: str, number: int) -> list[dict[str, Any]]:
    documents = {field.attname for field in model._meta.concrete_fields if isinstance(field, models.JSONField)}
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT * FROM "{model._meta.db_table}" WHERE "{key}" = %s ORDER BY 1, 2',  # noqa: S608
            [number],
        )
        rows = [dict(zip([column[0] for column in cursor.description], row, strict=True)) for row in cursor]
    # JSON may be spelt in more than one way.
    return [{name: json.loads(row[name]) if name in documents else row[name] for name in row} for row in rows]


def test_an_update_touches_one_row_and_no_other_column(db: None) -> None:
    run = Statements()
    run.insert_objects(Event, [_event(case=1, seq=seq) for seq in (1, 2)])
    run.update(Event, {"node": "审", "finished": None}, {"case": 1, "seq": 2})
    first, second = Event.objects.filter(case=1).order_by("seq")
    assert (first.node, first.finished) == ("字", AT)
    assert (second.node, second.finished, second.claimed) == ("审", None, AT)


def test_a_column_that_is_not_there_is_found_at_once(db: None) -> None:
    with pytest.raises(KeyError):
        Statements().update(Event, {"nod": ""}, {"case": 1, "seq": 2})


def test_nothing_to_insert_is_no_statement(db: None, django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(0):
        Statements().insert(Event, [])


def test_the_log_of_queries_shows_what_was_run(db: None, django_assert_num_queries: Callable[[int], Any]) -> None:
    with django_assert_num_queries(1) as seen:
        Statements().insert_objects(Event, [_event(case=1, seq=1)])
    assert "意见" in seen[0]["sql"] or "\\u610f" in seen[0]["sql"]
