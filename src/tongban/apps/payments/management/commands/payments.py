"""``tongban payments``: one round of what the worker does about money, or one day held against its statement."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.payments.errors import PaymentError
from tongban.apps.payments.queries import get_stuck, list_differences
from tongban.apps.payments.services import reconcile
from tongban.apps.payments.tasks import do_payments

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Ask the provider about open payments, pay back what is due, and hold days against its statement."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="subcommand", required=True)
        commands.add_parser("work", help="one round of what the worker does")
        commands.add_parser("status", help="what waits for the provider, and which differences are open")
        one = commands.add_parser("reconcile", help="hold one day against the statement, also once more")
        one.add_argument("day", type=date.fromisoformat, help="such as 2026-03-02")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["subcommand"] == "reconcile":
            try:
                count = reconcile(day=options["day"], at=at)
            except PaymentError as error:
                raise CommandError(f"{error.code}: {type(error).__doc__}") from error
            self.stdout.write(f"{options['day']}: {count} open differences")
            return
        if options["subcommand"] == "work":
            do_payments(at=at)
        opened, refunds = get_stuck(before=at)
        self.stdout.write(f"open payments: {opened}, refunds to be done: {refunds}")
        for each in list_differences():
            self.stdout.write(
                f"{each.day} {each.kind} {each.type} {each.reference}: ours {each.ours}, theirs {each.theirs}"
            )
