"""``tongban checkpoint``: sign the log day by day, show the keys, change the key that signs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.ledger.checkpoints import count_checkpoints, list_keys
from tongban.apps.ledger.errors import LedgerError
from tongban.apps.ledger.services import make_checkpoints, rotate_key
from tongban.kernel.chain import Checkpoint

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Sign every day of the log that is over and not signed yet; the worker does it by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("make", help="the same as without a word")
        actions.add_parser("keys", help="public keys, and the days that they sign")
        rotate = actions.add_parser("rotate-key", help="let the first key in the settings sign from now on")
        rotate.add_argument("--old-is-lost", action="store_true", help="the old key cannot endorse the new one")

    def handle(self, *args: Any, **options: Any) -> None:
        action = (options["action"] or "make").replace("-", "_")
        try:
            getattr(self, f"_{action}")(options)
        except LedgerError as error:
            raise CommandError(str(error)) from error

    def _make(self, options: dict[str, Any]) -> None:
        made: list[Checkpoint] = []
        for signed in make_checkpoints(at=timezone.now(), city=get_city().code, timezone=get_calendar().timezone):
            made.append(signed)
            if len(made) % 100 == 0:
                self.stderr.write(f"… {len(made)} days signed, up to {signed.day}")
        if not made:
            self.stdout.write(f"Nothing to sign: {count_checkpoints()} days are signed.")
            return
        last = made[-1]
        self.stdout.write(f"{len(made)} days signed, up to {last.day}: {last.cases} logs, root {last.root.hex()}.")

    def _keys(self, options: dict[str, Any]) -> None:
        for key in list_keys():
            until = f"to {key.last_day}" if key.last_day else "on"
            change = key.change
            how = "" if change is None else "  endorsed" if change.is_endorsed else "  NOT endorsed by the key before"
            self.stdout.write(f"{key.id}  from {key.first_day} {until}  {key.public.hex()}{how}")

    def _rotate_key(self, options: dict[str, Any]) -> None:
        key = rotate_key(old_is_lost=options["old_is_lost"])
        if key is None:
            self.stdout.write("No key has signed yet: the first one in the settings signs the first checkpoint.")
            return
        self.stdout.write(f"Key {key.id} signs the checkpoints from {key.first_day} on. Its public half is")
        self.stdout.write(f"{bytes(key.public).hex()}")
        self.stdout.write("The old one may be taken out of TONGBAN_CHECKPOINT_KEYS now.")
