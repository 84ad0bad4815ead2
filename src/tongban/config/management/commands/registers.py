"""``tongban registers``: what departments publish as data services, and whether one answers."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.exchange.errors import ExchangeError
from tongban.apps.exchange.queries import get_exchange_figures, get_registers
from tongban.apps.exchange.services import About, Answer, ask, get_register
from tongban.kernel.numbers import format_case_number

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Show the registers that departments publish, and ask one, to see whether it answers."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="the same as without a word")
        asking = actions.add_parser("ask", help="ask a register about the number that is read from standard input")
        asking.add_argument("register", help="code of the register")
        asking.add_argument("consumer", help="code of the department in whose name it is asked")
        asking.add_argument("purpose", help="the purpose, as the grant calls it")
        asking.add_argument("--matter", default="", help="the matter for which it is asked")
        asking.add_argument("--consent", action="store_true", help="whoever is asked about has agreed to this request")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action'] or 'list'}")(options)
        except ExchangeError as error:
            said = ", ".join(f"{name} {value}" for name, value in error.params.items())
            raise CommandError(f"{error.code} ({said})") from error

    def _list(self, options: dict[str, Any]) -> None:
        askings = get_exchange_figures(at=timezone.now()).askings
        for register in get_registers().values():
            own = [each for each in askings if each.register == register.code]
            asked, failed = sum(each.asked for each in own), sum(each.failed for each in own)
            kind = register.connector["kind"]
            self.stdout.write(f"{register.code}  {register.department}  {kind}  asked {asked}, failed {failed}")
            for grant in register.grants:
                basis = "consent" if grant.consent else "law"
                self.stdout.write(f"  {grant.consumer}  {grant.purpose}  {', '.join(grant.fields)}  by {basis}")

    def _ask(self, options: dict[str, Any]) -> None:
        key = sys.stdin.readline().strip()
        answer = ask(
            register=options["register"],
            key=key,
            consumer=options["consumer"],
            purpose=options["purpose"],
            about=About(matter=options["matter"]),
            actor="operator",
            at=timezone.now(),
            consent=options["consent"],
        )
        self._tell(answer, options["register"])

    def _tell(self, answer: Answer, code: str) -> None:
        """That it answered, and with what fields; what it said of somebody is granted to departments, not to us."""
        self.stdout.write(
            f"{'found' if answer.is_found else 'not on record'}, record {format_case_number(answer.number)}"
        )
        fields = get_register(code=code).fields
        for name, value in answer.values.items():
            filled = "empty" if value in (None, "") else f"{len(str(value))} characters"
            self.stdout.write(f"  {name}  {fields[name].type}  {filled}")
