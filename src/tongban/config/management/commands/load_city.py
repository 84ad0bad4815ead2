"""``tongban load-city``: departments, accounts and matters of the city's folder, into the database."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tongban.apps.catalog import services as catalog
from tongban.apps.people import services as people

__all__ = ["Command", "load_city"]


class Command(BaseCommand):
    help = "Load the city's departments, accounts and matters. Again, it brings them up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="for accounts that are new; without it they have none")

    def handle(self, *args: Any, **options: Any) -> None:
        names = load_city(password=options["password"])
        self.stdout.write(f"{len(names)} accounts, matters published.")


def load_city(*, password: str | None) -> list[str]:
    """Load ``settings.CITY`` and return the sign-in names."""
    folder, now = Path(settings.CITY), timezone.now()
    departments = yaml.safe_load((folder / "departments.yaml").read_text())["departments"]
    people.load_departments(rows=departments)
    accounts = folder / "people.yaml"
    names = (
        people.load_accounts(people=yaml.safe_load(accounts.read_text()), password=password, at=now)
        if accounts.exists()
        else []
    )
    # A demo city's history reaches back two years: so must its matters.
    since = timezone.localdate(now).replace(month=1, day=1)
    catalog.publish(folder=folder, effective_from=since.replace(year=since.year - 3), by="load-city", at=now)
    return names
