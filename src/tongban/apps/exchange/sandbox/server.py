"""A department's own service over HTTP, to try things with: it answers from a file of invented records."""

import json
import sqlite3
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["make_server"]

_LARGEST = 20_000


def make_server(*, port: int, folder: Path) -> ThreadingHTTPServer:
    """Return the server on loopback, not started yet; port 0 takes a free one. ``/<code>`` asks ``<code>.sqlite3``."""

    class Handler(_Handler):
        pass

    Handler.folder = folder
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    folder: Path

    def do_POST(self) -> None:
        """One record by its key, or that there is none."""
        path = self.folder / f"{Path(self.path).name}.sqlite3"
        if not path.is_file():
            self._say(404, {"error": "unknown"})
            return
        try:
            asked = json.loads(self.rfile.read(min(int(self.headers["Content-Length"]), _LARGEST)))
            record = _record(path, str(asked["key"]))
            found = record is not None
            said = {name: record[name] for name in asked["fields"]} if record is not None else {}
        except (KeyError, TypeError, ValueError):
            self._say(400, {"error": "malformed"})
            return
        self._say(200, {"found": found, "record": said})

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Nothing of what is asked goes to a log."""


def _record(path: Path, key: str) -> dict[str, Any] | None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        base.row_factory = sqlite3.Row
        row = base.execute("SELECT * FROM record WHERE key = ?", [key]).fetchone()
    return dict(row) if row is not None else None
