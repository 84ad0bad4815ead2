"""Numbers of people and organisations, and their masks."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tongban.kernel.numbers import (
    NumberError,
    birth_date,
    is_known_area,
    mask_identity,
    mask_name,
    mask_phone,
    parse_credit_code,
    parse_identity_number,
    parse_mobile,
)

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def gb_11643(body: str) -> str:
    """The check character of an identity number, by the weights of the standard."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def gb_32100(body: str) -> str:
    """The check character of a credit code, by the weights of the standard."""
    total = sum(CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(110000, 829999))
    born = draw(st.dates(date(1900, 1, 1), date(2026, 11, 22)))
    body = f"{area}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + gb_11643(body)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["91", "92", "93", "11", "12", "51", "Y1", "N2"]))
    body = f"{head}{draw(st.integers(110000, 829999))}" + draw(st.text(CREDIT_ALPHABET, min_size=9, max_size=9))
    return body + gb_32100(body)


def test_the_examples_of_the_rules() -> None:
    assert parse_identity_number("440524188001010014") == "440524188001010014"
    assert parse_credit_code("91350100M000100Y43") == "91350100M000100Y43"
    assert mask_identity("360102199001010014") == "3601***********014"
    assert mask_phone("13812345678") == "138****5678"


@given(identity_numbers())
def test_an_identity_number_reads_whatever_its_area(number: str) -> None:
    assert parse_identity_number(number) == number
    assert parse_identity_number(f" {number[:6]} {number[6:14]}-{number[14:].lower()} ") == number
    assert f"{birth_date(number):%Y%m%d}" == number[6:14]


@given(identity_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_identity_number_is_found(number: str, place: int, off: int) -> None:
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    with pytest.raises(NumberError) as refusal:
        parse_identity_number(wrong)
    assert refusal.value.code == "number.check"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.length"),
        ("44052418800101001", "number.length"),
        ("X40524188001010014", "number.digits"),
        ("44052418800101001Y", "number.digits"),
        ("440524188001010015", "number.check"),
        ("440524188013010010", "number.date"),
    ],
)
def test_what_is_no_identity_number_is_refused(text: str, code: str) -> None:
    body = text[:17]
    if code == "number.date":
        text = body + gb_11643(body)
    with pytest.raises(NumberError) as refusal:
        parse_identity_number(text)
    assert refusal.value.code == code
    assert refusal.value.params["kind"] == "identity"
    # Refusals end up in logs: they never quote the number.
    assert body == "" or body not in str(refusal.value)


def test_the_area_is_a_hint_only() -> None:
    assert is_known_area("110101199001010015") is True
    assert is_known_area("999999199001010015") is False
    assert is_known_area("110101199013410015") is False


@given(credit_codes())
def test_a_credit_code_reads(code: str) -> None:
    assert parse_credit_code(code) == code
    assert parse_credit_code(f" {code.lower()[:9]} {code[9:]}") == code


@given(credit_codes(), st.integers(0, 30))
def test_a_wrong_check_is_found_and_may_be_overridden(code: str, check: int) -> None:
    wrong = code[:-1] + CREDIT_ALPHABET[check]
    assume(wrong != code)
    with pytest.raises(NumberError) as refusal:
        parse_credit_code(wrong)
    assert refusal.value.code == "number.check"
    assert parse_credit_code(wrong, ignore_check=True) == wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91350100M000100Y4", "number.length"),
        ("91350100I000100Y43", "number.digits"),
        ("9135010OM000100Y43", "number.digits"),
        ("91A50100M000100Y43", "number.digits"),
    ],
)
def test_what_is_no_credit_code_is_refused_even_with_override(text: str, code: str) -> None:
    for ignore_check in (False, True):
        with pytest.raises(NumberError) as refusal:
            parse_credit_code(text, ignore_check=ignore_check)
        assert refusal.value.code == code


@pytest.mark.parametrize(
    "text", ["13812345678", "+86 138 1234 5678", "8613812345678", "138-1234-5678", "１３８１２３４５６７８"]
)
def test_a_mobile_number_reads_however_it_is_typed(text: str) -> None:
    assert parse_mobile(text) == "13812345678"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1381234567", "number.length"),
        ("12812345678", "number.digits"),
        ("1381234567a", "number.digits"),
        ("", "number.length"),
        ("0790-8812345", "number.digits"),
        ("+1 138 1234 5678", "number.length"),
    ],
)
def test_what_is_no_mobile_number_is_refused(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refusal:
        parse_mobile(text)
    assert refusal.value.code == code


@given(st.text(max_size=24))
def test_masks_keep_the_length_and_hide_enough(text: str) -> None:
    for masked in (mask_identity(text), mask_phone(text), mask_name(text)):
        assert len(masked) == len(text)
    for masked, shown in ((mask_identity(text), 7), (mask_phone(text), 7)):
        hidden = [place for place, (a, b) in enumerate(zip(masked, text, strict=True)) if a == "*" or a != b]
        assert len(hidden) >= min(len(text), max(4, len(text) - shown))


def test_short_numbers_are_hidden_whole() -> None:
    assert mask_phone("8812345") == "*******"
    assert mask_identity("36010219") == "********"


@pytest.mark.parametrize(("name", "masked"), [("王小明", "王**"), ("王明", "王*"), ("王", "*"), ("", "")])
def test_a_name_shows_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked
