"""What the databases of cities begin with: all tables, or those with the demo city in them.

Where tests have a database of their own it is copied as it is set up, so both are there for nothing; migrating and
loading take a processor seven seconds, a copy takes none. A process makes them where no test has needed any.
"""

import fcntl
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

__all__ = ["CITY", "TABLES", "Beginnings", "new_database"]

ROOT = Path(__file__).resolve().parents[1]
TABLES, CITY = "tables", "city"
_MADE_BY = {TABLES: (["migrate", "-v0"],), CITY: (["migrate", "-v0"], ["load-city"])}

_IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"
"""As Django names a test database by itself."""


class Beginnings:
    """Databases to begin from: files in ``folder``, shared by all workers, or one on the worker's own ``server``."""

    def __init__(self, folder: Path, server: str) -> None:
        self._folder, self._server, self._database = folder, server, ""
        self._memory: sqlite3.Connection | None = None

    def keep(self, kind: str) -> None:
        """Keep a copy of the test database of this process as it is now, unless there is one."""
        from django.db import connection

        if connection.vendor == "sqlite":
            with self._made(kind) as file:
                if not file.exists():
                    connection.ensure_connection()
                    _copy(connection.connection, file)
        elif kind == CITY and not self._database:
            connection.close()  # nobody may be connected to what is copied
            self._database = _create(self._server, like=str(connection.settings_dict["NAME"]))

    def fill(self) -> None:
        """Fill the test database in memory, before it is set up, with what there is already: that need not be made."""
        from django.db import connection

        files = [self._folder / f"{kind}.sqlite3" for kind in (CITY, TABLES)]
        there = next((file for file in files if file.exists()), None)
        if connection.vendor == "sqlite" and there is not None:
            connection.settings_dict["TEST"]["NAME"] = _IN_MEMORY
            # Kept open: a database in memory is there as long as somebody is connected.
            self._memory = sqlite3.connect(_IN_MEMORY, uri=True, check_same_thread=False)
            with closing(sqlite3.connect(there)) as source:
                source.backup(self._memory)

    def file(self, kind: str) -> Path:
        """A SQLite file, to be copied."""
        with self._made(kind) as file:
            if not file.exists():
                with TemporaryDirectory() as var:
                    _make(kind, TONGBAN_VAR=var)
                    with closing(sqlite3.connect(Path(var) / "tongban.sqlite3")) as made:
                        _copy(made, file)
        return self._folder / f"{kind}.sqlite3"

    def database(self) -> str:
        """The name of a database on the server with the demo city in it, to be copied."""
        if not self._database:
            self._database = _create(self._server)
            with TemporaryDirectory() as var:
                _make(CITY, TONGBAN_VAR=var, TONGBAN_DATABASE_URL=_address(self._server, self._database))
        return self._database

    def drop(self) -> None:
        """Remove the one on the server, which goes on when the tests are over."""
        if self._database:
            _drop(self._server, self._database)

    @contextmanager
    def _made(self, kind: str) -> Iterator[Path]:
        """Yield, to one worker at a time, the file as it is; or where it is to be made, to be there only when whole."""
        whole, part = self._folder / f"{kind}.sqlite3", self._folder / f"{kind}.part"
        with (self._folder / "making.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield whole if whole.exists() else part
            if part.exists():
                part.replace(whole)


@contextmanager
def new_database(server: str, *, like: str = "") -> Iterator[str]:
    """The address of a new database on a server, a copy of the one that is named ``like`` it; removed afterwards."""
    name = _create(server, like=like)
    try:
        yield _address(server, name)
    finally:
        _drop(server, name)


def _make(kind: str, **settings: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), **settings}
    for words in _MADE_BY[kind]:
        subprocess.run([sys.executable, "-m", "tongban", *words], env=environment, check=True, capture_output=True)


def _copy(source: sqlite3.Connection, file: Path) -> None:
    with closing(sqlite3.connect(file)) as target:
        source.backup(target)


def _address(server: str, name: str) -> str:
    return f"{server.rsplit('/', 1)[0]}/{name}"


def _create(server: str, *, like: str = "") -> str:
    name, template = f"city_{secrets.token_hex(4)}", like or "template1"
    with _administer(server) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return name


def _drop(server: str, name: str) -> None:
    with _administer(server) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(server: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True)
