"""``tongban neighbours``: other cities and systems, their keys and ours."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.catalog.city import get_city
from tongban.apps.crossings.queries import list_untold
from tongban.apps.crossings.services import adopt, compare
from tongban.apps.neighbours.errors import NeighbourError
from tongban.apps.neighbours.queries import get_neighbours, list_keys
from tongban.apps.neighbours.services import refresh_keys
from tongban.kernel.numbers import format_case_number, parse_case_number

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Show the cities and systems that this city talks to, and the keys on both sides."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="the same as without a word")
        actions.add_parser("keys", help="show all keys; fails when one is about to end or has ended")
        refresh = actions.add_parser("refresh", help="ask neighbours for their keys")
        refresh.add_argument("neighbour", nargs="?", default="", help="only this one")
        adopt = actions.add_parser("adopt", help="offer here what cities offer to everybody in the country")
        adopt.add_argument("neighbour", nargs="?", default="", help="only this one")
        actions.add_parser("waiting", help="show what neighbours have not been told yet")
        compare = actions.add_parser("compare", help="compare what our logs say of theirs with what they say now")
        compare.add_argument("case", nargs="?", default="", help="only this case")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action'] or 'list'}")(options)
        except NeighbourError as error:
            raise CommandError(str(error)) from error

    def _list(self, options: dict[str, Any]) -> None:
        for each in get_neighbours().values():
            may = ", ".join(sorted(each.may)) or "nothing"
            self.stdout.write(f"{each.code}  {each.kind}  {each.name['en']}  {each.url}  may: {may}")

    def _keys(self, options: dict[str, Any]) -> None:
        rows = list_keys(us=get_city().code, at=timezone.now())
        for row in rows:
            self.stdout.write(f"{row.owner}/{row.key}  until {row.until}  {row.days} days  {row.state}  ({row.source})")
        ending = [row for row in rows if row.state != "good"]
        if ending:
            raise CommandError(f"{len(ending)} of {len(rows)} keys have ended or end within 30 days.")

    def _refresh(self, options: dict[str, Any]) -> None:
        self._each(options, lambda code: f"{refresh_keys(neighbour=code, at=timezone.now())} new keys")

    def _adopt(self, options: dict[str, Any]) -> None:
        def one(code: str) -> str:
            new, refused = adopt(neighbour=code, at=timezone.now())
            return "; ".join([f"{len(new)} matters new or changed", *new, *(str(each) for each in refused)])

        self._each(options, one)

    def _each(self, options: dict[str, Any], do: Callable[[str], str]) -> None:
        """Do something with each neighbour that is meant; one that does not answer keeps no other waiting."""
        failed = []
        for code in [options["neighbour"]] if options["neighbour"] else list(get_neighbours()):
            try:
                self.stdout.write(f"{code}: {do(code)}.")
            except NeighbourError as error:
                failed.append(str(error))
        if failed:
            raise CommandError("\n".join(failed))

    def _waiting(self, options: dict[str, Any]) -> None:
        for row in list_untold():
            since = timezone.localtime(row.since)
            self.stdout.write(
                f"{row.neighbour}  {row.waiting} since {since:%Y-%m-%d %H:%M}  {row.error or 'on its way'}"
            )

    def _compare(self, options: dict[str, Any]) -> None:
        case = parse_case_number(options["case"]) if options["case"] else None
        bad = 0
        for each in compare(case=case, at=timezone.now()):
            bad += each.state != "same"
            case_words = (
                f"{format_case_number(each.case)}  {each.neighbour} {format_case_number(each.other)}/{each.seq}"
            )
            self.stdout.write(f"{each.state}  {case_words}")
        if bad:
            raise CommandError(f"{bad} entries are not what our log says of them, or could not be asked for.")
