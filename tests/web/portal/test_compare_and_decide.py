"""A matter's page like a product's: what it really takes, what others say, what is on file, where else it is done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Rating

pytestmark = pytest.mark.django_db
PATH = "/matters/food-business-licence/"


@pytest.fixture
def rated(granted: Callable[..., int], actor_for: Callable[[str], Any]) -> Callable[..., int]:
    """A granted licence that its applicant has rated."""

    def rate(words: str = "", grade: int = 5, shown: bool = True) -> int:
        number = granted()
        services.rate(
            number=number, grade=grade, words=words, shown=shown, actor=actor_for("linxiaomei"), at=timezone.now()
        )
        return number

    return rate


def stats(client: Client) -> dict[str, dict[str, Any]]:
    return {stat["label"]: stat for stat in client.get(PATH).context["stats"]}


def test_it_works(client_for: Callable[..., Client], rated: Callable[..., int]) -> None:
    for number in range(5):
        rated(words=f"Words {number}.", grade=5 - number % 2)
    client = client_for()
    shown = stats(client)
    assert shown["Rating"]["value"] == "4.6 / 5"
    assert shown["Decided this year"]["value"] == "5"
    assert {"Promised within", "Half are done within", "Nine of ten within", "Visits to an office", "Fee"} <= set(shown)
    page = client.get(PATH).text
    for words in ("What others say", "Words 4.", "Here or at a counter", "88 Binhe Road", "08:30", "A good photo"):
        assert words in page
    assert len(client.get(PATH).content) < 150_000


def test_only_words_that_may_be_shown_are(client_for: Callable[..., Client], rated: Callable[..., int]) -> None:
    for number in range(5):
        rated(words=f"Secret {number}.", shown=False)
    page = client_for().get(PATH).text
    assert "Secret" not in page
    assert "What others say" not in page


def test_the_resident_says_whether_others_may_read_them(
    client_for: Callable[..., Client], granted: Callable[..., int]
) -> None:
    client = client_for("linxiaomei")
    first, second, third = granted(), granted(), granted()
    assert "Others may read my words" in client.get(f"/cases/{first}/rate/").text
    client.post(f"/cases/{first}/rate/", {"grade": "5", "words": "Quick.", "shown": "yes"})
    client.post(f"/cases/{second}/rate/", {"grade": "5", "words": "Quick."})
    client.post(f"/cases/{third}/rate/", {"grade": "5", "words": "", "shown": "yes"})
    assert dict(Rating.objects.values_list("case", "shown")) == {first: True, second: False, third: False}


def test_few_ratings_show_no_words(client_for: Callable[..., Client], rated: Callable[..., int]) -> None:
    rated(words="Alone.")
    assert "Alone." not in client_for().get(PATH).text


def test_what_is_on_file_is_the_reader_s_own(
    client_for: Callable[..., Client], file_case: Callable[..., int], actor_for: Callable[[str], Any]
) -> None:
    """A certificate that the reader holds under the name of a material need not be brought, and is said to be there."""
    from tongban.apps.cases.operations import holder_key
    from tongban.apps.evidence.models import Certificate

    actor = actor_for("linxiaomei")
    Certificate.objects.create(
        identifier="test-1",
        case=1,
        matter="company-registration",
        name_zh="营业执照",
        name_en="Business licence",
        authority_id="market-regulation",
        holder="林晓梅小吃店",
        holder_hash=holder_key(person_id=actor.person_id, organisation_code=None),
        issued_at=timezone.now(),
        valid_until=timezone.localdate() + timedelta(days=30),
        fields=[],
    )
    own = client_for("linxiaomei").get(PATH).text
    assert "you have it already" in own
    assert "林晓梅小吃店" in own
    for other in ("", "wuxiaochuan", "chenli"):
        assert "林晓梅小吃店" not in client_for(other).get(PATH).text
    Certificate.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "you have it already" not in client_for("linxiaomei").get(PATH).text


def test_specialised_windows_come_before_general_ones(client_for: Callable[..., Client]) -> None:
    places = client_for().get("/matters/lost-id-card/").context["places"]
    assert [window.en for window in places[0].windows] == ["Household and identity"]
    assert len(places) == 2


def test_the_example_hides_numbers_of_people(client_for: Callable[..., Client]) -> None:
    example = client_for().get(PATH).context["example"]
    values = " ".join(row["value"] for row in example["rows"])
    assert "明川小馆" in values
    assert "13900000001" not in values


def test_the_number_of_queries_does_not_grow(client_for: Callable[..., Client], rated: Callable[..., int]) -> None:
    client = client_for("linxiaomei")

    def count() -> int:
        client.get(PATH)
        cache.clear()
        client.get("/")  # departments are known again
        with CaptureQueriesContext(connection) as queries:
            client.get(PATH)
        return len(queries)

    for _ in range(5):
        rated(words="Fine.")
    few = count()
    for _ in range(5):
        rated(words="Fine.")
    assert Case.objects.count() == 10
    assert count() == few


@pytest.mark.parametrize("who", ["", "linxiaomei", "wuxiaochuan", "wangqian"])
def test_everybody_may(client_for: Callable[..., Client], who: str) -> None:
    assert client_for(who).get(PATH).status_code == 200
