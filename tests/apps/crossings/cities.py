"""Two cities that really run, each with its own database and server, and a line between them that can be cut."""

import base64
import json
import os
import secrets
import shutil
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.forked import Child, Parent

from tongban.kernel.chain import SigningKey

__all__ = ["KNOWN", "City", "Line", "two_cities"]

ROOT = Path(__file__).resolve().parents[3]
KNOWN = ["379799199306120023", "379799198509170053"]
"""Whose households are registered there."""


@dataclass(slots=True)
class Line:
    """A piece of network: connections to ``port`` go to ``target``, unless it is cut; then they break off.

    ``drop_answers``: what is asked arrives, what is answered does not, as when a line breaks in the middle.
    """

    target: int
    port: int = 0
    cut: bool = False
    drop_answers: bool = False
    carried: int = 0
    _socket: socket.socket = field(default_factory=socket.socket)

    def open(self) -> None:
        """Listen, and carry until closed."""
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(50)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self.cut:
                return
            with socket.create_connection(("127.0.0.1", self.target), 5) as far:
                threading.Thread(target=self._pipe, args=(near, far, False), daemon=True).start()
                self._pipe(far, near, True)

    def _pipe(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.cut or (back and self.drop_answers):
                    self.carried += not back
                    # Both ends hear of it at once: a close alone waits for the thread that still listens.
                    for end in (source, target):
                        end.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(data)
                self.carried += back


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A running city: where it is, what runs it, and its own database, asked beside the product."""

    code: str
    url: str
    folder: Path
    environment: Mapping[str, str]
    _parent: list[Parent] = field(default_factory=list)
    _driver: list[Child] = field(default_factory=list)
    _server: list[Child] = field(default_factory=list)

    def run(self, *words: str) -> None:
        """Run `tongban WORDS` there."""
        assert self._fork("run.log", "-m", "tongban", *words).wait() == 0, (self.folder / "run.log").read_text("utf-8")

    def do(self, script: str, **given: Any) -> Any:
        """Run Python there, with Django set up and ``given``; return what it leaves in ``result``."""
        if not self._driver:
            driver = str(Path(__file__).with_name("driver.py"))
            self._driver.append(self._fork("driver.log", driver, told=True, output=True))
        there, back = self._driver[0].told, self._driver[0].output
        assert there is not None
        assert back is not None
        there.write(json.dumps({"script": script, "given": given}) + "\n")
        said = json.loads(back.readline())
        assert "failed" not in said, said["failed"]
        return said["result"]

    def launch(self) -> None:
        """Run the server; it answers once ``wait`` returns."""
        port = self.url.rpartition(":")[2]
        self._server.append(self._fork("serve.log", "-m", "tongban", "serve", "--port", port))

    def wait(self) -> None:
        """Wait until the server answers."""
        _wait_for(self.url, self._server[-1])

    def start(self) -> None:
        """Run the server and wait until it answers."""
        self.launch()
        self.wait()

    def stop(self) -> None:
        """Kill the server, as a machine that loses its power."""
        while self._server:
            self._server.pop().kill()

    def close(self) -> None:
        """Leave nothing running."""
        for child in (*self._server, *self._driver):
            child.kill()
        for parent in self._parent:
            parent.close()

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database says."""
        with closing(sqlite3.connect(self.folder / "tongban.sqlite3", timeout=30)) as database:
            return database.execute(question, values).fetchall()

    def _fork(self, log: str, *words: str, told: bool = False, output: bool = False) -> Child:
        if not self._parent:
            self._parent.append(Parent(self.environment))
        with (self.folder / log).open("ab") as file:
            return self._parent[0].fork(words, log=file, told=told, output=output)


@contextmanager
def two_cities(
    folder: Path, *, lines_between: bool = True, migrated: Path | None = None
) -> Iterator[tuple[City, City, Line, Line]]:
    """Run ``harbour`` and ``boyun``; the lines lead to the one and to the other. The test does their workers' work.

    ``migrated``: a database with all tables and nothing in it, to begin from; it is made where there is none.
    The first is the second under another name, which offers nothing to the country: small, so that it is quickly there.
    Without ``lines_between`` they talk to each other directly: a line is Python, and would be measured too.
    """
    with ExitStack() as running:
        ports = {"harbour": _free_port(), "boyun": _free_port()}
        lines = {code: Line(target=port) for code, port in ports.items()}
        seeds = {code: secrets.token_bytes(32) for code in ports}
        for line in lines.values():
            line.open()
            running.callback(line.close)
        cities = []
        for code, other in (("harbour", "boyun"), ("boyun", "harbour")):
            home = folder / code
            home.mkdir()
            shutil.copytree(ROOT / "cities" / "boyun", home / "city")
            if code == "harbour":
                _rename(home / "city", code)
            else:
                _let_be_asked(home)
            known = {each: lines[each].port if lines_between else port for each, port in ports.items()}
            (home / "neighbours.yaml").write_text(_neighbours(other, known[other], seeds[other]), "utf-8")
            environment = _environment(code, home, known[code], seeds[code])
            cities.append(City(code=code, url=f"http://127.0.0.1:{ports[code]}", folder=home, environment=environment))
        if migrated is None:
            cities[0].run("migrate", "-v0")
            migrated = cities[0].folder / "tongban.sqlite3"
        for city in cities:
            if migrated.parent != city.folder:
                shutil.copy(migrated, city.folder / "tongban.sqlite3")
            running.callback(city.close)
        for city in cities:  # all at once: a machine has more than one processor
            city.launch()
        for city in cities:
            city.do(_LOAD)
            city.wait()
        yield cities[0], cities[1], lines["harbour"], lines["boyun"]


_LOAD = "from tongban.config.management.commands.load_city import load_city; load_city(password=None)"


def _rename(city: Path, code: str) -> None:
    own = city / "city.yaml"
    own.write_text(own.read_text("utf-8").replace("code: boyun", f"code: {code}", 1), "utf-8")
    for matter in city.glob("matters/*/matter.yaml"):
        matter.write_text(matter.read_text("utf-8").replace("area: national", "area: city"), "utf-8")
    # So long that a busy machine is no reason to fail: a line that breaks is heard of at once.
    connector = {"kind": "wire", "peer": "boyun", "timeout": 60}
    _change_register(city, connector=connector, consumer="public-security", fields=["name", "address"])


def _let_be_asked(home: Path) -> None:
    _change_register(home / "city", consumer="neighbour-harbour", fields=["name"])
    lines = ["number,name,address", *(f"{number},Name {number[-4:]},Street {number[-4:]}" for number in KNOWN)]
    (home / "household.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _change_register(city: Path, *, consumer: str, fields: list[str], connector: Any = None) -> None:
    path = city / "registers" / "household" / "service.yaml"
    value = yaml.safe_load(path.read_text("utf-8"))
    value["grants"][0] |= {"consumer": consumer, "fields": fields}
    value["connector"] = connector or value["connector"]
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")


def _wait_for(url: str, process: Child) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert process.is_running()
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310  # our own address
                return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError("no server")


def _neighbours(code: str, port: int, seed: bytes) -> str:
    row = {
        "code": code,
        "name": {"zh": {"boyun": "泊云市", "harbour": "港湾市"}[code], "en": code.title()},
        "url": f"http://127.0.0.1:{port}",
        "keys": [{"public": base64.b64encode(SigningKey(seed).public).decode(), "until": "2099-12-31"}],
        "may": ["crossings", "registers"],
    }
    return yaml.safe_dump({"neighbours": [row]}, allow_unicode=True)


def _environment(code: str, folder: Path, port: int, seed: bytes) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "TONGBAN_VAR": str(folder),
        "TONGBAN_CITY": str(folder / "city"),
        "TONGBAN_NEIGHBOURS": str(folder / "neighbours.yaml"),
        "TONGBAN_NEIGHBOUR_KEYS": f"{base64.b64encode(seed).decode()}@2099-12-31",
        "TONGBAN_BASE_URL": f"http://127.0.0.1:{port}",
        "TONGBAN_PRIVATE_TARGETS": "127.0.0.1",
        "TONGBAN_SECOND_FACTOR": "off",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
