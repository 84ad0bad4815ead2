"""The reason that a rule gives is read in the reader's language: receipt, case, tracking, letter, API, desk."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from pypdf import PdfReader

pytestmark = pytest.mark.django_db
MATTER, CHINESE, ENGLISH = "childcare-subsidy", "这个年度已经领过。", "It has been paid for this year already."


@pytest.fixture
def denied(file_case: Callable[..., int]) -> int:
    """Denied at once by a rule: this year's subsidy has been paid."""
    return file_case(matter=MATTER, paid_already=True, paid_where="邻江市", phone="13900000001")


def test_it_works(denied: int, client_for: Callable[[str], Client]) -> None:
    client = client_for("linxiaomei")
    for path in (f"/cases/{denied}/", f"/cases/{denied}/receipt/"):
        page = client.get(path).text
        assert ENGLISH in page
        assert CHINESE not in page


def test_in_chinese_it_is_chinese(denied: int, client_for: Callable[[str], Client]) -> None:
    client = client_for("linxiaomei")
    client.cookies["django_language"] = "zh-hans"
    page = client.get(f"/cases/{denied}/").text
    assert CHINESE in page
    assert ENGLISH not in page


def test_whoever_tracks_it_reads_it(denied: int, client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.post("/track/", {"number": str(denied), "phone": "0001"}, follow=True).text
    assert ENGLISH in page
    assert CHINESE not in page


def test_the_letter_says_it(denied: int, client_for: Callable[[str], Client]) -> None:
    client = client_for("linxiaomei")
    urls = [line.url for line in client.get(f"/cases/{denied}/").context["documents"]]
    letters = [client.get(url).content for url in urls]
    said = ["".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages) for letter in letters]
    assert any(ENGLISH in " ".join(words.split()) for words in said)


def test_an_officer_reads_it(file_case: Callable[..., int], client_for: Callable[[str], Client]) -> None:
    bistro = {"username": "zhoumin", "applicant": "organisation:91361700MA00001A5K"}
    page = client_for("chenli").get(f"/desk/cases/{file_case(matter='company-deregistration', **bistro)}/").text
    assert "Come again once they are, or form a liquidation group and take the ordinary way." in page


def test_words_of_a_person_stay_as_they_are(city_at_work: dict[str, int], client_for: Callable[[str], Client]) -> None:
    assert "操作间与厕所相通。" in client_for("linxiaomei").get(f"/cases/{city_at_work['denied']}/").text
