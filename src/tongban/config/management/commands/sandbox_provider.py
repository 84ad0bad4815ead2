"""``tongban sandbox-provider``: a payment service to try things with, on loopback. No real money."""

import base64
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.payments.sandbox import Books, make_server
from tongban.kernel.chain import ChainError, SigningKey

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Serve a payment provider to try things with. Not for production: whoever presses the button has paid."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--books", default="", help="its SQLite file; by default in TONGBAN_VAR")
        parser.add_argument("--key", required=True, help="file with base64 of 32 random bytes: the provider's own key")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The sandbox takes no real money. It does not run in production.")
        books = Books(Path(options["books"] or settings.VAR / "sandbox-provider.sqlite3"))
        try:
            key = SigningKey.from_text(Path(options["key"]).read_text().strip())
            city = SigningKey.from_text(settings.PAYMENT_KEY)
        except (ChainError, OSError) as error:
            raise CommandError(f"A key cannot be read: {error}") from error
        server = make_server(
            port=options["port"], books=books, key=key, city_key=city.public, merchant=settings.PAYMENT_MERCHANT
        )
        self.stdout.write(f"Sandbox provider on http://127.0.0.1:{server.server_port}")
        self.stdout.write(f"its public key: {base64.b64encode(key.public).decode()}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
