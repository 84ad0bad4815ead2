"""A city of its own that really runs: database, server and worker as `tongban demo` starts them, and a Chromium."""

import base64
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, sync_playwright
from tests.forked import Parent

from tongban.kernel.chain import SigningKey

__all__ = ["City", "running_browser", "running_city"]

ROOT = Path(__file__).resolve().parents[2]
_CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is looked at once: to compile axe better, on a core beside, costs more than it is then faster by.
    "--js-flags=--always-sparkplug --no-maglev --no-turbofan",
)


@dataclass(frozen=True, slots=True)
class City:
    """Where a running city is, and how to command it."""

    url: str
    folder: Path
    environment: Mapping[str, str]
    parent: Parent | None = None
    running: list["_Running"] = field(default_factory=list)

    @property
    def password(self) -> str:
        """The password of all demo accounts."""
        return (self.folder / "demo-password").read_text()

    def command(self, *words: str, given: str = "") -> str:
        """Run `tongban WORDS` on this city's database and return what it prints."""
        return self._run("tongban", *words, given=given)

    def past(self, *, file: Mapping[str, Any], steps: Sequence[Mapping[str, Any]] = ()) -> int:
        """File a case at an earlier time and do steps on it, through the services; return its number (see `past`)."""
        (number,) = self.pasts([{"file": file, "steps": steps}])
        return number

    def pasts(self, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """The same for several cases at once."""
        return [int(number) for number in self._run("tests.e2e.past", given=json.dumps(tasks)).split()]

    def goes_on(self, number: int | str, *, steps: Sequence[Mapping[str, Any]]) -> None:
        """Do steps on a case that is there, now."""
        self._run("tests.e2e.past", given=json.dumps([{"number": int(number), "steps": steps}]))

    def restart(self) -> None:
        """End server and worker and start them anew, as whoever runs a city does when a file of its folder changes."""
        for one in self.running:
            one.ask_to_end()
        for one in self.running:
            one.end()
            one.start()
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers."""
        (server,) = [one for one in self.running if one.words[0] == "serve"]
        _wait_for(self.url, server.process, self.folder / "serve.log")

    def log(self, number: int | str) -> list[str]:
        """The kinds of what is on record of a case, in order."""
        return self._kept('SELECT kind FROM event WHERE "case" = ? ORDER BY seq', number)

    def certificate(self, number: int | str) -> str:
        """The identifier of the certificate that a case has led to."""
        (found,) = self._kept('SELECT identifier FROM certificate WHERE "case" = ?', number)
        return found

    def promised(self, number: int | str) -> date:
        """The day by which a case is promised."""
        (found,) = self._kept('SELECT promised_due FROM "case" WHERE number = ?', number)
        return datetime.fromisoformat(found).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()

    def signed_log(self) -> tuple[str, str]:
        """A day that is signed, and of one log of it "number/hash", as its proof is addressed."""
        with closing(sqlite3.connect(self.folder / "tongban.sqlite3")) as database:
            question = 'SELECT day, "case", lower(hex(hash)) FROM checkpoint_head ORDER BY day DESC LIMIT 1'
            ((day, case, head),) = database.execute(question)
            return str(day), f"{case:016d}/{head}"

    def _kept(self, question: str, number: int | str) -> list[str]:
        """What the database itself has of a case, asked beside the product."""
        with closing(sqlite3.connect(self.folder / "tongban.sqlite3")) as database:
            return [str(found) for (found,) in database.execute(question, (int(number),))]

    def troubles(self) -> list[str]:
        """What server and worker had to complain of."""
        files = [self.folder / f"{name}.log" for name in ("serve", "work")]
        logs = [file.read_text() for file in files if file.exists()]
        return [log for log in logs if "Traceback" in log or " ERROR " in log]

    def _run(self, *words: str, given: str = "") -> str:
        """Run a module in a process of its own."""
        assert self.parent is not None
        with (self.folder / "commands.log").open("a+b") as log:
            command = self.parent.fork(["-m", *words], log=log, given=given, output=True)
            said = command.read()
            log.seek(0)
            assert command.wait() == 0, log.read().decode()
        return said


@contextmanager
def running_city(
    folder: Path,
    *,
    cases: int = 40,
    cashier: bool = False,
    settings: Mapping[str, str] | None = None,
    migrated: Path | None = None,
    worker: bool = True,
) -> Iterator[City]:
    """Make the demo city in ``folder``, with ``cases`` generated ones, and run it until the block ends.

    ``migrated``: a database with all tables and nothing in it, to begin from.
    With ``cashier`` fees are paid at the sandbox provider, which then runs too. Without ``worker`` nothing happens by
    itself: `work --once` does what is due.
    """
    port = _free_port()
    environment = _environment(folder, port) | (_cashier(folder) if cashier else {}) | dict(settings or {})
    if migrated is not None:
        shutil.copy(migrated, folder / "tongban.sqlite3")
    with ExitStack() as running:
        parent = running.enter_context(closing(Parent(environment)))
        city = City(f"http://127.0.0.1:{port}", folder, environment, parent)
        city.command("demo", "--prepare-only", "--cases", str(cases), "--records", "0")
        city.command("collectstatic", "--no-input", "-v0")
        words = [("serve", "--port", str(port)), *([("work", "--every", "1")] if worker else [])]
        city.running.extend(running.enter_context(_process(city, *each)) for each in words)
        if cashier:
            provider = environment["TONGBAN_PAYMENT_URL"]
            sandbox = ("sandbox-provider", "--port", provider.rpartition(":")[2], "--key", str(folder / "provider-key"))
            _wait_for(
                f"{provider}/", running.enter_context(_process(city, *sandbox)).process, folder / "sandbox-provider.log"
            )
        city.wait()
        yield city


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The Chromium of this machine: `TONGBAN_TEST_CHROMIUM`, or the one on the path.

    The one without windows of its own comes first: it looks at a page in two thirds of the time.
    """
    found = filter(None, map(shutil.which, _CHROMIUMS))
    path = os.environ.get("TONGBAN_TEST_CHROMIUM") or next(found, None)
    assert path, "No Chromium here; `make system` installs one, or name yours in TONGBAN_TEST_CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


def _always_open(folder: Path) -> Path:
    """The demo city, with its largest hall open at all hours: what its pages show does not hang on when tests run."""
    copy = folder / "city"
    shutil.copytree(ROOT / "cities" / "mingchuan", copy)
    file = copy / "windows.yaml"
    hours = 'open: {days: [1, 2, 3, 4, 5], from: "08:30", to: "17:30"}'
    text = file.read_text("utf-8")
    assert hours in text
    file.write_text(text.replace(hours, 'open: {days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "23:59"}', 1), "utf-8")
    return copy


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "TONGBAN_VAR": str(folder),
        "TONGBAN_CITY": str(_always_open(folder)),
        "TONGBAN_BASE_URL": f"http://127.0.0.1:{port}",
        "TONGBAN_SECOND_FACTOR": "off",
        "TONGBAN_HASHED_STATIC": "on",  # as production serves them: compressed, kept for good
        "TONGBAN_RATE_TRACKING": "1000/m",
        "TONGBAN_RATE_VERIFICATION": "1000/m",
    }


