"""Starts `oidc-provider` (certified by the OpenID Foundation) on loopback, and walks through it as a browser does."""

import hashlib
import json
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

__all__ = ["Provider", "running_provider"]

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / "var" / "node"
REDIRECT = "http://testserver/account/oidc/identity/login/callback/"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where it is."""

    url: str

    def expects(self, account: str, *, acr: str, claims: Mapping[str, str] | None = None) -> None:
        """Let this account sign in next, known to it in this way, with what it has verified of them."""
        said = json.dumps({"account": account, "acr": acr, "claims": dict(claims or {})}).encode()
        request = urllib.request.Request(f"{self.url}/next", data=said, method="POST")  # noqa: S310  # loopback
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310
            pass

    def walk(self, url: str) -> str:
        """Follow its pages from where we lead to, in a browser of its own, to the address that it leads back to."""
        browser = requests.Session()
        for _ in range(10):
            answer = browser.get(url, allow_redirects=False, timeout=10)
            url = urljoin(url, answer.headers["Location"])
            if url.startswith("http://testserver/"):
                return url.removeprefix("http://testserver")
        raise AssertionError(f"The provider leads on and on: {url}")


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Install it once, start it, and stop it when the block ends."""
    node = shutil.which("node")
    assert node, "No Node here; `make system` installs it."
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [node, "provider.mjs", str(port), REDIRECT]
    process = subprocess.Popen(command, cwd=_installed(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("ready "):
                break
        assert process.poll() is None, "The identity provider did not start."
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=20)


def _installed() -> Path:
    """A folder with what the lock file names, installed once for each state of these files."""
    files = [HERE / name for name in ("package.json", "package-lock.json", "provider.mjs")]
    state = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    folder = KEPT / f"oidc-{state}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        npm = shutil.which("npm")
        assert npm, "No npm here; `make system` installs it."
        words = [npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (folder / "ready").touch()
    return folder
