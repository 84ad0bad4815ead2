"""The guide: a question at a time, all of it in the address; then exactly what applies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.orders.conftest import HERE

pytestmark = pytest.mark.django_db
GUIDE = "/bundles/trial-baby/guide/"


def test_it_works(client_for: Callable[[str], Client]) -> None:
    client = client_for("")
    first = client.get(GUIDE)
    assert "Where is home?" in first.text
    assert (first.context["number"], first.context["total"]) == (1, 2)
    second = client.get(GUIDE, {"home": "here", "asked": "home"})
    assert "Are the parents married?" in second.text
    assert '<input type="hidden" name="home" value="here">' in second.text
    result = client.get(GUIDE, HERE)
    assert "2 matters apply to you" in result.text
    assert "It needs the baby&#x27;s number." in result.text
    assert "First, in one go" in result.text
    assert "Then, once that is granted" in result.text
    assert "You do not need to bring anything." in result.text
    assert [each.answer for each in result.context["answered"]] == ["Here", "Yes"]
    assert result.context["start_url"] == "/bundles/trial-baby/start?home=here&married=yes"


def test_a_paper_is_named_once(client_for: Callable[[str], Client]) -> None:
    result = client_for("").get(GUIDE, HERE)
    names = [paper.spec.name.en for paper in result.context["plan"].on_file]
    assert len(names) == len(set(names))
    shop = client_for("").get("/bundles/trial-shop/guide/")
    assert [paper.name for paper in shop.context["plan"].to_bring] == ["food-business-licence.floor_plan"]
    assert "once, for 2 matters" in shop.text


def test_a_question_that_does_not_apply_is_not_asked(client_for: Callable[[str], Client]) -> None:
    result = client_for("").get(GUIDE, {"home": "done"})
    assert "1 matter applies to you" in result.text
    assert "Filed in one go" in result.text


def test_nothing_may_apply(client_for: Callable[[str], Client]) -> None:
    result = client_for("").get(GUIDE, {"home": "elsewhere", "married": "yes"})
    assert "There is nothing for you to do here" in result.text
    assert "/start" not in result.text
    assert len(result.context["answered"]) == 1


def test_going_on_without_an_answer_is_told(client_for: Callable[[str], Client]) -> None:
    page = client_for("").get(GUIDE, {"asked": "home"})
    assert page.status_code == 422
    assert "Please choose one of these" in page.text
    assert "Error:" in page.text


def test_back_and_change(client_for: Callable[[str], Client]) -> None:
    client = client_for("")
    assert client.get(GUIDE).context["back"] == "/bundles/trial-baby/"
    assert client.get(GUIDE, {"home": "here"}).context["back"] == GUIDE
    result = client.get(GUIDE, HERE)
    assert result.context["back"] == f"{GUIDE}?home=here"
    change = result.context["answered"][0].url
    page = client.get(change)
    assert page.context["field"].value == "here"
    assert page.context["kept"] == {"married": "yes"}
    changed = client.get(GUIDE, {"married": "yes", "home": "done", "asked": "home"})
    assert "1 matter applies to you" in changed.text


@pytest.mark.parametrize("query", ["home=nowhere", "home=here&home=", "change=unknown", "married=yes", "x=1"])
def test_made_up_addresses_ask(client_for: Callable[[str], Client], query: str) -> None:
    assert "Where is home?" in client_for("").get(f"{GUIDE}?{query}").text


def test_no_such_bundle(client_for: Callable[[str], Client]) -> None:
    for path in ("/bundles/nothing/", "/bundles/nothing/guide/"):
        page = client_for("").get(path)
        assert page.status_code == 404
        assert "There is no such life event" in page.text


def test_the_listing_and_a_page(client_for: Callable[[str], Client]) -> None:
    client = client_for("")
    assert "A trial: the baby" in client.get("/bundles/").text
    page = client.get("/bundles/trial-baby/")
    assert "Together, or one by one" in page.text
    assert page.context["plan"].questions < page.context["plan"].questions_apart
    assert "At most 2 questions" in page.text
    assert "No questions" in client.get("/bundles/trial-shop/").text
    assert "Nobody comes." in client.get("/bundles/trial-shop/").text


def test_the_papers_are_those_that_the_reader_still_lacks(
    client_for: Callable[..., Client], actor_for: Callable[[str], Any]
) -> None:
    """Signed in, the result says which certificate of the reader's serves; to everybody else it says nothing of it."""
    from tongban.apps.cases.operations import holder_key
    from tongban.apps.evidence.models import Certificate

    Certificate.objects.create(
        identifier="test-1",
        case=1,
        matter="company-registration",
        name_zh="营业执照",
        name_en="Business licence",
        authority_id="market-regulation",
        holder="林晓梅小吃店",
        holder_hash=holder_key(person_id=actor_for("linxiaomei").person_id, organisation_code=None),
        issued_at=timezone.now(),
        valid_until=timezone.localdate() + timedelta(days=30),
        fields=[],
    )
    path = "/bundles/restaurant/guide/?licence=have&premises=takeover&sign=no&outside=no&certificate=yes"
    own = client_for("linxiaomei").get(path).text
    assert "you have it already" in own
    assert "林晓梅小吃店" in own
    for other in ("", "wuxiaochuan", "chenli"):
        page = client_for(other).get(path)
        assert page.status_code == 200
        assert "no need to bring it" in page.text
        assert "林晓梅小吃店" not in page.text
    Certificate.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "you have it already" not in client_for("linxiaomei").get(path).text
