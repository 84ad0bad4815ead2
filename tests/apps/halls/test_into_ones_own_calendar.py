"""The iCalendar file, read back by the rules of RFC 5545."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.apps.halls.icalendar import CalendarEntry, write_calendar

START = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def _entry(**given: object) -> CalendarEntry:
    facts: dict[str, object] = {
        "uid": "appointment-1@mingchuan.tongban",
        "stamp": START - timedelta(days=1),
        "start": START,
        "end": START + timedelta(minutes=30),
        "summary": "预约：明川市政务服务中心",
        "location": "明川市临江区滨河路 88 号",
        "description": "",
        "url": "https://example.org/hall/appointments/1/",
    }
    return CalendarEntry(**{**facts, **given})  # type: ignore[arg-type]  # each test gives what it is about


def _properties(content: bytes) -> list[tuple[str, str]]:
    """As a reader takes it: unfolded, split at the first colon, unescaped."""
    text = content.decode().replace("\r\n ", "")
    assert text.endswith("\r\n")
    pairs = [line.partition(":")[::2] for line in text[:-2].split("\r\n")]
    unescape = re.compile(r"\\(.)", re.S)
    return [(name, unescape.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)) for name, value in pairs]


def test_it_works() -> None:
    found = _properties(write_calendar(entry=_entry(sequence=2, remind_minutes=60), product="Mingchuan"))
    facts = dict(found)
    assert found[0] == ("BEGIN", "VCALENDAR")
    assert found[-1] == ("END", "VCALENDAR")
    assert (facts["VERSION"], facts["METHOD"], facts["STATUS"]) == ("2.0", "PUBLISH", "CONFIRMED")
    assert (facts["DTSTART"], facts["DTEND"]) == ("20261201T010000Z", "20261201T013000Z")
    assert (facts["SEQUENCE"], facts["TRIGGER"]) == ("2", "-PT60M")
    assert facts["SUMMARY"] == "预约：明川市政务服务中心"


def test_cancelled_it_reminds_nobody() -> None:
    found = dict(_properties(write_calendar(entry=_entry(cancelled=True, remind_minutes=60), product="M")))
    assert (found["METHOD"], found["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "TRIGGER" not in found


ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)


@given(ANY, ANY, ANY)
def test_whatever_is_written_is_read_back_in_lines_of_75_octets(summary: str, location: str, described: str) -> None:
    described = described.replace("a", "\n")
    content = write_calendar(
        entry=_entry(summary=summary, location=location, description=described), product="Mingchuan"
    )
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two
    facts = dict(_properties(content))
    assert (facts["SUMMARY"], facts["LOCATION"], facts["DESCRIPTION"]) == (summary, location, described)


@given(
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2080-01-01")),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    st.sampled_from([0, 1]),
)
def test_instants_come_back_to_the_second(wall: datetime, zone: str, fold: int) -> None:
    start = wall.replace(tzinfo=ZoneInfo(zone), fold=fold, microsecond=0).astimezone(UTC).astimezone(ZoneInfo(zone))
    end = (start.astimezone(UTC) + timedelta(minutes=30)).astimezone(ZoneInfo(zone))
    facts = dict(_properties(write_calendar(entry=_entry(start=start, end=end), product="M")))
    assert datetime.strptime(facts["DTSTART"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == start.astimezone(UTC)
    assert datetime.strptime(facts["DTEND"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == end.astimezone(UTC)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_calendar(entry=_entry(stamp=START.replace(tzinfo=None)), product="M")
    with pytest.raises(ValueError, match="ends after"):
        write_calendar(entry=_entry(end=START), product="M")
