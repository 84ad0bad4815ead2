"""Case numbers: the day in them, the slips they catch, the ways people type them."""

import secrets
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.numbers import (
    NumberError,
    day_of_case_number,
    format_case_number,
    new_case_number,
    parse_case_number,
)

days = st.dates(date(2000, 1, 1), date(2089, 12, 31))


@st.composite
def case_numbers(draw: st.DrawFn) -> int:
    tail = draw(st.integers(0, 10**9 - 1))
    return new_case_number(day=draw(days), random=lambda _: tail)


def iso_7064_mod_11_10(digits: str) -> str:
    """The standard's recursion, written apart from the library."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@given(days, st.integers(0, 10**9 - 1))
def test_a_number_is_the_day_the_random_part_and_the_check(day: date, tail: int) -> None:
    asked = []

    def random(limit: int) -> int:
        asked.append(limit)
        return tail

    digits = f"{new_case_number(day=day, random=random):016}"
    assert asked == [10**9]
    assert digits[:6] == day.strftime("%y%m%d")
    assert digits[6:15] == f"{tail:09}"
    assert digits[15] == iso_7064_mod_11_10(digits[:15])
    assert day_of_case_number(int(digits)) == day


@given(case_numbers())
def test_a_number_is_exact_in_javascript_and_reads_back(number: int) -> None:
    assert number < 2**53
    shown = format_case_number(number)
    assert len(shown) == 19
    assert parse_case_number(shown) == number
    assert parse_case_number(shown.replace(" ", "")) == number
    assert parse_case_number(f"\u3000{shown.replace(' ', '-')}\n") == number
    full_width = shown.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert parse_case_number(full_width) == number


@given(case_numbers(), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: int, place: int, off: int) -> None:
    digits = f"{number:016}"
    wrong = digits[:place] + str((int(digits[place]) + off) % 10) + digits[place + 1 :]
    with pytest.raises(NumberError) as refusal:
        parse_case_number(wrong)
    assert refusal.value.code == "number.check"


def test_most_swaps_of_neighbours_are_found() -> None:
    found = swaps = 0
    for tail in range(0, 10**9, 7_654_321):
        body = f"261122{tail:09}"
        digits = body + iso_7064_mod_11_10(body)
        for place in range(15):
            if digits[place] != digits[place + 1]:
                swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
                swaps += 1
                try:
                    parse_case_number(swapped)
                except NumberError as refusal:
                    found += refusal.code == "number.check"
    assert found / swaps > 0.97


def test_the_example() -> None:
    assert new_case_number(day=date(2026, 11, 22), random=lambda _: 48_391_772) == 2611220483917722
    assert format_case_number(2611220483917722) == "2611 2204 8391 7722"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.length"),
        ("   ", "number.length"),
        ("2611 2204 8391", "number.length"),
        ("2611 2204 8391 77244", "number.length"),
        ("2611 2204 8391 772X", "number.digits"),
        ("٢٦١١ 2204 8391 7724", "number.digits"),
        ("2611 2204 8391 772²", "number.digits"),
        ("+611 2204 8391 7724", "number.digits"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refusal:
        parse_case_number(text)
    assert refusal.value.code == code
    assert refusal.value.params["kind"] == "case"
    assert str(refusal.value).startswith(f"{code}: ")


@pytest.mark.parametrize("body", ["261322000000001", "260230000000001", "900101000000001", "000000000000000"])
def test_a_day_that_is_not_in_the_calendar_is_refused(body: str) -> None:
    with pytest.raises(NumberError) as refusal:
        parse_case_number(body + iso_7064_mod_11_10(body))
    assert refusal.value.code == "number.date"


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2090, 1, 1)])
def test_no_number_is_made_for_a_year_that_two_digits_cannot_tell(day: date) -> None:
    with pytest.raises(NumberError) as refusal:
        new_case_number(day=day, random=secrets.randbelow)
    assert refusal.value.code == "number.date"


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NumberError):  # and nothing else
        number = parse_case_number(text)
        assert parse_case_number(format_case_number(number)) == number
