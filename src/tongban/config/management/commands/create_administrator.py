"""``tongban create-administrator``: the first account of a city, typed in by whoever installs it."""

from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from tongban.apps.people.errors import UnknownDepartment, UsernameTaken
from tongban.apps.people.queries import get_department_names
from tongban.apps.people.services import create_administrator

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Create an administrator; asks for what the options do not say, and always for the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", help="sign-in; asked for without it")
        parser.add_argument("--name", help="name as screens show it; asked for without it")
        parser.add_argument("--name-en", help="the same in English; asked for without it")
        parser.add_argument("--department", help="code of the department; asked for without it")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        departments = get_department_names()
        if not departments:
            raise CommandError("There are no departments yet. Run `tongban load-city` first.")
        given = {
            key: (options[key] or input(f"{words}: ")).strip()
            for key, words in (
                ("username", "Sign-in"),
                ("name", "Name"),
                ("name_en", "Name in English"),
                ("department", f"Department ({', '.join(sorted(departments))})"),
            )
        }
        password = getpass("Password: ")
        if getpass("Password again: ") != password:
            raise CommandError("The two passwords differ. Nothing was created.")
        try:
            create_administrator(**given, password=password)
        except UsernameTaken as error:
            raise CommandError(f"`{given['username']}` is taken. Choose another sign-in.") from error
        except UnknownDepartment as error:
            raise CommandError(f"There is no department `{given['department']}`.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages) + " Nothing was created.") from error
        self.stdout.write(
            f"{given['username']} can sign in. At the first visit to a staff page a second factor is set up."
        )
