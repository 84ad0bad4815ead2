"""A department's own system, written from the how-to alone, asks our registers and answers us; nobody else is believed.

Both ends are real: its server is a process of its own, and ours is asked over a socket. Our requests are worked in the
test's own thread, so that the database is the test's.
"""

import base64
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from tests.apps.exchange import own_system
from tests.apps.exchange.conftest import PERSON, service
from tests.docs.pages import blocks, read

from tongban.apps.catalog.city import get_city
from tongban.apps.exchange.errors import RegisterAway
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.services import About, Answer, ask
from tongban.apps.ledger.queries import get_hash, get_history
from tongban.apps.neighbours.services import refresh_keys

pytestmark = pytest.mark.django_db
PAGE = "how-to/connect-a-system.md"
PROGRAM = Path(own_system.__file__)
OURS, OUR_NEXT, THEIRS, THEIR_NEXT, STRANGE = (bytes([number]) * 32 for number in range(1, 6))
FAR = "2099-12-31"


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def page_block(language: str, beginning: str) -> Any:
    """A block of the page, read."""
    (found,) = [each for each in blocks(PAGE) if each.language == language and each.text.startswith(beginning)]
    return (json.loads if language == "json" else yaml.safe_load)(found.text)


def test_the_page_shows_the_whole_program() -> None:
    shown = "\n".join(each.text for each in blocks(PAGE) if each.language == "python")
    kept = [line for line in PROGRAM.read_text("utf-8").splitlines() if not line.startswith("# --- ")]
    code = "\n".join(kept).split('"""', 2)[2]
    assert [line for line in shown.splitlines() if line] == [line for line in code.splitlines() if line]


def test_the_message_on_the_page_is_signed_as_the_page_says() -> None:
    (sent,) = [each.text for each in blocks(PAGE) if each.language == "http"]
    (covered,) = [each.text.rstrip("\n") for each in blocks(PAGE) if each.language == "text"]
    head, body = sent.rstrip("\n").split("\n\n")
    headers = {line.split(": ")[0].lower(): line.split(": ", 1)[1] for line in head.splitlines()[1:]}
    parts = own_system.parts_of_request(f"https://{headers['host']}/neighbours/v1/registers/ask", headers)
    said = headers["signature-input"].removeprefix("sig=")
    assert own_system.digest(body.encode()) == headers["content-digest"]
    assert own_system.signed_text(parts, own_system.REQUEST, said).decode() == covered
    seed = bytes(range(32))
    assert own_system.name_of("fund", public(seed)) in said
    assert text(public(seed)) in read(PAGE)
    assert text(seed) in read(PAGE)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(covered.encode())
    assert headers["signature"] == f"sig=:{text(signature)}:"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass


class Fund:
    """The department's system in its folder, and our door at which it asks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.door = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)
        self.door.timeout = 0.02
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.city = f"http://127.0.0.1:{self.door.server_port}"
        self.settings = page_block("json", "{") | {
            "url": self.url,
            "keys": [{"seed": text(THEIRS), "until": FAR}],
            "city": {"code": get_city().code, "url": self.city},
        }
        self.write("settings.json", self.settings)
        self.write("keys-of-the-city.json", [{"public": text(public(OURS)), "until": FAR}])
        self.write("records.json", {PERSON: {"number": PERSON, "status": "paying", "months_paid": 31}})
        self.own = own_system.Own(folder)
        self.process = subprocess.Popen([sys.executable, str(PROGRAM), str(folder), "serve"])

    def write(self, name: str, what: Any) -> None:
        (self.folder / name).write_text(json.dumps(what), "utf-8")

    def change(self, **settings: Any) -> None:
        self.settings |= settings
        self.write("settings.json", self.settings)

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "log.jsonl").read_text("utf-8").splitlines()]

    def wait(self) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", int(self.url.rpartition(":")[2]))):
                    return
            assert self.process.poll() is None
            time.sleep(0.02)
        raise AssertionError("no server")

    def at_our_door(self, do: Callable[[], Any]) -> Any:
        """What comes of ``do``, which asks us from another thread."""
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(do)
            while not doing.done():
                self.door.handle_request()
        return doing.result()

    def ask_us(self, fields: str = "name") -> Any:
        """Ask a register of the city as the page says: by the command line."""
        words = [sys.executable, str(PROGRAM), str(self.folder), "ask", "people", "membership", PERSON, fields]
        done = self.at_our_door(lambda: subprocess.run(words, capture_output=True, text=True))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def fund(city: Path, tmp_path: Path, settings: Any) -> Iterator[Fund]:
    home = tmp_path / "fund"
    home.mkdir()
    running = Fund(home)
    settings.BASE_URL, settings.PRIVATE_TARGETS = running.city, ["127.0.0.1"]
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{FAR}"]
    know(running, settings, tmp_path)
    running.wait()
    # As the test client does: the connection is the test's, and its transaction is not over.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield running
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    running.process.kill()
    running.process.wait()
    running.door.server_close()


def know(fund: Fund, settings: Any, folder: Path, until: str = FAR) -> None:
    """Write the page's ``neighbours.yaml``, with the address and the key of this very system."""
    said = page_block("yaml", "neighbours:")
    said["neighbours"][0] |= {"url": fund.url, "keys": [{"public": text(public(THEIRS)), "until": until}]}
    path = folder / f"neighbours-{until}.yaml"
    path.write_text(yaml.safe_dump(said), "utf-8")
    settings.NEIGHBOURS = path