def _cashier(folder: Path) -> dict[str, str]:
    """Settings for the sandbox provider, and its key in ``folder``."""
    ours, theirs = secrets.token_bytes(32), secrets.token_bytes(32)
    (folder / "provider-key").write_text(base64.b64encode(theirs).decode())
    return {
        "TONGBAN_PAYMENT_PROVIDER": "sandbox",
        "TONGBAN_PAYMENT_URL": f"http://127.0.0.1:{_free_port()}",
        "TONGBAN_PAYMENT_MERCHANT": "mingchuan",
        "TONGBAN_PAYMENT_KEY": base64.b64encode(ours).decode(),
        "TONGBAN_PAYMENT_PROVIDER_KEY": base64.b64encode(SigningKey(theirs).public).decode(),
    }


class _Running:
    """A process of a city: started, and started again where a story wants that."""

    def __init__(self, city: City, *words: str) -> None:
        self.city, self.words = city, words
        self.start()

    def start(self) -> None:
        """Start it; what it has to say is added to what it has said before."""
        with (self.city.folder / f"{self.words[0]}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tongban", *self.words],
                cwd=ROOT,
                env=self.city.environment,
                stdout=log,
                stderr=log,
            )

    def ask_to_end(self) -> None:
        """Tell it to end, and do not wait."""
        self.process.terminate()

    def end(self) -> None:
        """Wait until it has ended."""
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _process(city: City, *words: str) -> Iterator[_Running]:
    process = _Running(city, *words)
    try:
        yield process
    finally:
        process.ask_to_end()
        process.end()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except urllib.error.HTTPError:
            return  # it answers
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The server did not answer within a minute.\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
