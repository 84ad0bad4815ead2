"""``tongban simulate-history``: two years of plausible cases, through the same kernel."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tongban.apps.insight.history import simulate

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Fill the city with generated cases of the last years. Everything in them is invented."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=20_000)
        parser.add_argument("--years", type=float, default=2)
        parser.add_argument("--seed", type=int, default=20260101, help="equal seeds give equal cases")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()

        def report(done: int) -> None:
            if options["verbosity"] and done % 2000 == 0:
                self.stdout.write(f"  {done} cases, {time.monotonic() - started:.0f} s")
                self.stdout.flush()

        summary = simulate(
            cases=options["cases"],
            seed=options["seed"],
            until=timezone.now(),
            years=options["years"],
            report=report,
        )
        self.stdout.write(
            f"{summary.cases} cases with {summary.events} events, {summary.open} still open, "
            f"in {time.monotonic() - started:.1f} s."
        )
