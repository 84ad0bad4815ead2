"""A message between two systems is taken in once, from whom we know, unchanged and for us; all else is told apart."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from http_message_signatures import HTTPMessageSigner, InvalidSignature, algorithms
from tests.apps.neighbours.conftest import FAR, OURS, THEIR_NEXT, THEIRS, signing, text

from tongban.apps.neighbours import services
from tongban.apps.neighbours.calling import NoAnswer, Said
from tongban.apps.neighbours.directory import get_neighbours
from tongban.apps.neighbours.errors import (
    FromTheFuture,
    NeighbourAway,
    NeighbourRefused,
    NeighboursOff,
    NeighboursUnusable,
    NotForUs,
    OwnKeyExpired,
    Refuse,
    SignatureWrong,
    TooOld,
)
from tongban.apps.neighbours.keys import find_key, list_keys
from tongban.apps.neighbours.models import Nonce
from tongban.apps.neighbours.signatures import (
    Answer,
    Key,
    Request,
    _Keys,
    _Verifier,
    check_answer,
    check_request,
    sign_answer,
    sign_request,
)
from tongban.kernel.chain import SigningKey

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
Send = Callable[..., Answer]


def our_key(name: str) -> Key | None:
    from tongban.apps.catalog.city import get_city

    key = SigningKey(OURS)
    held = Key(owner=get_city().code, id=key.id, public=key.public, until=FAR)
    return held if held.name == name else None


def code(answer: Answer) -> str:
    return str(json.loads(answer.body)["code"])


# --- RFC 9421, appendix B.2.6 ----------------------------------------------------------------------------------------

PEM = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


def of_the_rfc() -> Request:
    return Request(
        method="POST",
        url="https://example.com/foo?param=Value&Pet=dog",
        headers={
            "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
            "Content-Type": "application/json",
            "Content-Length": "18",
        },
        body=b'{"hello": "world"}',
    )


class Private(_Keys):
    """Gives the one private key, by its 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        super().__init__(self._key.public_key().public_bytes_raw())

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


def test_the_vector_of_the_rfc_is_signed_to_the_byte_and_checked() -> None:
    key: Any = load_pem_private_key(PEM, None)
    request = of_the_rfc()
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Private(key.private_bytes_raw())).sign(
        request,
        key_id="test-key-ed25519",
        created=datetime.fromtimestamp(1618884473, UTC),
        label="sig-b26",
        include_alg=False,
        covered_component_ids=("date", "@method", "@path", "@authority", "content-type", "content-length"),
    )
    assert request.headers["Signature-Input"] == (
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    assert request.headers["Signature"] == f"sig-b26=:{SIGNATURE}:"
    public = key.public_key().public_bytes_raw()
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(public=public))
    assert verifier.verify(request, max_age=None)
    request.headers["Date"] = "Tue, 20 Apr 2021 02:07:56 GMT"
    with pytest.raises(InvalidSignature):
        verifier.verify(request, max_age=None)


# --- signing and checking --------------------------------------------------------------------------------------------


def pair(at: datetime = NOW) -> tuple[Request, Answer]:
    request = Request(method="POST", url="https://b.example/x?y=1", headers={"Content-Type": "application/json"})
    request.body = b'{"a":1}'
    sign_request(request=request, to="b", by=signing(), at=at)
    answer = Answer(status_code=200, headers={"Content-Type": "application/json"}, body=b"{}", request=request)
    sign_answer(answer=answer, by=signing(OURS, "b"), at=at)
    return request, answer


def known(*seeds: tuple[str, bytes]) -> Callable[[str], Key | None]:
    keys = [
        Key(owner=owner, id=SigningKey(seed).id, public=SigningKey(seed).public, until=FAR) for owner, seed in seeds
    ]
    return {key.name: key for key in keys}.get


BOTH = known(("elsewhere", THEIRS), ("b", OURS))


def test_what_was_signed_is_taken_on_the_other_side() -> None:
    request, answer = pair()
    assert check_request(request=request, us="b", find_key=BOTH, at=NOW).sender == "elsewhere"
    assert check_answer(answer=answer, sender="b", find_key=BOTH, at=NOW).sender == "b"


def test_an_answer_belongs_to_one_request() -> None:
    """The same question asked again has another signature, so the answer to the first is none to the second."""
    _request, answer = pair()
    answer.request, _other = pair()
    with pytest.raises(SignatureWrong):
        check_answer(answer=answer, sender="b", find_key=BOTH, at=NOW)


def test_an_answer_of_somebody_else_is_none() -> None:
    _request, answer = pair()
    with pytest.raises(NotForUs):
        check_answer(answer=answer, sender="c", find_key=BOTH, at=NOW)


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    request, _answer = pair()
    for minutes in (-1, 0, 5, 6):
        check_request(request=request, us="b", find_key=BOTH, at=NOW + timedelta(minutes=minutes))
    with pytest.raises(FromTheFuture):
        check_request(request=request, us="b", find_key=BOTH, at=NOW - timedelta(minutes=1, seconds=1))
    with pytest.raises(TooOld):
        check_request(request=request, us="b", find_key=BOTH, at=NOW + timedelta(minutes=6, seconds=1))


