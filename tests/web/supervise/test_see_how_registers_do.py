"""Supervision sees who asks whom how often, how long it takes, what fails and why, and which keys are about to end."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.exchange import circuit
from tongban.apps.exchange.models import Extract, Lookup
from tongban.kernel.chain import SigningKey

pytestmark = pytest.mark.django_db
PAGE = "/supervise/registers/"
OURS, THEIRS = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def asked(city: Path) -> Callable[..., None]:
    """So many requests of a kind, an hour ago; they took 1, 2, 3 … milliseconds."""

    def put(count: int = 1, **changes: Any) -> None:
        given = {
            "register": "company-register",
            "provider": "market-regulation",
            "consumer": "urban-management",
            "purpose": "street-permits",
            "outcome": "found",
            "asked_at": timezone.now() - timedelta(hours=1),
            "subject_hash": "0",
            "request_hash": "0",
            "actor": "user:1",
        }
        first = Lookup.objects.count() + 1
        Lookup.objects.bulk_create(
            Lookup(number=2_631_270_000_000_000 + first + n, **{**given, "milliseconds": n + 1, **changes})
            for n in range(count)
        )

    return put


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Callable[[int, int], None]:
    """Our key and that of Elsewhere end in so many days from today."""

    def end(ours: int, theirs: int) -> None:
        today = timezone.now().date()
        settings.NEIGHBOUR_KEYS = [f"{base64.b64encode(OURS).decode()}@{today + timedelta(days=ours)}"]
        public = base64.b64encode(SigningKey(THEIRS).public).decode()
        row = {
            "code": "elsewhere",
            "name": {"zh": "别处市", "en": "Elsewhere"},
            "url": "https://elsewhere.example",
            "keys": [{"public": public, "until": str(today + timedelta(days=theirs))}],
            "may": ["registers"],
        }
        path = tmp_path / f"neighbours-{ours}-{theirs}.yaml"
        path.write_text(yaml.safe_dump({"neighbours": [row]}, allow_unicode=True), "utf-8")
        settings.NEIGHBOURS = path

    return end


def test_it_works(client_for: Callable[..., Client], asked: Callable[..., None]) -> None:
    asked(20)
    asked(3, outcome="absent")
    asked(2, outcome="away", reason="connection")
    asked(1, outcome="away", reason="circuit")
    (line,) = client_for("liangchen").get(PAGE).context["lines"]
    asking = line.asking
    assert (asking.asked, asking.found, asking.absent, asking.failed) == (26, 20, 3, 3)
    assert (asking.half_within, asking.most_within) == (9, 19)
    page = client_for("liangchen").get(PAGE).text
    for words in ("Company register", "Urban", "3 (12 %)", "does not answer, or breaks off × 2", "9 ms", "19 ms"):
        assert words in page, words
    assert "left alone after failures in a row × 1" in page


def test_what_was_asked_long_ago_is_not_counted(client_for: Callable[..., Client], asked: Callable[..., None]) -> None:
    asked(2, asked_at=timezone.now() - timedelta(days=31))
    assert "No register was asked yet" in client_for("liangchen").get(PAGE).text


def test_requests_of_other_cities_and_to_them_are_told_by_name(
    client_for: Callable[..., Client], asked: Callable[..., None], keys: Callable[[int, int], None]
) -> None:
    keys(400, 400)
    asked(4, consumer="neighbour-elsewhere", side="provider", peer="elsewhere")
    asked(1, register="household", side="consumer", peer="elsewhere", outcome="away", reason="wire.unknown-key")
    out, back = client_for("liangchen").get(PAGE).context["lines"]
    assert (back.asker, back.peer, back.asking.asked) == ("Elsewhere", "", 4)
    assert (out.register, out.peer, out.asking.failed) == ("household", "Elsewhere", 1)
    assert "wire.unknown-key" in client_for("liangchen").get(PAGE).text


def test_what_is_still_to_be_confirmed_and_who_is_left_alone_is_said(
    client_for: Callable[..., Client], asked: Callable[..., None]
) -> None:
    Extract.objects.create(draft=uuid4(), case=2_611_270_000_000_012, matter="m", register="r", of="", state="pending")
    for _ in range(circuit.FAILURES):
        circuit.note_failure(register="company-register")
    page = client_for("liangchen").get(PAGE).text
    assert "1 answer in filed cases is still to be confirmed" in page
    assert "Left alone for half a minute" in page


def test_keys_of_both_sides_are_listed_and_those_that_end_soon_are_said_first(
    client_for: Callable[..., Client], keys: Callable[[int, int], None]
) -> None:
    keys(400, 400)
    page = client_for("liangchen").get(PAGE)
    assert "Keys that end soon or have ended" not in page.text
    assert {key.owner for key in page.context["keys"]} == {"this city", "Elsewhere"}
    keys(3, -2)
    page = client_for("liangchen").get(PAGE)
    assert [(key.owner, key.state) for key in page.context["ending"]] == [
        ("Elsewhere", "expired"),
        ("this city", "expiring"),
    ]
    assert "Nothing signed with it is taken any more" in page.text
    assert "in 3 days. Put the next one behind it now." in page.text


def test_settings_that_cannot_be_used_are_said_and_stop_nothing(
    client_for: Callable[..., Client], asked: Callable[..., None], settings: Any
) -> None:
    asked(1)
    settings.NEIGHBOUR_KEYS = ["none"]
    page = client_for("liangchen").get(PAGE)
    assert page.status_code == 200
    assert "TONGBAN_NEIGHBOUR_KEYS: key 1 has no day" in page.text
    assert len(page.context["lines"]) == 1


def test_many_requests_cost_no_more_queries(client_for: Callable[..., Client], asked: Callable[..., None]) -> None:
    client = client_for("liangchen")
    asked(1)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(30):
        asked(2, purpose=f"purpose-{number}", outcome="away", reason="file")
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("who", "status"), [("liangchen", 200), ("admin", 200), ("chenli", 403), ("linxiaomei", 403), ("", 302)]
)
def test_who_may_see_it(client_for: Callable[..., Client], who: str, status: int) -> None:
    assert client_for(who).get(PAGE).status_code == status
