"""``tongban languages``: which languages pages can be read in, and how much of them each says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.web.coverage import coverage_of, list_coverage

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Tell how much of the pages each language says; with the name of one, what it does not say yet."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("locale", nargs="?", help="folder of a catalogue, such as es")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["locale"] is None:
            for each in list_coverage():
                offered = "offered" if each.offered else "not offered: see TONGBAN_LANGUAGES"
                said = each.total - len(each.missing)
                self.stdout.write(f"{each.locale}: {said} of {each.total} texts, {each.percent:.1f} %, {offered}")
            self.stdout.write("en: the language of the source")
            return
        try:
            found = coverage_of(locale=options["locale"])
        except FileNotFoundError as error:
            raise CommandError(f"There is no catalogue {options['locale']}.") from error
        for words in found.missing:
            self.stdout.write(words)
