"""Somebody says something to government on the web: signed in, under another name, or as nobody on file."""

from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.voice.models import Inquiry

pytestmark = pytest.mark.django_db

NIGHT = "滨河路二十号旁边的工地夜里十一点还在打桩，连着三天了，老人孩子都睡不着。"


def test_it_works(client_for: Any, a_photo: Any, actor_for: Any) -> None:
    client = client_for("wuxiaochuan")
    assert "What would you like to say?" in client.get("/speak/").text
    given = {"text": NIGHT, "kind": "complaint", "district": "361701", "place": "滨河路", "photos": a_photo()}
    answer = client.post("/speak/", given | {"published": "on"})
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.number}/"
    assert case.person_id == actor_for("wuxiaochuan").person_id
    assert case.materials.count() == 1
    row = Inquiry.objects.get()
    assert (row.kind, row.may_publish, row.channel) == ("complaint", True, "web")
    assert "It is sent" in client.get(answer["Location"]).text


def test_somebody_who_has_not_signed_in_gives_a_telephone_and_tracks_by_it(client_for: Any) -> None:
    client = client_for("")
    assert "Give a mobile number" in client.post("/speak/", {"text": NIGHT}).text
    wrong = client.post("/speak/", {"text": NIGHT, "phone": "1234"})
    assert wrong.status_code == 422
    assert NIGHT in wrong.text
    answer = client.post("/speak/", {"text": NIGHT, "phone": "139 1234 5678", "name": "路过的人"})
    assert answer["Location"] == "/speak/said/"
    case = Case.objects.get()
    assert (case.person_id, case.applicant_name) == (None, "路过的人")
    page = client.get("/speak/said/").text
    assert f"{case.number:016d}"[:4] in page
    found = client.post("/track/", {"number": str(case.number), "phone": "5678"})
    assert found["Location"] == "/track/case/"
    assert client.get("/track/case/").status_code == 200


@pytest.mark.parametrize(
    ("text", "words"), [("", "Say what it is about"), ("吵", "Say a little more"), ("吵" * 5001, "at most 5000")]
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client_for: Any, text: str, words: str) -> None:
    answer = client_for("wuxiaochuan").post("/speak/", {"text": text, "place": "滨河路 20 号"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "滨河路 20 号" in answer.text
    assert not Case.objects.exists()


def test_a_file_that_is_none_is_refused_with_its_cure(client_for: Any, a_photo: Any) -> None:
    answer = client_for("wuxiaochuan").post("/speak/", {"text": NIGHT, "photos": a_photo(content=b"MZ no picture")})
    assert answer.status_code == 422
    assert NIGHT in answer.text
    assert not Case.objects.exists()


def test_too_many_files_are_told(client_for: Any, a_photo: Any) -> None:
    answer = client_for("wuxiaochuan").post("/speak/", {"text": NIGHT, "photos": [a_photo() for _ in range(10)]})
    assert "At most 9 files" in answer.text
    assert not Case.objects.exists()


def test_what_others_said_is_shown_before_it_is_sent(client_for: Any, say: Any, actor_for: Any) -> None:
    from tongban.apps.voice.services import publish

    number = say(NIGHT, by="linxiaomei", published=True)
    other = say("村里的水渠三年没修了，庄稼浇不上水。", by="linxiaomei", published=True)
    for each, words in ((number, "滨河路工地夜里打桩"), (other, "水渠没修")):
        publish(number=each, subject=words, text=words + "，睡不着", actor=actor_for("xuhong"), at=timezone.now())
    client = client_for("")
    page = client.post("/speak/", {"text": "滨河路工地夜里一直打桩", "look": "1"})
    assert page.status_code == 200
    assert "滨河路工地夜里打桩" in page.text
    assert "水渠没修" not in page.text
    piece = client.post("/speak/similar/", {"text": "滨河路工地夜里一直打桩"})
    assert "滨河路工地夜里打桩" in piece.text
    assert "<html" not in piece.text
    assert Case.objects.count() == 2


def test_what_was_taken_back_is_not_shown(client_for: Any, say: Any, actor_for: Any) -> None:
    from tongban.apps.voice.services import publish, withhold

    number = say(NIGHT, by="linxiaomei", published=True)
    publish(number=number, subject="", text="滨河路工地夜里打桩", actor=actor_for("xuhong"), at=timezone.now())
    client = client_for("")
    assert "滨河路工地" in client.post("/speak/similar/", {"text": "滨河路工地夜里一直打桩"}).text
    withhold(number=number, reason="personal", actor=actor_for("xuhong"), at=timezone.now())
    assert "滨河路工地夜里打桩" not in client.post("/speak/similar/", {"text": "滨河路工地夜里一直打桩"}).text


def test_nobody_speaks_without_end(client_for: Any, settings: Any) -> None:
    settings.RATE_SPEAKING = "2/h"
    client = client_for("wuxiaochuan")
    answers = [client.post("/speak/", {"text": f"{NIGHT}{each}"}).status_code for each in range(3)]
    assert answers == [302, 302, 429]


def test_the_piece_has_its_own_limit(client_for: Any, settings: Any) -> None:
    settings.RATE_SIMILAR = "1/m"
    client = client_for("")
    assert [client.post("/speak/similar/", {"text": NIGHT}).status_code for _ in range(2)] == [200, 429]


def test_without_having_said_anything_there_is_no_number(client_for: Any) -> None:
    assert client_for("").get("/speak/said/")["Location"] == "/speak/"
