"""Processes of a city that run at once: each is forked from one that has imported the product already.

A fresh Python spends two or three seconds of a processor on importing it, and scenarios start dozens. What is forked
is as real as what is started: a process in a session and group of its own, with connections and threads of its own,
which SIGKILL ends at any instant. The one that it is forked from has neither threads nor a connection, and nobody
kills it. How a fresh Python starts is seen where a city really runs (tests/e2e, tests/apps/crossings).

Settings are read as they are imported: there is one such process for each environment.
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import IO

__all__ = ["Child", "Parent"]

ROOT = Path(__file__).resolve().parents[1]
_NUMBER = struct.Struct("i")
"""As which a child's process number is told when it begins, and its exit status when it has ended."""
_MOST = 65_536
"""So long may a request be, in bytes."""


class Child:
    """A running process, what it reads as it is told, and what it writes, where that was asked for."""

    def __init__(self, state: FileIO, told: TextIOWrapper | None, output: TextIOWrapper | None) -> None:
        self._state, self.told, self.output = state, told, output
        self._pid: int | None = None
        self._code: int | None = None

    def begun(self) -> int:
        """Wait until it has begun, and return its number: the one that it is forked from may be importing yet."""
        if self._pid is None:
            self._pid = self._next()
        return self._pid

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        if self._code is None and self.begun() and select.select([self._state], [], [], 0)[0]:
            self.wait()
        return self._code is None

    def wait(self) -> int:
        """Wait until it has ended, and return its exit status; minus the signal when one has ended it."""
        if self._code is None and self.begun():
            self._code = self._next()
            self._state.close()
        assert self._code is not None
        return self._code

    def _next(self) -> int:
        told = self._state.read(_NUMBER.size)
        assert told, "nobody was there to fork it, or to wait for it: see the complaints"
        return int(_NUMBER.unpack(told)[0])

    def read(self) -> str:
        """Wait until it has ended, and return what it has written."""
        assert self.output is not None
        with self.output as output:
            said = output.read()
        self.wait()
        return said

    def kill(self) -> None:
        """End it and its whole group at once, without a word (SIGKILL), unless it has ended."""
        if self.is_running():
            with suppress(ProcessLookupError):
                os.killpg(self.begun(), signal.SIGKILL)
            self.wait()
        for end in (self.told, self.output):
            if end is not None:
                end.close()


class Parent:
    """A process that has imported the product with ``environment``, and forks children that run it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._channel, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forked", str(there.fileno())],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
            )

    def fork(
        self, words: Sequence[str], *, log: IO[bytes], given: str = "", told: bool = False, output: bool = False
    ) -> Child:
        """Run ``python WORDS`` (a script's path, or ``-m MODULE``).

        It reads what is ``given``, or as it is ``told`` bit by bit. What it writes goes into ``log``, as its complaints
        do, unless it is wanted as ``output``.
        """
        state, ended = os.pipe()
        reads, tells = os.pipe() if told else (_held(given), None)
        hears, writes = os.pipe() if output else (None, os.dup(log.fileno()))
        try:
            files = [reads, writes, log.fileno(), ended]
            socket.send_fds(self._channel, [json.dumps(list(words)).encode()], files)
        finally:
            for file in (reads, writes, ended):
                os.close(file)
        return Child(
            FileIO(state),
            None if tells is None else TextIOWrapper(os.fdopen(tells, "wb"), line_buffering=True),
            None if hears is None else TextIOWrapper(os.fdopen(hears, "rb")),
        )

    def close(self) -> None:
        """Fork no more. Children that run go on."""
        self._channel.close()
        self._process.wait()


def _held(text: str) -> int:
    """A file with this text, in memory, to be read from its beginning."""
    file = os.memfd_create("given")
    with os.fdopen(os.dup(file), "wb") as writer:
        writer.write(text.encode())
    os.lseek(file, 0, os.SEEK_SET)
    return file


def _import_all() -> None:
    """Import what server, worker and scripts will, and read the city's own files.

    Nothing may run or be connected that children would share.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import get_commands, load_command_class
    from django.db import connections
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    from tongban.apps.catalog.city import get_calendar, get_city

    get_city()
    get_calendar()
    for middleware in settings.MIDDLEWARE:
        import_string(middleware)
    assert get_resolver().url_patterns
    for command in ("migrate", "serve", "work"):
        load_command_class(get_commands()[command], command)
    assert all(connection.connection is None for connection in connections.all(initialized_only=True))
    assert threading.active_count() == 1
    gc.freeze()


def _fork_until_closed(channel: socket.socket) -> list[str]:
    """Fork a child for each request. Only a child returns from here, with the words that it is to run."""
    while True:
        said, files, _flags, _address = socket.recv_fds(channel, _MOST, 4)
        if not said:
            os._exit(0)
        if os.fork() == 0:
            channel.close()
            return _fork(json.loads(said), files)
        for file in files:
            os.close(file)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue


def _fork(words: list[str], files: list[int]) -> list[str]:
    """Fork the child, wait for it, and tell how it ended. Only the child returns."""
    *given, told = files
    if (child := os.fork()) == 0:
        os.setsid()
        for standard, file in enumerate(given):
            os.dup2(file, standard)
        os.write(told, _NUMBER.pack(os.getpid()))
    for file in given:
        os.close(file)
    if child == 0:
        os.close(told)
        return words
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(told, _NUMBER.pack(code))
    os._exit(0)


def _run(words: list[str]) -> None:
    first, *more = words
    if first == "-m":
        sys.argv = more
        runpy.run_module(more[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    _import_all()
    _run(_fork_until_closed(socket.socket(fileno=int(sys.argv[1]))))
