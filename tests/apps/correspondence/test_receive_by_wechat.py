"""What WeChat's servers hand over: taken when signed, sealed for our account, of now, and harmless; else refused."""

import base64
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.correspondence.aes import decrypt_cbc, encrypt_cbc
from tests.apps.correspondence.conftest import HOLE

from tongban.apps.correspondence.errors import CorrespondenceError
from tongban.apps.correspondence.models import Correspondent, Message
from tongban.apps.correspondence.wechat import callback

pytestmark = pytest.mark.django_db
SOMEBODY = "oSomebody0123456789abcdefgh"


def test_the_seal_of_these_tests_is_that_of_the_standard() -> None:
    """FIPS 197, appendix C.3."""
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    sealed = encrypt_cbc(block, key=bytes(range(32)), start=bytes(16))
    assert sealed.hex() == "8ea2b7ca516745bfeafc49904b496089"
    assert decrypt_cbc(sealed, key=bytes(range(32)), start=bytes(16)) == block


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_it_works_in_each_mode(wechat: Any, clock: Any, settings: Any, mode: str) -> None:
    wechat.mode = mode
    settings.WECHAT_AES_KEY = "" if mode == "plain" else wechat.aes_key
    assert "3 分钟" in wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    assert Message.objects.get(inbound=True).channel == "wechat"


def test_it_works_over_a_real_connection(live_server: Any, city: Any, settings: Any) -> None:
    """As WeChat calls: HTTP on loopback, at this moment."""
    import http.client
    from urllib.parse import urlencode, urlsplit

    from django.utils import timezone
    from tests.apps.correspondence.wechat_account import Account

    settings.WECHAT_APP_ID, settings.WECHAT_SECRET = Account.app, Account.secret
    settings.WECHAT_TOKEN, settings.WECHAT_AES_KEY = Account.token, Account.aes_key

    class Answer:
        def __init__(self, found: http.client.HTTPResponse) -> None:
            self.status_code, self.content = found.status, found.read()

    def post(query: dict[str, str], body: bytes) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc)
        connection.request("POST", f"/correspondence/wechat?{urlencode(query)}", body, {"Content-Type": "text/xml"})
        return Answer(connection.getresponse())

    assert "3 分钟" in Account(post).hand_over(SOMEBODY, timezone.now(), Content=HOLE)


def test_the_address_is_confirmed_to_who_knows_the_token(wechat: Any, clock: Any, client: Any) -> None:
    stamp, nonce = str(int(clock().timestamp())), "77"
    query = {"timestamp": stamp, "nonce": nonce, "echostr": "6601", "signature": wechat.sign(stamp, nonce)}
    answer = client.get("/correspondence/wechat", query_params=query)
    assert (answer.status_code, answer.content) == (200, b"6601")
    assert client.get("/correspondence/wechat", query_params=query | {"signature": "0" * 40}).status_code == 403
    assert client.get("/correspondence/wechat").status_code == 403


def test_nothing_is_there_until_the_city_sets_it_up(client: Any, clock: Any, settings: Any, city: Any) -> None:
    settings.WECHAT_TOKEN = ""
    assert client.get("/correspondence/wechat").status_code == 404
    assert client.post("/correspondence/telegram").status_code == 404


def test_a_plain_message_is_refused_where_a_key_is_set(wechat: Any, clock: Any) -> None:
    """Its signature does not cover it."""
    wechat.mode = "plain"
    assert wechat.try_to(SOMEBODY, clock(), Content=HOLE)[0] == 403
    assert not Correspondent.objects.exists()


@pytest.mark.parametrize("part", ["signature", "msg_signature"])
def test_a_wrong_signature_is_refused(wechat: Any, clock: Any, client: Any, part: str) -> None:
    stamp = int(clock().timestamp())
    query, body = wechat.envelope(wechat.xml(SOMEBODY, 1, stamp, {"Content": HOLE}), stamp)
    query[part] = query[part][::-1]
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert (answer.status_code, answer.content) == (403, b"correspondence.forged")
    assert not Correspondent.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_refused(wechat: Any, clock: Any, client: Any, minutes: int) -> None:
    stamp = int(clock().timestamp()) + minutes * 60
    query, body = wechat.envelope(wechat.xml(SOMEBODY, 1, stamp, {"Content": HOLE}), stamp)
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert (answer.status_code, answer.content) == (403, b"correspondence.late")


def test_another_account_s_message_is_refused(wechat: Any, clock: Any, client: Any) -> None:
    stamp = int(clock().timestamp())
    xml = wechat.xml(SOMEBODY, 1, stamp, {"Content": HOLE})
    query, body = wechat.envelope(xml, stamp, app="wxffffffffffffffff")
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert (answer.status_code, answer.content) == (403, b"correspondence.forged")


@pytest.mark.parametrize("pad", [0, 33, 255])
def test_a_padding_that_is_none_is_refused(wechat: Any, clock: Any, client: Any, pad: int) -> None:
    stamp, nonce = str(int(clock().timestamp())), "5"
    sealed = wechat.encrypt(b"0123456789abcdef" + b"\x00\x00\x00\x01x" + wechat.app.encode() + b"." * 8 + bytes([pad]))
    _refused_as_unreadable(wechat, client, stamp, nonce, sealed)


