"""The persisted life of a case beside a floor: the same rows written by bare SQL, one committed transaction a step.

The floor replays every INSERT, UPDATE and DELETE that one of our lives makes, in the same transactions, through the
bare driver cursor, with fresh case numbers. It decides nothing, checks nothing, hashes nothing and reads nothing.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks._city import city, now

LIVES = 60
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("accept", "wangqian", {}),
    ("claim", "chenli", {}),
    ("complete", "chenli", {"outcome": "pass", "opinion": "齐全"}),
    ("complete", "chenli", {"outcome": "pass", "opinion": "现场一致"}),
    ("complete", "hejun", {"outcome": "pass", "opinion": "同意"}),
    ("decide", "hejun", {"outcome": "granted", "reason": ""}),
)


def main() -> None:
    """Print life.sqlite and life.postgres."""
    print("One food business licence from filing to certificate: 7 commands, one transaction each; lives a second.")
    for database in ("sqlite", "postgres"):
        # Django is set up once a process, so each database has a process of its own.
        subprocess.run([sys.executable, "-m", "benchmarks.life", database], check=True)


def _measure(database: str) -> None:
    with city(postgres=database == "postgres"):
        live = _prepare()
        live()  # warm
        recorded = _record(live)
        ours, floor = 0.0, 0.0
        for round_no in range(3):  # in turn, so that a machine that slows down slows both
            ours += _rate(live) / 3
            floor += _rate(_floor(recorded, base=(round_no + 1) * 1_000_000)) / 3
        rows = sum(len(transaction) for transaction in recorded[1])
        print(f"{len(recorded[1])} transactions, {rows} writing statements a life")
        print(f"life.{database} ours={ours:.0f}/s floor={floor:.0f}/s ratio={ours / floor:.2f}")


def _prepare() -> Callable[[], int]:
    from tongban.apps.cases import services
    from tongban.apps.cases.models import Task
    from tongban.apps.catalog.queries import get_matter
    from tongban.apps.evidence.services import store_sample
    from tongban.apps.intake.services import file_directly
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor, list_applicants

    day = now().date()
    actors = {name: get_actor(user=User.objects.get(username=name), on=day) for _, name, _ in STEPS}
    owner = get_actor(user=User.objects.get(username="linxiaomei"), on=day)
    matter = get_matter(code="food-business-licence", on=day)
    applicant = list_applicants(actor=owner, on=day)[0]
    answers = dict(matter.definition.examples[0].answers)
    asked = [spec.code for spec in matter.definition.materials_for(answers) if spec.is_necessary]
    sample = store_sample(ending="pdf", at=now())

    def live() -> int:
        number = file_directly(
            matter=matter,
            applicant=applicant,
            agent_id=None,
            answers=answers,
            materials={code: [sample] for code in asked},
            channel="web",
            actor=owner,
            at=now(),
        )
        for do, name, given in STEPS:
            task = Task.objects.filter(case=number, finished=None).order_by("no").values_list("no", flat=True)[0]
            getattr(services, do)(number=number, task=task, actor=actors[name], at=now(), **given)
        return number

    return live


Statement = tuple[str, list[Any]]  # one text, with the values of each row that it writes
Recorded = tuple[int, list[list[Statement]]]


def _record(live: Callable[[], int]) -> Recorded:
    """One life's writing statements, by transaction."""
    from django.db import connection

    transactions: list[list[Statement]] = [[]]

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN") or (not connection.in_atomic_block and transactions[-1]):
            transactions.append([])
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            transactions[-1].append((sql, list(params) if many else [params]))
        return execute(sql, params, many, context)

    commits: list[int] = []
    original = connection.commit

    def commit() -> None:
        original()
        commits.append(1)
        transactions.append([])

    connection.commit = commit  # type: ignore[method-assign]  # only while recording
    try:
        with connection.execute_wrapper(note):
            number = live()
    finally:
        connection.commit = original  # type: ignore[method-assign]
    return number, [each for each in transactions if each]


def _floor(recorded: Recorded, *, base: int) -> Callable[[], int]:
    from django.db import connection, transaction

    number, transactions = recorded
    count = iter(range(base, base + 1_000_000))
    old_identifier = _identifier(transactions)

    def live() -> int:
        fresh = number - next(count)
        for statements in transactions:
            with transaction.atomic(), connection.cursor() as cursor:
                for sql, rows in statements:
                    cursor.executemany(
                        sql, [[_swap(value, number, fresh, old_identifier) for value in row] for row in rows]
                    )
        return fresh

    return live


def _identifier(transactions: list[list[Statement]]) -> str:
    for statements in transactions:
        for sql, rows in statements:
            if sql.startswith('INSERT INTO "certificate"'):
                first = rows[0][0]
                return str(first[0] if isinstance(first, list) else first)
    return ""


def _swap(value: Any, number: int, fresh: int, identifier: str) -> Any:
    if isinstance(value, list):  # a column of several rows, as PostgreSQL takes them
        return [_swap(each, number, fresh, identifier) for each in value]
    if value == number:
        return fresh
    if identifier and value == identifier:
        return f"{identifier}{fresh}"
    return value


def _rate(live: Callable[[], int]) -> float:
    started = time.perf_counter()
    for _ in range(LIVES):
        live()
    return LIVES / (time.perf_counter() - started)


if __name__ == "__main__":
    _measure(sys.argv[1])
