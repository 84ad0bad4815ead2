"""Every kind of event is documented, and every key that one carries when the demo city's examples are lived."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from tests.docs.pages import rows, section

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.rehearsal import rehearse
from tongban.apps.evidence.queries import CERTIFICATE_KINDS
from tongban.kernel import flow

PAGE = "reference/events.md"
OF_THE_APPS = (
    *CERTIFICATE_KINDS,
    *("fee.paid", "fee.refunded", "crossing.opened", "crossing.heard"),
    *("pledge.signed", "pledge.broken"),
    *("rectification.ordered", "rectification.moved", "rectification.answered", "rectification.missed"),
    *("repair.asked", "repair.granted", "repair.denied"),
    *("grant.unasked", "grant.declined"),
    *("check.asked", "check.confirmed", "check.changed"),
    *("inspection.recorded", "inspection.noted"),
    *("visit.fixed", "visit.other_day_asked", "visit.called_off", "visit.held", "case.served", "case.rated"),
)


def cells(kind: str) -> list[str]:
    """What stands in a kind's row."""
    line = next(line for line in section(PAGE, "## Kinds").splitlines() if line.startswith(f"| `{kind}` |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_kind_is_documented_in_the_order_of_the_kernel() -> None:
    assert rows(section(PAGE, "## Kinds")) == [*flow.KINDS, *OF_THE_APPS]


def test_activities_are_marked() -> None:
    kinds = rows(section(PAGE, "## Kinds"))
    assert {kind for kind in kinds if cells(kind)[1].startswith("●")} == flow.ACTIVITIES


def test_every_column_of_the_log_is_documented() -> None:
    wanted = [*flow.Event._fields, "case", "seq", "hash"]
    assert sorted(rows(section(PAGE, "## An entry"))) == sorted(wanted)


@pytest.fixture(scope="module")
def lived() -> dict[str, set[str]]:
    """The keys of ``data`` by kind, over all examples of the demo city."""
    found: dict[str, set[str]] = {}
    report = check_city(Path(settings.CITY))
    for matter in report.matters:
        assert matter.definition is not None
        for example in matter.definition.examples:
            for event in rehearse(definition=matter.definition, example=example, calendar=report.calendar).events:
                found.setdefault(event.kind, set()).update(event.data)
    return found


def test_every_key_that_examples_bring_forth_is_documented(lived: dict[str, set[str]]) -> None:
    shared = set(rows(section(PAGE, "## What any of them may carry")))
    assert lived.keys() <= {*flow.KINDS}
    assert len(lived) >= 15, sorted(lived)
    for kind, keys in lived.items():
        own = set(re.findall(r"`([^`]+)`", cells(kind)[2]))
        assert keys - shared <= own, kind
