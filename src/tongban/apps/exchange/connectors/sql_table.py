"""A table or view of a database: SQLite by its file, PostgreSQL by its address. It is only read."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from tongban.apps.exchange.connectors.interface import Away, Found
from tongban.apps.exchange.connectors.places import filled, path_of
from tongban.apps.exchange.requests import Request

__all__ = ["SqlTable"]

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")


class SqlTable:
    """``database`` is ``sqlite:<file>`` or ``postgresql://…``; ``columns`` names the column of each field."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._database = filled(str(given["database"]))
        self._columns = {name: _identifier(column) for name, column in given["columns"].items()}
        self._table = _identifier(given["table"])
        self._key = _identifier(given.get("key_column", "key"))

    def fetch(self, *, request: Request, number: int, fields: Sequence[str], seconds: float) -> Found:
        """See ``Connector``."""
        columns = [self._columns[name] for name in fields]
        # Names come from the city's folder and are plain identifiers; the key is a value of the statement.
        sql = f"SELECT {', '.join(columns)} FROM {self._table} WHERE {self._key} = {{}} LIMIT 1"  # noqa: S608
        read = _from_sqlite if self._database.startswith("sqlite:") else _from_postgresql
        row = read(self._database, sql, request.key, seconds)
        return None if row is None else dict(zip(fields, map(_plain, row), strict=True))


def _from_sqlite(database: str, sql: str, key: str, seconds: float) -> Sequence[Any] | None:
    path = path_of(database.removeprefix("sqlite:"))
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=seconds)) as base:
            row: Sequence[Any] | None = base.execute(sql.format("?"), [key]).fetchone()
            return row
    except sqlite3.Error as error:
        raise Away("database") from error


def _from_postgresql(database: str, sql: str, key: str, seconds: float) -> Sequence[Any] | None:
    import psycopg  # only where a register is one

    limits = f"-c statement_timeout={int(seconds * 1000)} -c default_transaction_read_only=on"
    try:
        with psycopg.connect(database, connect_timeout=max(1, int(seconds)), options=limits) as base:
            return base.execute(sql.format("%s"), [key]).fetchone()
    except psycopg.Error as error:
        raise Away("database") from error


def _plain(value: Any) -> Any:
    """A value as JSON has it, so that it can be sealed, digested and sent on: days and exact numbers as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _identifier(text: object) -> str:
    if not _IDENTIFIER.fullmatch(str(text)):
        raise Away("not-set-up")
    return ".".join(f'"{part}"' for part in str(text).split("."))
