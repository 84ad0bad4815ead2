"""The transaction of a command: Django's own block, begun and committed at less cost where SQLite is the database.

A command is short. On SQLite Django's outermost block takes as long to say ``BEGIN`` and ``COMMIT`` (a cursor, a search
for placeholders, the way in and out of autocommit) as SQLite takes to write the rows between them.
"""

from types import TracebackType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error
from django.db.transaction import Atomic, get_connection
from django.utils.asyncio import async_unsafe

__all__ = ["is_watched", "whole"]


def is_watched(connection: Any) -> bool:
    """Whether somebody looks on at what is run, in a query log or through a wrapper; then all of it goes by Django."""
    if connection.connection is None or _is_seen(connection):
        return True
    blocks = connection.atomic_blocks
    if blocks and type(blocks[-1]) is _Whole and blocks[-1].is_plain:
        return False  # asked when it was begun
    watched: bool = connection.queries_logged
    return watched


def _is_seen(connection: Any) -> bool:
    """Whether somebody has begun to look on; a setting that has all queries logged does not change meanwhile."""
    return bool(connection.execute_wrappers) or connection.force_debug_cursor


def whole() -> Atomic:
    """``transaction.atomic()`` for a command, which is done whole or not at all."""
    return _Whole()


class _Whole(Atomic):
    """A block of one use.

    Everything but the plain course of an outermost block on SQLite is left to Django: blocks within blocks, failures,
    connections that are not open yet, and all of PostgreSQL. What the block leaves on the connection is what Django
    leaves there, so its blocks, hooks and tests fit in and around it.
    """

    def __init__(self) -> None:
        super().__init__(DEFAULT_DB_ALIAS, savepoint=True, durable=False)
        self._begun: Any = None

    @property
    def is_plain(self) -> bool:
        """Whether it was begun without Django, because nobody looked on."""
        return self._begun is not None

    @async_unsafe
    def __enter__(self) -> None:
        connection: Any = get_connection(self.using)
        plain = connection.vendor == "sqlite" and connection.autocommit and not connection.in_atomic_block
        if not plain or is_watched(connection):
            super().__enter__()
            return
        try:
            connection.connection.execute(_BEGIN[connection.transaction_mode])
        except Exception:
            with connection.wrap_database_errors:
                raise
        connection.commit_on_exit, connection.needs_rollback = True, False
        connection.autocommit, connection.in_atomic_block = False, True
        connection.atomic_blocks.append(self)
        self._begun = connection

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._begun
        failed = kind is not None or connection is None or connection.needs_rollback
        if failed or connection.closed_in_transaction or _is_seen(connection):
            super().__exit__(kind, problem, trace)
            return
        connection.atomic_blocks.pop()
        connection.in_atomic_block = False
        try:
            connection.connection.execute("COMMIT")
        except Exception:
            _undo(connection)
            with connection.wrap_database_errors:
                raise
        connection.autocommit, connection.errors_occurred = True, False
        if connection.run_on_commit:
            connection.run_and_clear_commit_hooks()


_BEGIN = {mode: f"BEGIN {mode}" if mode else "BEGIN" for mode in (None, "DEFERRED", "IMMEDIATE", "EXCLUSIVE")}


def _undo(connection: Any) -> None:
    """Leave a transaction that could not be committed, as Django does."""
    try:
        connection.rollback()
    except Error:
        connection.close()  # an error in the rollback: something is wrong with the connection
    connection.set_autocommit(True)
