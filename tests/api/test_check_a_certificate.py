"""A machine asks what a certificate is worth: by its number, or with the file that somebody was given."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.api.conftest import PDF, Api

from tongban.apps.evidence.errors import PapersBusy
from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import get_certificate, get_credential_text
from tongban.apps.evidence.services import hand_out_certificate, issue_credentials

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    return Certificate.objects.get(case=granted())


def test_it_works(nobody: Api, certificate: Certificate) -> None:
    answer = nobody.get(f"/certificates/{certificate.identifier}").json()
    assert (answer["standing"], answer["is_valid"]) == ("valid", True)
    assert answer["issuer"]["did"].endswith(":authorities:market-regulation")


def test_what_was_revoked_is_not_valid(nobody: Api, certificate: Certificate) -> None:
    Certificate.objects.update(state="revoked", ground="fraud", reason="Only the holder reads this.")
    response = nobody.get(f"/certificates/{certificate.identifier}")
    assert (response.json()["standing"], response.json()["is_valid"]) == ("revoked", False)
    assert response.json()["ground"] == "fraud"
    assert "Only the holder" not in response.text


@pytest.mark.parametrize("identifier", ["x", "1.2.156.3005.2.JY.11361700MB00000041.26110000000001.001.9"])
def test_what_was_never_issued_is_not_found(nobody: Api, identifier: str) -> None:
    response = nobody.get(f"/certificates/{identifier}")
    assert response.status_code == 404
    assert response.json()["code"] == "certificate.unknown"


def _upload(api: Api, content: bytes, **headers: str) -> Any:
    given = {"file": SimpleUploadedFile("certificate", content)}
    return api.browser.post("/api/v1/verify/file", given, headers={**api.headers, **headers})


@pytest.fixture
def credential(certificate: Certificate) -> bytes:
    """The certificate as a credential in JSON."""
    issue_credentials(certificates=[certificate], at=timezone.now())
    return get_credential_text(identifier=certificate.identifier).encode()


@pytest.fixture
def paper(certificate: Certificate, credential: bytes, settings: Any) -> bytes:
    """The certificate as a signed PDF."""
    settings.VAR = Path(settings.FILES)
    held = get_certificate(identifier=certificate.identifier)
    return hand_out_certificate(certificate=held, verify_url="http://127.0.0.1:8000/verify/1/", at=timezone.now())


def test_a_credential_is_checked(nobody: Api, certificate: Certificate, credential: bytes) -> None:
    answer = _upload(nobody, credential).json()
    assert (answer["outcome"], answer["is_authentic"], answer["is_valid"]) == ("valid", True, True)
    assert answer["issuer"].endswith(":authorities:market-regulation")
    assert answer["certificate"]["identifier"] == certificate.identifier
    assert answer["inside"] is None


def test_a_paper_is_checked_with_the_credential_inside(nobody: Api, certificate: Certificate, paper: bytes) -> None:
    answer = _upload(nobody, paper).json()
    assert (answer["outcome"], answer["is_valid"]) == ("valid", True)
    assert answer["signer"]
    assert answer["inside"] == {"outcome": "valid", "identifier": certificate.identifier}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"state": "revoked", "ground": "fraud"}, "revoked"),
        ({"state": "suspended", "ground": "inspection"}, "suspended"),
        ({"valid_until": date(2020, 1, 1)}, "expired"),
        ({"valid_from": date(2090, 1, 1)}, "not-yet"),
    ],
)
def test_what_has_become_of_it_is_told(nobody: Api, credential: bytes, changed: dict[str, Any], outcome: str) -> None:
    Certificate.objects.update(changed_at=timezone.now(), reason="Only the holder reads this.", **changed)
    response = _upload(nobody, credential)
    answer = response.json()
    assert (answer["outcome"], answer["is_authentic"], answer["is_valid"]) == (outcome, True, False)
    assert answer["certificate"]["changed_at"]
    assert answer["certificate"]["ground"] == changed.get("ground", "")
    assert answer["certificate"]["issuer"]["name"]["en"]
    assert "Only the holder" not in response.text


def test_what_is_not_as_it_was_issued_is_told_apart(nobody: Api, credential: bytes, paper: bytes) -> None:
    stranger = json.dumps(json.loads(credential) | {"issuer": "did:web:elsewhere.example"}).encode()
    found = {
        "changed": _upload(nobody, credential.replace("林晓梅".encode(), "林晓美".encode())),
        "foreign-issuer": _upload(nobody, stranger),
        "unsigned": _upload(nobody, PDF),
        "unreadable": _upload(nobody, b"{}"),
    }
    assert {each.json()["outcome"]: each.json()["is_authentic"] for each in found.values()} == dict.fromkeys(
        found, False
    )
    changed = _upload(nobody, paper.replace(b"Generated", b"generated", 1)).json()
    assert (changed["outcome"], changed["is_authentic"]) == ("changed", False)
    assert changed["named"] == changed["inside"]["identifier"]


def test_its_bounds_are_told(nobody: Api, code_of: Any, settings: Any, monkeypatch: Any) -> None:
    assert code_of(_upload(nobody, b"x" * 10_000_001)) == (413, "file.too-large")
    assert code_of(_upload(nobody, b"")) == (422, "api.invalid")
    assert code_of(nobody.post("/verify/file", {})) == (415, "api.media-type")

    def busy(**_: Any) -> None:
        raise PapersBusy

    monkeypatch.setattr("tongban.apps.evidence.verifying.check_pdf", busy)
    response = _upload(nobody, PDF)
    assert code_of(response) == (503, "paper.busy")
    assert response["Retry-After"] == "60"


def test_files_are_not_checked_without_end(nobody: Api, city: Any, code_of: Any, settings: Any) -> None:
    settings.RATE_VERIFICATION = "2/m"
    assert [_upload(nobody, b"{}").status_code for _ in range(2)] == [200, 200]
    response = _upload(nobody, b"{}")
    assert code_of(response) == (429, "api.rate")
    assert int(response["Retry-After"]) > 0
    # The page counts with it: who is turned away here does not go on there.
    given = {"file": SimpleUploadedFile("c.json", b"{}")}
    assert nobody.browser.post("/verify/file/", given).status_code == 429


@pytest.mark.parametrize("who", ["nobody", "owner", "stranger"])
def test_anybody_may_ask(request: pytest.FixtureRequest, credential: bytes, who: str) -> None:
    assert _upload(request.getfixturevalue(who), credential).status_code == 200
