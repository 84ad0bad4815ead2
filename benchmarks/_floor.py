"""A floor under a saved life: the same rows written by bare SQL in the same transactions.

It replays every INSERT, UPDATE and DELETE that one of our lives makes, with fresh case numbers. It decides nothing,
checks nothing, hashes nothing and reads nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

__all__ = ["floor", "record"]

Statement = tuple[str, list[Any]]  # one text, with the values of each row that it writes
Recorded = tuple[int, list[list[Statement]]]


def record(live: Callable[[], int]) -> Recorded:
    """One life's number and its writing statements, by transaction."""
    from django.db import connection

    transactions: list[list[Statement]] = [[]]

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN") or (not connection.in_atomic_block and transactions[-1]):
            transactions.append([])
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            transactions[-1].append((sql, list(params) if many else [params]))
        return execute(sql, params, many, context)

    original = connection.commit

    def commit() -> None:
        original()
        transactions.append([])

    connection.commit = commit  # type: ignore[method-assign]  # only while recording
    try:
        with connection.execute_wrapper(note):
            number = live()
    finally:
        connection.commit = original  # type: ignore[method-assign]
    return number, [each for each in transactions if each]


def floor(recorded: Recorded, *, base: int) -> Callable[[], int]:
    """What replays the life under numbers counted down from the recorded one by ``base`` and more.

    On a connection of its own, by the driver alone: no ORM, no cursor of a framework, statements prepared as the driver
    does by itself.
    """
    number, transactions = recorded
    count = iter(range(base, base + 1_000_000))
    old_identifier = _identifier(transactions)
    begin, run = _driver()

    def live() -> int:
        fresh = number - next(count)
        for statements in transactions:
            with begin():
                for sql, rows in statements:
                    for row in rows:
                        run(sql, [_swap(value, number, fresh, old_identifier) for value in row])
        return fresh

    return live


def _driver() -> tuple[Callable[[], AbstractContextManager[Any]], Callable[[str, list[Any]], Any]]:
    """A transaction and a statement, on a connection with the same settings as the product's."""
    from django.conf import settings
    from django.db import connection

    given = connection.settings_dict
    if connection.vendor == "postgresql":
        import psycopg

        server = psycopg.connect(host=given["HOST"], port=given["PORT"], user=given["USER"], dbname=given["NAME"])
        server.autocommit = True
        return server.transaction, server.execute
    import sqlite3

    file = sqlite3.connect(given["NAME"], isolation_level=None)
    file.executescript(str(settings.DATABASES["default"]["OPTIONS"]["init_command"]) + "PRAGMA foreign_keys=ON;")

    @contextmanager
    def transaction() -> Iterator[None]:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("COMMIT")

    texts: dict[str, str] = {}

    def run(sql: str, values: list[Any]) -> Any:
        text = texts.get(sql)
        if text is None:
            text = texts[sql] = sql.replace("%s", "?")
        return file.execute(text, values)

    return transaction, run


def _identifier(transactions: list[list[Statement]]) -> str:
    for statements in transactions:
        for sql, rows in statements:
            if sql.startswith('INSERT INTO "certificate"'):
                first = rows[0][0]
                return str(first[0] if isinstance(first, list) else first)
    return ""


def _swap(value: Any, number: int, fresh: int, identifier: str) -> Any:
    if isinstance(value, list):  # a column of several rows, as PostgreSQL takes them
        return [_swap(each, number, fresh, identifier) for each in value]
    if value == number:
        return fresh
    if identifier and value == identifier:
        return f"{identifier}{fresh}"
    return value
