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
from tongban.apps.catalog.definitions.bundles import BundleRehearsal, rehearse_bundle
from tongban.apps.catalog.definitions.checker import CityReport, check_city
from tongban.apps.catalog.definitions.rehearsal import Rehearsal, rehearse
from tongban.apps.catalog.errors import DefinitionsInvalid, DepartmentsMissing

__all__ = ["Command"]


class Command(BaseCommand):
    """Each subcommand ends with a line that says what came of it, and with status 1 when something is wrong."""

    help = "Check, test or publish the matters and bundles of a city's folder."
    # A folder can be checked wherever the program runs, with or without a database and pages that work.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_subcommands(parser.add_subparsers(dest="subcommand", required=True))

    def add_subcommands(self, commands: Any) -> None:
        """What can be typed after ``definitions``; whoever knows more adds more."""
        check = commands.add_parser("check", help="find everything that is wrong in the folder")
        test = commands.add_parser("test", help="run the examples of its matters and bundles")
        publish = commands.add_parser("publish", help="make a new version of each matter and bundle that has changed")
        for one in (check, test, publish):
            one.add_argument("city", nargs="?", help="a folder, or the name of one beside the present city")
        test.add_argument("--matter", help="only the examples of this matter")
        test.add_argument("--bundle", help="only the examples of this bundle")
        publish.add_argument(
            "--from", dest="since", type=_day, help="the first day in force, such as 2026-03-02; today"
        )
        publish.add_argument("--by", default="operator", help="who publishes, for the record")
        publish.add_argument(
            "--withdraw-missing", action="store_true", help="withdraw matters and bundles that the folder no longer has"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = _folder(options["city"])
        match options["subcommand"]:
            case "check":
                self._check(folder)
            case "test":
                self._test(folder, options["matter"], options["bundle"])
            case "publish":
                self._publish(folder, options)

    def _check(self, folder: Path) -> None:
        report = check_city(folder)
        self._refuse(report.problems)
        bundles = f" and {len(report.bundles)} bundles" if report.bundles else ""
        self.stdout.write(f"{len(report.matters)} matters{bundles} checked, no problems.")

    def _test(self, folder: Path, matter: str | None, bundle: str | None) -> None:
        report = check_city(folder)
        runs: list[Rehearsal | BundleRehearsal] = [
            *([] if bundle else _rehearsals(report, matter)),
            *([] if matter else _walks(report, bundle)),
        ]
        for run in runs:
            file = run.example.file if isinstance(run, Rehearsal) else run.file
            self.stdout.write(f"{'ok    ' if run.passed else 'FAILED'} {file}  {run.example.name.en}")
            for difference in run.differences:
                self.stdout.write(f"         {difference}")
        unread = _unread(report, matter, bundle)
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
                what = "" if one.what == "matter" else f"{one.what} "
                self.stdout.write(f"{what}{one.code} version {one.version}, in force from {one.effective_from}")
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


def _walks(report: CityReport, bundle: str | None) -> list[BundleRehearsal]:
    definitions = {one.files.code: one.definition for one in report.matters if one.definition is not None}
    return [
        rehearse_bundle(
            bundle=one.bundle, example=example, definitions=definitions, file=one.files.label("bundle.yaml")
        )
        for one in report.bundles
        if one.bundle is not None and bundle in (None, one.files.code)
        for example in one.bundle.examples
    ]


def _unread(report: CityReport, matter: str | None, bundle: str | None) -> list[str]:
    """What was asked for and could not be compiled."""
    matters = [one.files.code for one in report.matters if one.definition is None and not bundle]
    bundles = [one.files.code for one in report.bundles if one.bundle is None and not matter]
    return [code for code in (*matters, *bundles) if code in (matter or bundle or code,)]


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
