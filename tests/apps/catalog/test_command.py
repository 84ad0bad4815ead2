"""``tongban definitions``: what it prints, and with which status it ends."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.apps.catalog.test_publish import bakery
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.models import MatterVersion
from tongban.apps.people.models import Department

__all__ = ["bakery"]


def run(*words: Any) -> str:
    out = StringIO()
    call_command("definitions", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: Any) -> tuple[str, str]:
    """What was printed, and the closing line of a run that ends with status 1."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("definitions", *map(str, words), stdout=out)
    assert caught.value.returncode == 1
    return out.getvalue(), str(caught.value)


def test_check(tiny: TinyCity) -> None:
    assert run("check", tiny.folder) == "1 matters checked, no problems.\n"


def test_check_tells_file_line_and_cure(tiny: TinyCity) -> None:
    line = tiny.change(tiny.MATTER, "visits: 0", "visits: 2")
    printed, closing = refused("check", tiny.folder)
    assert printed == (
        f"matters/bread-licence/matter.yaml:{line}: visits.no-reason: People must come 2 times, and nobody says why. "
        "Cure: add `visits_reason`, or make it 0 visits\n"
    )
    assert closing == "1 problems in 1 files."


@pytest.mark.once
def test_check_ends_a_process_with_status_1(tiny: TinyCity) -> None:
    tiny.change(tiny.MATTER, "visits: 0", "visits: 2")
    ended = subprocess.run(
        [sys.executable, "-m", "tongban", "definitions", "check", str(tiny.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "visits.no-reason" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_test(tiny: TinyCity) -> None:
    assert run("test", tiny.folder) == (
        "ok     matters/bread-licence/examples/big.yaml  A big shop, inspected\n1 examples, 1 as expected, 0 not.\n"
    )


def test_test_tells_the_difference(tiny: TinyCity) -> None:
    tiny.change(tiny.EXAMPLE, "statutory_due: 2026-04-03", "statutory_due: 2026-04-02")
    printed, closing = refused("test", tiny.folder)
    assert "FAILED matters/bread-licence/examples/big.yaml" in printed
    assert "statutory_due: expected 2026-04-02, found 2026-04-03" in printed
    assert closing == "1 examples, 0 as expected, 1 not."


def test_test_of_one_matter(tiny: TinyCity) -> None:
    tiny.copy_matter("cake-licence")
    assert "cake-licence" not in run("test", tiny.folder, "--matter", "bread-licence")
    assert refused("test", tiny.folder, "--matter", "nothing")[1] == "0 examples, 0 as expected, 0 not."


def test_test_does_not_pass_over_what_it_cannot_read(tiny: TinyCity) -> None:
    tiny.copy_matter("cake-licence")
    tiny.write("matters/cake-licence/form.yaml", "[")
    assert "Not readable, so not run: cake-licence" in refused("test", tiny.folder)[1]


def test_publish(tiny: TinyCity, bakery: Department) -> None:
    printed = run("publish", tiny.folder, "--from", "2026-03-02", "--by", "anna")
    assert printed == "bread-licence version 1, in force from 2026-03-02\n1 versions published.\n"
    assert MatterVersion.objects.get(matter="bread-licence").published_by == "anna"
    assert run("publish", tiny.folder) == "0 versions published.\n"


def test_publish_refuses_what_is_wrong(tiny: TinyCity, bakery: Department) -> None:
    tiny.change(tiny.MATTER, "visits: 0", "visits: 2")
    printed, closing = refused("publish", tiny.folder)
    assert "visits.no-reason" in printed
    assert closing == "1 problems in 1 files."


def test_publish_says_which_departments_are_missing(tiny: TinyCity, db: None) -> None:
    assert (
        refused("publish", tiny.folder)[1] == "Departments are not loaded: bakery. Cure: run `tongban load-city` first"
    )


def test_a_day_that_is_none(tiny: TinyCity) -> None:
    with pytest.raises(CommandError, match="soon is no day"):
        run("publish", tiny.folder, "--from", "soon")


def test_no_such_city() -> None:
    printed, _ = refused("check", "nowhere")
    assert "city.missing" in printed


@pytest.mark.once
def test_the_demo_city_is_right_and_its_examples_come_true() -> None:
    assert run("check").endswith("no problems.\n")
    closing = run("test").splitlines()[-1]
    assert closing.endswith("as expected, 0 not.")
    assert int(closing.split()[0]) >= 45, closing


@pytest.mark.once
def test_a_city_is_found_by_its_name(settings: Any) -> None:
    settings.CITY = Path(settings.CITY).parent / "elsewhere"
    assert run("check", "mingchuan").endswith("no problems.\n")
