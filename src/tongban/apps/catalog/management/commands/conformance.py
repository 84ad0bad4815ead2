"""``tongban conformance bpmn | dmn DIR``: what of a public suite passes, and why the rest does not."""

from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog.conformance import bpmn, dmn

__all__ = ["Command"]

_SUITES: dict[str, ModuleType] = {"bpmn": bpmn, "dmn": dmn}


class Command(BaseCommand):
    """Status 0 when the report could be made, whatever it says."""

    help = "Run a public suite of a standard that is on this machine."
    # Files are read, nothing else: neither database nor pages are needed.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        suites = parser.add_subparsers(dest="subcommand", required=True)
        for name, suite in _SUITES.items():
            suites.add_parser(name, help=suite.HELP).add_argument("folder", help="where its files are, at any depth")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        _SUITES[options["subcommand"]].report(folder=folder, at=timezone.now(), write=self.stdout.write)
