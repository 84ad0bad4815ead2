"""A city of its own that really runs: database, server and worker as `tongban demo` starts them, and a Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

__all__ = ["City", "running_browser", "running_city"]

ROOT = Path(__file__).resolve().parents[2]
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class City:
    """Where a running city is, and how to command it."""

    url: str
    folder: Path
    environment: Mapping[str, str]

    @property
    def password(self) -> str:
        """The password of all demo accounts."""
        return (self.folder / "demo-password").read_text()

    def command(self, *words: str, given: str = "") -> str:
        """Run `python -m tongban WORDS` on this city's database and return what it prints."""
        return self._run(["-m", "tongban", *words], given)

    def past(self, *, file: Mapping[str, Any], steps: Sequence[Mapping[str, Any]] = ()) -> int:
        """File a case at an earlier time and do steps on it, through the services; return its number (see `past`)."""
        return int(self._run(["-m", "tests.e2e.past"], json.dumps({"file": file, "steps": steps})))

    def troubles(self) -> list[str]:
        """What server and worker had to complain of."""
        logs = [(self.folder / f"{name}.log").read_text() for name in ("serve", "work")]
        return [log for log in logs if "Traceback" in log or " ERROR " in log]

    def _run(self, arguments: Sequence[str], given: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_city(folder: Path, *, cases: int = 40) -> Iterator[City]:
    """Make the demo city in ``folder``, with ``cases`` generated ones, and run it until the block ends."""
    port = _free_port()
    city = City(f"http://127.0.0.1:{port}", folder, _environment(folder, port))
    city.command("demo", "--prepare-only", "--cases", str(cases))
    city.command("collectstatic", "--no-input", "-v0")
    with _process(city, "serve", "--port", str(port)) as server, _process(city, "work", "--every", "1"):
        _wait_for(city.url, server, folder / "serve.log")
        yield city


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The Chromium of this machine: `TONGBAN_TEST_CHROMIUM`, or the one on the path."""
    path = os.environ.get("TONGBAN_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "No Chromium here; `make system` installs one, or name yours in TONGBAN_TEST_CHROMIUM."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
    return kept | {
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "TONGBAN_VAR": str(folder),
        "TONGBAN_BASE_URL": f"http://127.0.0.1:{port}",
        "TONGBAN_SECOND_FACTOR": "off",
        "TONGBAN_HASHED_STATIC": "on",  # as production serves them: compressed, kept for good
        "TONGBAN_RATE_TRACKING": "1000/m",
        "TONGBAN_RATE_VERIFICATION": "1000/m",
    }


@contextmanager
def _process(city: City, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with (city.folder / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tongban", *words], cwd=ROOT, env=city.environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"The server did not answer within a minute.\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
