"""Shares of what was answered in time, resolved, and found good, with the interval in which they lie."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tongban.apps.cases.models import Case, Rating
from tongban.apps.voice.rates import FEW, Rate, interval, list_rates


@given(hits=st.integers(0, 500), more=st.integers(0, 500))
def test_an_interval_holds_its_share_and_narrows_with_more(hits: int, more: int) -> None:
    every = hits + more
    low, high = interval(hits, every)
    assert 0 <= low <= high <= 1
    if every:
        assert low - 1e-12 <= hits / every <= high + 1e-12
        wider = interval(hits * 4, every * 4)
        assert wider[1] - wider[0] <= high - low + 1e-12


def test_a_known_interval() -> None:
    low, high = interval(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_few_tell_no_share() -> None:
    assert Rate(3, FEW - 1).share is None
    assert Rate(3, FEW - 1).low is None
    assert Rate(5, FEW).share == 0.5


@pytest.mark.django_db
def test_it_counts_what_is_owed_decided_and_rated(say: Any, follow_log: Any, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    numbers = [
        say(f"第{each}件：大学城北门的路灯坏了，晚上漆黑一片，照明不亮。", by="wuxiaochuan") for each in range(5)
    ]
    follow_log("voice")
    in_time, late, open_late, open_early, _not_accepted = numbers
    cases = Case.objects.filter
    cases(pk__in=numbers).update(authority="urban-management")
    day = timedelta(days=1)
    cases(pk=in_time).update(promised_due=now, decided_at=now - day, outcome="granted")
    cases(pk=late).update(promised_due=now - 2 * day, decided_at=now - day, outcome="denied")
    cases(pk=open_late).update(promised_due=now - day)
    cases(pk=open_early).update(promised_due=now + day)
    for number, grade in ((in_time, 4), (late, 2)):
        Rating.objects.create(case_id=number, matter="tell-government", grade=grade, rated_at=now)
    since = now - timedelta(days=30)
    with django_assert_num_queries(1):
        (found,) = list_rates(by="department", since=since, until=now + day, at=now)
    assert found.code == "urban-management"
    assert (found.response, found.resolution, found.satisfaction) == (Rate(1, 3), Rate(1, 2), Rate(1, 2))
    (topic,) = list_rates(by="category", since=since, until=now + day, at=now)
    assert (topic.code, topic.response) == ("building", Rate(1, 3))
    assert list_rates(by="department", since=since, until=since + day, at=now) == []
