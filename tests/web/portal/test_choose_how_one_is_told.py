"""A resident chooses by which ways they are told, of what, and when not."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import time
from typing import Any

import pytest
from django.test import Client
from tests.apps.channels.doubles import Browser, Double, MailServer, mail_server, serve, wechat

from tongban.apps.channels.models import Notice, Preference, PushSubscription
from tongban.apps.people.sealing import open_sealed

pytestmark = pytest.mark.django_db
PAGE = "/account/notices/"


@pytest.fixture(autouse=True)
def _channels(settings: Any) -> None:
    settings.SMS_URL, settings.SMS_KEY = "https://sms.example/send", "key"
    settings.PUSH_KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).decode()
    settings.PUSH_CONTACT = "mailto:operator@city.example"
    settings.PRIVATE_TARGETS = ["push.example"]


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    with mail_server() as (double, port):
        settings.EMAIL_ON, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield double


@pytest.fixture
def preference(actor_for: Callable[[str], Any]) -> Callable[[], Preference]:
    return lambda: Preference.objects.get(person=actor_for("linxiaomei").person_id)


def _code(mail: MailServer) -> str:
    return "".join(each for each in str(mail.mails[-1]["Subject"]) if each.isdigit())


def test_it_works(client_for: Callable[..., Client], preference: Callable[[], Preference]) -> None:
    browser = client_for("linxiaomei")
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "139****0001" in page.text
    assert "13900000001" not in page.text
    chosen = {"sms": ["wanted", "result", "reminder"], "quiet-from": "22:00", "quiet-until": "07:30", "language": "en"}
    assert "Saved." in browser.post(PAGE, chosen, follow=True).text
    kept = preference()
    assert kept.chosen["sms"] == ["wanted", "result", "reminder"]
    assert kept.chosen["push"] == [], "no box of it was ticked"
    assert (kept.quiet_from, kept.quiet_until, kept.language) == (time(22), time(7, 30), "en")
    assert 'value="22:00"' in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("start", "end"), [("22:00", ""), ("", "07:00"), ("08:00", "08:00"), ("25:00", "07:00"), ("x", "y")]
)
def test_quiet_hours_that_are_none_are_said_and_nothing_is_lost(
    client_for: Callable[..., Client], start: str, end: str
) -> None:
    page = client_for("linxiaomei").post(PAGE, {"sms": ["wanted"], "quiet-from": start, "quiet-until": end})
    assert page.status_code == 422
    assert "Quiet hours need a beginning and an end" in page.text
    if start:
        assert f'value="{start}"' in page.text
    assert not Preference.objects.exclude(quiet_from=None).exists()


def test_an_address_counts_once_its_code_is_typed(
    client_for: Callable[..., Client], mail: MailServer, preference: Callable[[], Preference]
) -> None:
    browser = client_for("linxiaomei")
    page = browser.post(f"{PAGE}email", {"address": "lin@example.com"}, follow=True)
    assert "We have sent a code to l***@example.com" in page.text
    assert preference().email_verified_at is None
    wrong = browser.post(f"{PAGE}email/confirm", {"code": "nonsense"})
    assert wrong.status_code == 422
    assert "Tries left: 4" in wrong.text
    assert "Your address is confirmed" in browser.post(f"{PAGE}email/confirm", {"code": _code(mail)}, follow=True).text
    kept = preference()
    assert open_sealed(kept.email_sealed) == "lin@example.com"
    assert "lin@" not in kept.email_sealed
    browser.post(f"{PAGE}remove", {"what": "email"})
    assert preference().email_sealed == ""


def test_a_code_cannot_be_guessed(
    client_for: Callable[..., Client], mail: MailServer, preference: Callable[[], Preference]
) -> None:
    browser = client_for("linxiaomei")
    browser.post(f"{PAGE}email", {"address": "lin@example.com"})
    for _ in range(5):
        browser.post(f"{PAGE}email/confirm", {"code": "x"})
    answer = browser.post(f"{PAGE}email/confirm", {"code": _code(mail)})
    assert "No code is awaited any more" in answer.text
    assert preference().email_verified_at is None


def test_codes_are_not_sent_one_after_the_other(client_for: Callable[..., Client], mail: MailServer) -> None:
    browser = client_for("linxiaomei")
    browser.post(f"{PAGE}email", {"address": "lin@example.com"})
    answer = browser.post(f"{PAGE}email", {"address": "other@example.com"}, follow=True)
    assert "wait a minute" in answer.text
    assert len(mail.mails) == 1


def test_what_is_wrong_with_an_address_is_said(client_for: Callable[..., Client], mail: MailServer) -> None:
    browser = client_for("linxiaomei")
    page = browser.post(f"{PAGE}email", {"address": "nobody at home"})
    assert page.status_code == 422
    assert "This is no e-mail address" in page.text
    assert 'value="nobody at home"' in page.text
    mail.refuse = ["550 no such user"]
    page = browser.post(f"{PAGE}email", {"address": "nobody@example.com"})
    assert "The mail could not be sent" in page.text
    assert "We have sent a code" not in browser.get(PAGE).text


def test_a_browser_is_switched_on_and_off(
    client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, actor_for: Callable[[str], Any]
) -> None:
    import socket

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])
    browser, device = client_for("linxiaomei"), Browser("https://push.example/b/1")

    def post(said: Any) -> int:
        return browser.post(f"{PAGE}push", json.dumps(said), content_type="application/json").status_code

    assert post(device.subscription) == 204
    kept = PushSubscription.objects.get()
    assert "push.example" not in kept.endpoint_sealed
    assert "1 browser is told" in browser.get(PAGE).text
    other = client_for("wuxiaochuan")
    other.post(f"{PAGE}push", json.dumps(device.subscription), content_type="application/json")
    assert PushSubscription.objects.get().person_id == actor_for("wuxiaochuan").person_id, "who sits there now"
    assert post({"off": device.endpoint}) == 204
    assert PushSubscription.objects.count() == 1, "another's is not taken away"
    assert other.post(f"{PAGE}remove", {"what": "push"}).status_code == 302
    assert not PushSubscription.objects.exists()


@pytest.fixture
def account(settings: Any) -> Iterator[Double]:
    with serve(wechat("app", "secret", {"open-1"})) as double:
        settings.WECHAT_URL, settings.WECHAT_APP_ID = double.url, "app"
        settings.WECHAT_SECRET, settings.WECHAT_TEMPLATE = "secret", "template"
        settings.PRIVATE_TARGETS = ["127.0.0.1"]
        yield double


def _leave(browser: Client) -> str:
    """Go to WeChat; return the word that it sends back."""
    target = browser.get(f"{PAGE}wechat")["Location"]
    assert target.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=app&")
    return target.split("state=")[1].split("#")[0]


def test_wechat_is_allowed_and_forgotten(
    client_for: Callable[..., Client], account: Double, preference: Callable[[], Preference]
) -> None:
    browser = client_for("linxiaomei")
    state = _leave(browser)
    page = browser.get(f"{PAGE}wechat/back?code=right&state={state}", follow=True)
    assert "You are told in WeChat from now on" in page.text
    assert open_sealed(preference().wechat_sealed) == "open-1"
    assert "not told in WeChat any more" in browser.post(f"{PAGE}remove", {"what": "wechat"}, follow=True).text
    assert preference().wechat_sealed == ""


@pytest.mark.parametrize(("code", "state"), [("right", "made-up"), ("right", ""), ("wrong", None)])
def test_who_was_not_sent_back_by_wechat_is_nobody_there(
    client_for: Callable[..., Client], account: Double, code: str, state: str | None
) -> None:
    browser = client_for("linxiaomei")
    right = _leave(browser)
    page = browser.get(f"{PAGE}wechat/back?code={code}&state={right if state is None else state}", follow=True)
    assert "did not confirm who you are" in page.text
    assert not Preference.objects.exclude(wechat_sealed="").exists()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "{}",
        '{"endpoint": 7}',
        '{"endpoint": "https://10.0.0.1/x", "keys": {"p256dh": "", "auth": ""}}',
        '{"endpoint": "https://push.example/x", "keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}',
        '{"endpoint": "https://push.example/x", "keys": []}',
    ],
)
def test_what_is_no_subscription_is_refused(client_for: Callable[..., Client], said: str) -> None:
    answer = client_for("linxiaomei").post(f"{PAGE}push", said, content_type="application/json")
    assert answer.status_code == 400
    assert not PushSubscription.objects.exists()


def test_a_test_is_sent_and_not_twice_at_once(client_for: Callable[..., Client]) -> None:
    browser = client_for("linxiaomei")
    assert "A test is on its way" in browser.post(f"{PAGE}test", follow=True).text
    assert "wait a minute" in browser.post(f"{PAGE}test", follow=True).text
    assert list(Notice.objects.values_list("kind", flat=True)) == ["test"]


def test_without_any_channel_it_says_so(client_for: Callable[..., Client], settings: Any) -> None:
    settings.SMS_URL = settings.PUSH_KEY = ""
    page = client_for("linxiaomei").get(PAGE)
    assert "you are told in the inbox" in page.text
    assert "data-push" not in page.text
    assert client_for("linxiaomei").get(f"{PAGE}wechat").status_code == 409


def test_each_has_their_own(client_for: Callable[..., Client], actor_for: Callable[[str], Any]) -> None:
    client_for("linxiaomei").post(PAGE, {"sms": []})
    assert not Preference.objects.filter(person=actor_for("wuxiaochuan").person_id).exists()
    assert client_for("chenli").get(PAGE).status_code == 200


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    browser = client_for("")
    for path in ("", "email", "email/confirm", "push", "remove", "test"):
        assert browser.post(f"{PAGE}{path}")["Location"].startswith("/account/login/"), path
    for path in ("wechat", "wechat/back"):
        assert browser.get(f"{PAGE}{path}")["Location"].startswith("/account/login/"), path
