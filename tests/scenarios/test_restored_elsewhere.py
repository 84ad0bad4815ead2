"""A city is dumped and restored into another PostgreSQL cluster, whose transactions are numbered anew.

Whoever follows its log sees what had been written before and was not read yet, and what is written there, each once.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.beginnings import Beginnings
from tests.run import postgres
from tests.scenarios.served import City, served

BURNT = 5_000
"""So many transactions the first cluster is ahead."""


def _psql(address: str, *words: str) -> None:
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", *words, address], check=True, capture_output=True)


def _follow(city: City) -> dict[str, Any]:
    """Run the worker once, and tell what there is."""
    city.run("work", "--once")
    found: dict[str, Any] = city.ask("notices", "audit")
    return found


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("TONGBAN_DATABASE_URL", "").startswith("postgres"), reason="of PostgreSQL alone")
def test_the_log_is_followed_on(tmp_path: Path, beginnings: Beginnings) -> None:
    address = os.environ["TONGBAN_DATABASE_URL"]
    with served(tmp_path, systems={}, beginnings=beginnings, server=address) as city, postgres() as elsewhere:
        first = city.environment["TONGBAN_DATABASE_URL"]
        burn = f"DO $$ BEGIN FOR i IN 1..{BURNT} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
        _psql(first, "-c", burn)
        before = city.ask("notices", "file", "3")["numbers"]
        assert set(_follow(city)["notices"]) == {str(each) for each in before}
        unread = city.ask("notices", "file", "2")["numbers"]

        dump = tmp_path / "city.dump"
        subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", first], check=True, capture_output=True)
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={elsewhere}", str(dump)], check=True)
        city.environment["TONGBAN_DATABASE_URL"] = elsewhere
        hasty = city.ask("notices", "file", "2")["numbers"]  # somebody files before the operator is done
        city.run("migrate", "-v0")
        after = city.ask("notices", "file", "2")["numbers"]

        found = _follow(city)
        assert found["notices"] == {str(each): 1 for each in (*before, *unread, *hasty, *after)}
        assert found["behind"] == 0
