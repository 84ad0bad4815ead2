"""A token of which its holder shows what they like, and nobody can show more or change anything."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from tongban.apps.evidence import sd_jwt
from tongban.apps.evidence.sd_jwt import SdJwtError
from tongban.kernel.chain import SigningKey

KEY, OTHER = SigningKey(b"1" * 32), SigningKey(b"2" * 32)
KEYS = {KEY.id: KEY.public}
FIELDS = [{"label": "Address", "value": "滨河路 16 号"}, {"label": "Items", "value": "热食"}]


def _issue(key: SigningKey = KEY) -> str:
    hidden = {"holder": "林晓梅", "number": "1.2.156"}
    return sd_jwt.issue(claims={"iss": "https://city"}, hidden=hidden, listed={"fields": FIELDS}, key=key)


def _claims(token: str) -> dict[str, Any]:
    return dict(sd_jwt.verify(token=token, keys=KEYS).claims)


def _part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _read(text: str) -> Any:
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_all_of_it_can_be_shown() -> None:
    assert _claims(_issue()) == {
        "iss": "https://city",
        "holder": "林晓梅",
        "number": "1.2.156",
        "fields": FIELDS,
    }


def test_only_what_is_chosen_is_shown() -> None:
    token = sd_jwt.disclose(token=_issue(), names=["number"], listed={"fields": [1]})
    assert _claims(token) == {"iss": "https://city", "number": "1.2.156", "fields": FIELDS[1:]}
    plain = urlsafe_b64decode(token.split(".")[1] + "==").decode()
    assert "林晓梅" not in plain
    assert "滨河路" not in plain + "".join(str(_read(each)) for each in token.split("~")[1:-1])


def test_nothing_can_be_shown_too() -> None:
    assert _claims(sd_jwt.disclose(token=_issue())) == {"iss": "https://city", "fields": []}


def test_two_tokens_of_one_certificate_share_no_digest() -> None:
    digests = [set(_read(_issue().split(".")[1])["_sd"]) for _ in range(2)]
    assert digests[0].isdisjoint(digests[1])


def test_another_key_is_told_apart_from_a_changed_byte() -> None:
    with pytest.raises(SdJwtError, match="foreign-key"):
        _claims(_issue(OTHER))
    signed, rest = _issue().split("~", 1)
    head, body, signature = signed.split(".")
    forged = {**_read(body), "iss": "https://elsewhere"}
    with pytest.raises(SdJwtError, match="changed"):
        _claims(f"{head}.{_part(forged)}.{signature}~{rest}")


def _with(disclosures: list[str]) -> str:
    return "~".join([_issue().split("~")[0], *disclosures, ""])


@pytest.mark.parametrize(
    "disclosures",
    [
        [_part(["salt", "holder", "somebody else"])],
        [_part(["salt"])],
        [_part("salt")],
        ["!"],
        ["ä"],
        [_part(["salt", "_sd", ["x"]])],
    ],
)
def test_a_disclosure_that_belongs_nowhere_spoils_it(disclosures: list[str]) -> None:
    with pytest.raises(SdJwtError, match="unreadable"):
        _claims(_with(disclosures))


def test_a_disclosure_twice_spoils_it() -> None:
    signed, one, *rest = _issue().split("~")
    with pytest.raises(SdJwtError, match="unreadable"):
        _claims("~".join([signed, one, one, *rest]))


@pytest.mark.parametrize("token", ["", "~", "a.b.c~", "a~b", _issue()[:-1], _issue() + "x", "~" * 200_000, "."])
def test_what_is_no_token_is_said_to_be_none(token: str) -> None:
    with pytest.raises(SdJwtError, match=r"unreadable|changed"):
        _claims(token)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}])
def test_the_token_does_not_choose_how_it_is_checked(header: dict[str, str]) -> None:
    """The oldest trick with such tokens: unsigned, or signed with the public key as a shared secret."""
    head = {**header, "typ": sd_jwt.TYPE, "kid": KEY.id}
    if header["alg"] == "none":
        signed = f"{_part(head)}.{_part({'iss': 'https://city'})}."
    else:
        secret = OctKey.import_key(KEY.public)
        signed = jws.serialize_compact(head, b'{"iss":"https://city"}', secret, algorithms=["HS256"])
    with pytest.raises(SdJwtError, match="changed"):
        _claims(signed + "~")


def test_a_signed_token_of_another_kind_is_none_of_these() -> None:
    from tongban.apps.evidence.sd_jwt import _private

    head = {"alg": sd_jwt.ALGORITHM, "typ": "JWT", "kid": KEY.id}
    signed = jws.serialize_compact(head, b'{"iss":"https://city"}', _private(KEY), algorithms=[sd_jwt.ALGORITHM])
    with pytest.raises(SdJwtError, match="unreadable"):
        _claims(signed + "~")
