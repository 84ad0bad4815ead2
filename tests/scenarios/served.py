"""A city of its own that is really served: a folder, a database, a server process that may be killed at any instant."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PDF = b"%PDF-1.4\n" + b"%" * 64


class Away(Exception):
    """The server did not answer, or said that it cannot at present: the caller tries again."""


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: dict[str, Any]
    replayed: bool


class City:
    """Mingchuan on a database of its own, behind a server on a free port."""

    def __init__(self, folder: Path, database: str, systems: Mapping[str, str], migrated: Path | None) -> None:
        if not database and migrated is not None:
            shutil.copy(migrated, folder / "city.sqlite3")
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "TONGBAN_VAR": str(folder),
            "TONGBAN_DATABASE_URL": database or f"sqlite:///{folder / 'city.sqlite3'}",
            "TONGBAN_RATE_API": "1000000/m",
            "TONGBAN_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT / "src"),
        }
        self.log = (folder / "server.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self.tokens: dict[str, str] = self.ask("prepare", json.dumps(systems))

    def ask(self, script: str, *words: str) -> Any:
        """Run a script of this folder against the city, in a process of its own; return the JSON that it prints."""
        command = [sys.executable, str(HERE / f"{script}.py"), *words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        """Start the server, in a group of its own."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tongban", "serve", "--port", str(self.port)],
            env=self.environment,
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """End server and workers at once, without a word (SIGKILL)."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def wait(self, seconds: float = 30) -> None:
        """Wait until it answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self.call("", "GET", "/matters?limit=1")
            except Away:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not start")

    def call(self, token: str, method: str, path: str, body: Any = None, *, key: str = "") -> Answer:
        """One call. Raises ``Away`` when the connection breaks or the server is busy."""
        data, kind = None, "application/json"
        if isinstance(body, Mapping):
            data = json.dumps(body).encode()
        elif body is not None:
            data, kind = body
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {token}"} if token else {})}
        if key:
            headers["Idempotency-Key"] = key
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        request = urllib.request.Request(url, data=data, method=method, headers=headers)  # loopback
        try:
            with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
                return _answer(response)
        except urllib.error.HTTPError as error:
            if error.code in (502, 503, 504):
                raise Away from error
            return _answer(error)
        except (OSError, HTTPException) as error:
            raise Away from error

    def upload(self, token: str, *, matter: str, material: str) -> str:
        """Upload a file and return its id."""
        fields = {"matter": matter, "material": material}
        lines = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        lines.append('--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n')
        body = "".join(lines).encode() + PDF + b"\r\n--x--\r\n"
        said = self.call(token, "POST", "/files", (body, "multipart/form-data; boundary=x"), key=str(uuid.uuid4()))
        assert said.status == 201, said
        return str(said.body["id"])


@contextmanager
def served(
    folder: Path, *, systems: Mapping[str, str], postgres: str = "", migrated: Path | None = None
) -> Iterator[City]:
    """A city to be served from ``folder``, with connected ``systems`` (see ``prepare.py``).

    ``postgres`` is the address of a server on which a database of its own is made. Without one it is on SQLite, and
    begins from ``migrated`` where that is given: a database with all tables and nothing in it.
    """
    name = f"scenario_{secrets.token_hex(4)}"
    with _database(postgres, name) as database:
        city = City(folder, database, systems, migrated)
        try:
            yield city
        finally:
            city.kill()
            city.log.close()


@contextmanager
def _database(address: str, name: str) -> Iterator[str]:
    if not address:
        yield ""
        return
    import psycopg
    from psycopg import sql

    with psycopg.connect(address.replace("postgres://", "postgresql://"), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{address.rsplit('/', 1)[0]}/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _answer(response: Any) -> Answer:
    try:
        text = response.read()
    except (OSError, HTTPException) as error:  # killed in the midst of its answer
        raise Away from error
    body = json.loads(text) if text else {}
    return Answer(response.status, body, response.headers.get("Idempotency-Replayed") == "true")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
