"""Lets things have happened earlier than now: files a case and does steps on it through the services, with their time.

`python -m tests.e2e.past` with tasks on standard input, in the environment of a city; prints the numbers:
`[{"file": {"matter": …, "by": …, "applicant": …, "working_days_ago": 6, "hour": 10, "changes": {…}},
  "steps": [{"do": "accept", "by": "wangqian", "after_hours": 2, "node": …, "given": {…}}]}]`
The answers are those of the matter's first example, with `changes`. Steps never reach past now. With
`"number": …` instead of `"file"` the steps are done on a case that is there, now.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def main() -> None:
    """Do the tasks, one after the other, and print the numbers of the cases."""
    django.setup()
    from django.db import transaction

    for task in json.load(sys.stdin):
        with transaction.atomic():  # the worker's clock sees all of it or nothing: it would end a step that is late
            number = _do_task(task)
        print(number)  # noqa: T201  # its one result


def _do_task(task: Mapping[str, Any]) -> int:
    number, at = _of_a_case(task)
    for step in task["steps"]:
        at = _no_later_than_now(at + timedelta(hours=step.get("after_hours", 1)))
        _do(number, step, at)
    return number


def _of_a_case(task: Mapping[str, Any]) -> tuple[int, datetime]:
    from django.utils import timezone

    if "number" in task:
        return int(task["number"]), timezone.localtime()
    at = _some_days_ago(task["file"].get("working_days_ago", 0), task["file"].get("hour", 10))
    return _file(task["file"], at), at


def _some_days_ago(days: int, hour: int) -> datetime:
    from django.utils import timezone

    from tongban.kernel.clock import calendar_for

    calendar, now = calendar_for(), timezone.localtime()
    day = now.date()
    while not (calendar.working_days_between(day, now.date()) >= days and (not days or calendar.is_working_day(day))):
        day -= timedelta(days=1)
    return _no_later_than_now(now.replace(year=day.year, month=day.month, day=day.day, hour=hour, minute=20, second=0))


def _no_later_than_now(at: datetime) -> datetime:
    from django.utils import timezone

    return min(at, timezone.localtime() - timedelta(seconds=1))


def _actor(name: str) -> Any:
    from django.utils import timezone

    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    return get_actor(user=User.objects.get(username=name), on=timezone.localdate())


def _file(task: Mapping[str, Any], at: datetime) -> int:
    from tongban.apps.catalog.queries import get_matter
    from tongban.apps.evidence.services import store_file
    from tongban.apps.intake.services import file_directly
    from tongban.apps.people.queries import list_applicants

    actor, matter = _actor(task["by"]), get_matter(code=task["matter"], on=at.date())
    answers = dict(matter.definition.examples[0].answers) | task.get("changes", {})
    applicants = list_applicants(actor=actor, on=at.date(), matter=None)
    asked = [spec for spec in matter.definition.materials_for(answers) if spec.is_necessary]

    def stored(code: str, accept: tuple[str, ...], megabytes: int) -> Any:
        name = f"{code.replace('_', '-')}.png"
        return store_file(content=PNG, name=name, allowed=accept, max_megabytes=megabytes, by=actor.id, at=at).pk

    return file_directly(
        matter=matter,
        applicant=next(each for each in applicants if each.key.startswith(task.get("applicant", ""))),
        agent_id=None,
        answers=answers,
        materials={spec.code: [stored(spec.code, spec.accept, spec.max_mb)] for spec in asked},
        channel="web",
        actor=actor,
        at=at,
    )


def _do(number: int, step: Mapping[str, Any], at: datetime) -> None:
    from tongban.apps.cases import services
    from tongban.apps.cases.models import Task

    found = Task.objects.filter(case=number, finished=None).order_by("no")
    task = found.get(node=step["node"]) if step.get("node") else found[0]
    getattr(services, step["do"])(number=number, task=task.no, actor=_actor(step["by"]), at=at, **step.get("given", {}))


if __name__ == "__main__":
    main()
