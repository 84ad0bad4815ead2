"""The demo city as a whole: it is large and varied enough, and its rules come to what the law and its own words say."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.model import MatterDefinition
from tongban.apps.catalog.definitions.rule_words import read_rule_words, words_of_rules

ON = datetime(2026, 6, 15, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="module")
def city() -> Mapping[str, MatterDefinition]:
    report = check_city(Path(settings.CITY))
    assert report.problems == ()
    return {matter.files.code: matter.definition for matter in report.matters if matter.definition is not None}


def come_to(matter: MatterDefinition, decision: str, **answers: Any) -> Any:
    """The decision's value on a day in June 2026; fields that were not asked are null."""
    decisions = next(each for each in matter.decisions.values() if decision in each.names)
    found = decisions.evaluate(decision, {**dict.fromkeys(matter.form.fields), **answers}, at=ON)
    assert not found.reasons, found.reasons
    return found.value


def test_it_works(city: Mapping[str, MatterDefinition]) -> None:
    assert len(city) >= 45
    kinds = {act.special for matter in city.values() for act in matter.process.nodes if act.special}
    assert {"inspection", "testing", "other"} <= {str(kind) for kind in kinds}
    assert sum(1 for matter in city.values() if matter.joint_with) >= 3
    assert any("pledge" in matter.form.fields for matter in city.values())


def test_everything_that_rules_say_in_words_is_there_in_english(city: Mapping[str, MatterDefinition]) -> None:
    said = {text for text, _matter in words_of_rules(city.values())}
    assert said == set(read_rule_words(Path(settings.CITY)))


def test_each_matter_shows_a_yes_and_something_else(city: Mapping[str, MatterDefinition]) -> None:
    for code, matter in city.items():
        outcomes = {example.expect.get("outcome") for example in matter.examples}
        assert "granted" in outcomes, code
        assert len(outcomes) > 1, code


@pytest.mark.parametrize(
    ("months", "paid"),
    [(11, 0), (12, 3), (47, 9), (48, 12), (59, 12), (60, 13), (119, 17), (120, 18), (132, 19), (192, 24), (480, 24)],
)
def test_unemployment_benefit_keeps_to_the_three_ceilings(city: Mapping[str, Any], months: int, paid: int) -> None:
    """Social Insurance Law, 45 and 46: nothing below a year; at most 12, 18 and 24 months."""
    found = come_to(
        city["unemployment-benefit"],
        "eligibility",
        unemployment_insured_months=Decimal(months),
        leaving_reason="dismissed",
        left_on=date(2026, 5, 31),
    )
    assert found["months"] == paid
    assert found["result"] == ("eligible" if paid else "not_eligible")


@pytest.mark.parametrize(
    ("delivery", "babies", "days"),
    [
        ("normal", 1, 98),
        ("difficult", 1, 113),
        ("normal", 2, 113),
        ("difficult", 3, 143),
        ("loss_early", None, 15),
        ("loss_late", None, 42),
    ],
)
def test_maternity_leave_has_the_days_of_article_7(
    city: Mapping[str, Any], delivery: str, babies: int | None, days: int
) -> None:
    """Special Provisions on the Labour Protection of Women Employees, 7."""
    found = come_to(
        city["maternity-allowance"],
        "eligibility",
        delivery=delivery,
        babies=None if babies is None else Decimal(babies),
        delivery_date=date(2026, 5, 1),
        insured_months=Decimal(20),
        treated_here=True,
    )
    assert found["days"] == days


@pytest.mark.parametrize(
    ("grade", "category", "low_income", "other_care", "living", "nursing"),
    [
        (1, "physical", True, "none", 120, 150),
        (2, "vision", False, "none", 0, 120),
        (3, "mental", False, "none", 0, 80),
        (3, "hearing", False, "none", 0, 0),
        (1, "physical", True, "work_injury", 120, 0),
        (1, "physical", True, "state_care", 0, 0),
    ],
)
def test_disability_allowances_add_up(
    city: Mapping[str, Any], grade: int, category: str, low_income: bool, other_care: str, living: int, nursing: int
) -> None:
    found = come_to(
        city["disability-allowance"],
        "decision",
        household_here=True,
        disability_category=category,
        disability_grade=Decimal(grade),
        low_income=low_income,
        other_care=other_care,
    )
    assert (found["living"], found["nursing"]) == (living, nursing)
    assert found["outcome"] == ("granted" if living + nursing else "denied")


