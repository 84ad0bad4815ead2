"""The estimate: a range that follows the queue, the open windows and the last weeks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.estimating import Pace, Wait, get_paces, pace_of, wait_of
from tongban.apps.halls.queries import get_board, get_hall, get_ticket

FEW = st.integers(0, 200)
WINDOWS = st.integers(1, 20)
SERVED = st.lists(st.integers(10, 7200), max_size=40)
MINUTES = st.integers(1, 240)


@given(FEW, FEW, WINDOWS, SERVED, MINUTES)
def test_it_is_a_range_in_fives(ahead: int, more: int, windows: int, served: list[int], minutes: int) -> None:
    wait = wait_of(ahead=ahead, rivals=ahead + more, windows=windows, pace=pace_of(seconds=served, minutes=minutes))
    assert wait is not None
    assert 0 <= wait.least <= wait.most
    assert wait.most >= 5
    assert wait.least % 5 == wait.most % 5 == 0


@given(FEW, FEW, WINDOWS, SERVED, MINUTES)
def test_more_people_are_never_quicker_and_more_windows_never_slower(
    ahead: int, more: int, windows: int, served: list[int], minutes: int
) -> None:
    pace = pace_of(seconds=served, minutes=minutes)
    now = wait_of(ahead=ahead, rivals=ahead + more, windows=windows, pace=pace)
    later = wait_of(ahead=ahead + 1, rivals=ahead + more + 1, windows=windows, pace=pace)
    wider = wait_of(ahead=ahead, rivals=ahead + more, windows=windows + 1, pace=pace)
    assert now is not None
    assert later is not None
    assert wider is not None
    assert (later.least, later.most) >= (now.least, now.most)
    assert wider.least <= now.least
    assert wider.most <= now.most


def test_without_a_window_nothing_is_said() -> None:
    assert wait_of(ahead=3, rivals=3, windows=0, pace=Pace(1, 2, 3)) is None


def test_few_services_are_no_figures() -> None:
    assert pace_of(seconds=[60] * 4, minutes=10) == Pace(360, 600, 900)
    assert pace_of(seconds=[600] * 5, minutes=10) == Pace(600, 600, 600)


@pytest.mark.django_db
def test_it_follows_the_log_and_the_windows(take: Callable[..., int], at_window: Any) -> None:
    assert {row.wait for row in get_board(hall=HALL, at=MONDAY).groups} == {None}
    sun, at = at_window("sunbei", "A01"), MONDAY
    for _ in range(6):
        number = take(at=at)
        services.call_next(actor=sun, at=at)
        services.begin(number=number, actor=sun, at=at)
        at += timedelta(minutes=20)
        services.finish(number=number, actor=sun, at=at)
    cache.clear()  # figures are kept for some minutes
    assert get_paces(hall=get_hall(hall=HALL), at=at)["general"] == Pace(1200, 1200, 1200)
    numbers = [take(at=at) for _ in range(4)]
    assert get_ticket(number=numbers[3], at=at).wait == Wait(60, 80)
    at_window("wangqian", "A02", at=at)
    assert get_ticket(number=numbers[3], at=at).wait == Wait(30, 40)
    rows = {row.group.code: row for row in get_board(hall=HALL, at=at).groups}
    assert rows["general"].wait == Wait(40, 50)
    assert rows["property"].wait is None
    assert len(rows["general"].windows) == 2
