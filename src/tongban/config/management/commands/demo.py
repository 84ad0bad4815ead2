"""``tongban demo``: the demo city, ready to be tried: database, people, matters, some history, server and worker."""

import base64
import hashlib
import os
import secrets
import signal
import subprocess
import sys
from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.cases.queries import count_cases
from tongban.apps.catalog.city import get_city
from tongban.apps.exchange.sandbox import make_registers
from tongban.apps.people.queries import count_departments
from tongban.config.management.commands.load_city import load_city
from tongban.kernel.chain import SigningKey

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Prepare the demo city if it is not there, print the sign-ins, and serve it until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--cases", type=int, default=600, help="how many generated cases to begin with")
        parser.add_argument("--records", type=int, help="no more records of each register than so many; 0 for none")
        parser.add_argument("--prepare-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo city has printed passwords. It does not run in production.")
        call_command("migrate", verbosity=0)
        self.stdout.write("Database ready.")
        if _city_changed():
            load_city(password=_password())
            _note_city()
            self.stdout.write(f"{get_city().name['en']} loaded: departments, people, matters.")
        if made := make_registers(city=settings.CITY, into=settings.VAR / "registers", most=options["records"]):
            self.stdout.write(f"Registers written: {', '.join(made)}.")
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
        for name, about in _shown():
            self.stdout.write(f"  {name:<12} {about['en']} / {about['zh']}")
        self.stdout.write(f"  (every account of {settings.CITY / 'people.yaml'} works)\n")
        self.stdout.flush()


def _shown() -> list[tuple[str, dict[str, str]]]:
    """Return the accounts that the city wants to be tried, with what each is for."""
    people = yaml.safe_load((settings.CITY / "people.yaml").read_text())["people"]
    return [(row["username"], row["about"]) for row in people if "about" in row]


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
    environment = {**os.environ, "TONGBAN_HASHED_STATIC": "on", **_cashier(host, port)}
    environment.setdefault("SANDBOX_REGISTERS", f"http://127.0.0.1:{port + 2}")
    collect = [*command, "collectstatic", "--no-input", "-v0"]
    subprocess.run(collect, env=environment, check=True)  # noqa: S603  # our own commands
    served = ["serve", "--host", host, "--port", str(port)]
    started = [served, ["work"], _registers(port), *_sandbox(environment, port)]
    processes = [subprocess.Popen([*command, *words], env=environment) for words in started]  # noqa: S603
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


def _cashier(host: str, port: int) -> dict[str, str]:
    """Settings by which the demo city takes fees through the sandbox provider; none where another one is set."""
    if settings.PAYMENT_PROVIDER:
        return {}
    theirs = SigningKey.from_text(_key("demo-provider-key"))
    return {
        "TONGBAN_BASE_URL": os.environ.get("TONGBAN_BASE_URL", f"http://{host}:{port}"),
        "TONGBAN_PAYMENT_PROVIDER": "sandbox",
        "TONGBAN_PAYMENT_URL": f"http://127.0.0.1:{port + 1}",
        "TONGBAN_PAYMENT_MERCHANT": get_city().code,
        "TONGBAN_PAYMENT_KEY": _key("demo-payment-key"),
        "TONGBAN_PAYMENT_PROVIDER_KEY": base64.b64encode(theirs.public).decode(),
    }


def _registers(port: int) -> list[str]:
    """The departments' own services, which the demo city asks over HTTP."""
    return ["sandbox-registers", "--port", str(port + 2)]


def _sandbox(environment: dict[str, str], port: int) -> list[list[str]]:
    if environment.get("TONGBAN_PAYMENT_PROVIDER") != "sandbox":
        return []
    return [["sandbox-provider", "--port", str(port + 1), "--key", str(settings.VAR / "demo-provider-key")]]


def _key(name: str) -> str:
    """A key of the demo's: made once on this machine and kept beside its database."""
    path = settings.VAR / name
    if not path.exists():
        path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        path.chmod(0o600)
    return path.read_text()
