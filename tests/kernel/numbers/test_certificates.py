"""Certificate identifiers."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.numbers import CertificateIdentifier, NumberError

CHARACTERS = string.digits + string.ascii_uppercase
parts = st.text(CHARACTERS, min_size=1, max_size=21)
identifiers = st.builds(CertificateIdentifier, type=parts, authority=parts, serial=parts, version=st.integers(1, 999))


def iso_7064_mod_37_36(text: str) -> str:
    """The standard's recursion, written apart from the library."""
    product = 36
    for character in text:
        product = ((product + CHARACTERS.index(character)) % 36 or 36) * 2 % 37
    return CHARACTERS[(37 - product) % 36]


@given(identifiers)
def test_an_identifier_is_root_parts_version_and_check(identifier: CertificateIdentifier) -> None:
    head, version, check = str(identifier).rsplit(".", 2)
    assert head == f"1.2.156.3005.2.{identifier.type}.{identifier.authority}.{identifier.serial}"
    assert version == f"{identifier.version:03}"
    assert check == iso_7064_mod_37_36(identifier.type + identifier.authority + identifier.serial + version)
    assert CertificateIdentifier.parse(str(identifier)) == identifier
    assert CertificateIdentifier.parse(f" {str(identifier).lower()}\n") == identifier


@given(identifiers, st.data())
def test_one_wrong_character_is_found(identifier: CertificateIdentifier, data: st.DataObject) -> None:
    text = str(identifier)
    places = [place for place in range(len("1.2.156.3005.2."), len(text)) if text[place] != "."]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(string.digits).filter(lambda character: character != text[place]))
    with pytest.raises(NumberError) as refusal:
        CertificateIdentifier.parse(text[:place] + other + text[place + 1 :])
    # A version of 000 is no version; everything else is a wrong check.
    assert refusal.value.code == (
        "number.digits" if ".000." in text[:place] + other + text[place + 1 :] else "number.check"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.length"),
        ("JY.91350100M000100Y43.000001.001.V", "number.length"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.001", "number.length"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.001.V.V", "number.length"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.1.V", "number.digits"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.000.V", "number.digits"),
        ("1.2.156.3005.2.JY..000001.001.V", "number.digits"),
        ("1.2.156.3005.2.J\u017f.91350100M000100Y43.000001.001.V", "number.digits"),
        ("1.2.156.3005.2.食.91350100M000100Y43.000001.001.V", "number.digits"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.001.W", "number.check"),
        ("1.2.156.3005.2.JY.91350100M000100Y43.000001.001.", "number.check"),
    ],
)
def test_what_is_no_identifier_is_refused(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refusal:
        CertificateIdentifier.parse(text)
    assert refusal.value.code == code
    assert str(refusal.value).startswith(f"{code}: ")


@pytest.mark.parametrize("version", [0, 1000, -1])
def test_a_version_has_three_digits(version: int) -> None:
    with pytest.raises(NumberError) as refusal:
        CertificateIdentifier(type="JY", authority="91350100M000100Y43", serial="1", version=version)
    assert refusal.value.code == "number.digits"
