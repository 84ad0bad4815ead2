"""``tongban definitions check | test | publish``: matters as data, checked, tried out and put in force."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog import services
from tongban.apps.catalog.definitions import Problem
from tongban.apps.catalog.definitions.checker import CityReport, check_city
from tongban.apps.catalog.definitions.rehearsal import Rehearsal, rehearse
from tongban.apps.catalog.errors import DefinitionsInvalid, DepartmentsMissing

__all__ = ["Command"]


class Command(BaseCommand):
    """Each subcommand ends with a line that says what came of it, and with status 1 when something is wrong."""

    help = "Check, test or publish the matters of a city's folder."
    # A folder can be checked wherever the program runs, with or without a database and pages that work.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        check = commands.add_parser("check", help="find everything that is wrong in the folder")
        test = commands.add_parser("test", help="run the examples of its matters")
        publish = commands.add_parser("publish", help="make a new version of each matter that has changed")
        for one in (check, test, publish):
            one.add_argument("city", nargs="?", help="a folder, or the name of one beside the present city")
        test.add_argument("--matter", help="only the examples of this matter")
        publish.add_argument(
            "--from", dest="since", type=_day, help="the first day in force, such as 2026-03-02; today"
        )
        publish.add_argument("--by", default="operator", help="who publishes, for the record")
        publish.add_argument(
            "--withdraw-missing", action="store_true", help="withdraw matters that the folder no longer has"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = _folder(options["city"])
        match options["subcommand"]:
            case "check":
                self._check(folder)
            case "test":
                self._test(folder, options["matter"])
            case "publish":
                self._publish(folder, options)

    def _check(self, folder: Path) -> None:
        report = check_city(folder)
        self._refuse(report.problems)
        self.stdout.write(f"{len(report.matters)} matters checked, no problems.")

    def _test(self, folder: Path, matter: str | None) -> None:
        report = check_city(folder)
        runs = _rehearsals(report, matter)
        for run in runs:
            self.stdout.write(f"{'ok    ' if run.passed else 'FAILED'} {run.example.file}  {run.example.name.en}")
            for difference in run.differences:
                self.stdout.write(f"         {difference}")
        unread = [
            one.files.code for one in report.matters if one.definition is None and matter in (None, one.files.code)
        ]
        failed = sum(not run.passed for run in runs)
        closing = f"{len(runs)} examples, {len(runs) - failed} as expected, {failed} not."
        if unread:
            closing += f" Not readable, so not run: {', '.join(unread)} (see `definitions check`)."
        if failed or unread or not runs:
            raise CommandError(closing)
        self.stdout.write(closing)

    def _publish(self, folder: Path, options: dict[str, Any]) -> None:
        at = timezone.now()
        try:
            published = services.publish(
                folder=folder,
                effective_from=options["since"] or timezone.localdate(at),
                by=options["by"],
                at=at,
                withdraw_missing=options["withdraw_missing"],
            )
        except DefinitionsInvalid as error:
            self._refuse(error.problems)
        except DepartmentsMissing as error:
            cure = "run `tongban load-city` first"
            raise CommandError(f"Departments are not loaded: {', '.join(error.departments)}. Cure: {cure}") from error
        else:
            for one in published:
                self.stdout.write(f"{one.code} version {one.version}, in force from {one.effective_from}")
            self.stdout.write(f"{len(published)} versions published.")

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            files = len({problem.file for problem in problems})
            raise CommandError(f"{len(problems)} problems in {files} files.")


def _rehearsals(report: CityReport, matter: str | None) -> list[Rehearsal]:
    return [
        rehearse(definition=one.definition, example=example, calendar=report.calendar)
        for one in report.matters
        if one.definition is not None and matter in (None, one.files.code)
        for example in one.definition.examples
    ]


def _folder(city: str | None) -> Path:
    present = Path(settings.CITY)
    if city is None:
        return present
    beside = present.parent / city
    return Path(city) if Path(city).is_dir() or not beside.is_dir() else beside


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it like 2026-03-02") from error
