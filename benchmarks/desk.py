"""The desk at 1,000,000 cases (or ``AMOUNT``) on SQLite and PostgreSQL: latency and queries of what an officer opens.

3,000 cases are generated through the kernel, and their rows and logs copied under other numbers, because generating a
million would only take longer. What officers did is noted of the generated ones alone: an officer's year does not grow
with the city. Latency is of the whole response: middleware, session, queries, template.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from benchmarks._city import COPIED, city, copy_rows, now, percentile

if TYPE_CHECKING:
    from django.test import Client

    from tongban.apps.people.models import User

GENERATED = int(os.environ.get("TONGBAN_BENCH_GENERATED", "3000"))
AMOUNT = int(os.environ.get("AMOUNT") or 1_000_000)
REQUESTS = 100


def main() -> None:
    """Print desk.*, portal.* and supervise.* for each database."""
    for database in ("sqlite", "postgres"):
        # Django is set up once a process, so each database has a process of its own.
        subprocess.run([sys.executable, "-m", "benchmarks.desk", "fill", database], check=True)


def _fill(database: str) -> None:
    with city(postgres=database == "postgres"):
        from django.db import connections

        from tongban.apps.cases.models import Case
        from tongban.apps.insight.history import simulate

        simulate(cases=min(GENERATED, AMOUNT), seed=7, until=now(), years=0.2)
        _note_deeds()
        original = Case.objects.order_by("number").values_list("number", flat=True)[0]
        copy_rows(-(-AMOUNT // GENERATED), tables=tuple(COPIED))
        _give_cases_to("linxiaomei")
        connections.close_all()
        # Opened by a process that has generated nothing, as the one that serves.
        subprocess.run([sys.executable, "-m", "benchmarks.desk", "open", database, str(original)], check=True)


def _open(database: str, original: int) -> None:
    from django.test import Client

    import tongban.config.wsgi  # noqa: F401  # set up as where it serves
    from tongban.apps.cases.models import Case, Task
    from tongban.apps.ledger.models import Event

    steps = Task.objects.filter(finished=None)
    print(
        f"{database}: {Case.objects.count():,} cases, {steps.count():,} open steps, "
        f"{Event.objects.count():,} events; {REQUESTS} requests each",
        flush=True,
    )
    here = steps.filter(department="market-regulation", case__gte=original)
    _read_definitions(original)
    cases = list(here.order_by("case").values_list("case", flat=True).distinct()[:REQUESTS])
    _open_cases(database, cases)
    for figure, name, paths in _pages(cases[0]):
        client = Client()
        if name:
            client.force_login(_user(name))
        _print(f"{database}.{figure}", [partial(_get, client, path) for path in paths])
    for selected in (1, 25):
        _look_at_selected(selected, database=database, original=original)


def _open_cases(database: str, cases: Sequence[int]) -> None:
    """Each in turn, as often as makes ``REQUESTS``: by an officer who has it open, and by one who comes anew.

    There are few that one department has open; which of them is dear is said, because they are the slow twentieth.
    """
    from django.test import Client

    from tongban.apps.desks.models import Present

    client = Client()
    client.force_login(_user("hejun"))
    for figure, before in (("case", None), ("case_first_look", Present.objects.all().delete)):
        taken: dict[int, list[float]] = {}
        requests = [partial(_get, client, f"/desk/cases/{case:016d}/") for case in cases]
        rounds = -(-REQUESTS // len(cases))
        spent = _print(f"{database}.desk.{figure}", requests * rounds, before=before)
        for place, cpu in enumerate(spent):
            taken.setdefault(cases[place % len(cases)], []).append(cpu)
        dear = sorted(taken, key=lambda case: -percentile(taken[case], 0.5))[:3]
        told = ", ".join(f"{percentile(taken[case], 0.5):.1f}ms {_kind_of(case)}" for case in dear)
        print(f"{database}.desk.{figure} cases={len(cases)} dearest by CPU: {told}", flush=True)


def _kind_of(case: int) -> str:
    """Of what kind a case is, in a word or two: its matter, where it stands, how long its log is."""
    from tongban.apps.cases.models import Case, Task

    found = Case.objects.get(pk=case)
    acts = Task.objects.filter(case=case, finished=None).values_list("act", flat=True)
    return f"({found.matter}, {'+'.join(acts)}, {found.last_seq} events)"


def _read_definitions(original: int) -> None:
    """Open a case of each matter: a process reads a definition once, and keeps it for as long as it serves."""
    from django.db.models import Max
    from django.test import Client

    from tongban.apps.cases.models import Task

    client = Client()
    client.force_login(_user("hejun"))
    here = Task.objects.filter(finished=None, department="market-regulation", case__gte=original)
    for number in here.values_list("case__matter").annotate(last=Max("case")).values_list("last", flat=True):
        _get(client, f"/desk/cases/{number:016d}/")


def _pages(case: int) -> list[tuple[str, str, list[str]]]:
    """The name of a figure, who opens it, and the addresses asked for in turn."""
    matter = "food-business-licence"
    same = {
        "desk.queue": ("hejun", "/desk/"),
        "desk.queue_free": ("hejun", "/desk/?group=free"),
        "desk.queue_filtered": ("hejun", f"/desk/?group=free&matter={matter}&within=5"),
        "desk.front_desk_queue": ("wangqian", "/desk/"),
        "desk.numbers": ("hejun", f"/desk/numbers/?{_year()}"),
        "desk.numbers_behind": ("hejun", f"/desk/numbers/done/?{_year()}"),
        "desk.next_case": ("hejun", f"/desk/onward/?case={case:016d}"),
        "supervise.overview": ("liangchen", "/supervise/"),
        "supervise.likely": ("liangchen", "/supervise/likely/"),
        "portal.my_cases": ("linxiaomei", "/cases/"),
        "portal.search": ("", "/matters/?q=我要开个小饭馆"),
        "portal.home": ("", "/"),
    }
    return [(figure, name, [path] * REQUESTS) for figure, (name, path) in same.items()]


def _print(
    figure: str, requests: Sequence[Callable[[], int]], *, before: Callable[[], object] | None = None
) -> list[float]:
    """Measure each of ``requests``, which return the status, and count what one more reads; return the CPU of each.

    ``before`` is done before each, and not measured. CPU (ms of this process, the median) is told beside the clock,
    because it says what a page costs also where the machine has other work.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    requests[0]()  # templates compiled
    taken, spent = [], []
    for request in requests:
        if before is not None:
            before()
        started, busy = time.perf_counter(), time.process_time()
        status = request()
        taken.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - busy) * 1000)
        assert status in (200, 302), (figure, status)
    if before is not None:
        before()
    with CaptureQueriesContext(connection) as queries:
        requests[0]()
    p50, p95, cpu = percentile(taken, 0.5), percentile(taken, 0.95), percentile(spent, 0.5)
    print(f"{figure} p50={p50:.1f}ms p95={p95:.1f}ms cpu={cpu:.1f}ms queries={len(queries)}", flush=True)
    return spent


