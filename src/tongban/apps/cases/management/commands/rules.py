"""``tongban rules explain CASE``: why the rules decided a case as they did, and by which law."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.rulings import Ruling, TableTold, explain_rules
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number

__all__ = ["Command"]

_POLICIES = {
    "U": "unique: one row at most",
    "F": "first row that holds",
    "A": "any row: all agree",
    "P": "the row of highest priority",
    "R": "all rows, in their order",
    "O": "all rows, in the order of the outputs",
    "C": "all rows",
    "C+": "sum over all rows",
    "C<": "smallest over all rows",
    "C>": "largest over all rows",
    "C#": "number of rows",
}


class Command(BaseCommand):
    help = (
        "Explain what rules decided in a case: the table, the rows that held, what they saw, and the law beside them."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        explain = commands.add_parser("explain", help="why each rule decided as it did")
        explain.add_argument("case", help="its number; spaces do not matter")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = parse_case_number(options["case"])
            rulings = explain_rules(number=number)
        except NumberError as error:
            raise CommandError(str(error)) from error
        except UnknownCase as error:
            raise CommandError(f"There is no case {format_case_number(number)}.") from error
        if not rulings:
            self.stdout.write(f"No rule has decided anything in case {format_case_number(number)}.")
        for ruling in rulings:
            self._tell(ruling)

    def _tell(self, ruling: Ruling) -> None:
        when = timezone.localtime(ruling.at).strftime("%Y-%m-%d %H:%M")
        step = f" ({ruling.node.zh} / {ruling.node.en})" if ruling.node.zh else ""
        self.stdout.write(f"{when}  event {ruling.seq}: rule {ruling.decision}{step} said {ruling.result}")
        if ruling.changed:
            rows = ", ".join(ruling.recorded) or "none"
            self.stdout.write(
                f"  Answers have been changed since: then these rows held: {rows}. Below, as it would be now."
            )
        for table in ruling.tables:
            self._tell_table(table)

    def _tell_table(self, table: TableTold) -> None:
        if not table.policy:
            self.stdout.write(f"  {table.name} = {table.value}")
            return
        self.stdout.write(f"  table {table.name} ({_POLICIES[table.policy]}) gave {table.value}")
        for column in table.columns:
            self.stdout.write(f"    saw {column.name} = {column.value}")
        if not table.rows:
            self.stdout.write("    no row held")
        for row in table.rows:
            asked = ", ".join(f"{name}: {cell}" for name, cell in row.asked) or "nothing"
            self.stdout.write(f"    row {row.index}{f' ({row.id})' if row.id else ''} held; it asks {asked}")
            for name, words in row.notes:
                self.stdout.write(f"      {name}: {words}")
