"""Two cities that talk: ours, as the tests run it, and another one of which we hold the private key."""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from tongban.apps.neighbours.signatures import Answer, Request, Signing, sign_request
from tongban.kernel.chain import SigningKey

OURS, THEIRS, THEIR_NEXT = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
FAR = date(2099, 12, 31)


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def signing(seed: bytes = THEIRS, owner: str = "elsewhere") -> Signing:
    return Signing(name=f"{owner}/{SigningKey(seed).id}", seed=seed)


@pytest.fixture
def neighbours(settings: Any, tmp_path: Path, db: None) -> Callable[..., None]:
    """Write ``neighbours.yaml``: ``elsewhere`` with its key, unless something else is given."""
    settings.BASE_URL = "https://here.example"
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{FAR}"]

    def write(**changes: Any) -> None:
        row = {
            "code": "elsewhere",
            "name": {"zh": "别处市", "en": "Elsewhere"},
            "url": "https://elsewhere.example",
            "keys": [{"public": text(SigningKey(THEIRS).public), "until": str(FAR)}],
            "may": ["crossings", "registers"],
        } | changes
        path = tmp_path / "neighbours.yaml"
        path.write_text(yaml.safe_dump({"neighbours": [row]}, allow_unicode=True), "utf-8")
        settings.NEIGHBOURS = path

    write()
    return write


@pytest.fixture
def send(neighbours: Callable[..., None], city: Path) -> Callable[..., Answer]:
    """Send a message to our server, signed by the neighbour; everything about it can be changed before it goes."""
    client = Client()

    def do(
        service: str = "keys",
        body: bytes = b"{}",
        *,
        by: Signing | None = None,
        to: str = "",
        at: datetime | None = None,
        url: str = "https://here.example",
        kind: str = "application/json",
        change: Callable[[Request], None] = lambda request: None,
    ) -> Answer:
        from tongban.apps.catalog.city import get_city

        request = Request(
            method="POST", url=f"{url}/neighbours/v1/{service}", headers={"Content-Type": kind}, body=body
        )
        sign_request(request=request, to=to or get_city().code, by=by or signing(), at=at or datetime.now(UTC))
        change(request)
        headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
        said = client.post(f"/neighbours/v1/{service}", request.body, content_type=kind, headers=headers)
        return Answer(status_code=said.status_code, headers=dict(said.headers), body=said.content, request=request)

    return do