# --- at our door -----------------------------------------------------------------------------------------------------


def test_it_works(send: Send) -> None:
    answer = send()
    assert answer.status_code == 200
    assert json.loads(answer.body)["keys"][0]["kid"] == SigningKey(OURS).id
    assert check_answer(answer=answer, sender=our_code(), find_key=our_key, at=datetime.now(UTC))


def our_code() -> str:
    from tongban.apps.catalog.city import get_city

    return get_city().code


def strip(*names: str) -> Callable[[Request], None]:
    def change(request: Request) -> None:
        for name in names:
            del request.headers[name]

    return change


def replace(name: str, old: str, new: str) -> Callable[[Request], None]:
    def change(request: Request) -> None:
        assert old in request.headers[name]
        request.headers[name] = request.headers[name].replace(old, new)

    return change


def body(new: bytes) -> Callable[[Request], None]:
    return lambda request: setattr(request, "body", new)


@pytest.mark.parametrize(
    ("refused", "given"),
    [
        ("wire.unsigned", {"change": strip("Signature", "Signature-Input")}),
        ("wire.unsigned", {"change": strip("Signature")}),
        ("wire.malformed", {"change": replace("Signature-Input", "sig=(", "sig=((")}),
        ("wire.unsigned", {"change": replace("Signature-Input", "nonce=", "nonsense=")}),
        ("wire.unknown-key", {"by": signing(THEIR_NEXT)}),
        ("wire.unknown-key", {"by": signing(THEIRS, "nobody")}),
        ("wire.expired", {"at": datetime.now(UTC) - timedelta(hours=1)}),
        ("wire.from-the-future", {"at": datetime.now(UTC) + timedelta(hours=1)}),
        ("wire.body-changed", {"change": body(b'{"x":1}')}),
        ("wire.signature", {"change": replace("Signature-Input", "created=1", "created=1")}),
        ("wire.not-for-us", {"to": "somewhere-else"}),
        ("wire.signature", {"url": "https://another.example"}),
        ("wire.unknown-service", {"service": "nothing"}),
        ("wire.malformed", {"body": b"[]"}),
        ("wire.malformed", {"body": b"{"}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_each_way_in_which_it_is_wrong_is_told_apart(send: Send, refused: str, given: dict[str, Any]) -> None:
    if refused == "wire.signature" and "change" in given:
        given["change"] = replace("Signature", "sig=:", "sig=:AAAA")
    answer = send(**given)
    assert code(answer) == refused
    assert answer.status_code >= 400


def test_a_signature_that_leaves_something_out_is_none(send: Send) -> None:
    """The address, the body or the receiver could then be exchanged."""

    def less(request: Request) -> None:
        HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Private(THEIRS)).sign(
            request,
            key_id=signing().name,
            created=datetime.now(UTC),
            expires=datetime.now(UTC) + timedelta(minutes=1),
            nonce="once",
            label="sig",
            tag="tongban",
            covered_component_ids=("@method", "@target-uri", "content-digest"),
            use_existing_digest=True,
        )

    assert code(send(change=less)) == "wire.unsigned"


def test_a_message_is_taken_in_once(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    first = send()

    def same(request: Request) -> None:
        request.headers.update(first.request.headers)

    assert code(send(change=same)) == "wire.replayed"
    assert Nonce.objects.count() == 1
    assert services.forget_nonces(at=datetime.now(UTC)) == 0
    assert services.forget_nonces(at=datetime.now(UTC) + timedelta(minutes=7)) == 1


def test_a_key_is_good_to_the_end_of_its_last_day(send: Send, neighbours: Callable[..., None]) -> None:
    today = datetime.now(UTC).date()
    public = text(SigningKey(THEIRS).public)
    neighbours(keys=[{"public": public, "until": str(today)}])
    assert send().status_code == 200
    neighbours(keys=[{"public": public, "until": str(today - timedelta(days=1))}])
    assert code(send()) == "wire.key-expired"


def test_a_key_may_be_written_as_a_key_set_writes_it(send: Send, neighbours: Callable[..., None]) -> None:
    public = text(SigningKey(THEIRS).public).translate(str.maketrans("+/", "-_")).rstrip("=")
    neighbours(keys=[{"public": public, "until": str(FAR)}])
    assert send().status_code == 200


def test_only_what_is_granted_is_answered(send: Send, neighbours: Callable[..., None]) -> None:
    services.register(service="granted", take=lambda **given: {"heard": given["said"]}, may="registers")
    assert json.loads(send("granted", b'{"a":1}').body) == {"heard": {"a": 1}}
    neighbours(may=["crossings"])
    assert code(send("granted")) == "wire.not-granted"


def test_more_than_is_read_at_once_is_turned_away(send: Send) -> None:
    assert code(send(body=b"{" + b" " * services.LARGEST + b"}")) == "wire.too-large"


def test_who_only_tries_is_not_listened_to_for_a_while(send: Send, settings: Any) -> None:
    settings.RATE_NEIGHBOURS = "3/m"
    for _ in range(4):
        assert code(send(by=signing(THEIR_NEXT))) == "wire.unknown-key"
    assert code(send()) == "wire.too-often"


def test_the_keys_are_public(client: Any, neighbours: Callable[..., None]) -> None:
    said = client.get("/.well-known/tongban-keys.json").json()
    assert [key["kid"] for key in said["keys"]] == [SigningKey(OURS).id]
    assert client.get("/neighbours/v1/keys").status_code == 405


def test_what_is_said_goes_into_no_log(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    services.register(service="secret", take=lambda **given: {"phone": "13900001234"})
    with caplog.at_level(logging.DEBUG):
        send("secret", b'{"identity_number":"440524188001010014"}')
    assert "Message from elsewhere for secret: 200" in caplog.text
    assert "440524188001010014" not in caplog.text
    assert "13900001234" not in caplog.text


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def wire(neighbours: Callable[..., None], city: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the neighbour answer: ``wire(take)``, or ``wire(raw=Said(…))`` for whatever stands in between."""

    def set_up(take: Callable[..., Any] | None = None, *, raw: Said | Exception | None = None, at: Any = None) -> None:
        def call(*, method: str, url: str, body: bytes, headers: dict[str, str], **_given: Any) -> Said:
            if isinstance(raw, Exception):
                raise raw
            if raw is not None:
                return raw
            assert take is not None
            request = Request(method=method, url=url, headers=headers, body=body)
            check_request(request=request, us="elsewhere", find_key=our_key, at=datetime.now(UTC))
            status, said = take(json.loads(body))
            answer = Answer(
                status_code=status,
                headers={"Content-Type": "application/json"},
                body=json.dumps(said).encode(),
                request=request,
            )
            sign_answer(answer=answer, by=signing(), at=at or datetime.now(UTC))
            return Said(status, answer.headers, answer.body)

        monkeypatch.setattr(services, "call", call)

    return set_up


def ask() -> Any:
    return services.ask(neighbour="elsewhere", service="x", said={"a": 1}, at=datetime.now(UTC))


def test_a_neighbour_is_asked_and_believed(wire: Callable[..., None]) -> None:
    wire(lambda said: (200, {"got": said}))
    assert ask() == {"got": {"a": 1}}


@pytest.mark.parametrize(
    ("refusal", "final"), [("crossing.unknown-matter", True), ("wire.key-expired", False), ("wire.not-granted", False)]
)
def test_a_refusal_is_final_only_where_no_operator_can_help(
    wire: Callable[..., None], refusal: str, final: bool
) -> None:
    wire(lambda said: (422, {"code": refusal, "told": {"why": "so"}}))
    with pytest.raises(NeighbourRefused) as raised:
        ask()
    assert raised.value.params["refusal"] == refusal
    assert raised.value.is_final is final


@pytest.mark.parametrize(
    "raw",
    [
        NoAnswer("timeout"),
        Said(404, {"content-type": "text/html"}, b"<p>proxy"),
        Said(200, {"content-type": "application/json"}, b"{}"),
    ],
    ids=["nobody", "a proxy", "unsigned"],
)
def test_what_is_not_signed_decides_nothing(wire: Callable[..., None], raw: Any) -> None:
    wire(raw=raw)
    with pytest.raises(NeighbourAway):
        ask()


def test_an_old_answer_is_none(wire: Callable[..., None]) -> None:
    wire(lambda said: (200, {}), at=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(NeighbourAway, match=r"wire\.expired"):
        ask()


def test_only_configured_and_public_addresses_are_called(neighbours: Callable[..., None], city: Any) -> None:
    neighbours(url="http://127.0.0.1:1")
    with pytest.raises(NeighbourAway, match="target-not-https"):
        ask()
    neighbours(url="https://127.0.0.1:1")
    with pytest.raises(NeighbourAway, match="target-private"):
        ask()


# --- keys ------------------------------------------------------------------------------------------------------------


def listed(*keys: tuple[bytes, Any]) -> dict[str, Any]:
    import base64

    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": base64.urlsafe_b64encode(SigningKey(seed).public).rstrip(b"=").decode(),
                "exp": int((datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)).timestamp()),
            }
            for seed, until in keys
        ]
    }


def test_a_new_key_is_learnt_from_the_old_one_and_forgotten_when_it_is_not_listed(
    wire: Callable[..., None], send: Send
) -> None:
    assert code(send(by=signing(THEIR_NEXT))) == "wire.unknown-key"
    wire(lambda said: (200, listed((THEIRS, FAR), (THEIR_NEXT, FAR))))
    assert services.refresh_keys(neighbour="elsewhere", at=datetime.now(UTC)) == 1
    assert services.refresh_keys(neighbour="elsewhere", at=datetime.now(UTC)) == 0
    assert send(by=signing(THEIR_NEXT)).status_code == 200
    wire(lambda said: (200, listed((THEIRS, FAR))))
    services.refresh_keys(neighbour="elsewhere", at=datetime.now(UTC))
    assert code(send(by=signing(THEIR_NEXT))) == "wire.unknown-key"


@pytest.mark.parametrize("said", [{}, {"keys": 7}, {"keys": [{}]}, {"keys": [{"kty": "OKP", "crv": "Ed25519"}]}])
def test_a_list_of_keys_that_is_none_changes_nothing(wire: Callable[..., None], said: dict[str, Any]) -> None:
    wire(lambda _said: (200, listed((THEIRS, FAR), (THEIR_NEXT, FAR))))
    services.refresh_keys(neighbour="elsewhere", at=datetime.now(UTC))
    wire(lambda _said: (200, said))
    with pytest.raises(NeighbourAway, match=r"wire\.malformed"):
        services.refresh_keys(neighbour="elsewhere", at=datetime.now(UTC))
    assert find_key(signing(THEIR_NEXT).name) is not None


def test_we_sign_with_the_first_key_that_is_still_good(wire: Callable[..., None], settings: Any) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    settings.NEIGHBOUR_KEYS = [f"{text(THEIR_NEXT)}@{yesterday}", f"{text(OURS)}@{FAR}"]
    wire(lambda said: (200, {}))
    assert ask() == {}
    settings.NEIGHBOUR_KEYS = [f"{text(THEIR_NEXT)}@{yesterday}"]
    with pytest.raises(OwnKeyExpired):
        ask()
    settings.NEIGHBOUR_KEYS = []
    with pytest.raises(NeighboursOff):
        ask()


def test_keys_that_are_about_to_end_are_told(neighbours: Callable[..., None], settings: Any) -> None:
    today = NOW.date()
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{today + timedelta(days=30)}"]
    neighbours(
        keys=[
            {"public": text(SigningKey(THEIRS).public), "until": str(today - timedelta(days=1))},
            {"public": text(SigningKey(THEIR_NEXT).public), "until": str(today + timedelta(days=31))},
        ]
    )
    rows = list_keys(us="here", at=NOW)
    assert [(row.owner, row.days, row.state) for row in rows] == [
        ("elsewhere", -1, "expired"),
        ("here", 30, "expiring"),
        ("elsewhere", 31, "good"),
    ]


@pytest.mark.parametrize("key", ["short@2099-01-01", text(OURS), f"{text(OURS)}@soon"])
def test_a_key_without_its_last_day_is_none(settings: Any, neighbours: Callable[..., None], key: str) -> None:
    settings.NEIGHBOUR_KEYS = [key]
    with pytest.raises(NeighboursUnusable, match="TONGBAN_NEIGHBOUR_KEYS"):
        list_keys(us="here", at=NOW)


@pytest.mark.parametrize(
    "changes", [{"url": "ftp://x"}, {"may": ["everything"]}, {"keys": [{"public": "AAAA", "until": "2099-01-01"}]}]
)
def test_a_list_of_neighbours_that_cannot_be_used_is_said(
    neighbours: Callable[..., None], changes: dict[str, Any]
) -> None:
    neighbours(**changes)
    with pytest.raises(NeighboursUnusable, match=r"neighbours\.yaml"):
        get_neighbours()


def test_the_worker_learns_keys_and_says_which_end(
    wire: Callable[..., None], neighbours: Callable[..., None], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=3)
    settings.NEIGHBOUR_KEYS = [f"{text(OURS)}@{soon}"]
    wire(raw=NoAnswer("timeout"))
    services.keep_keys(at=datetime.now(UTC))
    assert "No keys of elsewhere" in caplog.text
    assert f"expiring: its last day is {soon}" in caplog.text
    wire(lambda said: (200, listed((THEIRS, FAR), (THEIR_NEXT, FAR))))
    services.keep_keys(at=datetime.now(UTC))
    assert find_key(signing(THEIR_NEXT).name) is not None


def test_a_service_says_why_it_does_not_do_something(send: Send) -> None:
    def no(**_given: Any) -> Any:
        raise Refuse("crossing.unknown-matter", matter="x")

    services.register(service="no", take=no)
    answer = send("no")
    assert answer.status_code == 422
    assert json.loads(answer.body)["told"] == {"matter": "x"}
