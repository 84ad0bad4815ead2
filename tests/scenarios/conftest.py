"""What scenarios share: a city that is really served, on each database that the tests have."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenarios.served import City, served


@pytest.fixture(params=["sqlite", "postgres"])
def city(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[City]:
    """On SQLite always, on PostgreSQL where the tests have one; with the systems that the module names in SYSTEMS."""
    address = os.environ.get("TONGBAN_DATABASE_URL", "")
    if request.param == "postgres" and not address.startswith("postgres"):
        pytest.skip("no PostgreSQL named by TONGBAN_DATABASE_URL")
    if request.param == "sqlite" and address:
        pytest.skip("done in the run without TONGBAN_DATABASE_URL")
    systems = getattr(request.module, "SYSTEMS", {})
    where = address if request.param == "postgres" else ""
    with served(tmp_path, systems=systems, postgres=where, migrated=migrated) as it:
        yield it
