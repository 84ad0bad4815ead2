"""Registers of a small city of their own: a table, a dropped file, and a service in a process of its own."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.apps.exchange.department import Department

from tongban.apps.catalog import city as cities
from tongban.apps.catalog.definitions.registers import Register, read_registers

PERSON = "361799198805140027"
COMPANY = "91361700MA00001A5K"
TEXT = {"zh": "字", "en": "Word"}
ARTICLE = {"law": TEXT, "article": TEXT}


def service(code: str, connector: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """What a service.yaml says."""
    return {
        "code": code,
        "name": TEXT,
        "department": "public-security",
        "legal_basis": [ARTICLE],
        "key": {"field": "number", "of": "holder"},
        "fields": {
            "number": {"type": "string", "format": "identity-number", "title": TEXT},
            "name": {"type": "string", "title": TEXT},
            "address": {"type": "string", "title": TEXT},
        },
        "freshness": "7 days",
        "connector": dict(connector),
        "grants": [
            {
                "consumer": "market-regulation",
                "purpose": "catering",
                "why": TEXT,
                "matters": ["restaurant-opening"],
                "fields": ["name"],
                "basis": ARTICLE,
            },
            {"consumer": "tax", "purpose": "invoices", "why": TEXT, "fields": ["name", "address"], "consent": True},
        ],
        **changes,
    }


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Mapping[str, Register]]]:
    """Let these be the registers of the city."""

    def given(*values: Mapping[str, Any]) -> Mapping[str, Register]:
        for value in values:
            home = tmp_path / "registers" / value["code"]
            home.mkdir(parents=True, exist_ok=True)
            (home / "service.yaml").write_text(json.dumps(dict(value)), "utf-8")
        found = read_registers(tmp_path)
        assert not isinstance(found, list), found
        monkeypatch.setattr(cities, "read_registers", lambda _folder: found)
        cities.get_registers.cache_clear()
        return found

    yield given
    cities.get_registers.cache_clear()


@pytest.fixture
def table(tmp_path: Path, db: None) -> Iterator[dict[str, Any]]:
    """A connector of a table with one person in it, in a database of the kind that the tests run on."""
    columns = {"number": "id", "name": "full_name", "address": "home"}
    given = {"kind": "sql", "table": "department.person", "key_column": "id", "columns": columns}
    if connection.vendor == "postgresql":
        with postgresql_table() as database:
            yield {**given, "database": database}
        return
    with closing(sqlite3.connect(tmp_path / "people.sqlite3", isolation_level=None)) as base:
        base.execute("CREATE TABLE person (id TEXT PRIMARY KEY, full_name TEXT, home TEXT)")
        base.execute("INSERT INTO person VALUES (?, '林晓梅', '滨河路 16 号')", [PERSON])
    yield {**given, "table": "person", "database": f"sqlite:{tmp_path / 'people.sqlite3'}"}


@contextmanager
def postgresql_table() -> Iterator[str]:
    """Let there be ``department.person`` with one person in it, and a department's reader of it; yield the address."""
    import psycopg

    known = connection.settings_dict
    server, name = f"{known['HOST']}:{known['PORT']}", known["NAME"]
    with psycopg.connect(f"postgresql://{known['USER']}@{server}/{name}", autocommit=True) as base:
        base.execute("DROP SCHEMA IF EXISTS department CASCADE")
        base.execute("CREATE SCHEMA department")
        base.execute("CREATE TABLE department.person (id char(18) PRIMARY KEY, full_name text, home varchar(80))")
        base.execute("INSERT INTO department.person VALUES (%s, '林晓梅', '滨河路 16 号')", [PERSON])
        try:
            yield f"postgresql://{known['USER']}@{server}/{name}"
        finally:
            base.execute("DROP SCHEMA department CASCADE")


@pytest.fixture
def department(tmp_path: Path) -> Iterator[Department]:
    """A department's own service over HTTP, in a process that can be killed."""
    with Department(tmp_path) as running:
        yield running
