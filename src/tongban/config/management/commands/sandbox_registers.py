"""``tongban sandbox-registers``: registers to try things with: invented records, and a department's service."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.apps.exchange.sandbox import make_registers, make_server

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Make the invented records of the city's registers, and serve those that are asked over HTTP."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8002)
        parser.add_argument("--records", type=int, help="no more of each register than so many")
        parser.add_argument("--prepare-only", action="store_true", help="write the records, do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These records are invented. They are not made in production.")
        folder = settings.VAR / "registers"
        made = make_registers(city=Path(settings.CITY), into=folder, most=options["records"])
        self.stdout.write(f"{len(made)} registers written to {folder}." if made else "The registers are there.")
        if options["prepare_only"]:
            return
        server = make_server(port=options["port"], folder=folder)
        self.stdout.write(f"Registers on http://127.0.0.1:{server.server_port}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
