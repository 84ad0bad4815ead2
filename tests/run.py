"""Run all tests: everything on SQLite, then whatever touches the database again on a PostgreSQL of our own.

`python tests/run.py [pytest arguments]`; `make test` calls it without any.
"""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WITH_DATABASE = ["tests/apps", "tests/web", "tests/api", "tests/scenarios"]


def main() -> int:
    """Return the worst exit status of the two runs."""
    given = sys.argv[1:]
    print("== tests on SQLite", flush=True)
    started = time.monotonic()
    first = _pytest([*given, "-n", "2", "--dist", "loadscope"], {})
    print("== tests on PostgreSQL", flush=True)
    # A server of its own for each of the two: what one has not committed would keep followers of the log in the other
    # from going on, because a server numbers the transactions of all its databases together.
    with postgres() as one, postgres() as other:
        only = ["-p", "tests.own_server", "-m", "database", *WITH_DATABASE]
        servers = {"TONGBAN_DATABASE_URL": one, "TONGBAN_DATABASE_URL_GW1": other}
        second = _pytest([*given, "-n", "2", "--dist", "loadscope", *only], servers)
    print(f"== {time.monotonic() - started:.0f} s in all", flush=True)
    return first or second


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    paths = [each for each in arguments if not each.startswith("tests/") or (ROOT / each).exists()]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server in a new folder on a free loopback port; yield its address, then remove it."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-postgres-"))
    server, port = _server_binaries(), _free_port()
    # A server refuses to run as root: then it runs as the system's own postgres user.
    prefix: list[str] = []
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data = folder / "data"
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
    )
    quiet = subprocess.DEVNULL
    run = [
        *prefix,
        str(server / "initdb"),
        "-D",
        str(data),
        "-U",
        "tongban",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(run, check=True, stdout=quiet, cwd=folder)
    start = [*prefix, str(server / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start"]
    subprocess.run(start, check=True, stdout=quiet, cwd=folder)
    try:
        yield f"postgres://tongban@127.0.0.1:{port}/postgres"
    finally:
        stop = [*prefix, str(server / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, stdout=quiet, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def _server_binaries() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        sys.exit("PostgreSQL's server programs are missing; `make system` installs them.")
    return Path(initdb).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
