"""Which cases a rule has decided and no officer, by the city's days: what a human check is drawn from."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import count_by_rule, get_by_rule, list_by_rule

DAY = date(2026, 3, 17)


@pytest.fixture
def three(file_case: Callable[..., int]) -> tuple[int, int, int]:
    """Granted by rule, denied by rule just before midnight in Mingchuan, and one for officers."""
    at = datetime(2026, 3, 17, 9, tzinfo=UTC)
    card = file_case(matter="senior-card", birth_date="1966-03-11", at=at)
    late = file_case(matter="senior-card", birth_date="1956-03-11", at=datetime(2026, 3, 17, 15, 59, tzinfo=UTC))
    return card, late, file_case(at=at)


def test_those_of_a_day(three: tuple[int, int, int], django_assert_num_queries: Callable[..., Any]) -> None:
    card, late, by_officers = three
    with django_assert_num_queries(1):
        first, second = list_by_rule(on=DAY)
    assert (first.number, second.number) == (card, late)
    assert {first.authority, second.authority} == {"civil-affairs"}
    assert list_by_rule(on=DAY, limit=1) == [first]
    assert list_by_rule(on=DAY, after=(first.decided_at, first.number)) == [second]
    assert count_by_rule(on=DAY) == {("civil-affairs", "senior-card"): 2}
    assert count_by_rule(on=date(2026, 3, 18)) == {}
    assert set(get_by_rule(numbers=three)) == {card, late}
    assert not Case.objects.get(pk=by_officers).by_rule


def test_what_was_decided_before_is_read_from_the_logs(three: tuple[int, int, int]) -> None:
    Case.objects.update(by_rule=False)
    import_module("tongban.apps.cases.migrations.0011_by_rule").mark(apps, connection.schema_editor())
    assert [each.number for each in list_by_rule(on=DAY)] == list(three[:2])
