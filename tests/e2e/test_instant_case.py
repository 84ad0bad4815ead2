"""A card that a published rule decides: known before the applicant has put the phone away."""

import re

import pytest
from tests.e2e.conftest import Opens
from tests.e2e.running import City

pytestmark = pytest.mark.e2e

MATTER = "senior-card"
TOO_YOUNG = "Not 60 yet"


def test_granted_while_the_applicant_waits(city: City, opens: Opens) -> None:
    """Mr Zhao was born in 1958: what government knows of him is filled in, and the receipt has the card."""
    resident = opens("zhaoguoan", screen="phone")
    resident.begin(MATTER)
    resident.sees("Filled in from what we have on file.")
    resident.answer(MATTER, birth_date="1958-03-07")
    resident.press("Continue")
    resident.answer(MATTER, residence="registered", district="linjiang")
    resident.press("Continue")
    resident.answer(MATTER, plastic_card=False)
    resident.press("Continue")
    number = resident.send()
    resident.sees("It has been granted already.")
    with resident.page.expect_download() as coming:
        resident.follow("Download the certificate")
    with open(coming.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    assert {"case.decided", "certificate.issued"} < set(city.log(number))


def test_too_young_is_told_at_once_and_why(city: City, opens: Opens) -> None:
    """Mrs Lin was born in 1988: denied by the same rule, with the reason and with what she may do about it."""
    resident = opens("linxiaomei", language="en-GB")
    resident.begin(MATTER)
    resident.answer(MATTER, birth_date="1988-05-14")
    resident.press("Continue")
    resident.answer(MATTER, residence="registered", district="linjiang")
    resident.press("Continue")
    resident.answer(MATTER, plastic_card=False)
    resident.press("Continue")
    number = resident.send()
    resident.go(f"/cases/{number}/")
    resident.sees("It could not be granted")
    resident.sees("Denied")
    resident.reads(re.compile(TOO_YOUNG))
    assert "case.decided" in city.log(number)
    assert "certificate.issued" not in city.log(number)
