"""``tongban serve``: the web server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Serve the city over HTTP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes")
        parser.add_argument("--threads", type=int, default=4, help="threads a process")

    def handle(self, *args: Any, **options: Any) -> None:
        Server(
            "tongban.config.wsgi:application",
            interface=Interfaces.WSGI,
            websockets=False,
            log_level=LogLevels.warning,
            address=options["host"],
            port=options["port"],
            workers=options["workers"],
            blocking_threads=options["threads"],
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
