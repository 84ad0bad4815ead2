"""Lists at 100,000 cases, or as many as `TONGBAN_BENCH_GENERATED` and `TONGBAN_BENCH_COPIES` say: latency, queries.

3,000 cases are generated through the kernel and their rows copied under other numbers, because generating 100,000 would
only take longer. Latency is of the whole response: middleware, session, queries, template.
"""

import os
import time
from datetime import timedelta

from benchmarks._city import city, copy_rows, now, percentile

GENERATED = int(os.environ.get("TONGBAN_BENCH_GENERATED", "3000"))
COPIES = int(os.environ.get("TONGBAN_BENCH_COPIES", "34"))
REQUESTS = 60


def main() -> None:
    """Print desk.queue, desk.case, desk.numbers, desk.selected, portal.my_cases, portal.search."""
    with city():
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        from tongban.apps.cases.models import Case, Task
        from tongban.apps.insight.history import simulate
        from tongban.apps.people.models import User

        simulate(cases=GENERATED, seed=7, until=now(), years=0.2)
        copy_rows(COPIES)
        _give_cases_to("linxiaomei")
        _note_deeds()
        print(f"{Case.objects.count():,} cases, {Task.objects.filter(finished=None).count():,} open steps, SQLite.")
        number = Task.objects.filter(finished=None, department="market-regulation").values_list("case", flat=True)[0]
        matter = "food-business-licence"
        pages = (
            ("desk.queue", "hejun", "/desk/"),
            ("desk.queue_filtered", "hejun", f"/desk/?group=free&matter={matter}&within=5"),
            ("desk.front_desk_queue", "wangqian", "/desk/"),
            ("desk.numbers", "hejun", f"/desk/numbers/?{_year()}"),
            ("desk.numbers_behind", "hejun", f"/desk/numbers/done/?{_year()}"),
            ("desk.next_case", "hejun", f"/desk/onward/?case={number:016d}"),
            ("desk.case", "hejun", f"/desk/cases/{number:016d}/"),
            ("portal.my_cases", "linxiaomei", "/cases/"),
            ("portal.search", "", "/matters/?q=我要开个小饭馆"),
            ("portal.home", "", "/"),
        )
        for figure, name, path in pages:
            client = Client()
            if name:
                client.force_login(User.objects.get(username=name))
            taken = []
            for _ in range(REQUESTS):
                started = time.perf_counter()
                response = client.get(path)
                taken.append((time.perf_counter() - started) * 1000)
                assert response.status_code in (200, 302), (path, response.status_code)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            p50, p95 = percentile(taken, 0.5), percentile(taken, 0.95)
            print(f"{figure} p50={p50:.1f}ms p95={p95:.1f}ms queries={len(queries)}")
        for selected in (1, 25):
            _look_at_selected(selected)


def _look_at_selected(count: int) -> None:
    """What would come of taking on so many steps: asked, not done."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tongban.apps.cases.models import Task
    from tongban.apps.people.models import User

    # Cases whose log is there: the copies have none.
    rows = Task.objects.filter(finished=None, department="window", case__gt=2605000000000000)
    steps = [f"{case}-{no}" for case, no in rows.values_list("case", "no")[:count]]
    client = Client()
    client.force_login(User.objects.get(username="wangqian"))
    taken = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        response = client.post("/desk/together/", {"do": "claim", "step": steps})
        taken.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, response.status_code
    with CaptureQueriesContext(connection) as queries:
        client.post("/desk/together/", {"do": "claim", "step": steps})
    p50, p95 = percentile(taken, 0.5), percentile(taken, 0.95)
    print(f"desk.selected_{len(steps)} p50={p50:.1f}ms p95={p95:.1f}ms queries={len(queries)}")


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
    main()
