"""Texts for opinions and reasons: one's own, and a department's, which those who review and decide there keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.desks.models import Phrase
from tongban.apps.desks.queries import MOST
from tongban.apps.desks.services import sweep_phrases

pytestmark = pytest.mark.django_db

PAGE = "/desk/phrases/"
WORDS = "The layout keeps raw and cooked food apart."
TEXT = {"title": "Layout fits", "words": WORDS, "whose": "", "act": "", "matter": ""}
SHARED = TEXT | {"title": "Licence terms", "whose": "market-regulation"}


@pytest.fixture
def add(client_for: Any) -> Any:
    """Add a text the way a browser does, and return its row."""

    def post(who: str, **changes: str) -> Phrase:
        assert client_for(who).post(PAGE, TEXT | changes).status_code == 302
        return Phrase.objects.latest("pk")

    return post


def test_it_works(client_for: Any, add: Any) -> None:
    add("chenli")
    page = client_for("chenli").get(PAGE)
    assert [line["row"].title for line in page.context["mine"]] == ["Layout fits"]
    assert TEXT["words"] in page.text
    assert PAGE in client_for("chenli").get("/desk/").text


def test_where_it_is_offered_is_said(client_for: Any, add: Any, at_step: Any) -> None:
    at_step("review")
    add("hejun", act="review", matter="food-business-licence")
    assert client_for("hejun").get(PAGE).context["mine"][0]["where"] == "Review · Food business licence (catering)"


@pytest.mark.parametrize("missing", ["title", "words"])
def test_a_text_has_a_name_and_words(client_for: Any, missing: str) -> None:
    page = client_for("chenli").post(PAGE, TEXT | {missing: "  "})
    assert page.status_code == 422
    other = {"title": "words", "words": "title"}[missing]
    assert TEXT[other] in page.text
    assert not Phrase.objects.exists()


def test_change_it(client_for: Any, add: Any) -> None:
    row = add("chenli")
    path = f"{PAGE}{row.pk}/"
    assert TEXT["words"] in client_for("chenli").get(path).text
    changed = TEXT | {"words": "Raw and cooked food are apart.", "version": "1"}
    assert client_for("chenli").post(path, changed).status_code == 302
    row.refresh_from_db()
    assert (row.words, row.version) == ("Raw and cooked food are apart.", 2)


def test_two_change_the_same(client_for: Any, add: Any) -> None:
    row = add("hejun", **SHARED)
    path = f"{PAGE}{row.pk}/"
    assert client_for("huangyan").post(path, TEXT | {"words": "By Huang.", "version": "1"}).status_code == 302
    late = client_for("hejun").post(path, TEXT | {"words": "By He.", "version": "1"})
    assert late.status_code == 409
    assert "By Huang." in late.text
    assert "By He." in late.text
    row.refresh_from_db()
    assert row.words == "By Huang."
    again = client_for("hejun").post(path, TEXT | {"words": "By He.", "version": str(late.context["row"].version)})
    assert again.status_code == 302


def test_take_it_out_and_put_it_back(client_for: Any, add: Any) -> None:
    row = add("chenli")
    browser = client_for("chenli")
    assert browser.post(f"{PAGE}{row.pk}/remove").status_code == 302
    page = browser.get(PAGE)
    assert not page.context["mine"]
    assert [line["row"].id for line in page.context["removed"]] == [row.pk]
    assert browser.get(f"{PAGE}{row.pk}/").status_code == 404
    assert browser.post(f"{PAGE}{row.pk}/restore").status_code == 302
    assert [line["row"].id for line in browser.get(PAGE).context["mine"]] == [row.pk]


def test_what_was_taken_out_is_let_go_of_after_thirty_days(client_for: Any, add: Any) -> None:
    row = add("chenli")
    client_for("chenli").post(f"{PAGE}{row.pk}/remove")
    assert sweep_phrases(at=timezone.now() + timedelta(days=29)) == 0
    assert sweep_phrases(at=timezone.now() + timedelta(days=31)) == 1
    assert not Phrase.objects.exists()


def test_a_departments_text_is_read_by_all_there_and_kept_by_some(client_for: Any, add: Any) -> None:
    row = add("hejun", **SHARED)
    colleague = client_for("chenli")
    page = colleague.get(PAGE)
    assert [line["row"].id for line in page.context["shared"]] == [row.pk]
    assert f"{PAGE}{row.pk}/remove" not in page.text
    assert colleague.get(f"{PAGE}{row.pk}/words").text == TEXT["words"]
    assert colleague.get(f"{PAGE}{row.pk}/").status_code == 302
    assert colleague.post(f"{PAGE}{row.pk}/", TEXT | {"version": "1"}).status_code == 302
    assert colleague.post(f"{PAGE}{row.pk}/remove").status_code == 403
    assert colleague.post(f"{PAGE}{row.pk}/restore").status_code == 403
    row.refresh_from_db()
    assert (row.version, row.removed_at) == (1, None)


def test_a_handler_adds_none_for_the_department(client_for: Any) -> None:
    client_for("chenli").post(PAGE, SHARED)  # the form does not even ask for whom
    assert Phrase.objects.get().department_id is None


def test_nor_a_decider_for_another_department(client_for: Any) -> None:
    assert client_for("hejun").post(PAGE, TEXT | {"whose": "fire-rescue"}).status_code == 422
    assert not Phrase.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("hejun", 404), ("luhao", 404), ("linxiaomei", 403), ("", 302)])
def test_ones_own_is_ones_own(client_for: Any, add: Any, who: str, status: int) -> None:
    row = add("chenli")
    browser = client_for(who)
    assert browser.get(f"{PAGE}{row.pk}/").status_code == status
    assert browser.get(f"{PAGE}{row.pk}/words").status_code == status
    for what in ("", "remove", "restore"):
        assert browser.post(f"{PAGE}{row.pk}/{what}", TEXT | {"version": "1"}).status_code == status
    listing = browser.get(PAGE)
    assert listing.status_code == (200 if status == 404 else status)
    assert TEXT["words"] not in listing.text
    row.refresh_from_db()
    assert (row.version, row.removed_at) == (1, None)


def test_another_department_sees_none_of_it(client_for: Any, add: Any) -> None:
    row = add("hejun", **SHARED)
    assert not client_for("luhao").get(PAGE).context["shared"]
    assert client_for("luhao").get(f"{PAGE}{row.pk}/words").status_code == 404


def test_the_list_stays_short_enough_to_find_something(client_for: Any, user_for: Any) -> None:
    own = {"user": user_for("chenli"), "words": "x", "changed_at": timezone.now()}
    Phrase.objects.bulk_create(Phrase(**own, title=str(number)) for number in range(MOST))
    full = client_for("chenli").post(PAGE, TEXT)
    assert full.status_code == 422
    assert f"There are {MOST} texts already" in full.text
    assert TEXT["words"] in full.text
    assert Phrase.objects.count() == MOST


def test_as_many_queries_for_many_as_for_one(
    client_for: Any, user_for: Any, add: Any, django_assert_max_num_queries: Any
) -> None:
    add("chenli", matter="")
    browser = client_for("chenli")
    browser.get(PAGE)
    with django_assert_max_num_queries(100) as one:
        browser.get(PAGE)
    own = {"user": user_for("chenli"), "words": "x", "changed_at": timezone.now()}
    Phrase.objects.bulk_create(Phrase(**own, title=str(number)) for number in range(30))
    with django_assert_max_num_queries(len(one)):
        browser.get(PAGE)
