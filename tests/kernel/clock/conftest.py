"""Calendars that several test files share."""

import pytest

from tongban.kernel.clock import Calendar, calendar_for


@pytest.fixture(scope="session")
def china() -> Calendar:
    return calendar_for()
