"""A city of its own that is really served: a folder, a database, a server process that may be killed at any instant."""

import json
import os
import shutil
import socket
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from tests.beginnings import CITY, Beginnings, new_database
from tests.forked import Child, Parent

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

    def __init__(self, folder: Path, database: str, systems: Mapping[str, str]) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "TONGBAN_VAR": str(folder),
            "TONGBAN_DATABASE_URL": database,
            "TONGBAN_RATE_API": "1000000/m",
            "TONGBAN_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT / "src"),
        }
        self.log = (folder / "server.log").open("ab")
        self.server: Child | None = None
        self._parent: Parent | None = None
        self.tokens: dict[str, str] = self.ask("prepare", json.dumps(systems)) if systems else {}

    def fork(self, *words: str, told: bool = False, output: bool = False) -> Child:
        """Run ``python WORDS`` against the city in a process of its own, with what ``environment`` is now."""
        if self._parent is None or self._parent.environment != self.environment:
            self._close_parent()
            self._parent = Parent(self.environment)
        return self._parent.fork(words, log=self.log, told=told, output=output)

    def run(self, *words: str) -> None:
        """Run ``tongban WORDS`` to its end."""
        assert self.fork("-m", "tongban", *words).wait() == 0, self._complaints()

    def begin(self, script: str, *words: str, told: bool = False, output: bool = False) -> Child:
        """Run a script of this folder against the city."""
        return self.fork(str(HERE / f"{script}.py"), *words, told=told, output=output)

    def ask(self, script: str, *words: str) -> Any:
        """Run a script of this folder to its end; return the JSON that it prints."""
        child = self.begin(script, *words, output=True)
        said = child.read()
        assert child.wait() == 0, said + self._complaints()
        return json.loads(said.splitlines()[-1])

    def start(self) -> None:
        """Start the server, in a group of its own."""
        self.server = self.fork("-m", "tongban", "serve", "--port", str(self.port))

    def kill(self) -> None:
        """End server and workers at once, without a word (SIGKILL)."""
        if self.server is not None:
            self.server.kill()
            self.server = None

    def close(self) -> None:
        """Leave nothing running."""
        self.kill()
        self._close_parent()
        self.log.close()

    def _close_parent(self) -> None:
        if self._parent is not None:
            self._parent.close()

    def _complaints(self) -> str:
        return Path(self.log.name).read_text("utf-8")

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
def served(folder: Path, *, systems: Mapping[str, str], beginnings: Beginnings, server: str = "") -> Iterator[City]:
    """The demo city, to be served from ``folder``, with connected ``systems`` (see ``prepare.py``).

    ``server`` is the address of a PostgreSQL server on which it has a database of its own; without one it is on SQLite.
    """
    with ExitStack() as stack:
        if server:
            database = stack.enter_context(new_database(server, like=beginnings.database()))
        else:
            shutil.copy(beginnings.file(CITY), folder / "city.sqlite3")
            database = f"sqlite:///{folder / 'city.sqlite3'}"
        city = City(folder, database, systems)
        stack.callback(city.close)
        yield city


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
