"""From a picture to what a person says that it says; the reader is played, what it sees is as it tells it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from tongban.apps.evidence.models import StoredFile
from tongban.apps.recognition.errors import (
    NotConfirmed,
    ReaderFailed,
    TooManyReadings,
    UnknownReading,
)
from tongban.apps.recognition.models import Reading
from tongban.apps.recognition.process import Reader
from tongban.apps.recognition.queries import get_reading, get_taken, has_waiting
from tongban.apps.recognition.services import (
    begin_reading,
    confirm_reading,
    forget_reading,
    read_next,
    sweep_readings,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PICTURE = b"\xff\xd8\xff\xe0" + b"0" * 64
NUMBER = "361799198805140027"


def _line(number: int, text: str, *, sure: float = 1.0) -> dict[str, Any]:
    top, right = 100.0 * number, 40.0 * len(text)
    corners = [[0, top], [right, top], [right, top + 40], [0, top + 40]]
    return {"number": number, "text": text, "sureness": [sure] * len(text), "corners": corners}


CARD = [
    _line(0, "姓名林晓梅", sure=0.8),
    _line(1, "性别女"),
    _line(2, "出生1988年5月14日"),
    _line(3, f"公民身份号码{NUMBER}"),
]


class _Played:
    def __init__(self, *lines: Mapping[str, Any]) -> None:
        self.lines = lines

    def read(self, content: bytes) -> dict[str, Any]:
        assert content == PICTURE
        return {"lines": list(self.lines), "strips": {str(line["number"]): "c3RyaXA=" for line in self.lines}}


class _Broken:
    def read(self, content: bytes) -> dict[str, Any]:
        raise ReaderFailed


def _begun(*, by: str = "user:1", at: datetime = AT) -> Any:
    return begin_reading(content=PICTURE, name="IMG_1.jpg", by=by, at=at)


def _read(*lines: Mapping[str, Any]) -> Any:
    reading = _begun()
    assert read_next(at=AT, reader=cast(Reader, _Played(*lines))) == 1
    return reading


def test_it_works() -> None:
    reading = _begun()
    assert has_waiting()
    assert get_reading(reading=reading, by="user:1", at=AT).state == "waiting"
    read_next(at=AT, reader=cast(Reader, _Played(*CARD)))
    view = get_reading(reading=reading, by="user:1", at=AT)
    assert (view.state, view.kind) == ("read", "card-front")
    fields = {each.proposal.name: each for each in view.fields}
    assert fields["identity_number"].proposal.text == NUMBER
    assert {name for name, each in fields.items() if each.proposal.marked} == {"name"}
    assert fields["name"].strips == ["c3RyaXA="]
    values = {"name": "林晓梅", "identity_number": " 361799 19880514 0027 ", "sex": ""}
    with pytest.raises(NotConfirmed) as refused:
        confirm_reading(reading=reading, values=values, looked=(), by="user:1", at=AT)
    assert refused.value.fields == {"name": "look"}
    confirm_reading(reading=reading, values=values, looked=["name"], by="user:1", at=AT)
    assert get_taken(reading=reading, by="user:1", at=AT) == {"name": "林晓梅", "identity_number": NUMBER}
    row = Reading.objects.get()
    assert (row.fields, row.marked, row.corrected, row.taken_at) == (3, 1, ["sex"], AT)


def test_the_picture_goes_when_it_was_read_and_the_words_are_sealed() -> None:
    reading = _read(*CARD)
    row = Reading.objects.get(pk=reading)
    assert row.file is None
    assert not StoredFile.objects.exists()
    assert "林晓梅" not in row.found
    assert NUMBER not in row.found


def test_a_number_is_checked_by_its_digits() -> None:
    reading = _read(*CARD)
    with pytest.raises(NotConfirmed) as refused:
        confirm_reading(
            reading=reading,
            values={"identity_number": NUMBER[:-1] + "8"},
            looked=["identity_number"],
            by="user:1",
            at=AT,
        )
    assert refused.value.fields == {"identity_number": "number.check"}
    assert not get_taken(reading=reading, by="user:1", at=AT)


def test_a_card_that_contradicts_itself_is_marked() -> None:
    reading = _read(_line(0, "性别男"), _line(1, "出生1988年5月14日"), _line(2, f"公民身份号码{NUMBER}"))
    marked = {each.proposal.name: each.proposal.why for each in get_reading(reading=reading, by="user:1", at=AT).fields}
    assert marked == {"identity_number": "differs", "sex": "differs", "born": ""}


def test_it_is_nobody_elses_and_is_forgotten() -> None:
    reading = _read(*CARD)
    with pytest.raises(UnknownReading):
        get_reading(reading=reading, by="user:2", at=AT)
    with pytest.raises(UnknownReading):
        forget_reading(reading=reading, by="user:2", at=AT)
    with pytest.raises(UnknownReading):
        get_reading(reading=reading, by="user:1", at=AT + timedelta(minutes=30))
    assert sweep_readings(at=AT + timedelta(minutes=29)) == 0
    assert sweep_readings(at=AT + timedelta(minutes=31)) == 1
    row = Reading.objects.get()
    assert (row.state, row.found, row.values, row.kind) == ("over", "", "", "card-front")


def test_giving_up_while_it_waits_takes_the_picture_away() -> None:
    reading = _begun()
    forget_reading(reading=reading, by="user:1", at=AT)
    assert not StoredFile.objects.exists()
    assert read_next(at=AT, reader=cast(Reader, _Played())) == 0


def test_a_reader_that_breaks_loses_nothing_else() -> None:
    reading = _begun()
    read_next(at=AT, reader=cast(Reader, _Broken()))
    view = get_reading(reading=reading, by="user:1", at=AT)
    assert (view.state, view.code) == ("failed", "reading.failed")


def test_a_worker_that_never_came_back_is_tried_again_once() -> None:
    reading = _begun()
    rows = Reading.objects.filter(pk=reading)
    rows.update(state="reading", tries=1, claimed_at=AT)
    read_next(at=AT + timedelta(minutes=4), reader=cast(Reader, _Played(*CARD)))
    assert rows.get().state == "read"
    rows.update(state="reading", tries=2, claimed_at=AT)
    assert read_next(at=AT + timedelta(minutes=4), reader=cast(Reader, _Played(*CARD))) == 0
    assert rows.get().state == "failed"


def test_nobody_fills_the_queue() -> None:
    for _ in range(5):
        _begun()
    with pytest.raises(TooManyReadings):
        _begun()
    _begun(by="user:2")
