"""What is said of a matter comes from its cases; where there are too few, nothing is said."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from tongban.apps.cases import services
from tongban.apps.insight.queries import FEWEST, get_city_figures, get_matter_figures

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def decided(file_case: Any, act: Any, actor_for: Any) -> Callable[..., int]:
    """A licence filed on a Monday at nine and decided days later, at nine."""

    def decide(day: int, grade: int = 0, month: int = 3) -> int:
        at = datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI)
        number: int = file_case(at=datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI))
        act(number, "accept", by="wangqian", at=at)
        for node, officer in (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun")):
            act(number, "complete", by=officer, node=node, at=at, outcome="pass", opinion="in order")
        act(number, "decide", by="hejun", node="decide", at=at, outcome="granted", reason="")
        if grade:
            services.rate(number=number, grade=grade, words="", actor=actor_for("linxiaomei"), at=at)
        return number

    return decide


def test_it_works(decided: Callable[..., int]) -> None:
    for day in (3, 4, 5, 6, 9):  # one to five working days after Monday, 2 March
        decided(day, grade=5 if day < 9 else 3)
    figures = get_matter_figures(code="food-business-licence", at=NOW)
    assert figures.decided == 5
    assert figures.median is not None
    assert figures.median.days == Decimal("3.0")
    assert (figures.rating, figures.ratings) == (Decimal("4.6"), 5)


def test_too_few_say_nothing(decided: Callable[..., int]) -> None:
    for _ in range(FEWEST - 1):
        decided(3, grade=5)
    figures = get_matter_figures(code="food-business-licence", at=NOW)
    assert figures.decided == FEWEST - 1
    assert (figures.median, figures.ninth, figures.rating, figures.by_channel, figures.words) == (
        None,
        None,
        None,
        {},
        [],
    )


def test_last_year_s_do_not_count(decided: Callable[..., int]) -> None:
    for _ in range(FEWEST):
        decided(3, grade=5)
    next_year = NOW.replace(year=2027)
    assert get_matter_figures(code="food-business-licence", at=next_year).decided == 0


def test_they_are_kept_for_a_while(decided: Callable[..., int], django_assert_num_queries: Any) -> None:
    get_matter_figures(code="food-business-licence", at=NOW)
    decided(3)
    with django_assert_num_queries(0):
        assert get_matter_figures(code="food-business-licence", at=NOW).decided == 0
    cache.clear()
    assert get_matter_figures(code="food-business-licence", at=NOW).decided == 1


def test_the_city_counts_thirty_days(decided: Callable[..., int]) -> None:
    decided(20)
    figures = get_city_figures(at=datetime(2026, 4, 5, 9, 0, tzinfo=SHANGHAI))
    assert (figures.filed, figures.decided, figures.certificates) == (0, 1, 1)
