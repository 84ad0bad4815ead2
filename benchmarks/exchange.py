"""Messages between two cities that really run: how many a second, how long one takes, beside the bare signatures.

Both cities are processes of their own with a database each, on this machine, as the tests run them; so both share its
processors. A message is signed, sent over HTTP, checked, its number put down, answered, signed, and checked again. A
register is asked by such a message, with a record committed before and after on either side; the number behind the
name says how many ask at once.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.apps.crossings.cities import KNOWN, two_cities

SECONDS = 5.0

ASK = """
import time
from concurrent.futures import ThreadPoolExecutor
from django.utils import timezone
from tongban.apps.exchange.services import About, ask as ask_register
from tongban.apps.neighbours.services import ask
def message():
    ask(neighbour="boyun", service="keys", said={}, at=timezone.now())
def register():
    ask_register(register="household", key=given["key"], consumer="public-security", purpose="residence",
        about=About(), actor="user:1", at=timezone.now(), fields=["name"])
once = {"message": message, "register": register}[given["what"]]
def one(until):
    took = []
    while time.monotonic() < until:
        started = time.perf_counter()
        once()
        took.append(time.perf_counter() - started)
    return took
for _ in range(20):
    once()
until = time.monotonic() + given["seconds"]
with ThreadPoolExecutor(given["threads"]) as pool:
    result = [each for part in pool.map(one, [until] * given["threads"]) for each in part]
"""


def main() -> None:
    """Print the figures."""
    print("exchange: signed messages between two running cities on one machine, each with its own SQLite")
    bare = _bare()
    print(f"exchange.signatures bare={bare:.0f}/s  (four Ed25519 operations: what one message and its answer cost)")
    with tempfile.TemporaryDirectory() as folder, two_cities(Path(folder), lines_between=False) as (here, *_rest):
        for what in ("message", "register"):
            for threads in (1, 4):
                took: Sequence[float] = here.do(ASK, what=what, key=KNOWN[0], seconds=SECONDS, threads=threads)
                _told(f"exchange.{what}.{threads}", took, threads, bare)


def _told(name: str, took: Sequence[float], threads: int, bare: float) -> None:
    rate = len(took) / sum(took) * threads
    p95 = statistics.quantiles(took, n=20)[-1] * 1000
    middle = statistics.median(took) * 1000
    print(f"{name} ours={rate:.0f}/s peer={bare:.0f}/s ratio={rate / bare:.3f} p50={middle:.1f}ms p95={p95:.1f}ms")


def _bare() -> float:
    """How often a second a message and its answer could be signed and checked, if that were all."""
    key = Ed25519PrivateKey.generate()
    public, text = key.public_key(), b"x" * 400

    def once() -> None:
        for _ in range(2):
            public.verify(key.sign(text), text)

    return _rate(once)


def _rate(do: Callable[[], None]) -> float:
    count, until, started = 0, time.perf_counter() + 1.0, time.perf_counter()
    while time.perf_counter() < until:
        do()
        count += 1
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
