"""Limits are read from and written as plain words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.clock import Limit, LimitError, Unit

limits = st.builds(Limit, st.integers(0, 99_999), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("20 working days", 20, Unit.WORKING_DAYS),
        ("1 working day", 1, Unit.WORKING_DAYS),
        ("1 hours", 1, Unit.HOURS),
        ("2 working_hours", 2, Unit.WORKING_HOURS),
        ("  15 Calendar Days ", 15, Unit.CALENDAR_DAYS),
        ("0 working days", 0, Unit.WORKING_DAYS),
    ],
)
def test_reads_what_definitions_write(text: str, amount: int, unit: Unit) -> None:
    assert Limit.parse(text) == Limit(amount, unit)


def test_writes_singular_and_plural() -> None:
    assert str(Limit(1, Unit.WORKING_DAYS)) == "1 working day"
    assert str(Limit(20, Unit.WORKING_DAYS)) == "20 working days"
    assert str(Limit(0, Unit.HOURS)) == "0 hours"


@given(limits)
def test_what_is_written_reads_back(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "limit.format"),
        ("twenty days", "limit.format"),
        ("-3 working days", "limit.format"),
        ("2.5 hours", "limit.format"),
        ("２０ working days", "limit.format"),
        ("20 working days and more", "limit.format"),
        ("20 days", "limit.unit"),
        ("3 weeks", "limit.unit"),
        ("100000 hours", "limit.amount"),
    ],
)
def test_refuses_what_is_not_a_limit(text: str, code: str) -> None:
    with pytest.raises(LimitError) as refusal:
        Limit.parse(text)
    assert refusal.value.code == code
    assert str(refusal.value).startswith(f"{code}: ")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(LimitError):  # and nothing else
        limit = Limit.parse(text)
        assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize("amount", [-1, 100_000])
def test_an_amount_out_of_reason_is_refused(amount: int) -> None:
    with pytest.raises(LimitError) as refusal:
        Limit(amount, Unit.HOURS)
    assert refusal.value.code == "limit.amount"
