"""A payment provider that really listens, and browsers at its cashier."""

import base64
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tongban.apps.payments.providers.words import sealed
from tongban.apps.payments.sandbox import Books, Faults, make_server
from tongban.kernel.chain import SigningKey


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        """A test looks where it is sent instead of going there."""


@dataclass
class Cashier:
    """The provider: its faults, its books, and somebody who presses its button."""

    url: str
    key: SigningKey
    books: Books
    faults: Faults
    merchant: str
    told: list[int] = field(default_factory=list)

    def press(self, page: str) -> str:
        """Press "pay" on the cashier's page; return where the browser is sent then."""
        opener = urllib.request.build_opener(_Stay)
        request = urllib.request.Request(page, data=b"do=pay")  # noqa: S310  # on loopback
        with pytest.raises(urllib.error.HTTPError) as sent:
            opener.open(request, timeout=10)
        assert sent.value.code == 303
        return str(sent.value.headers["Location"])

    def look(self, page: str) -> str:
        """What stands on the cashier's page."""
        with urllib.request.urlopen(page, timeout=10) as response:  # noqa: S310  # on loopback
            return str(response.read().decode())

    def notice(self, reference: str, *, key: SigningKey | None = None, **changes: Any) -> tuple[bytes, dict[str, str]]:
        """A notice as it is sent, with ``changes`` to what it says."""
        said = {"merchant": self.merchant, **self.books.seen(reference), **changes}
        body = json.dumps(said).encode()
        return body, sealed(key=key or self.key, subject="notice", body=body, at=datetime.now(UTC))


@pytest.fixture
def cashier(tmp_path: Path, settings: Any) -> Iterator[Cashier]:
    """The sandbox on a free port, and the city's settings for it. Its notices get lost unless a test sends them."""
    key = SigningKey(secrets.token_bytes(32))
    own = secrets.token_bytes(32)
    faults = Faults(lose_notices=True)
    books = Books(tmp_path / "books.sqlite3")
    server = make_server(
        port=0, books=books, key=key, city_key=SigningKey(own).public, merchant="mingchuan", faults=faults
    )
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    settings.PAYMENT_PROVIDER = "sandbox"
    settings.PAYMENT_URL, settings.PAYMENT_MERCHANT = url, "mingchuan"
    settings.PAYMENT_KEY = base64.b64encode(own).decode()
    settings.PAYMENT_PROVIDER_KEY = base64.b64encode(key.public).decode()
    yield Cashier(url, key, books, faults, "mingchuan")
    server.shutdown()
    server.server_close()


@pytest.fixture
def pay(cashier: Cashier) -> Callable[[Client, int], str]:
    """Pay the fee of a case as its owner does it in a browser; return our reference."""

    def do_it(client: Client, number: int) -> str:
        from tongban.apps.payments.models import Payment

        cashier.press(client.post(f"/cases/{number}/fee/pay")["Location"])
        client.get(f"/cases/{number}/fee/returned/")
        return str(Payment.objects.filter(case=number).order_by("-opened_at").values_list("reference", flat=True)[0])

    return do_it


@pytest.fixture
def post_notice() -> Callable[[tuple[bytes, Mapping[str, str]]], int]:
    """Hand in a notice from outside; return the status of the answer."""

    def send(notice: tuple[bytes, Mapping[str, str]]) -> int:
        body, headers = notice
        browser = Client(enforce_csrf_checks=True)
        return browser.post(
            "/payments/notices", body, content_type="application/json", headers=dict(headers)
        ).status_code

    return send


@pytest.fixture
def card(file_case: Any) -> int:
    """A case that costs 40 yuan, filed by wuxiaochuan."""
    return int(file_case(matter="lost-id-card", username="wuxiaochuan"))


@pytest.fixture
def kinds() -> Callable[[int], list[str]]:
    """The kinds of a case's log, in order."""
    from tongban.apps.ledger.models import Event

    return lambda number: list(Event.objects.filter(case=number).order_by("seq").values_list("kind", flat=True))
