"""``tongban prove``: a file that proves one event, or one log, to whoever trusts the city's public key."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.ledger.checkpoints import prove
from tongban.apps.ledger.errors import LedgerError
from tongban.kernel.numbers import NumberError, parse_case_number

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Print the proof that an event, or a case's log as far as it is signed, is covered by a checkpoint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("case", help="case number")
        parser.add_argument("seq", nargs="?", type=int, help="which event; without it, the log as a whole")
        parser.add_argument("--hashes-only", action="store_true", help="do not show what the event says")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = parse_case_number(options["case"])
            proof = prove(case=number, seq=options["seq"], shown=not options["hashes_only"])
        except (NumberError, LedgerError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(proof.to_json(), ensure_ascii=False, indent=2))
