"""Queries that a page asks again and again: written by the ORM once, and from then on only filled in.

To build, resolve and compile a query takes the ORM 0.2 to 0.4 ms of CPU, several times what SQLite needs to answer it
(docs/adr/0009). The query stays one of the ORM's, beside its model; `Given` stands for what differs each time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from tongban.apps.ledger.transactions import is_watched

__all__ = ["Given", "Reading", "any_of", "several"]

Found = TypeVar("Found")


class Given(Expression):
    """A value that is given with each reading, under this name; ``field`` gives it the shape that the database wants.

    ``place``: it is one of several that are given in a list.
    """

    def __init__(self, name: str, field: models.Field[Any, Any], place: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.place = name, place

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A mark in the text, and itself where the value will stand."""
        return "%s", [self]

    def shaped(self, given: Mapping[str, Any], connection: Any) -> Any:
        """The value as the driver takes it."""
        value = given[self.name] if self.place is None else given[self.name][self.place]
        return self.output_field.get_db_prep_value(value, connection, prepared=False)


def several(name: str, field: models.Field[Any, Any], count: int) -> list[Any]:
    """So many values that are given in a list, for ``__in``: a query is written for each length of it."""
    return [Given(name, field, place) for place in range(count)]


def any_of(column: str, values: Iterable[Any]) -> models.Q:
    """The same for a column that leads to another table: there ``__in`` takes no `Given`."""
    return reduce(or_, (models.Q(**{column: value}) for value in values), models.Q(pk__in=[]))


@dataclass(frozen=True, slots=True)
class _Written:
    """The text for Django's cursor and for SQLite's own, the values that stand in it, and what makes rows of rows."""

    sql: str
    native: str
    values: tuple[Any, ...]
    read: Callable[[Iterable[Sequence[Any]]], Iterator[Any]]


_NOTHING = _Written("", "", (), iter)


class Reading(Generic[Found]):
    """A query with gaps. ``build`` returns it, of objects or of ``values_list``, when it is first asked.

    It runs on the driver's own cursor, or on Django's where somebody looks on (a query log, a test that counts).
    PostgreSQL prepares it; not with ``prepared`` off, where its best plan hangs on what is given.
    """

    def __init__(self, build: Callable[[], models.QuerySet[Any, Found]], *, prepared: bool = True) -> None:
        self._build, self._prepared = build, prepared
        self._written: dict[str, _Written] = {}

    def __call__(self, **given: Any) -> list[Found]:
        """Return what is found, all of it."""
        connection: Any = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = self._write(connection)
        if written is _NOTHING:
            return []
        values = [value.shaped(given, connection) if type(value) is Given else value for value in written.values]
        return list(written.read(_fetch(connection, written, values, prepared=self._prepared)))

    def first(self, **given: Any) -> Found | None:
        """Return the first that is found: for a query that finds one at most."""
        return next(iter(self(**given)), None)

    def _write(self, connection: Any) -> _Written:
        asked = self._build()
        compiler: SQLCompiler = asked.query.get_compiler(connection=connection)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:  # one of no values at all
            return _NOTHING
        marks = sql % (("?",) * len(values))
        return _Written(sql, marks, tuple(values), _reader(asked, compiler, connection))


def _fetch(connection: Any, written: _Written, values: list[Any], *, prepared: bool) -> list[Any]:
    if is_watched(connection):
        with connection.cursor() as cursor:
            cursor.execute(written.sql, values)
            return list(cursor.fetchall())
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            return list(connection.connection.execute(written.native, values).fetchall())
        return list(_cursor(connection, prepared=prepared).execute(written.sql, values).fetchall())


def _cursor(connection: Any, *, prepared: bool) -> Any:
    import psycopg  # only where PostgreSQL is used

    # Django's writes values into the text; with the plain one the server prepares what is asked often.
    return (psycopg.Cursor if prepared else psycopg.ClientCursor)(connection.connection)


def _reader(
    asked: models.QuerySet[Any, Any], compiler: Any, connection: Any
) -> Callable[[Iterable[Sequence[Any]]], Iterator[Any]]:
    """What Django does with rows: values are converted, and objects made of them with what was selected beside them."""
    columns = [column for column, _sql, _alias in compiler.select[0 : compiler.col_count]]
    converters = compiler.get_converters(columns)

    def converted(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        return compiler.apply_converters(rows, converters) if converters else iter(rows)

    if asked._iterable_class is not ModelIterable:
        return lambda rows: map(tuple, converted(rows))
    kind: Any = compiler.klass_info
    populators: Any = get_related_populators
    related = populators(kind, compiler.select, DEFAULT_DB_ALIAS)
    places = kind["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]

    def objects(rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
        for row in converted(rows):
            found = kind["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for each in related:
                each.populate(row, found)
            yield found

    return objects
