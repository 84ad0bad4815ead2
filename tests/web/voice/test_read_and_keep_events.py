"""Everybody reads what is verified of an event and what government says; who keeps it does so from one page."""

from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import WATER

from tongban.apps.channels.models import Notice
from tongban.apps.voice.models import Inquiry, Room, RoomStatement

FIRST = "水质正在检测，结果出来前请先不要饮用。"
SECOND = "水质已经检测合格，可以放心饮用。"
FACT = {"what": "fact", "words": "主管破裂，已经修好。", "source": "市供水公司", "known_at": "2026-03-02T09:00"}


@pytest.fixture
def path(client_for: Any, city: Any) -> str:
    client_for("xuhong").post("/desk/events/", {"title": "自来水发黄", "signal": "居民群里的照片"})
    return f"/desk/events/{Room.objects.get().number}/"


def public(path: str) -> str:
    return path.removeprefix("/desk")


def test_it_works(client_for: Any, path: str) -> None:
    keeper, speaker, reader = client_for("xuhong"), client_for("luqing"), client_for()
    assert reader.get(public(path)).status_code == 404
    keeper.post(path, FACT)
    keeper.post(path, {"what": "draft", "words": FIRST})
    assert FIRST in speaker.get(path).text
    assert FIRST not in reader.get(public(path)).text
    assert "Publish this statement?" in speaker.post(path, {"what": "state", "words": FIRST}).text
    assert not RoomStatement.objects.exists()
    for words in (FIRST, SECOND):
        speaker.post(path, {"what": "state", "words": words, "confirmed": "yes"})
    page = reader.get(public(path)).text
    assert SECOND in page
    assert "<ins>" in page
    assert "市供水公司" in page
    assert "自来水发黄" in reader.get("/events/").text


def test_what_is_withdrawn_is_struck_through(client_for: Any, path: str) -> None:
    keeper = client_for("xuhong")
    keeper.post(path, FACT)
    entry = Room.objects.get().entries.get()
    keeper.post(path, {"what": "withdraw", "entry": str(entry.pk)})
    page = keeper.get(public(path)).text
    assert "<del>主管破裂" in page
    assert "Withdrawn" in page


def test_what_is_wrong_is_told_and_stays_typed(client_for: Any, path: str) -> None:
    keeper = client_for("xuhong")
    page = keeper.post(path, FACT | {"source": ""})
    assert page.status_code == 409
    assert "主管破裂，已经修好。" in page.text
    page = keeper.post("/desk/events/", {"title": "自来水", "topic": "not a number"})
    assert page.status_code == 422
    assert keeper.post("/desk/events/", {"title": "自来水"}).status_code == 422


def test_what_is_over_is_closed_after_one_question(client_for: Any, path: str) -> None:
    keeper = client_for("xuhong")
    assert "Close this event?" in keeper.post(path, {"what": "close"}).text
    keeper.post(path, {"what": "close", "confirmed": "yes"})
    assert Room.objects.get().closed_at is not None
    assert keeper.post(path, FACT).status_code == 200
    assert not Room.objects.get().entries.exists()


@pytest.mark.parametrize(("who", "status"), [("chenli", 403), ("liangchen", 403), ("linxiaomei", 403), ("", 302)])
def test_rooms_are_for_who_keeps_them(client_for: Any, path: str, who: str, status: int) -> None:
    client_for("xuhong").post(path, FACT)
    client = client_for(who)
    assert client.get("/desk/events/").status_code == status
    assert client.get(path).status_code == status
    client.post(path, {"what": "close", "confirmed": "yes"})
    assert Room.objects.get().closed_at is None
    assert client.get(public(path)).status_code == 200
    assert client.get("/events/").status_code == 200


def test_whoever_said_it_reads_it_from_the_inbox(client_for: Any, say: Any, gather: Any, follow_log: Any) -> None:
    said = [say(f"{WATER}，请管一管。", by=who, subject=WATER) for who in ("wuxiaochuan", "linxiaomei")]
    gather()
    topic = Inquiry.objects.get(pk=said[0]).topic
    keeper = client_for("xuhong")
    assert f"/desk/events/?topic={topic}" in keeper.get(f"/desk/topics/{topic}/").text
    keeper.post("/desk/events/", {"title": "自来水发黄", "topic": str(topic)})
    number = Room.objects.get().number
    speaker = client_for("luqing")
    speaker.post(f"/desk/events/{number}/", {"what": "state", "words": FIRST, "confirmed": "yes"})
    follow_log("events")
    reader = client_for("wuxiaochuan")
    assert "Government speaks of what you reported" in reader.get("/inbox/").text
    notice = Notice.objects.get(kind="event_stated", person__user__username="wuxiaochuan")
    assert reader.get(f"/inbox/{notice.pk}/").headers["Location"] == f"/events/{number}/"
    assert "too early to say" in reader.get(f"/events/{number}/").text
    assert timezone.now() >= notice.at
    assert f"/desk/events/{number}/" in keeper.get(f"/desk/topics/{topic}/").text
