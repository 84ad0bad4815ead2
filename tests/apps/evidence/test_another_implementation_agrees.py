"""What we issue, checked by an implementation that is not ours, from what the city serves and nothing else.

``independent/`` holds Digital Bazaar's library for Verifiable Credentials (BSD-3-Clause), by exact versions.
"""

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import check_credential, get_credential_text
from tongban.apps.evidence.services import (
    distrust_issuer_key,
    issue_credentials,
    refresh_status_lists,
    rotate_issuer_keys,
    sign_again,
)
from tongban.kernel.chain import SigningKey
from tongban.kernel.credentials import add_proof

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FOLDER = Path(__file__).parent / "independent"


@pytest.fixture(scope="module")
def installed() -> None:
    lock = FOLDER / "package-lock.json"
    done = FOLDER / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, capture_output=True)


class Theirs:
    """Asks the other implementation; it is given what this city serves under its own address."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, credentials: Mapping[str, Any], *, now: datetime | None = None) -> dict[str, Any]:
        documents: dict[str, Any] = {}
        for credential in credentials.values():
            lists = [each["statusListCredential"] for each in credential["credentialStatus"]]
            for url in [*lists, credential["@context"][1]]:
                documents[url] = self._get(url)
            did = credential["issuer"]["id"]
            documents[did] = self._get(f"{django_settings.BASE_URL}/authorities/{did.rsplit(':', 1)[1]}/did.json")
        asked = {"documents": documents, "credentials": credentials, "now": (now or timezone.now()).isoformat()}
        run = subprocess.run(
            ["node", "check.mjs"], cwd=FOLDER, input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        answers: dict[str, Any] = json.loads(run.stdout)
        return answers

    def _get(self, url: str) -> Any:
        response = self.client.get(url.removeprefix(django_settings.BASE_URL))
        assert response.status_code == 200, url
        return json.loads(response.content)


@pytest.fixture
def theirs(installed: None, client_for: Callable[..., Client]) -> Theirs:
    return Theirs(client_for(""))


def _ours(credential: Mapping[str, Any], at: datetime | None = None) -> str:
    return check_credential(content=json.dumps(credential).encode(), at=at or timezone.now()).code


def _by_another_key(credential: Mapping[str, Any], *, method: str) -> dict[str, Any]:
    bare = {name: value for name, value in credential.items() if name != "proof"}
    return add_proof(document=bare, key=SigningKey(b"\x07" * 32), method=method, at=timezone.now())


def test_each_fault_is_told_apart_by_both(theirs: Theirs, certificate: Certificate, credential: dict[str, Any]) -> None:
    method = credential["proof"]["verificationMethod"]
    subject = credential["credentialSubject"]
    shown = {
        "genuine": credential,
        "one byte changed": {**credential, "credentialSubject": {**subject, "name": subject["name"][:-1] + "美"}},
        "a foreign key under the issuer's name": _by_another_key(credential, method=method),
        "a key that is not the issuer's": _by_another_key(credential, method=f"{method[:-4]}0000"),
    }
    answers = theirs(shown)
    assert {name: answer["verified"] for name, answer in answers.items()} == {
        "genuine": True,
        "one byte changed": False,
        "a foreign key under the issuer's name": False,
        "a key that is not the issuer's": False,
    }, answers
    assert "Invalid signature" in answers["one byte changed"]["why"]
    assert "no such key" in answers["a key that is not the issuer's"]["why"]
    assert [_ours(each) for each in shown.values()] == ["valid", "changed", "changed", "foreign-key"]


def test_what_an_authority_has_ended_is_known_to_both(
    theirs: Theirs, certificate: Certificate, credential: dict[str, Any]
) -> None:
    for state, purpose in (("suspended", "suspension"), ("revoked", "revocation"), ("replaced", "revocation")):
        certificate.state = state
        certificate.save(update_fields=["state"])
        issue_credentials(certificates=[certificate], at=timezone.now())
        answer = theirs({"it": credential})["it"]
        assert not answer["verified"]
        assert f"status set: {purpose}" in answer["why"]
        assert _ours(credential) == state


def test_days_mean_the_same_to_both(theirs: Theirs, certificate: Certificate, work: Callable[[], None]) -> None:
    today = timezone.localdate()
    Certificate.objects.update(valid_from=today + timedelta(days=3), valid_until=today + timedelta(days=30))
    work()
    credential = json.loads(get_credential_text(identifier=certificate.identifier))
    for days, code, why in ((0, "not-yet", "validFrom"), (4, "valid", ""), (32, "expired", 'is after "validUntil"')):
        at = timezone.now() + timedelta(days=days)
        answer = theirs({"it": credential}, now=at)["it"]
        assert answer["verified"] is (code == "valid"), answer
        assert why in answer["why"]
        assert _ours(credential, at) == code


def test_keys_change_and_get_lost_for_both(
    theirs: Theirs, certificate: Certificate, credential: dict[str, Any], settings: Any
) -> None:
    old = credential["proof"]["verificationMethod"].rsplit("#", 1)[1]
    settings.CREDENTIAL_KEYS = [b64encode(b"another-key-for-a-test-only-0000").decode()]
    rotate_issuer_keys(at=timezone.now())
    assert theirs({"it": credential})["it"]["verified"]
    distrust_issuer_key(key=old, at=timezone.now())
    assert not theirs({"it": credential})["it"]["verified"]
    assert _ours(credential) == "withdrawn-key"
    sign_again(at=timezone.now())
    again = json.loads(get_credential_text(identifier=certificate.identifier))
    refresh_status_lists(at=timezone.now())
    assert theirs({"it": again})["it"]["verified"]
    assert _ours(again) == "valid"
