"""Parts of orders come due while two workers file them and are killed (SIGKILL) again and again: each is filed once."""

import random
import sys
import time
from typing import Any

import pytest
from tests.forked import Child
from tests.scenarios.served import City

ORDERS, ROUNDS = 10, 3


@pytest.mark.slow
def test_each_part_is_filed_once(city: City) -> None:
    assert city.ask("orders", "set-up", str(ORDERS)) == {"due": ORDERS}
    dice = random.Random()
    for _ in range(ROUNDS):
        workers = _begin(city, 2)
        time.sleep(dice.uniform(0.0, 0.15))
        for worker in dice.sample(workers, 2):
            worker.kill()
    killed = city.ask("orders", "audit")
    _begin(city, 1)[0].read()
    found: dict[str, Any] = city.ask("orders", "audit")
    assert found["states"] == {"filed": ORDERS}
    assert found["marked"] == 0
    assert found["cases"] == found["filed"], "a case that no part knows, or a part without one"
    assert len(set(found["cases"])) == ORDERS
    assert [count for _, count in found["applicants"]] == [1], "somebody's was filed twice"
    city.ask("audit")  # every log holds
    sys.stdout.write(f"{2 * ROUNDS} kills; {killed['marked']} of {ORDERS} parts were left to the last worker\n")


def _begin(city: City, count: int) -> list[Child]:
    """Let so many workers file at once, which have all come so far that only filing is left to do."""
    workers = [city.begin("orders", "work", told=True, output=True) for _ in range(count)]
    for worker in workers:
        assert worker.output is not None
        assert worker.output.readline() == "ready\n"
    for worker in workers:
        assert worker.told is not None
        worker.told.write("begin\n")
    return workers
