"""``tongban redate``: after ``calendar.yaml`` has changed, count the limits of open cases anew."""

from typing import Any

from django.core.management.base import BaseCommand

from tongban.apps.cases.services import redate_cases

__all__ = ["Command"]


class Command(BaseCommand):
    help = "Count the limits of open cases anew by the city's calendar as it is now: a holiday was announced late."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{redate_cases()} open cases have another due date now.")
