"""Whoever hears nothing for five working days has been accepted, from the day on which they asked."""

import pytest
from tests.e2e.conftest import Opens
from tests.e2e.running import City

pytestmark = pytest.mark.e2e


def test_the_worker_accepts_what_nobody_answered(city: City, opens: Opens) -> None:
    """Filed six working days ago and not looked at: the worker accepts it, and the tracking page says why."""
    number = city.past(
        file={
            "matter": "food-business-licence",
            "by": "linxiaomei",
            "working_days_ago": 6,
            "changes": {"safety_manager_phone": "13900000001"},
        }
    )
    neighbour = opens(screen="phone")
    neighbour.go("/track/")
    neighbour.page.locator("[name=number]").fill(str(number))
    neighbour.page.locator("[name=phone]").fill("0001")
    neighbour.press("Look it up")
    neighbour.awaits(
        neighbour.say("Accepted: nobody answered within 5 working days, so it counts from the day you filed")
    )
    neighbour.awaits(neighbour.say("Under way"))
    assert city.log(number) == ["case.filed", "case.accepted"]
