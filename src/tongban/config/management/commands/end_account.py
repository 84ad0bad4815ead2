"""``tongban end-account``: somebody has left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tongban.apps.cases.queries import list_held
from tongban.apps.people.errors import UnknownAccount
from tongban.apps.people.services import end_account
from tongban.kernel.numbers import format_case_number

__all__ = ["Command"]


class Command(BaseCommand):
    help = "End a sign-in at once: password, open browsers, roles. What was done with it stays on record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whose")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ended = end_account(username=options["username"])
        except UnknownAccount as error:
            raise CommandError(f"Nobody signs in as `{options['username']}`.") from error
        at = timezone.localtime(timezone.now())
        self.stdout.write(
            f"{options['username']} ended at {at:%Y-%m-%d %H:%M}: "
            f"{ended.sessions} browsers signed out, {ended.roles} roles given up."
        )
        for held in list_held(user_id=ended.user_id):
            number = format_case_number(held.case)
            self.stdout.write(f"still claimed: case {number}, {held.name.en} ({held.department})")
        self.stdout.write("Take the account out of people.yaml too, or `load-city` gives its roles back.")
