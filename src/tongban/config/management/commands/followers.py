"""``tongban followers``: who follows the log, how far behind they are, and how to help one that stands still."""

from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.errors import LedgerError
from tongban.apps.ledger.queries import list_followers
from tongban.apps.ledger.services import mend, replay, skip

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Show who follows the log and how far behind they are."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="the same as without a word")
        again = actions.add_parser("replay", help="hand events out again")
        again.add_argument("name", help="which follower")
        again.add_argument("--since", help="from this day on, such as 2026-03-02; from the beginning without it")
        past = actions.add_parser("skip", help="pass over the one event at which a follower fails")
        past.add_argument("name", help="which follower")
        actions.add_parser("mend", help="carry the order of the log on after a restore into another cluster")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action'] or 'list'}")(options)
        except LedgerError as error:
            raise CommandError(str(error)) from error

    def _list(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        for row in list_followers(at=now):
            late = "" if row.since is None else f", the oldest of {timezone.localtime(row.since):%Y-%m-%d %H:%M}"
            stuck = f"  STANDS STILL after {row.tries} tries: {row.error}" if row.tries else ""
            self.stdout.write(f"{row.name}  {row.behind} events behind{late}{stuck}")

    def _replay(self, options: dict[str, Any]) -> None:
        since = None
        if options["since"]:
            day = parse_date(options["since"])
            if day is None:
                raise CommandError(f"--since {options['since']} is no day: write it as 2026-03-02")
            since = datetime.combine(day, time(), get_calendar().timezone)
        replay(name=options["name"], since=since, at=timezone.now())
        self.stdout.write("The worker hands them out again.")

    def _skip(self, options: dict[str, Any]) -> None:
        passed = skip(name=options["name"], at=timezone.now())
        words = "Nothing to pass over." if passed is None else f"Passed over {passed.case:016d}/{passed.seq}."
        self.stdout.write(words)

    def _mend(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"Mended; {mend()} events were written since the restore.")
