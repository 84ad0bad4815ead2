"""Each way speaks its protocol, to a server that speaks it too."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from tests.apps.channels.doubles import (
    Browser,
    Double,
    MailServer,
    mail_server,
    push_service,
    receiver,
    serve,
    wechat,
)

from tongban.apps.channels.errors import TargetForbidden
from tongban.apps.channels.transports import Later, Never, Outgoing, is_on, send
from tongban.apps.channels.transports.http import check_target, post
from tongban.apps.channels.transports.push import encrypt, read_public

KEY = "a" * 64
SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()


def outgoing(key: str = KEY, **target: str) -> Outgoing:
    return Outgoing(
        key=key,
        target=target,
        title="等您补材料",
        text="您尾号 7724 的办件等您补材料。",
        link="https://city.example/inbox/",
        language="zh-hans",
        data={"specversion": "1.0", "id": "1/1", "type": "tongban.case.filed"},
    )


@pytest.fixture(autouse=True)
def _near(settings: Any) -> None:
    settings.PRIVATE_TARGETS = ["127.0.0.1"]


def test_a_channel_is_off_as_long_as_nothing_is_set() -> None:
    assert not any(is_on(channel) for channel in ("email", "sms", "wechat", "push"))


# --- mail -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    with mail_server() as (double, port):
        settings.EMAIL_ON, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL = "明川 <no-reply@city.example>"
        yield double


def test_mail_is_handed_over(mail: MailServer) -> None:
    message_id = send(channel="email", outgoing=outgoing(address="lin@example.com"))
    (got,) = mail.mails
    assert got["Message-ID"] == message_id == f"<{KEY[:40]}@city.example>"
    assert got["To"] == "lin@example.com"
    assert got["Subject"] == "等您补材料"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "https://city.example/inbox/" in got.get_content()


@pytest.mark.parametrize(
    ("said", "raised"), [("451 greylisted", Later), ("452 full", Later), ("550 no such user", Never)]
)
def test_what_the_mail_server_says_is_kept_to(mail: MailServer, said: str, raised: type[Exception]) -> None:
    mail.refuse = [said]
    with pytest.raises(raised, match=f"recipient-{said[:3]}"):
        send(channel="email", outgoing=outgoing(address="lin@example.com"))


def test_a_mail_server_that_is_away_is_tried_later(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(Later, match="mail-server-away"):
        send(channel="email", outgoing=outgoing(address="lin@example.com"))


def test_an_address_cannot_add_headers(mail: MailServer) -> None:
    with pytest.raises(Never, match="address"):
        send(channel="email", outgoing=outgoing(address="lin@example.com\nBcc: all@example.com"))
    assert mail.mails == []


# --- WeChat -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def account(settings: Any) -> Iterator[Double]:
    with serve(wechat("app", "secret", {"open-1"})) as double:
        settings.WECHAT_URL, settings.WECHAT_APP_ID = double.url, "app"
        settings.WECHAT_SECRET, settings.WECHAT_TEMPLATE = "secret", "template"
        yield double


def _paths(double: Double) -> list[str]:
    return [call.path.partition("?")[0].rpartition("/")[2] for call in double.calls]


def test_a_template_message_is_sent_with_a_token_that_is_kept(account: Double) -> None:
    assert send(channel="wechat", outgoing=outgoing(openid="open-1")) == "200228332"
    send(channel="wechat", outgoing=outgoing("b" * 64, openid="open-1"))
    assert _paths(account) == ["token", "send", "send"]
    message = json.loads(account.taken["b" * 64])
    assert message["template_id"] == "template"
    assert len(message["data"]["thing2"]["value"]) <= 20


def test_the_same_again_is_dropped_by_wechat(account: Double) -> None:
    for _ in range(2):
        send(channel="wechat", outgoing=outgoing(openid="open-1"))
    assert len(account.taken) == 1


def test_a_token_that_has_ended_is_asked_for_anew(account: Double) -> None:
    send(channel="wechat", outgoing=outgoing(openid="open-1"))
    account.token_ended = True  # type: ignore[attr-defined]
    send(channel="wechat", outgoing=outgoing("b" * 64, openid="open-1"))
    assert _paths(account) == ["token", "send", "send", "token", "send"]


def test_who_does_not_follow_the_account_any_more_is_gone(account: Double) -> None:
    with pytest.raises(Never, match="wechat-43004") as raised:
        send(channel="wechat", outgoing=outgoing(openid="open-2"))
    assert raised.value.gone


def test_a_wrong_secret_is_tried_later_and_shown(account: Double, settings: Any) -> None:
    settings.WECHAT_SECRET = "other"
    with pytest.raises(Later, match="wechat-token-40125"):
        send(channel="wechat", outgoing=outgoing(openid="open-1"))
    assert cache.get("channels:wechat") is None


# --- web push ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pushing(settings: Any) -> Iterator[Double]:
    settings.PUSH_KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).decode()
    settings.PUSH_CONTACT = "mailto:operator@city.example"
    with serve(push_service()) as double:
        yield double


def _to(browser: Browser) -> dict[str, str]:
    keys = browser.subscription["keys"]
    return {"endpoint": browser.endpoint, "public": keys["p256dh"], "auth": keys["auth"]}


def test_a_browser_reads_what_was_encrypted_for_it(pushing: Double) -> None:
    browser = Browser(f"{pushing.url}/b/1")
    assert send(channel="push", outgoing=outgoing(**_to(browser))).endswith("/m/1")
    said = browser.read(pushing.taken[KEY[:32]])
    assert said == {
        "title": "等您补材料",
        "body": "您尾号 7724 的办件等您补材料。",
        "url": "https://city.example/inbox/",
        "tag": KEY[:32],
    }


def test_the_same_again_takes_the_place_of_the_first(pushing: Double) -> None:
    browser = Browser(f"{pushing.url}/b/1")
    for _ in range(2):
        send(channel="push", outgoing=outgoing(**_to(browser)))
    assert len(pushing.taken) == 1


def test_a_browser_that_is_gone_is_forgotten(pushing: Double) -> None:
    with pytest.raises(Never, match="http-410") as raised:
        send(channel="push", outgoing=outgoing(**_to(Browser(f"{pushing.url}/gone"))))
    assert raised.value.gone


def test_encryption_is_that_of_the_standard() -> None:
    """The example of RFC 8291, section 5."""

    def raw(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    own = ec.derive_private_key(
        int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    public = read_public("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        public=public,
        auth=raw("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64.urlsafe_b64encode(body).rstrip(b"=").decode() == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


# --- web hooks --------------------------------------------------------------------------------------------------------


def test_a_receiver_finds_the_signature_good(settings: Any) -> None:
    with serve(receiver(SECRET)) as double:
        for _ in range(2):
            send(channel="webhook", outgoing=outgoing(url=f"{double.url}/hook", secret=SECRET))
        assert len(double.calls) == 2
        assert json.loads(double.taken[KEY])["specversion"] == "1.0"
        assert double.calls[0].headers["content-type"].startswith("application/cloudevents+json")
        other = "whsec_" + base64.b64encode(b"x" * 32).decode()
        with pytest.raises(Never, match="http-401"):
            send(channel="webhook", outgoing=outgoing(url=f"{double.url}/hook", secret=other))


# --- where we call ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/hook", "not-https"),
        ("ftp://example.com/hook", "not-an-address"),
        ("https://user:password@example.com/", "not-an-address"),
        ("https:///hook", "not-an-address"),
        ("https://127.0.0.2/hook", "private"),
        ("https://10.1.2.3/hook", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/hook", "private"),
        ("https://[::ffff:10.0.0.1]/hook", "private"),
        ("https://0.0.0.0/hook", "private"),
        ("https://224.0.0.1/hook", "private"),
        ("https://2130706434/hook", "private"),
        ("https://localhost/hook", "private"),
        ("https://nowhere.invalid/hook", "unknown-host"),
        ("https://127.0.0.2:99999/hook", "unknown-host"),
    ],
)
def test_what_others_choose_does_not_lead_inside(url: str, why: str) -> None:
    with pytest.raises(TargetForbidden) as raised:
        check_target(url=url)
    assert raised.value.params["why"] == why


def test_a_redirect_is_not_followed() -> None:
    def answer(_double: Double, _call: Any) -> tuple[int, dict[str, str], bytes]:
        return 302, {"Location": "http://127.0.0.1:1/inside"}, b""

    with serve(answer) as double, pytest.raises(Never, match="http-302"):
        post(url=double.url, body=b"", headers={})
    assert len(double.calls) == 1


def test_a_name_that_changes_its_meaning_is_called_where_it_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked once: a second answer, of a name server that means harm, would lead inside."""
    import socket

    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *given: Any, **more: Any) -> Any:
        if host == "rebind.example":
            asked.append(host)
            return real("93.184.216.34" if len(asked) == 1 else "127.0.0.1", *given, **more)
        return real(host, *given, **more)

    def refuse(address: Any, *_given: Any, **_more: Any) -> Any:
        assert address[0] == "93.184.216.34"
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(Later, match="no-answer"):
        post(url="https://rebind.example/hook", body=b"", headers={})
    assert asked == ["rebind.example"]


def test_an_answer_without_end_is_cut() -> None:
    def answer(_double: Double, _call: Any) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b"x" * 1_000_000

    with serve(answer) as double:
        assert len(post(url=double.url, body=b"", headers={}).body) == 64 * 1024


def test_nothing_there_is_tried_later() -> None:
    with pytest.raises(Later, match="no-answer"):
        post(url="http://127.0.0.1:1/", body=b"", headers={})
