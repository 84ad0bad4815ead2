"""The portal under 100 residents at once, on two cores: requests a second, latency, processor time of a request.

The real server (`tongban serve`: Granian, two processes of four threads) on SQLite with more than 20,000 cases; every
resident is signed in, has a connection of their own and own cases. *crowd*: all 100 ask again the moment they are
answered, which no city does; its requests a second are what two cores give, and its p95 is queueing. *at ease*: all 100
are there, and each turns to another page every five seconds on average.

The peer is the floor of the same page: a bare Django project whose one view answers the same compressed bytes, by the
same server with as many processes and threads, asked by the same visitors. It decides nothing and reads nothing. The
ratio is processor time of the server's processes a request, ours to the floor's: how much the page itself costs.
"""

import gzip
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks._city import city, copy_rows, now, percentile
from benchmarks._visitors import Visit, visit

GENERATED, COPIES, RESIDENTS = 1500, 16, 100
WORKERS, THREADS = 2, 4
WARM, CROWD, EASE, PAUSE = 3.0, 10.0, 15.0, 5.0
PAGES = (
    ("portal.home", "/"),
    ("portal.search", "/matters/?q=%E6%88%91%E8%A6%81%E5%BC%80%E4%B8%AA%E5%B0%8F%E9%A5%AD%E9%A6%86"),
    ("portal.matter", "/matters/food-business-licence/"),
    ("portal.my_cases", "/cases/"),
)


def main() -> None:
    """Print portal.home, portal.search, portal.matter, portal.my_cases: crowd, at ease, and beside the floor."""
    with city():
        cookies = _residents()
        folder = Path(os.environ["TONGBAN_VAR"])
        environment = {**os.environ, "TONGBAN_HASHED_STATIC": "on"}
        collect = [sys.executable, "-m", "tongban", "collectstatic", "--no-input", "-v0"]
        subprocess.run(collect, env=environment, check=True)
        with _serving("tongban", "serve", environment=environment) as (port, server):
            ours = [_ours(port, server, path, cookies) for _, path in PAGES]
        for (figure, _), (crowd, ease, page) in zip(PAGES, ours, strict=True):
            (folder / "page").write_bytes(page)
            with _serving("benchmarks._bare", environment={**environment, "BARE_PAGE": str(folder / "page")}) as bare:
                floor = visit(port=bare[0], server=bare[1], path="/", cookies=cookies, seconds=CROWD / 2)
            _print(figure, crowd, ease, floor)


def _residents() -> list[str]:
    """100 residents who have cases, and the cookie of each."""
    from django.conf import settings
    from django.test import Client

    from tongban.apps.cases.models import Case
    from tongban.apps.insight.history import simulate
    from tongban.apps.people.models import Person, User

    simulate(cases=GENERATED, seed=7, until=now(), years=0.2)
    copy_rows(COPIES)
    owners = Case.objects.exclude(person=None).values_list("person", flat=True).distinct()
    people = list(Person.objects.filter(pk__in=owners).order_by("pk")[:RESIDENTS])
    assert len(people) == RESIDENTS, f"Only {len(people)} people have cases."
    print(f"{Case.objects.count():,} cases, {RESIDENTS} residents signed in, SQLite, {WORKERS} x {THREADS} threads.")
    cookies = []
    for person in people:
        if person.user is None:
            person.user = User.objects.create_user(username=f"resident{person.pk}")
            person.save()
        client = Client()
        client.force_login(person.user)
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies


def _ours(port: int, server: int, path: str, cookies: Sequence[str]) -> tuple[Visit, Visit, bytes]:
    ask = partial(visit, port=port, server=server, path=path, cookies=cookies)
    ask(seconds=WARM)
    crowd = ask(seconds=CROWD)
    ease = ask(seconds=EASE, pause=PAUSE)
    return crowd, ease, _page(port, path, cookies[0])


def _page(port: int, path: str, cookie: str) -> bytes:
    """The page as it goes over the wire."""
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # our own address
        body: bytes = response.read()
    gzip.decompress(body)  # it is what we say that it is
    return body


def _print(figure: str, crowd: Visit, ease: Visit, floor: Visit) -> None:
    print(
        f"{figure} ours={crowd.per_second:.0f}/s p95={_p95(crowd):.0f}ms cpu={crowd.cpu_ms:.2f}ms "
        f"at_ease={ease.per_second:.0f}/s p95={_p95(ease):.0f}ms "
        f"floor={floor.per_second:.0f}/s p95={_p95(floor):.0f}ms cpu={floor.cpu_ms:.2f}ms "
        f"ratio={crowd.cpu_ms / floor.cpu_ms:.1f} bytes={crowd.bytes_each:,} "
        f"visitors_cpu={crowd.visitors_cpu * 1000 / len(crowd.taken):.2f}ms"
    )


def _p95(found: Visit) -> float:
    return percentile(found.taken, 0.95) * 1000


@contextmanager
def _serving(module: str, *words: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Serve on a free port; yield the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = (
        [*words, "--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
        if words
        else [str(port), str(WORKERS), str(THREADS)]
    )
    process = subprocess.Popen([sys.executable, "-m", module, *given], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not answer within a minute.")


if __name__ == "__main__":
    main()
