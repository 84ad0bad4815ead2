"""A department's service over HTTP, as a process of its own: it can be told to hang, and it can be killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

__all__ = ["Department"]

_SERVER = r"""
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

home = Path(sys.argv[1])

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with (home / "asked").open("a") as log:
            log.write(json.dumps(asked) + "\n")
        how = (home / "how").read_text()
        known = json.loads((home / "known").read_text())
        record = {name: known.get(name, f"{name} of {asked['key'][-4:]}") for name in asked["fields"]}
        said = {"found": True, "record": record}
        body = json.dumps(said if how != "absent" else {"found": False}).encode()
        if how == "broken":
            self.send_response(503); self.end_headers(); return
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:9]); self.wfile.flush()
        (home / "begun").touch()
        while (home / "how").read_text() == "hang":
            time.sleep(0.02)
        self.wfile.write(body[9:])

    def log_message(self, *args):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
(home / "port.new").write_text(str(server.server_port))
(home / "port.new").rename(home / "port")
server.serve_forever()
"""


class Department:
    """``how``: answers, absent, broken (503), hang (half an answer, then nothing).

    ``known``: what it says of anybody, by field; of other fields it says something.
    """

    def __init__(self, home: Path, known: Mapping[str, str] | None = None) -> None:
        self._home = home / "department"
        self._home.mkdir()
        (self._home / "known").write_text(json.dumps(dict(known or {})))
        self.behave("answers")

    def __enter__(self) -> "Department":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Begin to serve, on a port of its own."""
        (self._home / "port").unlink(missing_ok=True)
        self._process = subprocess.Popen([sys.executable, "-c", _SERVER, str(self._home)])
        self.wait_for("port")

    def kill(self) -> None:
        """End at once, whatever is under way."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def kill_when_it_answers(self) -> None:
        """End in the middle of an answer."""
        self.wait_for("begun")
        self.kill()

    def behave(self, how: str) -> None:
        """Answer so from now on."""
        (self._home / "how").write_text(how)

    def wait_for(self, file: str) -> None:
        """Return as soon as the process has written that file."""
        until = time.monotonic() + 10
        while not (self._home / file).exists():
            assert time.monotonic() < until, file
            time.sleep(0.01)

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{(self._home / 'port').read_text()}/records"

    @property
    def asked(self) -> list[dict[str, object]]:
        """What it was asked, in order."""
        path = self._home / "asked"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