@pytest.mark.parametrize("sealed", ["", "not base64!", base64.b64encode(b"seventeen bytes!!").decode(), "AAAA"])
def test_a_seal_that_is_none_is_refused(wechat: Any, clock: Any, client: Any, sealed: str) -> None:
    stamp = str(int(clock().timestamp()))
    _refused_as_unreadable(wechat, client, stamp, "5", sealed, forged=sealed == "")


def test_a_length_beyond_the_message_is_refused(wechat: Any, clock: Any, client: Any) -> None:
    plain = b"0123456789abcdef" + b"\x7f\xff\xff\xff" + b"<xml></xml>" + wechat.app.encode()
    pad = 32 - len(plain) % 32
    _refused_as_unreadable(
        wechat, client, str(int(clock().timestamp())), "5", wechat.encrypt(plain + bytes([pad]) * pad)
    )


def _refused_as_unreadable(wechat: Any, client: Any, stamp: str, nonce: str, sealed: str, forged: bool = False) -> None:
    query = {"timestamp": stamp, "nonce": nonce, "signature": wechat.sign(stamp, nonce)}
    query["msg_signature"] = wechat.sign(stamp, nonce, sealed)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    wanted = (403, b"correspondence.forged") if forged else (400, b"correspondence.unreadable")
    assert (answer.status_code, answer.content) == wanted


ENTITIES = b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "prolog",
    [ENTITIES, b'<?xml version="1.0"?>' + ENTITIES, b"<!-- <xml --> " + ENTITIES, b"\n<!doctype xml>"],
)
@pytest.mark.parametrize("inside", [False, True])
def test_entities_are_refused_in_the_message_and_around_it(
    wechat: Any, clock: Any, client: Any, prolog: bytes, inside: bool
) -> None:
    stamp = int(clock().timestamp())
    xml = wechat.xml(SOMEBODY, 1, stamp, {}).replace(b"</xml>", b"<Content>&x;&b;</Content></xml>")
    query, body = wechat.envelope(prolog + xml if inside else xml, stamp)
    body = body if inside else prolog + body
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert (answer.status_code, answer.content) == (400, b"correspondence.unreadable")


def test_a_text_that_speaks_of_entities_is_a_text(wechat: Any, clock: Any) -> None:
    assert wechat.hand_over(SOMEBODY, clock(), Content="网页源码里有 <!DOCTYPE html> 和 &lt;xml&gt;，打不开")


@pytest.mark.parametrize("body", [b"", b"<xml>", b"<html/>", b"\xff\xfe<\x00x\x00", b"<xml><Encrypt/></xml>", b"[]"])
def test_what_is_no_message_is_refused(wechat: Any, clock: Any, client: Any, body: bytes) -> None:
    stamp = str(int(clock().timestamp()))
    query = {"timestamp": stamp, "nonce": "1", "signature": wechat.sign(stamp, "1")}
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert answer.status_code in (400, 403)


def test_more_than_a_message_has_is_refused_before_it_is_read(wechat: Any, clock: Any, client: Any) -> None:
    stamp = str(int(clock().timestamp()))
    query = {"timestamp": stamp, "nonce": "1", "signature": wechat.sign(stamp, "1")}
    body = b"<xml>" + b" " * callback.LARGEST + b"</xml>"
    answer = client.post("/correspondence/wechat", body, content_type="text/xml", query_params=query)
    assert (answer.status_code, answer.content) == (413, b"correspondence.too-large")


def test_whoever_guesses_is_not_listened_to_for_a_while(wechat: Any, clock: Any, client: Any, settings: Any) -> None:
    settings.RATE_CORRESPONDENCE = "3/m"
    said = [
        client.get("/correspondence/wechat", query_params={"signature": str(each)}).status_code for each in range(5)
    ]
    assert said == [403, 403, 403, 403, 429]


def test_whoever_follows_is_greeted_and_nothing_is_kept(wechat: Any, clock: Any) -> None:
    assert "请直接写下" in wechat.hand_over(SOMEBODY, clock(), MsgType="event", Event="subscribe", EventKey="")
    assert wechat.hand_over(SOMEBODY, clock(), MsgType="event", Event="unsubscribe") == ""
    assert wechat.hand_over(SOMEBODY, clock(), MsgType="event", Event="CLICK", EventKey="x") == ""
    assert not Correspondent.objects.exists()


def test_other_ways_of_asking_are_refused(wechat: Any, client: Any) -> None:
    assert client.put("/correspondence/wechat").status_code == 405


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), wrap=st.booleans())
def test_whatever_bytes_come_it_is_an_error_of_ours_and_nothing_else(wechat: Any, body: bytes, wrap: bool) -> None:
    from datetime import UTC, datetime

    at = datetime.now(UTC)
    stamp = str(int(at.timestamp()))
    query = {"timestamp": stamp, "nonce": "1", "signature": wechat.sign(stamp, "1")}
    sealed = base64.b64encode(body + b"\0" * (-len(body) % 16)).decode()
    query["msg_signature"] = wechat.sign(stamp, "1", sealed)
    whole = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode() if wrap else body
    with pytest.raises(CorrespondenceError):
        callback.take(query=query, body=whole, at=at)


def test_an_address_is_nowhere_in_the_open(wechat: Any, clock: Any) -> None:
    wechat.hand_over(SOMEBODY, clock(), Content=HOLE)
    row = Correspondent.objects.get()
    held = [str(value) for each in (row, *Message.objects.all()) for value in vars(each).values()]
    assert not any(SOMEBODY in value or HOLE in value for value in held)
