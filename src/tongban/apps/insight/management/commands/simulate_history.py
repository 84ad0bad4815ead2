"""``tongban simulate-history``: two years of plausible cases, through the same kernel."""

import os
import subprocess
import sys
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.cases.queries import count_cases
from tongban.apps.insight.history import Part, simulate

__all__ = ["Command"]

WORTH_DIVIDING = 2_000


class Command(BaseCommand):
    help = "Fill the city with generated cases of the last years. Everything in them is invented."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=20_000)
        parser.add_argument("--years", type=float, default=2)
        parser.add_argument("--seed", type=int, default=20260101, help="equal seeds give equal cases in an empty city")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many generate side by side")
        parser.add_argument("--part", help="of several processes, e.g. 0/2: given by the command to its own parts")
        parser.add_argument("--after", type=int, help="how many cases there were before: likewise")
        parser.add_argument("--until", help="where the period ends, ISO 8601: likewise")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Generated cases do not go among real ones. This command does not run in production.")
        started = time.monotonic()
        if options["part"] or options["cases"] < WORTH_DIVIDING or options["processes"] < 2:
            self._generate(options)
        else:
            self._divide(options)
        if not options["part"] and options["verbosity"]:
            self.stdout.write(f"{count_cases()} cases in the city, after {time.monotonic() - started:.1f} s.")

    def _generate(self, options: dict[str, Any]) -> None:
        index, _, of = (options["part"] or "0/1").partition("/")
        until = datetime.fromisoformat(options["until"]) if options["until"] else timezone.now()

        def report(done: int) -> None:
            if options["verbosity"] and done % 2000 == 0:
                self.stdout.write(f"  {done} cases …")
                self.stdout.flush()

        summary = simulate(
            cases=options["cases"],
            seed=options["seed"],
            until=until,
            years=options["years"],
            report=report,
            part=Part(int(index), int(of)),
            after=options["after"],
        )
        self.stdout.write(f"{summary.cases} cases with {summary.events} events generated, {summary.open} still open.")

    def _divide(self, options: dict[str, Any]) -> None:
        """Let several processes generate a share each; they write in turn and their numbers cannot meet."""
        of, after, until = options["processes"], count_cases(), timezone.now().isoformat()
        shares = [options["cases"] // of + (index < options["cases"] % of) for index in range(of)]
        common = ["--years", str(options["years"]), "--seed", str(options["seed"]), "--after", str(after)]
        command = [sys.executable, "-m", "tongban", "simulate-history", "--until", until, *common]
        parts = [
            subprocess.Popen([*command, "--cases", str(share), "--part", f"{index}/{of}"])  # noqa: S603  # our own
            for index, share in enumerate(shares)
        ]
        ends = [part.wait() for part in parts]  # all of them, before any is judged
        if any(ends):
            raise CommandError("A part did not finish; what the others generated is there and whole.")
