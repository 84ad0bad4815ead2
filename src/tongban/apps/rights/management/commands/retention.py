"""``tongban retention``: let go of what need not be kept any longer, or tell what that would be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tongban.apps.rights.queries import list_removals
from tongban.apps.rights.services import sweep

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Let go of answers and files of cases that are past their time; undecided ones and held ones stay whole."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        one = commands.add_parser("sweep", help="what the worker does every night")
        one.add_argument("--dry-run", action="store_true", help="only tell what would be let go of")
        one.add_argument("--limit", type=int, help="no more than so many cases")
        commands.add_parser("record", help="what was let go of lately")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["subcommand"] == "record":
            for row in list_removals():
                self.stdout.write(
                    f"{row.at:%Y-%m-%d %H:%M} {row.case:016d} {row.matter} ({row.because}): "
                    f"{row.answers} answers, {row.files} files, {row.papers} papers, {row.size} bytes"
                )
            return
        done = sweep(at=timezone.now(), dry_run=options["dry_run"], limit=options["limit"])
        for line in done:
            self.stdout.write(
                f"{line.matter}: {line.cases} cases, {line.files} files, {line.size} bytes; {line.kept} kept"
            )
        verb = "would be let go of" if options["dry_run"] else "let go of"
        self.stdout.write(f"{sum(line.cases for line in done)} cases {verb}.")
