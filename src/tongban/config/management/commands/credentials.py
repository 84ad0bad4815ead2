"""``tongban credentials``: the keys that sign certificates for machines, and changing them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.evidence.key_errors import CredentialKeyError
from tongban.apps.evidence.services import distrust_issuer_key, list_issuer_keys, rotate_issuer_keys

__all__ = ["Command"]


class Command(BaseCommand):
    help = "The keys that sign certificates as verifiable credentials, by authority."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("keys", help="the same as without a word: public keys, and since when they sign")
        actions.add_parser("rotate-keys", help="let the first of TONGBAN_CREDENTIAL_KEYS sign from now on")
        distrust = actions.add_parser("distrust", help="a key is in other hands: what it signed counts no more")
        distrust.add_argument("key", nargs="+", help="its name, as `tongban credentials keys` shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        action = (options["action"] or "keys").replace("-", "_")
        try:
            getattr(self, f"_{action}")(options)
        except CredentialKeyError as error:
            raise CommandError(str(error)) from error

    def _keys(self, options: dict[str, Any]) -> None:
        keys = list_issuer_keys()
        for key in keys:
            until = f"to {key.until:%Y-%m-%d %H:%M}" if key.until else "on"
            lost = "  IN OTHER HANDS, counts for nothing" if key.compromised_at else ""
            public = bytes(key.public).hex()
            self.stdout.write(f"{key.pk}  {key.authority_id}  from {key.since:%Y-%m-%d %H:%M} {until}  {public}{lost}")
        if not keys:
            self.stdout.write("No key has signed yet: an authority's first certificate brings its key.")

    def _rotate_keys(self, options: dict[str, Any]) -> None:
        made = rotate_issuer_keys(at=timezone.now())
        for key in made:
            self.stdout.write(f"Key {key.pk} signs for {key.authority_id} from now on.")
        if not made:
            self.stdout.write("Nothing to change: the first key in the settings signs already.")
            return
        self.stdout.write("The old one may be taken out of TONGBAN_CREDENTIAL_KEYS; what it signed stays good.")

    def _distrust(self, options: dict[str, Any]) -> None:
        for key in options["key"]:
            distrust_issuer_key(key=key, at=timezone.now())
            self.stdout.write(f"Key {key} counts for nothing any more. `tongban work` signs again what it had signed.")
