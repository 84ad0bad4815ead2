"""A ready-made text goes into an opinion or a reason with a press, and can be changed before it is sent."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task
from tongban.apps.desks.services import add_phrase, remove_phrase

pytestmark = pytest.mark.django_db

WORDS = "The layout keeps raw and cooked food apart."


@pytest.fixture
def phrase(actor_for: Any) -> Any:
    """Keep a text for somebody, as the domain does."""
    from django.utils import timezone

    def keep(who: str, **changes: str) -> int:
        facts = {"title": "Layout fits", "words": WORDS} | changes
        return int(add_phrase(actor=actor_for(who), at=timezone.now(), **facts))

    return keep


def _written(page: Any, command: str, name: str = "opinion") -> str:
    cards = [card for group in page.context["steps"] for card in (*group["main"], *group["more"])]
    card = next(card for card in cards if card.command.name == command)
    return next(str(field.value) for field in card.fields if field.name == name)


def test_it_works(give: Any, at_step: Any, phrase: Any, client_for: Any, untouched: Any) -> None:
    number = at_step("handle")
    no = phrase("chenli")
    same = untouched(number)
    assert f'<option value="{no}">Layout fits</option>' in client_for("chenli").get(f"/desk/cases/{number}/").text
    page = give("chenli", number, "complete", insert="yes", phrase=no)
    assert page.status_code == 200
    assert _written(page, "complete") == WORDS
    assert page.context["errors"] is None
    assert "Choose a result." not in page.text
    assert same()
    changed = f"{WORDS} Two sinks."
    assert give("chenli", number, "complete", outcome="pass", opinion=changed).status_code == 302
    assert Task.objects.get(case=number, node="handle").opinion == changed


def test_nothing_that_was_written_is_lost(give: Any, at_step: Any, phrase: Any) -> None:
    number = at_step("handle")
    no = phrase("chenli")
    page = give("chenli", number, "complete", insert="yes", phrase=no, outcome="fail", opinion="First seen on Monday. ")
    assert _written(page, "complete") == f"First seen on Monday.\n{WORDS}"
    card = next(card for card in page.context["steps"][0]["main"] if card.command.name == "complete")
    assert card.open
    assert [option.value for field in card.fields for option in field.options if option.selected] == ["fail"]


def test_pressed_without_a_choice_nothing_changes(give: Any, at_step: Any, phrase: Any, untouched: Any) -> None:
    number = at_step("decide")
    phrase("hejun")
    same = untouched(number)
    page = give("hejun", number, "decide", insert="yes", phrase="", outcome="denied", reason="Not yet.")
    assert page.status_code == 200
    assert _written(page, "decide", "reason") == "Not yet."
    assert same()


def test_it_is_not_taken_for_a_decision(give: Any, at_step: Any, phrase: Any, untouched: Any) -> None:
    number = at_step("decide")
    no = phrase("hejun")
    same = untouched(number)
    page = give("hejun", number, "decide", insert="yes", phrase=no, outcome="granted", confirmed="yes")
    assert _written(page, "decide", "reason") == WORDS
    assert same()


def test_only_where_it_fits(at_step: Any, give: Any, phrase: Any, client_for: Any) -> None:
    number = at_step("handle")
    fits = phrase("chenli", act="handle", matter="food-business-licence")
    other_step, other_matter = phrase("chenli", act="inspect"), phrase("chenli", matter="restaurant-opening")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    card = next(card for card in page.context["steps"][0]["main"] if card.command.name == "complete")
    assert [row.id for row in card.ready.rows] == [fits]
    for no in (other_step, other_matter):
        assert _written(give("chenli", number, "complete", insert="yes", phrase=no), "complete") == ""


def test_not_what_others_keep_for_themselves(at_step: Any, give: Any, phrase: Any, client_for: Any) -> None:
    number = at_step("handle")
    own, shared = phrase("hejun"), phrase("hejun", department="market-regulation", title="For all of us")
    fire = phrase("huangyan", title="Somebody else's")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert "For all of us" in page.text
    assert "Somebody else" not in page.text
    for no, words in ((own, ""), (fire, ""), ("what", ""), (shared, WORDS)):
        assert _written(give("chenli", number, "complete", insert="yes", phrase=no), "complete") == words


def test_not_what_was_taken_out(at_step: Any, give: Any, phrase: Any, actor_for: Any) -> None:
    from django.utils import timezone

    number = at_step("handle")
    no = phrase("chenli")
    remove_phrase(phrase=no, actor=actor_for("chenli"), at=timezone.now())
    assert _written(give("chenli", number, "complete", insert="yes", phrase=no), "complete") == ""


def test_when_a_colleague_was_faster_the_words_are_to_be_copied(at_step: Any, give: Any, act: Any, phrase: Any) -> None:
    number = at_step("handle")
    task = Task.objects.get(case=number, node="handle").no
    no = phrase("chenli")
    act(number, "complete", by="huangyan", node="handle", outcome="pass", opinion="Seen.")
    late = give("chenli", number, "complete", task=task, insert="yes", phrase=no, opinion="My own words.")
    assert late.status_code == 409
    assert "My own words." in late.text


def test_strangers_put_in_nothing(at_step: Any, give: Any, phrase: Any, untouched: Any) -> None:
    number = at_step("handle")
    no = phrase("chenli")
    same = untouched(number)
    for who, status in (("songwei", 404), ("linxiaomei", 403), ("", 302)):
        assert give(who, number, "complete", insert="yes", phrase=no).status_code == status
    assert same()


def test_as_many_queries_with_many_texts_as_with_one(
    at_step: Any, phrase: Any, client_for: Any, django_assert_max_num_queries: Any
) -> None:
    number = at_step("handle")
    phrase("chenli")
    browser = client_for("chenli")
    browser.get(f"/desk/cases/{number}/")
    with django_assert_max_num_queries(200) as one:
        browser.get(f"/desk/cases/{number}/")
    for _ in range(20):
        phrase("chenli")
    with django_assert_max_num_queries(len(one)):
        browser.get(f"/desk/cases/{number}/")
