"""The persisted life of a case beside a floor: the same rows written by bare SQL, one committed transaction a step.

The floor replays what one of our lives writes (see `_floor`).
"""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks._city import city, now
from benchmarks._floor import floor, record

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
        recorded = record(live)
        ours, least = 0.0, 0.0
        for round_no in range(3):  # in turn, so that a machine that slows down slows both
            ours += _rate(live) / 3
            least += _rate(floor(recorded, base=(round_no + 1) * 1_000_000)) / 3
        rows = sum(len(transaction) for transaction in recorded[1])
        print(f"{len(recorded[1])} transactions, {rows} writing statements a life")
        print(f"life.{database} ours={ours:.0f}/s floor={least:.0f}/s ratio={ours / least:.2f}")


def _prepare() -> Callable[[], int]:
    from django.db import connection

    from tongban.apps.cases import services
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

    def next_step(number: int) -> int:
        """What an officer reads off the queue; no part of a command, so by the cheapest statement there is."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT MIN(no) FROM task WHERE case_id = %s AND finished IS NULL", [number])
            return int(cursor.fetchone()[0])

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
            getattr(services, do)(number=number, task=next_step(number), actor=actors[name], at=now(), **given)
        return number

    return live


def _rate(live: Callable[[], int]) -> float:
    started = time.perf_counter()
    for _ in range(LIVES):
        live()
    return LIVES / (time.perf_counter() - started)


if __name__ == "__main__":
    _measure(sys.argv[1])
