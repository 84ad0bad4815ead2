"""Anybody checks whether a certificate is genuine."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import get_credential_text
from tongban.apps.evidence.services import issue_credentials
from tongban.kernel.numbers import CertificateIdentifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(granted: Any) -> Certificate:
    return Certificate.objects.get(case=granted())


def test_it_works(client_for: Callable[..., Client], certificate: Certificate) -> None:
    client = client_for("")
    response = client.get("/verify/", {"identifier": f" {certificate.identifier.lower()} "})
    assert response["Location"] == f"/verify/{certificate.identifier}/"
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "This certificate was issued by us and is valid today." in page.text
    assert "林晓梅" in page.text
    assert page["X-Robots-Tag"] == "noindex"


def test_an_expired_one_is_genuine_but_expired(client_for: Callable[..., Client], certificate: Certificate) -> None:
    Certificate.objects.update(valid_until=date(2020, 1, 1))
    page = client_for("").get(f"/verify/{certificate.identifier}/")
    assert page.status_code == 200
    assert "Genuine, but expired" in page.text
    assert "1 Jan 2020" in page.text


@pytest.mark.parametrize(
    ("changed", "title", "said"),
    [
        ({"state": "suspended", "ground": "inspection"}, "Genuine, but suspended", "conditions are still met"),
        ({"state": "revoked", "ground": "fraud"}, "Revoked", "article 69, paragraph 2"),
        ({"state": "replaced", "ground": "mistake", "successor": "1.2.156.3005.2.X"}, "Replaced by a newer", "1.2.156"),
        ({"valid_from": date(2090, 5, 1)}, "Genuine, but not valid yet", "1 May 2090"),
    ],
)
def test_what_has_become_of_it_is_said(
    client_for: Callable[..., Client], certificate: Certificate, changed: dict[str, Any], title: str, said: str
) -> None:
    Certificate.objects.update(changed_at=timezone.now(), reason="Only the holder reads this.", **changed)
    page = client_for("").get(f"/verify/{certificate.identifier}/")
    assert page.status_code == 200
    assert title in page.text
    assert said in page.text
    assert "Only the holder" not in page.text


def _upload(client: Client, content: bytes) -> str:
    return client.post("/verify/file/", {"file": SimpleUploadedFile("c.json", content)}).text


def test_a_file_is_checked(client_for: Callable[..., Client], certificate: Certificate) -> None:
    issue_credentials(certificates=[certificate], at=timezone.now())
    text = get_credential_text(identifier=certificate.identifier)
    client = client_for("")
    assert "This certificate was issued by us and is valid today." in _upload(client, text.encode())
    assert "Changed after it was issued" in _upload(client, text.replace("林晓梅", "林晓美").encode())
    stranger = json.loads(text) | {"issuer": "did:web:elsewhere.example"}
    assert "Issued by somebody whom we cannot vouch for" in _upload(client, json.dumps(stranger).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}}',
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(
    client_for: Callable[..., Client], city: Any, content: bytes
) -> None:
    assert "Not a certificate that we can read" in _upload(client_for(""), content)


def test_no_file_at_all_is_said(client_for: Callable[..., Client], city: Any) -> None:
    page = client_for("").post("/verify/file/")
    assert page.status_code == 422
    assert "Choose the file first." in page.text
    assert client_for("").get("/verify/file/").status_code == 302


def test_files_are_not_checked_without_end(client_for: Callable[..., Client], city: Any, settings: Any) -> None:
    settings.RATE_VERIFICATION = "2/m"
    client = client_for("")
    assert [client.post("/verify/file/").status_code for _ in range(3)] == [422, 422, 429]


def test_a_made_up_one_is_told_apart(client_for: Callable[..., Client], city: Any) -> None:
    made_up = CertificateIdentifier(type="JY", authority="11361700MB00000041", serial="26110000000001")
    page = client_for("").get(f"/verify/{made_up}/")
    assert page.status_code == 404
    assert "Not issued by us" in page.text


@pytest.mark.parametrize("typed", ["JY1234", "1.2.156.3005.2.JY", "x"])
def test_what_is_no_number_is_told_apart_too(client_for: Callable[..., Client], city: Any, typed: str) -> None:
    page = client_for("").get(f"/verify/{typed}/")
    assert page.status_code == 422
    assert "not a whole certificate number" in page.text


def test_a_slip_of_the_finger_is_told(client_for: Callable[..., Client], certificate: Certificate) -> None:
    check = certificate.identifier[-1]
    wrong = certificate.identifier[:-1] + ("A" if check != "A" else "B")
    assert "check character does not fit" in client_for("").get(f"/verify/{wrong}/").text


def test_it_is_not_asked_without_end(client_for: Callable[..., Client], city: Any, settings: Any) -> None:
    settings.RATE_VERIFICATION = "2/m"
    client = client_for("")
    assert [client.get("/verify/x/").status_code for _ in range(3)] == [422, 422, 429]


def test_what_no_address_can_carry_is_no_number(client_for: Callable[..., Client]) -> None:
    page = client_for("").get("/verify/", {"identifier": "1.2.156/3005"})
    assert page.status_code == 422
    assert "1.2.156/3005" in page.text
