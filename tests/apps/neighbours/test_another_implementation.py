"""Another implementation of RFC 9421 (``http-message-sig`` from npm) takes what we sign, and we take what it signs."""

import base64
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.apps.neighbours.conftest import FAR, OURS, THEIRS, signing, text

from tongban.apps.neighbours.signatures import Answer, Key, Request, check_request, sign_answer, sign_request
from tongban.kernel.chain import SigningKey

HERE = Path(__file__).parent / "independent"
OF_A_REQUEST = ["@method", "@target-uri", "content-type", "content-digest", "tongban-to"]
OF_AN_ANSWER = [
    "@status",
    "content-type",
    "content-digest",
    ["@method", {"req": True}],
    ["@target-uri", {"req": True}],
    ["content-digest", {"req": True}],
    ["signature", {"req": True, "key": "sig"}],
]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Ask the other implementation; installed into a folder of its own."""
    folder = tmp_path_factory.mktemp("independent")
    for name in ("package.json", "package-lock.json", "other.mjs"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=folder, check=True)
    with subprocess.Popen(
        ["node", "other.mjs"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        there, back = process.stdin, process.stdout
        assert there is not None
        assert back is not None

        def ask(**said: Any) -> Any:
            print(json.dumps(said), file=there, flush=True)
            return json.loads(back.readline())

        yield ask
        there.close()


def fields(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def described(message: Request | Answer) -> dict[str, Any]:
    if isinstance(message, Request):
        where = {"kind": "request", "method": message.method, "targetUri": message.url}
        return {**where, "fields": fields(message.headers)}
    return {
        "kind": "response",
        "status": message.status_code,
        "fields": fields(message.headers),
        "request": described(message.request),
    }


def a_request() -> Request:
    return Request(
        method="POST",
        url="https://b.example/neighbours/v1/x",
        headers={"Content-Type": "application/json"},
        body='{"名":1}'.encode(),
    )


def test_it_takes_our_requests_and_answers_and_nothing_that_was_changed(other: Any) -> None:
    request = a_request()
    sign_request(request=request, to="b", by=signing(), at=datetime.now(UTC))
    answer = Answer(status_code=200, headers={"Content-Type": "application/json"}, body=b"{}", request=request)
    sign_answer(answer=answer, by=signing(OURS, "b"), at=datetime.now(UTC))
    theirs, ours = text(SigningKey(THEIRS).public), text(SigningKey(OURS).public)
    found = other(do="check", message=described(request), public=theirs, required=OF_A_REQUEST)
    assert found == {"good": True, "keyid": signing().name}
    found = other(do="check", message=described(answer), public=ours, required=OF_AN_ANSWER)
    assert found == {"good": True, "keyid": signing(OURS, "b").name}
    assert not other(do="check", message=described(request), public=ours, required=OF_A_REQUEST)["good"]
    request.headers["Tongban-To"] = "c"
    assert not other(do="check", message=described(request), public=theirs, required=OF_A_REQUEST)["good"]
    answer.status_code = 500
    assert not other(do="check", message=described(answer), public=ours, required=OF_AN_ANSWER)["good"]


def test_we_take_its_requests(other: Any) -> None:
    request, now = a_request(), datetime.now(UTC)
    digest = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
    request.headers |= {"Tongban-To": "b", "Content-Digest": f"sha-256=:{digest}:"}
    parameters = {
        "created": int(now.timestamp()),
        "expires": int((now + timedelta(minutes=1)).timestamp()),
        "nonce": "of-the-other",
        "keyid": signing().name,
        "tag": "tongban",
    }
    made = other(do="sign", message=described(request), seed=text(THEIRS), required=OF_A_REQUEST, parameters=parameters)
    request.headers |= {"Signature": made["signature"], "Signature-Input": made["signatureInput"]}
    key = Key(owner="elsewhere", id=SigningKey(THEIRS).id, public=SigningKey(THEIRS).public, until=FAR)
    checked = check_request(request=request, us="b", find_key={key.name: key}.get, at=now)
    assert (checked.sender, checked.nonce) == ("elsewhere", "of-the-other")
