"""``tongban definitions migrate``, beside the commands of the catalogue, which knows nothing of running cases."""

from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from tongban.apps.cases.services import CaseMove, migrate_cases, plan_moves
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.management.commands.definitions import Command as OfTheCatalogue
from tongban.apps.people.actors import Actor
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number

__all__ = ["Command"]


class Command(OfTheCatalogue):
    """Adds what moves running cases to another version."""

    help = "Check, test or publish the matters of a city's folder; move running cases to another version."

    def add_subcommands(self, commands: Any) -> None:
        super().add_subcommands(commands)
        migrate = commands.add_parser("migrate", help="move running cases of a matter to another version")
        _arguments(migrate)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["subcommand"] != "migrate":
            super().handle(*args, **options)
            return
        try:
            moves = list(self._shown(_moves(options), preview=options["preview"]))
        except UnknownMatter as error:
            raise CommandError(f"There is no {error}. Cure: `tongban definitions publish` makes versions.") from error
        self.stdout.write(_summary(moves, preview=options["preview"]))

    def _shown(self, moves: Iterator[CaseMove], *, preview: bool) -> Iterator[CaseMove]:
        for move in moves:
            word = "moved" if move.moved else "stays" if not move.can_move else "moves" if preview else "there"
            where = ", ".join(move.steps) or "-"
            self.stdout.write(f"{word}  {format_case_number(move.number)}  version {move.version}  at {where}")
            for note in move.obstacles:
                self.stdout.write(f"         because {note}")
            for note in move.notes if move.can_move else ():
                self.stdout.write(f"         note {note}")
            yield move


def _arguments(parser: CommandParser) -> None:
    parser.add_argument("matter", help="code of the matter")
    parser.add_argument("--to", type=int, required=True, help="number of the version to move to")
    parser.add_argument("--preview", action="store_true", help="tell which cases can move and why others cannot")
    parser.add_argument("--case", action="append", type=_case, help="only this case; may be given several times")
    parser.add_argument("--map", action="append", type=_pair, help="a step with another id there, such as check=review")
    parser.add_argument("--reason", default="", help="why, for the record")
    parser.add_argument("--by", default="operator", help="who moves them, for the record")


def _moves(options: dict[str, Any]) -> Iterator[CaseMove]:
    mapping = dict(options["map"] or ())
    if options["preview"]:
        return plan_moves(matter=options["matter"], to=options["to"], mapping=mapping, cases=options["case"])
    return migrate_cases(
        matter=options["matter"],
        to=options["to"],
        reason=options["reason"],
        actor=Actor(id=options["by"]),
        at=timezone.now(),
        mapping=mapping,
        cases=options["case"],
    )


def _summary(moves: list[CaseMove], *, preview: bool) -> str:
    can = sum(move.can_move for move in moves)
    why = Counter(str(note.code) for move in moves for note in {one.code: one for one in move.obstacles}.values())
    reasons = ", ".join(f"{code} {count}" for code, count in why.most_common())
    done = "can move" if preview else "moved"
    return f"{len(moves)} running cases, {can} {done}, {len(moves) - can} stay{f' ({reasons})' if reasons else ''}."


def _case(text: str) -> int:
    try:
        return parse_case_number(text)
    except NumberError as error:
        raise ArgumentTypeError(str(error)) from error


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise ArgumentTypeError(f"{text} is no pair; write it like check=review")
    return old, new
