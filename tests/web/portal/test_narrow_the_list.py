"""A resident narrows the list of matters: by topic, by department, by who they are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.catalog.models import Matter
from tongban.apps.catalog.queries import find_matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(city: object) -> Client:
    return Client(headers={"accept-language": "en"})


def test_it_works(client: Client) -> None:
    page = client.get("/matters/", {"served": "2", "authority": "market-regulation"})
    found = page.context["found"]
    assert 0 < found.total < client.get("/matters/").context["found"].total
    for row in found.items:
        assert "2" in row.served
        assert row.authority == "market-regulation"
    assert "A company or shop" in page.text
    assert "Market Regulation" in page.text
    assert "Clear all choices" in page.text


def test_counts_say_what_a_choice_leaves(client: Client) -> None:
    for menu in client.get("/matters/", {"topic": "business"}).context["menus"]:
        for choice in menu.choices:
            assert client.get(choice.url).context["found"].total == choice.count, choice


def test_choices_are_kept_with_words_and_pages(client: Client) -> None:
    everything = client.get("/matters/")
    assert everything.context["next_url"].endswith("from=20")
    page = client.get("/matters/", {"q": "补贴", "served": "1", "topic": "family"})
    for menu in page.context["menus"]:
        for choice in menu.choices:
            assert "q=%E8%A1%A5%E8%B4%B4" in choice.url
            assert "topic=family" in choice.url
    assert '<input type="hidden" name="served" value="1">' in page.text
    second = client.get("/matters/", {"served": "1", "from": "20"})
    assert "served=1" in second.context["previous_url"]


def test_words_and_choices_that_leave_nothing_lead_on(client: Client) -> None:
    page = client.get("/matters/", {"q": "养老金", "topic": "transport"})
    assert page.context["found"].total == 0
    assert "Look for the same words in all matters" in page.text
    assert page.context["words_alone_url"] == "/matters/?q=%E5%85%BB%E8%80%81%E9%87%91"
    assert page.context["topics"]
    assert all("q=" not in way.url for way in page.context["topics"])


def test_words_that_fit_nothing_lead_to_topics_departments_and_the_hotline(client: Client) -> None:
    page = client.get("/matters/", {"q": "zzqxv"})
    assert "Nothing fits" in page.text
    assert "Or look by what it is about" in page.text
    assert "tel:12345" in page.text
    assert [menu.label for menu in page.context["menus"]] == ["For whom", "Department"]


@pytest.mark.parametrize(("typed", "meant"), [("低宝", "低保"), ("shenfenzheng", "身份证"), ("nosie", "noise")])
def test_what_was_mended_is_said(client: Client, typed: str, meant: str) -> None:
    page = client.get("/matters/", {"q": typed})
    assert f"We read it as “{meant}”." in page.text


def test_what_was_typed_right_is_not_commented_on(client: Client) -> None:
    assert "We read it as" not in client.get("/matters/", {"q": "身份证"}).text


@pytest.mark.parametrize("made_up", ["nonsense", "9", "'; --", "<b>"])
def test_a_made_up_choice_is_no_fault(client: Client, made_up: str) -> None:
    for name in ("topic", "served", "authority"):
        page = client.get("/matters/", {name: made_up})
        assert page.status_code == 200
        assert "<b>" not in page.text


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_matters(on=timezone.localdate(), served="1", limit=20)
            find_matters(on=timezone.localdate(), text="补贴", limit=20)
        return len(queries)

    count()
    before = count()
    rows = list(Matter.objects.all())
    for number, row in enumerate(rows * 4):
        version = row.versions.first()
        assert version is not None
        row.pk = f"{row.pk}-{number}"[:64]
        row.save(force_insert=True)
        version.pk, version.matter = None, row
        version.save(force_insert=True)
    assert Matter.objects.count() == 5 * len(rows)
    count()
    assert count() == before
