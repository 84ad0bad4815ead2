"""From the last page of one part straight to what is still open; the cart itself is there for whoever wants it."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.orders.conftest import Cart

pytestmark = pytest.mark.django_db


def test_it_works(cart: Callable[..., Cart], fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    client, address = cart()
    led: list[str] = []
    post = client.post

    def posts(*given: Any, **more: Any) -> Any:
        answer = post(*given, **more)
        led.append(answer.headers.get("Location", ""))
        return answer

    assert client.get(f"{address}?onward")["Location"] == f"{address}answers/"
    monkeypatch.setattr(client, "post", posts)
    fill((client, address))
    assert f"{address}?onward" in led  # from the last page of a part
    assert address not in led
    assert client.get(f"{address}?onward")["Location"] == f"{address}review/"
    assert client.get(address).status_code == 200
