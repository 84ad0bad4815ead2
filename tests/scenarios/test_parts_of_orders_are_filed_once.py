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
        workers = [_worker(city) for _ in range(2)]
        time.sleep(dice.uniform(0.0, 0.2))
        for worker in dice.sample(workers, 2):
            worker.kill()
    killed = city.ask("orders", "audit")
    _worker(city).read()
    found: dict[str, Any] = city.ask("orders", "audit")
    assert found["states"] == {"filed": ORDERS}
    assert found["marked"] == 0
    assert found["cases"] == found["filed"], "a case that no part knows, or a part without one"
    assert len(set(found["cases"])) == ORDERS
    assert [count for _, count in found["applicants"]] == [1], "somebody's was filed twice"
    city.ask("audit")  # every log holds
    sys.stdout.write(f"{2 * ROUNDS} kills; {killed['marked']} of {ORDERS} parts were left to the last worker\n")


def _worker(city: City) -> Child:
    worker = city.begin("orders", "work", output=True)
    assert worker.output is not None
    assert worker.output.readline() == "began\n"
    return worker
