"""Whose requests are counted: what our own proxies say is believed, what the asker says is not."""

from typing import Any

import pytest
from django.test import RequestFactory

from tongban.apps.people.addresses import address_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "198.51.100.1"),
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "192.0.2.1", "198.51.100.1"),
    ],
)
def test_it_works(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="198.51.100.1")
    assert address_of(request) == address
