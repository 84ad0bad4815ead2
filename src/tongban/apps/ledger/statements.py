"""Rows written and read by plain statements, where the ORM's preparation would cost more than the work itself.

Every step of every case comes here. A statement is written once, from what the model says of its columns, and from then
on only filled in. Values are those of the model's own attributes; as they go in they take the shape that the database
wants.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from json import JSONEncoder
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from tongban.apps.ledger.transactions import is_watched

__all__ = ["Json", "Statement", "Statements", "columns_of"]

_as_json = JSONEncoder(ensure_ascii=False).encode

_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.BinaryField)
"""Kinds of columns whose values every driver takes as they are."""


class Json(str):
    """A document that is JSON already."""

    __slots__ = ()


_ONE_BY_ONE = nullcontext()


Shapes = tuple[tuple[int, Callable[[Any], Any]], ...]
"""The places of the values in a statement that need another shape for the database, and what gives it to them."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement's text, and what gives its values their shape: on SQLite, and on any other database.

    ``native`` is the same text for SQLite's driver itself: Django looks for ``%s`` in every text anew, which takes as
    long as SQLite needs for the statement.
    """

    sql: str
    native: str
    on_sqlite: Shapes = ()
    elsewhere: Shapes = ()


class Statements:
    """Runs statements in the transaction under way: on the driver's own cursor, or on Django's when somebody looks on.

    Errors are Django's on both.
    """

    __slots__ = ("_connection", "_cursor", "_native", "_on_sqlite", "_pipelined")

    def __init__(self) -> None:
        connection = self._connection = connections[DEFAULT_DB_ALIAS]
        connection.validate_no_broken_transaction()
        sqlite = self._on_sqlite = connection.vendor == "sqlite"
        watched = is_watched(connection)
        self._native = sqlite and not watched
        self._pipelined = not (sqlite or watched)
        self._cursor: Any = connection.cursor() if watched else _cursors[connection.vendor](connection.connection)

    def together(self) -> AbstractContextManager[None]:
        """Send what is run inside at once: PostgreSQL answers all of it at the end, where its errors are raised."""
        return self._pipeline() if self._pipelined else _ONE_BY_ONE

    @contextmanager
    def _pipeline(self) -> Iterator[None]:
        with self._connection.wrap_database_errors, self._connection.connection.pipeline():
            yield

    def fetch(self, statement: Statement, values: Sequence[Any]) -> tuple[Any, ...] | None:
        """Return the first row that a query finds."""
        with self.together():  # with the BEGIN that the first statement of a transaction brings along
            self.execute(statement, values)
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row

    def execute(self, statement: Statement, values: Sequence[Any]) -> None:
        """Run one statement."""
        try:
            self._cursor.execute(statement.native if self._native else statement.sql, self._filled(statement, values))
        except Exception:
            with self._connection.wrap_database_errors:
                raise

    def insert(self, model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
        """Insert whole rows, each with all values in the order of ``columns_of(model)``."""
        statement = _insert(model)
        if len(rows) == 1:
            self.execute(statement, rows[0])
        elif rows:
            text = statement.native if self._native else statement.sql
            with self._connection.wrap_database_errors:
                self._cursor.executemany(text, [self._filled(statement, row) for row in rows])

    def insert_objects(self, model: type[models.Model], objects: Iterable[models.Model]) -> None:
        """Insert unsaved objects of a model, all their columns set."""
        names = columns_of(model)
        self.insert(model, [[getattr(each, name) for name in names] for each in objects])

    def update(self, model: type[models.Model], values: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        """Set some columns of the row that ``key`` names."""
        self.execute(_update(model, tuple(values), tuple(key)), [*values.values(), *key.values()])

    def _filled(self, statement: Statement, values: Sequence[Any]) -> Sequence[Any]:
        shapes = statement.on_sqlite if self._on_sqlite else statement.elsewhere
        if not shapes:
            return values
        filled = list(values)
        for place, shape in shapes:
            filled[place] = shape(filled[place])
        return filled


def _psycopg_cursor(driver: Any) -> Any:
    import psycopg  # only where PostgreSQL is used

    return psycopg.Cursor(driver)  # not Django's, which writes values into the text: this one lets the server prepare


_cursors = {"sqlite": lambda driver: driver.cursor(sqlite3.Cursor), "postgresql": _psycopg_cursor}


@lru_cache(10_000)
def _instant(value: datetime | None) -> Any:
    """SQLite has no type for instants: it is given text, and one command gives it the same few again and again."""
    connection = connections[DEFAULT_DB_ALIAS]
    if value is not None and value.tzinfo is UTC and connection.timezone is UTC:
        return value.isoformat(" ")[:-6]  # what Django writes, in one go
    return connection.ops.adapt_datetimefield_value(value)


def _document(value: Any) -> str:
    return str(value) if type(value) is Json else _as_json(value)


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """Return a model's columns by attribute (``case_id``), in order. Both are named alike; a test holds that."""
    return tuple(field.attname for field in model._meta.concrete_fields)


_Find = Callable[[models.Field[Any, Any]], Callable[[Any], Any] | None]


# --- what is written once --------------------------------------------------------------------------------------------


@cache
def _insert(model: type[models.Model]) -> Statement:
    names = columns_of(model)
    listed = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    return _statement(model, f'INSERT INTO "{model._meta.db_table}" ({listed}) VALUES ({marks})', names)  # noqa: S608


@cache
def _update(model: type[models.Model], names: tuple[str, ...], key: tuple[str, ...]) -> Statement:
    setting = ", ".join(f'"{name}" = %s' for name in names)
    where = " AND ".join(f'"{name}" = %s' for name in key)
    sql = f'UPDATE "{model._meta.db_table}" SET {setting} WHERE {where}'  # noqa: S608
    return _statement(model, sql, (*names, *key))


def _statement(model: type[models.Model], sql: str, names: Sequence[str]) -> Statement:
    fields: dict[str, models.Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields[name] for name in names]
    return Statement(sql, sql.replace("%s", "?"), _shapes(_shape_on_sqlite, given), _shapes(_shape, given))


def _shapes(find: _Find, fields: Sequence[models.Field[Any, Any]]) -> Shapes:
    return tuple((place, shape) for place, field in enumerate(fields) if (shape := find(field)) is not None)


def _shape_on_sqlite(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    value = _value_of(field)
    if isinstance(value, models.DateTimeField):
        return _instant
    # The driver looks twice at what is no plain text or number: a kind of text, or of number, is made one.
    return _flag if isinstance(value, models.BooleanField) else _shape(field)


def _flag(value: bool | None) -> int | None:
    return value if value is None else int(value)


def _shape(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    value = _value_of(field)
    if isinstance(value, models.JSONField):
        return _document
    if isinstance(value, (models.DateTimeField, *_AS_THEY_ARE)):
        return None
    return lambda given: field.get_db_prep_save(given, connections[DEFAULT_DB_ALIAS])


def _value_of(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    return field.target_field if isinstance(field, models.ForeignKey) else field