@pytest.fixture
def granted(publish: Callable[..., Any], table: dict[str, Any]) -> None:
    """The city's register with the page's grant, and the page's register of the system."""
    publish(service("people", table, **page_block("yaml", "grants:")), page_block("yaml", "code:"))


def asked_there(key: str = PERSON) -> Answer:
    return ask(
        register="fund-accounts",
        key=key,
        consumer="housing-construction",
        purpose="home-purchase",
        about=About(matter="housing-fund-purchase"),
        actor="user:7",
        at=timezone.now(),
    )


def message(fund: Fund, to: str, *, seed: bytes, owner: str, what: str = "keys") -> tuple[str, bytes, dict[str, str]]:
    """A message as the system makes it, to the city or to itself."""
    url, body = f"{fund.city if to != 'fund' else fund.url}/neighbours/v1/{what}", b"{}"
    headers = {"content-type": "application/json", "content-digest": own_system.digest(body), "tongban-to": to}
    headers |= own_system.sign(own_system.parts_of_request(url, headers), own_system.REQUEST, seed, owner)
    return url, body, headers


# --- it asks us -------------------------------------------------------------------------------------------------------


def test_it_asks_a_register_of_the_city_and_both_records_name_each_other(fund: Fund, granted: None) -> None:
    told = fund.ask_us()
    assert (told["found"], told["values"]) == (True, {"name": "林晓梅"})
    row = Lookup.objects.get()
    assert (row.side, row.consumer, row.peer, row.outcome) == ("provider", "neighbour-fund", "fund", "found")
    before, after = fund.log
    assert row.peer_record == before["record"]
    assert row.request_hash == before["hash"]
    assert after["theirs"] == f"{row.number:016d}"
    assert after["their_hash"] == get_hash(case=row.number, seq=1).hex()
    assert [event.kind for event in get_history(case=row.number)] == ["exchange.requested", "exchange.answered"]
    assert PERSON not in json.dumps(fund.log)


def test_it_is_told_nothing_that_is_not_granted(fund: Fund, granted: None) -> None:
    with pytest.raises(own_system.Refused, match=r"exchange\.not-granted"):
        fund.at_our_door(lambda: own_system.ask_register(fund.own, "people", "membership", PERSON, ["address"]))
    assert not Lookup.objects.exists()


def refusal(fund: Fund, asked: tuple[str, bytes, dict[str, str]], at_ours: bool) -> tuple[int, str]:
    def send() -> tuple[int, dict[str, str], bytes]:
        return own_system.send(*asked)

    status, _headers, body = fund.at_our_door(send) if at_ours else send()
    return status, str(json.loads(body).get("code", ""))


