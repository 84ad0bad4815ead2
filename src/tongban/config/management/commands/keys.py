"""``tongban keys re-seal``: after a new data key, numbers sealed under older keys are sealed anew."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.cases.services import reseal_cases
from tongban.apps.channels.services import reseal_addresses
from tongban.apps.correspondence.services import reseal_correspondence
from tongban.apps.desks.services import reseal_missing, reseal_notes, reseal_unsent
from tongban.apps.exchange.extracts import reseal_extracts
from tongban.apps.inspections.services import reseal_inspections
from tongban.apps.intake.services import reseal_drafts
from tongban.apps.people.services import Resealed, reseal_people
from tongban.apps.questions.services import reseal_questions

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Work on the keys that seal identity and phone numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        again = commands.add_parser("re-seal", help="seal everything under the first of TONGBAN_DATA_KEYS")
        again.add_argument("--batch", type=int, default=500, help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch"] < 1:
            raise CommandError("A batch has at least one row.")
        totals: dict[str, Resealed] = {}
        for told in self._all(options["batch"]):
            totals[told.what] = told
            if options["verbosity"] > 1:
                self.stdout.write(f"  {told.what}: {told.seen} rows, {told.written} sealed anew")
        for told in totals.values():
            self.stdout.write(f"{told.what}: {told.seen} rows, {told.written} sealed anew, {told.broken} do not open")
        if broken := sum(told.broken for told in totals.values()):
            raise CommandError(
                f"{broken} rows do not open: their key is missing from TONGBAN_DATA_KEYS. Put it back behind the first "
                "and run this again; nothing else is lost."
            )
        self.stdout.write("Everything is sealed under the first key. The others can be taken out of TONGBAN_DATA_KEYS.")

    @staticmethod
    def _all(batch: int) -> Iterator[Resealed]:
        yield from reseal_people(batch=batch)
        yield from reseal_cases(batch=batch)
        yield from reseal_drafts(batch=batch)
        yield from reseal_unsent(batch=batch)
        yield from reseal_inspections(batch=batch)
        yield from reseal_missing(batch=batch)
        yield from reseal_notes(batch=batch)
        yield from reseal_questions(batch=batch)
        yield from reseal_extracts(batch=batch)
        yield from reseal_addresses(batch=batch)
        yield from reseal_correspondence(batch=batch)
