"""Lists at 100,000 cases: latency of the whole page and its number of queries.

3,000 cases are generated through the kernel and their rows copied under other numbers, because generating 100,000 would
only take longer. Latency is of the whole response: middleware, session, queries, template.
"""

import time

from benchmarks._city import city, copy_rows, now, percentile

GENERATED, COPIES, REQUESTS = 3000, 34, 60


def main() -> None:
    """Print desk.queue, desk.case, portal.my_cases, portal.search."""
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
        print(f"{Case.objects.count():,} cases, {Task.objects.filter(finished=None).count():,} open steps, SQLite.")
        number = Task.objects.filter(finished=None, department="market-regulation").values_list("case", flat=True)[0]
        pages = (
            ("desk.queue", "hejun", "/desk/"),
            ("desk.front_desk_queue", "wangqian", "/desk/"),
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
                assert response.status_code == 200, (path, response.status_code)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            p50, p95 = percentile(taken, 0.5), percentile(taken, 0.95)
            print(f"{figure} p50={p50:.1f}ms p95={p95:.1f}ms queries={len(queries)}")


def _give_cases_to(name: str) -> None:
    from tongban.apps.cases.models import Case
    from tongban.apps.people.models import Person

    numbers = list(Case.objects.order_by("-filed_at").values_list("pk", flat=True)[:200])
    Case.objects.filter(pk__in=numbers).update(person=Person.objects.get(user__username=name), organisation=None)


if __name__ == "__main__":
    main()
