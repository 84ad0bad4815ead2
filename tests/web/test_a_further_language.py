"""A language beside Chinese and English: offered by a setting, English where it says nothing, the city's marked."""

import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils.translation import trans_real

from tongban.web.coverage import coverage_of, list_coverage
from tongban.web.languages import untranslated_speaks_english

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish(settings: Any, client: Client) -> Iterator[Client]:
    """A browser that wishes Spanish, where the city offers it."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("es", "Spanish")]
    _forget()
    untranslated_speaks_english()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es-ES,es;q=0.9"
    yield client
    _forget()


def _forget() -> None:
    trans_real._translations = {}  # type: ignore[attr-defined]  # there is no other way to read catalogues again
    trans_real.get_languages.cache_clear()  # type: ignore[attr-defined]


def test_it_works(spanish: Client) -> None:
    page = spanish.get("/display").text
    assert '<html lang="es"' in page
    assert "Cómo se muestran las páginas" in page


def test_spanish_is_complete() -> None:
    """What was added since and is not said yet is said in English; it must stay a trifle."""
    found = coverage_of(locale="es")
    assert found.percent >= 99, f"{len(found.missing)} texts are missing; `tongban languages es` lists them"


def test_what_it_does_not_say_is_said_in_english_never_in_chinese(spanish: Client) -> None:
    """Spanish without one of its texts: as a language is that somebody has begun."""
    catalogue = trans_real.translation("es")._catalog  # type: ignore[attr-defined]  # of the standard library
    for words in catalogue._catalogs:
        words.pop("Number of the certificate", None)
    page = spanish.get("/verify/").text
    assert "Number of the certificate" in page
    assert "证照" not in page


def test_the_switch_becomes_a_menu_of_all(spanish: Client) -> None:
    page = " ".join(spanish.get("/").text.split())
    for code, name in (("zh-hans", "中文"), ("en", "English"), ("es", "Español")):
        assert f'value="{code}" lang="{code}"' in page
        assert name in page
    assert "<summary" in page
    answer = spanish.post("/language", {"language": "en", "next": "/"}, follow=True)
    assert '<html lang="en"' in answer.text


def test_the_city_s_own_words_are_english_and_say_so(spanish: Client, client_for: Callable[..., Client]) -> None:
    spanish.cookies = client_for("linxiaomei").cookies
    page = " ".join(spanish.get("/matters/food-business-licence/start").text.split())
    assert '<h1><span lang="en">Food business licence (catering)</span></h1>' in page
    assert "solo en chino y en inglés" in page


def test_questions_are_marked_as_english_and_what_we_say_is_not(
    spanish: Client, client_for: Callable[..., Client]
) -> None:
    spanish.cookies = client_for("linxiaomei").cookies
    start = "/matters/food-business-licence/start"
    applicant = spanish.get(start).context["applicants"][0].key
    begun = spanish.post(start, {"applicant": applicant}, follow=True)
    page = " ".join(begun.text.split())
    assert '<span lang="en">New licence or renewal?</span>' in page
    assert '<span lang="en">New licence</span></label>' in page
    assert ">Continuar<" in page
    assert "title><span" not in page


def test_the_page_of_a_matter_is_marked_too(spanish: Client) -> None:
    page = " ".join(spanish.get("/matters/food-business-licence/").text.split())
    assert '<h1><span lang="en">Food business licence (catering)</span></h1>' in page
    assert "solo en chino y en inglés" in page
    assert "<title>Food business licence (catering) - " in page


def test_what_people_search_for_is_not_chinese(spanish: Client) -> None:
    chips = re.findall(r'class="tb-chip"[^>]*>([^<]+)<', spanish.get("/").text)
    assert chips
    assert not re.search("[\u4e00-\u9fff]", "".join(chips))


def test_notices_can_be_wished_for_in_it(spanish: Client, client_for: Callable[..., Client]) -> None:
    spanish.cookies = client_for("linxiaomei").cookies
    page = " ".join(spanish.get("/account/notices/").text.split())
    assert re.search('<option value="es"[^>]*>Español</option>', page)


def test_readers_of_the_two_languages_are_told_nothing(client_for: Callable[..., Client]) -> None:
    page = client_for("linxiaomei").get("/matters/food-business-licence/start").text
    assert "<h1>" in page
    assert "Chinese and English only" not in page


def test_dates_follow_the_language(spanish: Client) -> None:
    assert "24 de noviembre de 2026" in spanish.get("/design").text


def test_the_command_tells_how_much_each_says() -> None:
    told = StringIO()
    call_command("languages", stdout=told)
    chinese, spanish = list_coverage()
    assert chinese.percent == 100
    assert f"zh_Hans: {chinese.total} of {chinese.total} texts, 100.0 %, offered" in told.getvalue()
    assert f"es: {spanish.total - len(spanish.missing)} of {spanish.total} texts" in told.getvalue()
    told = StringIO()
    call_command("languages", "es", stdout=told)
    assert len(told.getvalue().splitlines()) >= len(spanish.missing)
    with pytest.raises(CommandError, match="no catalogue"):
        call_command("languages", "xx")
