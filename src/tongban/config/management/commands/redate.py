"""``tongban redate``: after the working calendar has changed, count the limits of open cases anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.cases.services import redate_cases
from tongban.apps.supervision.services import recount_cards

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Count the limits of open cases anew by the city's calendar as it is now: a holiday was announced late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notice", default="", help="what announced the change; it goes on record in every case")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        notice, dry_run = options["notice"].strip(), options["dry_run"]
        if not notice and not dry_run:
            raise CommandError("Say with --notice which notice announced the change: it goes on record in every case.")
        found = redate_cases(notice=notice, at=timezone.now(), dry_run=dry_run)
        for day, kind in found.days.items():
            self.stdout.write(f"{day}: {'a working day' if kind == 'working' else 'off'} now")
        cards = 0 if dry_run else recount_cards(notice=notice, at=timezone.now())
        verb = "would move" if dry_run else "moved"
        self.stdout.write(
            f"{found.looked} open cases looked at; days {verb} in {found.moved}, {found.late} late by it."
        )
        if cards:
            self.stdout.write(f"Of {cards} cards the day to answer or to appeal moved.")
        if found.stuck:
            self.stderr.write(f"{found.stuck} cases could not be counted anew; the log of this process names them.")
