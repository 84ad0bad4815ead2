"""The register of the how-to is published from the page itself, in each of three ways, granted, asked and watched."""

import io
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from tests.docs.pages import Block, blocks
from tests.docs.test_add_a_matter import Reader, run

from tongban.apps.catalog import city as cities
from tongban.apps.exchange.models import Lookup
from tongban.apps.ledger.queries import get_history

PAGE = "how-to/publish-a-register.md"
SERVICE = "registers/staff-health/service.yaml"
MATTER = "matters/food-business-licence/matter.yaml"
NUMBER = "91361700MA00001A5K"


@pytest.fixture
def reader(tmp_path: Path, settings: Any, db: None) -> Iterator[Reader]:
    """Somebody with a copy of the demo city, of which only this matter is left."""
    home = tmp_path / "city"
    shutil.copytree(settings.CITY, home)
    for folder in (home / "matters").iterdir():
        if folder.name != "food-business-licence":
            shutil.rmtree(folder)
    for left in ("bundles", "registers"):
        shutil.rmtree(home / left)
    for file in ("windows.yaml", "history.yaml", "offers.yaml", "rights.yaml", "dispatch.yaml", "supervision.yaml"):
        (home / file).unlink()
    alone = Reader(home)
    # Other matters are tested elsewhere: papers come from none of them here.
    path = home / MATTER
    text = re.sub(r"^ {6}- \{(case|certificate|register).*\n", "", path.read_text("utf-8"), flags=re.M)
    path.write_text(re.sub(r"^ {4}from:\n(?! {6}-)", "", text, flags=re.M), "utf-8")
    form = home / "matters/food-business-licence/form.yaml"
    form.write_text(re.sub(r"^ +x-from: .*\n", "", form.read_text("utf-8"), flags=re.M), "utf-8")
    settings.CITY, settings.VAR = home, tmp_path
    (tmp_path / "registers").mkdir()
    cities.get_registers.cache_clear()
    yield alone
    cities.get_registers.cache_clear()


def of(language: str) -> list[Block]:
    return [each for each in blocks(PAGE) if each.language == language]


def publish(reader: Reader, connector: Any = None) -> None:
    """Write the page's ``service.yaml``, with another of the page's connectors if one is given."""
    reader.follow(of("yaml")[0])
    if connector is not None:
        path = reader.city / SERVICE
        path.write_text(
            yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | connector, allow_unicode=True), "utf-8"
        )
    cities.get_registers.cache_clear()


def type_in(line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is printed when somebody types a line of the page."""
    given, _, words = line.removeprefix("$ ").rpartition("| ")
    monkeypatch.setattr("sys.stdin", io.StringIO(given.removeprefix("echo ")))
    out = StringIO()
    try:
        call_command(*words.removeprefix("tongban ").split(), stdout=out)
    except CommandError as error:
        out.write(f"CommandError: {error}\n")
    return out.getvalue()


def without_number(text: str) -> str:
    return re.sub(r"\d{4} \d{4} \d{4} \d{4}", "…", text)


def drop(reader: Reader) -> None:
    (reader.city.parent / "registers" / "staff-health-2026-11.csv").write_text(of("csv")[0].text, "utf-8")


def test_it_is_published_checked_asked_and_watched_as_the_page_says(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(reader)
    drop(reader)
    reader.follow(of("diff")[0])
    checked, broken, asked, refused, watched = of("console")
    wanted = re.sub(r"\d+ matters and \d+ bundles", "1 matters", checked.text.split("\n", 1)[1])
    assert run("check", str(reader.city)) == wanted
    old, new = broken.given["broken"], broken.given["with"]
    reader.change(MATTER, old, new)
    found = run("check", str(reader.city))
    assert re.sub(r"yaml:\d+", "yaml", found) == re.sub(r"yaml:\d+", "yaml", broken.text)
    reader.change(MATTER, new, old)
    for block in (asked, refused, watched):
        line, said = block.text.split("\n", 1)
        assert without_number(type_in(line, monkeypatch)) == without_number(said), line
    row = Lookup.objects.get()
    assert (row.actor, row.outcome, row.fields) == ("operator", "found", ["holders", "valid_until"])
    assert [event.kind for event in get_history(case=row.number)] == ["exchange.requested", "exchange.answered"]


def test_a_table_is_asked_as_the_page_says(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    path = reader.city.parent / "staff.sqlite3"
    with closing(sqlite3.connect(path)) as base:
        base.executescript(of("sql")[0].text)
    monkeypatch.setenv("STAFF_HEALTH_DATABASE", f"sqlite:{path}")
    publish(reader, yaml.safe_load(of("yaml")[1].text))
    line, said = of("console")[2].text.split("\n", 1)
    assert without_number(type_in(line, monkeypatch)) == without_number(said)


def test_a_service_is_asked_as_the_page_says(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, answered = (json.loads(each.text) for each in of("json"))
    heard: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.path, self.headers["Authorization"], body))
            text = json.dumps(answered).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("STAFF_HEALTH_URL", f"http://127.0.0.1:{server.server_port}/staff")
        monkeypatch.setenv("STAFF_HEALTH_TOKEN", "secret")
        publish(reader, yaml.safe_load(of("yaml")[2].text))
        line, said = of("console")[2].text.split("\n", 1)
        assert without_number(type_in(line, monkeypatch)) == without_number(said)
        server.shutdown()
    ((path, token, body),) = heard
    assert (path, token) == ("/staff", "Bearer secret")
    assert body.keys() == sent.keys()
    assert {**body, "record": ""} == {**sent, "record": ""}
