"""The reader as others use it: one process beside the worker, started when it is needed, ended when nobody needs it."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tongban.apps.recognition.errors import ReaderFailed, ReaderMissing
from tongban.apps.recognition.reader import LARGEST, MISSING, receive, send

__all__ = ["Reader", "the_reader"]

_SECONDS = 60.0
"""For one picture, the start of the process included; it takes about two."""
_IDLE = 300.0
"""Seconds after which a reader that nobody needs gives its memory back."""
_SOURCE = Path(__file__).resolve().parents[3]


class Reader:
    """A process that reads one picture at a time. Whoever comes meanwhile waits."""

    def __init__(self, *, seconds: float = _SECONDS, idle: float = _IDLE) -> None:
        self._seconds, self._idle = seconds, idle
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending: threading.Timer | None = None

    def read(self, content: bytes) -> dict[str, Any]:
        """What is seen on a picture: ``lines`` and ``strips``, or ``unusable`` with a code.

        Raises ``ReaderFailed`` where the process came to an end or took too long, ``ReaderMissing`` where rapidocr is
        not installed.
        """
        if len(content) > LARGEST:
            return {"unusable": "picture.too-large"}
        with self._turn:
            if self._ending is not None:
                self._ending.cancel()
            answer = self._asked(content)
            self._ending = threading.Timer(self._idle, self.end)
            self._ending.daemon = True
            self._ending.start()
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _asked(self, content: bytes) -> dict[str, Any]:
        process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        limit = threading.Timer(self._seconds, process.kill)
        limit.start()
        try:
            send(process.stdin, content)
            body = receive(process.stdout)
        except OSError:
            body = None
        finally:
            limit.cancel()
        if body is None:
            self._process = None
            process.kill()
            process.communicate()
            raise ReaderMissing if process.returncode == MISSING else ReaderFailed
        answer: dict[str, Any] = json.loads(body)
        return answer

    def _started(self) -> "subprocess.Popen[bytes]":
        # No environment of ours: no secret is where a stranger's picture is opened.
        self._process = subprocess.Popen(  # our own interpreter and module
            [sys.executable, "-m", "tongban.apps.recognition.reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(_SOURCE), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
        )
        return self._process


_READER = Reader()


def the_reader() -> Reader:
    """The one of this process."""
    return _READER
