"""What scenarios share: a city that is really served, on each database that the tests have."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.beginnings import Beginnings
from tests.scenarios.served import City, served


@pytest.fixture(params=["sqlite", "postgres"])
def city(request: pytest.FixtureRequest, tmp_path: Path, beginnings: Beginnings) -> Iterator[City]:
    """On SQLite always, on PostgreSQL where the tests have one; with the systems that the module names in SYSTEMS."""
    address = os.environ.get("TONGBAN_DATABASE_URL", "")
    if request.param == "postgres" and not address.startswith("postgres"):
        pytest.skip("no PostgreSQL named by TONGBAN_DATABASE_URL")
    if request.param == "sqlite" and address:
        pytest.skip("done in the run without TONGBAN_DATABASE_URL")
    systems = getattr(request.module, "SYSTEMS", {})
    with served(tmp_path, systems=systems, beginnings=beginnings, server=address) as it:
        yield it
