"""What the explanation says of statuses and of the calendar is what the kernel does."""

import re
from datetime import date, datetime, time

from tests.docs.pages import DOCS, ROOT, read

from tongban.kernel.clock import LegalClock, Limit, calendar_for
from tongban.kernel.flow import GB_STATUS
from tongban.kernel.flow.acceptance import SILENCE

PAGE = "explanation/how-a-case-lives.md"


def test_statuses_have_the_codes_of_the_standard() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\d\d) \|", read(PAGE), re.M))
    assert told == {str(status): code for status, code in GB_STATUS.items()}


def test_the_limits_end_on_the_days_that_are_named() -> None:
    calendar = calendar_for()
    text = re.sub(r"\s+", " ", read(PAGE))
    found = re.findall(r"`(\d+ working days)` from `([\d-]+)` end on `([\d-]+)`", text)
    assert len(found) == 2
    for limit, start, end in found:
        began = datetime.combine(date.fromisoformat(start), time(10), tzinfo=calendar.timezone)
        due = LegalClock(Limit.parse(limit)).start(began).due(calendar)
        assert due is not None
        assert due.date() == date.fromisoformat(end)


def test_silence_is_as_long_as_is_said() -> None:
    assert f"**{SILENCE}**" in read(PAGE)


def test_links_lead_somewhere() -> None:
    """In all pages and in the front page: to files that are there."""
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "src").rglob("README.md")]
    found = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    ]
    assert len(found) > 30
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in found if not (page.parent / link).exists()] == []