@pytest.mark.parametrize(
    ("born", "registered", "home", "owned", "sibling", "rank"),
    [
        (date(2020, 8, 31), True, "pass", "owned", False, 1),
        (date(2020, 9, 1), True, "pass", "owned", False, 0),
        (date(2020, 3, 1), True, "pass", "rented", False, 2),
        (date(2020, 3, 1), False, "pass", "owned", False, 3),
        (date(2020, 3, 1), False, "pass", "rented", False, 4),
        (date(2020, 3, 1), False, "pass", "rented", True, 1),
        (date(2020, 3, 1), True, "fail", "owned", False, 4),
    ],
)
def test_a_place_in_school_goes_by_age_registration_and_home(
    city: Mapping[str, Any], born: date, registered: bool, home: str, owned: str, sibling: bool, rank: int
) -> None:
    """Compulsory Education Law, 11 and 12: six years of age, a place nearby for every child."""
    found = come_to(
        city["primary-school-enrolment"],
        "placement",
        child_birth_date=born,
        registered_here=registered,
        parent_permit=None if registered else True,
        home_kind=owned,
        street="binhe",
        sibling_school=sibling,
        check_household={"outcome": "pass"},
        check_home={"outcome": home},
    )
    assert found["rank"] == rank


def test_a_newborn_is_covered_from_birth_for_ninety_days(city: Mapping[str, Any]) -> None:
    def covered(born: date) -> str:
        number = f"361799{born:%Y%m%d}0025"
        answers = {
            "child_birth_date": born,
            "child_identity_number": number,
            "registered_here": True,
            "insured_elsewhere": False,
        }
        found: str = come_to(city["newborn-medical-insurance"], "decision", **answers)["covered_from"]
        return found

    assert covered(ON.date() - timedelta(days=90)) == "birth"
    assert covered(ON.date() - timedelta(days=91)) == "payment"


@pytest.mark.parametrize(
    ("rank", "area", "rate"),
    [("first", 140, 1), ("first", "140.01", "1.5"), ("second", 140, 1), ("second", "140.01", 2), ("more", 60, 3)],
)
def test_deed_tax_is_lower_for_a_first_and_a_second_home(
    city: Mapping[str, Any], rank: str, area: str, rate: str
) -> None:
    """Deed Tax Law, 3, and Announcement No. 16 of 2024 of the Ministry of Finance: the line is at 140 square metres."""
    asked = {"use_kind": "home", "home_rank": rank, "area_m2": Decimal(area), "price_10k": Decimal(100)}
    assert come_to(city["deed-tax"], "rate", **asked) == Decimal(rate)
    assert come_to(city["deed-tax"], "tax", **asked) == Decimal(10000) * Decimal(rate)


@pytest.mark.parametrize(
    ("paid_in", "drawn", "months"),
    [
        *[("4.9", None, 3), (5, None, 6), ("9.9", None, 6), (10, None, 9), (15, None, 9), (16, None, 10)],
        *[(30, None, 24), (41, None, 24), (41, 6, 18), (41, 15, 9), (41, 30, 9)],
    ],
)
def test_survivors_receive_months_by_years_paid_in_and_drawn(
    city: Mapping[str, Any], paid_in: str, drawn: int | None, months: int
) -> None:
    """Social Insurance Law, 17, and its measures of 2021: 24 months at most, one less a year drawn, 9 at least."""
    years = None if drawn is None else Decimal(drawn)
    found = come_to(
        city["funeral-benefit"],
        "eligibility",
        contribution_years=Decimal(paid_in),
        drew_pension=drawn is not None,
        pension_years=years,
        at_work=False,
        share_out=False,
        relation_to_deceased="child",
    )
    assert (found["months"], found["amount"]) == (months, 4000 * (months + 2))


def test_one_name_asks_one_kind_of_thing(city: Mapping[str, MatterDefinition]) -> None:
    kinds: dict[str, set[tuple[str, str, str]]] = {}
    for matter in city.values():
        for name, field in matter.form.fields.items():
            kinds.setdefault(name, set()).add((field.type, field.format, str(field.schema.get("pattern", ""))))
    assert {name for name, found in kinds.items() if len(found) > 1} == set()
