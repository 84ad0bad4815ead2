"""A day off is announced while a case is under way: who was told a day is told the new one, once."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told
from tests.forked import Parent

from tongban.kernel.clock import calendar_for

pytestmark = pytest.mark.e2e

NOTICE = "明政办发〔2026〕31号"


def test_everybody_reads_the_new_day(city: City, opens: Opens) -> None:
    """The calendar of the running city changes and is put back: other stories count by the one that they know."""
    applicant, officer, supervisor = opens("linxiaomei", screen="phone"), opens("chenli"), opens("liangchen")
    with told("a-holiday-announced-late") as step:
        with step("The applicant has a day in writing."):
            number = _under_way(city)
            before = city.promised(number)
            applicant.go(f"/cases/{number}/")
            applicant.reads(_day(before))
            step_due = _due_in_queue(officer, number)
        calendar = calendar_for()
        off = calendar.add_working_days(datetime.now(ZoneInfo("Asia/Shanghai")).date(), 1)
        after = calendar.add_working_days(before, 1)
        with _announced(city, off, [applicant, officer, supervisor]) as changed:
            with step("The city puts the holiday into its calendar and starts its services anew."):
                supervisor.go("/supervise/calendar/")
                supervisor.sees("The calendar has changed, and limits are not counted anew yet:")
            with step("A dry run says what would move."):
                said = changed.command("redate", f"--notice={NOTICE}", "--dry-run")
                assert f"{off}: off now" in said
                assert "days would move in" in said
                assert city.promised(number) == before
            with step("The command counts every open limit anew, by the notice that announced it."):
                assert "days moved in" in changed.command("redate", f"--notice={NOTICE}")
                assert city.promised(number) == after
                assert city.log(number)[-1] == "clock.recounted"
                changed.command("work", "--once")
            with step("The applicant reads the new day, the old one, and why."):
                _reads_it(applicant, number, before, after)
            with step("The officer's queue has the new day, and one notice for all of their cases."):
                assert _due_in_queue(officer, number) != step_due
                officer.go("/desk/inbox/")
                officer.reads("工作日历变了，有些期限改了")
            with step("Supervision reads of how many cases days moved, and from which day to which."):
                supervisor.go("/supervise/calendar/")
                supervisor.reads(NOTICE)
                supervisor.sees("%(day)s: off", day=_day(off))
            with step("A second run changes nothing."):
                assert "days moved in 0," in changed.command("redate", f"--notice={NOTICE}")
                assert city.log(number).count("clock.recounted") == 1


def _under_way(city: City) -> int:
    """Accepted yesterday, and in the hands of an officer."""
    return city.past(
        file={"matter": "food-business-licence", "by": "linxiaomei", "working_days_ago": 1},
        steps=[{"do": "accept", "by": "wangqian"}, {"do": "claim", "by": "chenli"}],
    )


@contextmanager
def _announced(city: City, off: date, readers: list[Reader]) -> Iterator[City]:
    """The city with the holiday in its calendar: what runs its commands has read no other."""
    file = city.folder / "city" / "calendar.yaml"
    text = file.read_text("utf-8")
    assert "overrides: {}" in text
    try:
        file.write_text(text.replace("overrides: {}", f"overrides: {{{off}: off}}"), "utf-8")
        _restart(city, readers)
        with closing(Parent(city.environment)) as parent:
            yield replace(city, parent=parent)
    finally:
        file.write_text(text, "utf-8")
        _restart(city, readers)
        city.command("redate", "--notice=back")


def _restart(city: City, readers: list[Reader]) -> None:
    """Nobody's page asks for anything meanwhile."""
    for reader in readers:
        reader.page.goto("about:blank")
    city.restart()


def _reads_it(applicant: Reader, number: int, before: date, after: date) -> None:
    applicant.go(f"/cases/{number}/")
    applicant.sees("The working calendar has changed")
    applicant.reads(NOTICE)
    applicant.sees("Promised by %(was)s before, by %(is)s now.", was=_day(before), **{"is": _day(after)})
    applicant.go("/inbox/")
    applicant.reads("承诺的日子变了")


def _due_in_queue(officer: Reader, number: int) -> str | None:
    """The day on which the officer's step is due, as the queue has it."""
    officer.go("/desk/?matter=food-business-licence")
    line = officer.page.locator("tr", has=officer.page.locator(f"a[href='/desk/cases/{number}/']"))
    return line.locator(".tb-nowrap[title]").first.get_attribute("title")


def _day(at: date) -> str:
    return f"{at.year} 年 {at.month} 月 {at.day} 日"
