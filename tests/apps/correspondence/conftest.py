"""Who writes to government, and the servers of those who carry it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.apps.channels.doubles import Double, MailServer, mail_server, serve
from tests.apps.correspondence.imap_server import ImapServer, imap_server
from tests.apps.correspondence.wechat_account import Account

from tongban.apps.correspondence.services import fetch_due, file_due, poll_mail, send_due

HOLE = "滨河路 18 号门口的窨井盖没了，昨天晚上有人摔了。"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = timezone.now().replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> datetime:
        self.at += timedelta(**time)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What requests and tests read alike."""
    found = Clock()
    monkeypatch.setattr(timezone, "now", found)
    return found


@pytest.fixture
def wechat(settings: Any, city: Path) -> Account:
    """The account, set up with a key; its messages go to the callback."""
    settings.WECHAT_APP_ID, settings.WECHAT_SECRET = Account.app, Account.secret
    settings.WECHAT_TOKEN, settings.WECHAT_AES_KEY = Account.token, Account.aes_key
    settings.PRIVATE_TARGETS = ["127.0.0.1"]
    browser = Client()

    def post(query: dict[str, str], body: bytes) -> Any:
        return browser.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)

    return Account(post)


@pytest.fixture
def wechat_server(wechat: Account, settings: Any) -> Iterator[Double]:
    """What the product calls of WeChat."""
    with serve(wechat.answer) as double:
        settings.WECHAT_URL = double.url
        yield double


@pytest.fixture
def work(clock: Clock) -> Callable[[], None]:
    """What the worker does until there is nothing left to do."""

    def done() -> None:
        while poll_mail(now=clock) + fetch_due(now=clock) + file_due(now=clock) + send_due(now=clock):
            pass

    return done


@pytest.fixture(scope="session")
def _imap() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def mailbox(_imap: ImapServer, settings: Any, city: Path) -> ImapServer:
    """The city's mailbox, empty."""
    _imap.empty()
    settings.INBOUND_MAIL, settings.INBOUND_MAIL_ADDRESS = _imap.url, "hotline@city.example"
    settings.PRIVATE_TARGETS = ["127.0.0.1"]
    return _imap


@pytest.fixture
def smtp(mailbox: ImapServer, settings: Any) -> Iterator[MailServer]:
    """The server by which answers go out."""
    with mail_server() as (double, port):
        settings.EMAIL_ON, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield double
