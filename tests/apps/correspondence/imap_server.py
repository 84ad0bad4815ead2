"""A mailbox on a real IMAP server (pymap) on loopback, into which a test puts mails as bytes."""

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

__all__ = ["ImapServer", "imap_server"]

_RUN = "import sys; from pymap.main import main; sys.exit(main())"


class ImapServer:
    """``put`` delivers a mail; ``begin`` starts the server anew: another mailbox with other numbers."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"imap://city:secret@127.0.0.1:{self.port}/INBOX"

    def begin(self) -> None:
        self.end()
        server = ["--host", "127.0.0.1", "--port", str(self.port), "--no-tls"]
        account = ["dict", "--demo-user", "city", "--demo-password", "secret"]
        command = [sys.executable, "-c", _RUN, *server, *account]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError("the IMAP server did not start")

    def end(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    @contextlib.contextmanager
    def _inside(self) -> Iterator[imaplib.IMAP4]:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        server.login("city", "secret")
        server.select("INBOX")
        try:
            yield server
        finally:
            server.logout()

    def put(self, *mails: bytes) -> None:
        with self._inside() as server:
            for raw in mails:
                assert server.append("INBOX", "", "", raw)[0] == "OK"

    def empty(self) -> None:
        with self._inside() as server:
            server.store("1:*", "+FLAGS", "\\Deleted")
            server.expunge()

    def unseen(self) -> int:
        with self._inside() as server:
            return len(server.search(None, "UNSEEN")[1][0].split())


@contextlib.contextmanager
def imap_server() -> Iterator[ImapServer]:
    """One that is started, and ended."""
    server = ImapServer()
    server.begin()
    try:
        yield server
    finally:
        server.end()