def _look_at_selected(count: int, *, database: str, original: int) -> None:
    """What would come of taking on so many steps: asked, not done."""
    from django.test import Client

    from tongban.apps.cases.models import Task

    rows = Task.objects.filter(finished=None, department="window", case__gte=original)
    steps = [f"{case}-{no}" for case, no in rows.values_list("case", "no")[:count]]
    client = Client()
    client.force_login(_user("wangqian"))
    _print(f"{database}.desk.selected_{len(steps)}", [partial(_ask, client, steps)] * REQUESTS)


def _get(client: "Client", path: str) -> int:
    return client.get(path).status_code


def _ask(client: "Client", steps: Sequence[str]) -> int:
    return client.post("/desk/together/", {"do": "claim", "step": steps}).status_code


def _user(name: str) -> "User":
    from tongban.apps.people.models import User

    return User.objects.get(username=name)


def _year() -> str:
    """The last year, as an address asks for it."""
    today = now().date()
    return f"first={today - timedelta(days=365)}&last={today}"


def _note_deeds() -> None:
    """Let what officers did be noted along the log, as the worker does."""
    from tongban.apps.ledger.services import follow

    while follow(name="deeds", at=now()):
        pass


def _give_cases_to(name: str) -> None:
    from tongban.apps.cases.models import Case
    from tongban.apps.people.models import Person

    numbers = list(Case.objects.order_by("-filed_at").values_list("pk", flat=True)[:200])
    Case.objects.filter(pk__in=numbers).update(person=Person.objects.get(user__username=name), organisation=None)


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        _fill(sys.argv[2])
    else:
        _open(sys.argv[2], int(sys.argv[3]))
