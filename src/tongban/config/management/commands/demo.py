"""``tongban demo``: the demo city, ready to be tried: database, people, matters, some history, server and worker."""

import hashlib
import os
import secrets
import signal
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.cases.queries import count_cases
from tongban.apps.people.queries import count_departments
from tongban.config.management.commands.load_city import load_city

__all__ = ["Command"]

_SHOWN = (
    ("linxiaomei", "resident / 居民 林晓梅"),
    ("zhoumin", "agent of a company / 企业代办人 周敏（明川小馆）"),
    ("wangqian", "window clerk / 综窗 王倩"),
    ("chenli", "market regulation, handler / 市场监管局 经办 陈立"),
    ("hejun", "market regulation, reviewer and decider / 市场监管局 审核、决定 何军"),
    ("luhao", "fire and rescue, handler / 消防 经办 陆浩"),
    ("songwei", "fire and rescue, decider / 消防 决定 宋巍"),
    ("liangchen", "supervisor / 效能监督 梁晨"),
    ("admin", "administrator / 管理员"),
)


class Command(BaseCommand):
    help = "Prepare the demo city if it is not there, print the sign-ins, and serve it until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--cases", type=int, default=600, help="how many generated cases to begin with")
        parser.add_argument("--prepare-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo city has printed passwords. It does not run in production.")
        call_command("migrate", verbosity=0)
        self.stdout.write("Database ready.")
        if _city_changed():
            load_city(password=_password())
            _note_city()
            self.stdout.write("Mingchuan loaded: departments, people, matters.")
        if options["cases"] and count_cases() == 0:
            self.stdout.write(f"Generating two years of history, {options['cases']} cases …")
            call_command("simulate_history", cases=options["cases"], verbosity=1, stdout=self.stdout)
        self._print_signins(options["host"], options["port"])
        if not options["prepare_only"]:
            _serve(options["host"], options["port"])

    def _print_signins(self, host: str, port: int) -> None:
        self.stdout.write(
            f"\nOpen http://{host}:{port}/ and sign in with any of these; the password is {_password()}\n"
        )
        for name, what in _SHOWN:
            self.stdout.write(f"  {name:<12} {what}")
        self.stdout.write("  (every account of cities/mingchuan/people.yaml works)\n")
        self.stdout.flush()


def _city_changed() -> bool:
    """Whether the city's folder differs from what was loaded last, or this is another database."""
    noted = settings.VAR / "demo-city"
    return count_departments() == 0 or not noted.exists() or noted.read_text() != _city_digest()


def _note_city() -> None:
    (settings.VAR / "demo-city").write_text(_city_digest())


def _city_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(each for each in settings.CITY.rglob("*") if each.is_file()):
        digest.update(str(path.relative_to(settings.CITY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _password() -> str:
    """The demo's password: made once on this machine and kept beside its database, never in the repository."""
    path = settings.VAR / "demo-password"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(9))
        path.chmod(0o600)
    return path.read_text()


def _serve(host: str, port: int) -> None:
    """Run server and worker side by side; when one ends, or on Ctrl-C, stop both."""
    command = [sys.executable, "-m", "tongban"]
    # Styles and scripts compressed and kept by browsers, as production serves them: a phone's page stays under 50 KB.
    environment = {**os.environ, "TONGBAN_HASHED_STATIC": "on"}
    collect = [*command, "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, env=environment, check=True)  # noqa: S603  # our own commands
    processes = [
        subprocess.Popen([*command, *words], env=environment)  # noqa: S603
        for words in (["serve", "--host", host, "--port", str(port)], ["work"])
    ]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        processes[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)
