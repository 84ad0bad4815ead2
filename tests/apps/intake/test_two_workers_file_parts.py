"""Two workers look at the same due parts of orders in the same instant: each part is filed once, by one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.scenarios.orders import audit, set_up

from tongban.apps.catalog import bundles
from tongban.apps.intake.orders.turns import file_what_is_due

ORDERS = 4


def _work(barrier: Barrier) -> int:
    try:
        barrier.wait()
        return file_what_is_due(at=timezone.now()).filed
    finally:
        connection.close()


def _look() -> dict[str, Any]:
    try:
        return audit()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_each_part_is_filed_once(city: Any, request: pytest.FixtureRequest) -> None:
    bundles.forget()
    assert set_up(str(ORDERS)) == {"due": ORDERS}
    request.getfixturevalue("in_threads")
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        filed = [future.result(timeout=120) for future in [pool.submit(_work, barrier) for _ in range(2)]]
        found = pool.submit(_look).result(timeout=60)
    assert sum(filed) == ORDERS
    assert found["states"] == {"filed": ORDERS}
    assert found["marked"] == 0
    assert found["cases"] == found["filed"]
    assert len(set(found["filed"])) == ORDERS
    assert [count for _, count in found["applicants"]] == [1]