@pytest.mark.parametrize("at_ours", [True, False], ids=["at the city", "at the system"])
def test_each_message_that_is_not_as_it_should_be_is_refused(fund: Fund, at_ours: bool) -> None:
    us = get_city().code
    to, owner, seed = (us, "fund", THEIRS) if at_ours else ("fund", us, OURS)
    good = message(fund, to, seed=seed, owner=owner)
    assert refusal(fund, good, at_ours) == (200, "")
    assert refusal(fund, good, at_ours)[1] == "wire.replayed"
    assert refusal(fund, message(fund, to, seed=STRANGE, owner=owner), at_ours)[1] == "wire.unknown-key"
    assert refusal(fund, message(fund, to, seed=seed, owner="nobody"), at_ours)[1] == "wire.unknown-key"
    url, body, headers = message(fund, to, seed=seed, owner=owner)
    bare = {name: value for name, value in headers.items() if "signature" not in name}
    assert refusal(fund, (url, body, bare), at_ours) == (401, "wire.unsigned")
    assert refusal(fund, (url, b'{"a":1}', headers), at_ours)[1] == "wire.body-changed"
    changed = headers | {"tongban-to": "elsewhere"}
    assert refusal(fund, (url, body, changed), at_ours)[1] == "wire.signature"
    named = {"signature-input": headers["signature-input"].replace(f"{owner}/", "nobody/")}
    assert refusal(fund, (url, body, headers | named), at_ours)[1] == "wire.unknown-key"


# --- we ask it --------------------------------------------------------------------------------------------------------


def test_the_city_asks_its_register_and_both_records_name_each_other(fund: Fund, granted: None) -> None:
    answer = asked_there()
    assert (answer.is_found, dict(answer.values)) == (True, {"status": "paying", "months_paid": 31})
    (line,) = fund.log
    row = Lookup.objects.get(pk=answer.number)
    assert (row.side, row.peer, row.outcome) == ("consumer", "fund", "found")
    assert line["theirs"] == f"{row.number:016d}"
    assert row.peer_record == f"{line['record']}/{line['hash'][:40]}"
    assert not asked_there(key="361799195803070076").is_found


def test_what_it_does_not_grant_is_on_record_as_refused(fund: Fund, granted: None) -> None:
    fund.change(grants={})
    with pytest.raises(RegisterAway) as raised:
        asked_there()
    assert raised.value.params["reason"] == "exchange.not-granted"


@pytest.mark.parametrize(
    "changes",
    [{"keys": [{"seed": text(STRANGE), "until": FAR}]}, {"code": "elsewhere"}],
    ids=["an answer signed with a strange key", "an answer of somebody else"],
)
def test_an_answer_that_it_did_not_sign_decides_nothing(fund: Fund, granted: None, changes: Mapping[str, Any]) -> None:
    fund.change(**changes)
    with pytest.raises(RegisterAway):
        asked_there()
    assert Lookup.objects.get().outcome == "away"


# --- keys change over -------------------------------------------------------------------------------------------------


def test_its_keys_change_over_without_a_stop_and_the_old_one_ends(
    fund: Fund, granted: None, settings: Any, tmp_path: Path
) -> None:
    new = {"seed": text(THEIR_NEXT), "until": FAR}
    fund.change(keys=[{"seed": text(THEIRS), "until": FAR}, new])
    assert refresh_keys(neighbour="fund", at=timezone.now()) == 1
    fund.change(keys=[new])
    assert fund.ask_us()["found"]
    assert asked_there().is_found
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    know(fund, settings, tmp_path, until=yesterday)
    old = message(fund, get_city().code, seed=THEIRS, owner="fund")
    assert refusal(fund, old, True) == (401, "wire.key-expired")
    assert fund.ask_us()["found"]


def test_the_city_s_keys_change_over_without_a_stop_and_the_old_one_ends(
    fund: Fund, granted: None, settings: Any
) -> None:
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{FAR}", f"{text(OUR_NEXT)}@{FAR}"]
    fund.at_our_door(lambda: own_system.learn(fund.own))
    settings.NEIGHBOUR_KEYS = [f"{text(OUR_NEXT)}@{FAR}"]
    assert asked_there().is_found
    assert fund.ask_us()["found"]
    fund.at_our_door(lambda: own_system.learn(fund.own))
    assert refusal(fund, message(fund, "fund", seed=OURS, owner=get_city().code), False)[1] == "wire.unknown-key"
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{FAR}"]  # a city that goes on with the old one is not heard
    with pytest.raises(RegisterAway) as raised:
        asked_there()
    assert raised.value.params["reason"] == "wire.unknown-key"
