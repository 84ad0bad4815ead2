"""A resident reads what a matter takes before beginning."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(city: object) -> Client:
    return Client(headers={"accept-language": "en"})


def test_it_works(client: Client) -> None:
    page = client.get("/matters/food-business-licence/")
    assert page.status_code == 200
    for words in ("8 working days", "20 working days", "Floor plan of the", "no need to bring it", "Start now"):
        assert words in page.text


def test_the_process_is_drawn_for_wide_and_narrow_and_told_in_words(client: Client) -> None:
    page = client.get("/matters/food-business-licence/")
    assert page.text.count("<svg") >= 2
    titles = [step.title.en for step in page.context["steps"]]
    assert titles.index("Accept") < titles.index("Decide") < titles.index("Deliver")
    inspection = next(step for step in page.context["steps"] if step.node == "inspect")
    assert inspection.special
    assert "does not count" in inspection.text


def test_without_figures_nothing_is_claimed(client: Client) -> None:
    stats = {stat["label"]: stat for stat in client.get("/matters/food-business-licence/").context["stats"]}
    assert not {"Rating", "Half are done within", "Nine of ten within", "Decided this year"} & set(stats)
    assert stats["Time really taken"]["value"] == "not enough cases yet"


def test_it_speaks_chinese(client: Client) -> None:
    page = client.get("/matters/food-business-licence/", headers={"accept-language": "zh-hans"})
    assert "食品经营许可（餐饮服务）" in page.text
    assert 'lang="zh-Hans"' in page.text


def test_an_unknown_matter_is_said_so(client: Client) -> None:
    page = client.get("/matters/flying-to-the-moon/")
    assert page.status_code == 404
    assert "There is no such matter" in page.text


def test_nothing_inline_that_the_policy_would_refuse(client: Client) -> None:
    page = client.get("/matters/food-business-licence/").text
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(("code", "told"), [("senior-card", True), ("household-cancellation", False)])
def test_only_where_a_rule_decides_is_it_said_that_one_does(client: Client, code: str, told: bool) -> None:
    assert ("The rule is published and applied at once" in client.get(f"/matters/{code}/").text) is told
