"""All read what people said in public, where it stands and what was answered; "me too" counts each once."""

from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.voice.services import publish

pytestmark = pytest.mark.django_db

NIGHT = "滨河路工地夜里十一点还在打桩，睡不着。"


@pytest.fixture
def public(say: Any, actor_for: Any) -> Any:
    def make(text: str = NIGHT, **words: Any) -> int:
        number: int = say(text, by="wuxiaochuan", published=True, **words)
        publish(number=number, subject=text[:6], text=text, actor=actor_for("xuhong"), at=timezone.now())
        return number

    return make


def test_it_works(client_for: Any, public: Any, act: Any) -> None:
    number = public()
    page = client_for("").get("/voices/")
    assert NIGHT[:6] in page.text
    one = client_for("").get(f"/voices/{number}/")
    assert NIGHT in one.text
    assert "whose task it is" in one.text
    act(number, "dispatch", by="xuhong", department="ecology-environment", reason="")
    act(number, "accept", by="xuhong")
    assert "looks into it and answers by" in client_for("").get(f"/voices/{number}/").text


def test_what_is_not_public_is_not_there(client_for: Any, say: Any) -> None:
    number = say(NIGHT, by="wuxiaochuan", published=True)
    assert client_for("").get(f"/voices/{number}/").status_code == 404
    assert NIGHT not in client_for("").get("/voices/").text


def test_names_of_speakers_are_nowhere(client_for: Any, public: Any) -> None:
    number = public()
    for address in ("/voices/", f"/voices/{number}/"):
        page = client_for("").get(address).text
        assert "吴" not in page
        assert "13900000004" not in page


def test_it_is_narrowed_and_what_is_made_up_narrows_nothing(client_for: Any, public: Any) -> None:
    public(district="361701")
    client = client_for("")
    assert NIGHT[:6] in client.get("/voices/?district=361701").text
    assert NIGHT[:6] not in client.get("/voices/?district=361702").text
    assert NIGHT[:6] in client.get("/voices/?unanswered=1").text
    assert NIGHT[:6] in client.get("/voices/?district=1&category=2&department=3&after=4").text


def test_pages_follow_each_other(client_for: Any, public: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongban.web.voice import listing

    monkeypatch.setattr(listing, "_PAGE", 2)
    texts = [f"第{each}件：工地夜里打桩太吵" for each in range(5)]
    for text in texts:
        public(text)
    client, address, seen = client_for(""), "/voices/", ""
    for _page in range(3):
        page = client.get(address).text
        seen += page
        if 'rel="next"' not in page:
            break
        address = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    for text in texts:
        assert seen.count(text[:6] + "</a>") == 1


def test_the_list_reads_no_more_for_more(client_for: Any, public: Any, django_assert_max_num_queries: Any) -> None:
    client = client_for("")
    public()
    client.get("/voices/")
    with django_assert_max_num_queries(20) as one:
        client.get("/voices/")
    for _each in range(6):
        public()
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get("/voices/")


def test_me_too_is_for_who_has_signed_in_and_counts_once(client_for: Any, public: Any) -> None:
    number = public()
    assert client_for("").post(f"/voices/{number}/me-too/").status_code == 302
    client = client_for("linxiaomei")
    for _press in range(2):
        client.post(f"/voices/{number}/me-too/")
    page = client.get(f"/voices/{number}/").text
    assert "2 people say so" in page
    assert "You have said “me too”" in page
    client.post(f"/voices/{number}/me-too/", {"back": "1"})
    assert "2 people say so" not in client.get(f"/voices/{number}/").text


def test_me_too_to_what_is_not_public_is_not_found(client_for: Any, say: Any) -> None:
    number = say(NIGHT, by="wuxiaochuan")
    assert client_for("linxiaomei").post(f"/voices/{number}/me-too/").status_code == 404


def test_it_leads_to_what_others_said_of_the_same(
    client_for: Any, say_often: Any, gather: Any, follow_log: Any, actor_for: Any
) -> None:
    numbers = say_often("桂花苑小区工地夜间打桩", 3, published=True)
    follow_log("voice")
    publish(number=numbers[0], subject="夜间打桩", text="工地夜间打桩", actor=actor_for("xuhong"), at=timezone.now())
    gather()
    page = client_for("").get(f"/voices/{numbers[0]}/").text
    assert "3 people speak of the same" in page
    there = page.split("/voices/topics/")[1].split("/")[0]
    assert client_for("").get(f"/voices/topics/{there}/").status_code == 200
