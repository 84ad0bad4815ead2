"""Examples: what they find, and how a difference is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.rehearsal import Rehearsal, rehearse

EXAMPLE = TinyCity.EXAMPLE
ZONE = ZoneInfo("Asia/Shanghai")


def run(tiny: TinyCity) -> Rehearsal:
    report = check_city(tiny.folder)
    definition = report.matters[0].definition
    assert definition is not None, report.problems
    return rehearse(definition=definition, example=definition.examples[0], calendar=report.calendar)


def test_it_works(tiny: TinyCity) -> None:
    found = run(tiny)
    assert found.passed, found.differences
    kinds = [event.kind for event in found.events]
    assert kinds[0] == "case.filed"
    assert "clock.paused" in kinds, "the inspection stops the clock"
    assert "case.decided" in kinds


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n  outcome: granted", "\n  outcome: denied", "outcome: expected denied, found granted"),
        ("due: 2026-04-03", "due: 2026-04-02", "statutory_due: expected 2026-04-02, found 2026-04-03"),
        ("due: 2026-03-18", "due: 2026-03-19", "promised_due: expected 2026-03-19, found 2026-03-18"),
        ("on: 2026-03-03", "on: 2026-03-02", "accepted_on: expected 2026-03-02, found 2026-03-03"),
        ("status: concluded", "status: accepted", "status: expected accepted, found concluded"),
        ("status: concluded", "status: concluded\n  open: [decide]", "open: expected decide, found nothing"),
        ("status: concluded", "status: concluded\n  reason: 好", "reason: expected 好, found nothing"),
    ],
)
def test_a_difference_is_told(tiny: TinyCity, old: str, new: str, told: str) -> None:
    tiny.change(EXAMPLE, old, new)
    assert told in run(tiny).differences


def test_the_kinds_of_events_are_compared_in_order(tiny: TinyCity) -> None:
    tiny.write(EXAMPLE, tiny.read(EXAMPLE) + "  events: [case.filed, case.accepted]\n")
    (first, *_) = run(tiny).differences
    assert first.startswith("events: expected case.filed case.accepted, found case.filed case.accepted ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("by: bakery, do: complete", "by: fire, do: complete", "`inspect` belongs to bakery, not to fire"),
        ("node: inspect, outcome: pass", "node: decide, outcome: pass", "`decide` is not open"),
        ("do: accept", "do: deliver", "refused: case.not-decided"),
        ("by: window, do: accept", "by: window, do: accept, refused: case.ended", "should be refused with case.ended"),
        (
            "do: complete, node: inspect, outcome: pass",
            "do: complete, node: inspect, outcome: maybe",
            "task.unknown-outcome",
        ),
    ],
)
def test_a_step_that_cannot_be_is_told_with_its_line(tiny: TinyCity, old: str, new: str, told: str) -> None:
    line = tiny.change(EXAMPLE, old, new)
    (difference,) = run(tiny).differences
    assert told in difference
    assert f"(line {line})" in difference


def test_an_expected_refusal_is_as_expected(tiny: TinyCity) -> None:
    tiny.change(
        EXAMPLE,
        "  - {after: 3 working days",
        "  - {by: window, do: accept, refused: case.already-accepted}\n  - {after: 3 working days",
    )
    assert run(tiny).passed


def test_days_keep_the_time_of_day_but_not_before_the_office_opens(tiny: TinyCity) -> None:
    tiny.change(EXAMPLE, "at: 2026-03-02T09:30:00+08:00", "at: 2026-03-02T07:10:00+08:00")
    tiny.change(EXAMPLE, "{after: 3 working days, by: bakery", "{after: 2 hours, by: bakery")
    found = run(tiny)
    at = {event.kind: event.at.astimezone(ZONE) for event in found.events}
    assert at["case.accepted"] == datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
    assert at["task.completed"] == datetime(2026, 3, 3, 11, 30, tzinfo=ZONE)


def test_working_days_pass_over_holidays(tiny: TinyCity) -> None:
    tiny.change(EXAMPLE, "at: 2026-03-02T09:30:00+08:00", "at: 2026-04-30T15:00:00+08:00")
    accepted = next(event.at for event in run(tiny).events if event.kind == "case.accepted")
    assert accepted.astimezone(ZONE) == datetime(2026, 5, 6, 15, 0, tzinfo=ZONE)


def test_silence_accepts_while_the_clock_runs(tiny: TinyCity) -> None:
    tiny.change(
        EXAMPLE, "{after: 1 working day, by: window, do: accept}", "{after: 6 working days, by: clock, do: wait}"
    )
    tiny.change(EXAMPLE, "accepted_on: 2026-03-03", "accepted_on: 2026-03-02")
    found = run(tiny)
    accepted = next(event for event in found.events if event.kind == "case.accepted")
    assert accepted.data["silent"] is True
    assert not any(one.startswith(("accepted_on", "status", "outcome")) for one in found.differences)


def test_answers_that_the_form_refuses_are_told(tiny: TinyCity) -> None:
    tiny.change(EXAMPLE, "ovens: 4", "ovens: 40")
    assert run(tiny).differences == ["the form refuses the answers: ovens maximum"]
