"""Whoever was given a PDF has it checked on the open page: its signature, and what the certificate is worth today."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.conftest import PDF

from tongban.apps.evidence.errors import PapersBusy
from tongban.apps.evidence.models import Certificate, SignedPaper
from tongban.apps.evidence.services import issue_credentials

pytestmark = pytest.mark.django_db
For = Callable[..., Client]


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    found = Certificate.objects.get(case=granted())
    issue_credentials(certificates=[found], at=timezone.now())
    return found


@pytest.fixture
def paper(client_for: For, certificate: Certificate, settings: Any) -> bytes:
    """The certificate as its holder downloads it."""
    settings.VAR = Path(django_settings.FILES)
    content: bytes = client_for("linxiaomei").get(f"/cases/{certificate.case}/certificate.pdf").content
    return content


def _ask(client: Client, content: bytes) -> str:
    return client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", content)}).text


def test_it_works(client_for: For, certificate: Certificate, paper: bytes) -> None:
    page = _ask(client_for(""), paper)
    assert "This certificate was issued by us and is valid today." in page
    assert certificate.identifier in page
    assert "Signed by" in page


INSIDE = "The credential inside this PDF"


@pytest.mark.parametrize("is_known", [True, False])
def test_the_credential_inside_is_checked_as_well(
    client_for: For, certificate: Certificate, paper: bytes, is_known: bool
) -> None:
    if not is_known:
        SignedPaper.objects.all().delete()
    page = _ask(client_for(""), paper)
    assert re.search(rf"{INSIDE}</dt><dd[^>]*>Genuine ·", page)
    Certificate.objects.filter(pk=certificate.pk).update(state="revoked", ground="fraud")
    assert re.search(rf"{INSIDE}</dt><dd[^>]*>Revoked ·", _ask(client_for(""), paper))


def test_a_changed_paper_may_carry_a_genuine_credential(
    client_for: For, certificate: Certificate, paper: bytes
) -> None:
    page = _ask(client_for(""), paper.replace(b"Generated", b"generated", 1))
    assert "Changed after it was issued" in page
    assert re.search(rf"{INSIDE}</dt><dd[^>]*>Genuine ·", page)


def test_a_letter_carries_none(client_for: For, certificate: Certificate, paper: bytes) -> None:
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{certificate.case}/")
    letter = client.get(page.context["documents"][0].url).content
    assert INSIDE not in _ask(client_for(""), letter)


def test_a_genuine_file_of_a_revoked_certificate(client_for: For, certificate: Certificate, paper: bytes) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(state="revoked", ground="fraud")
    assert "has been taken back" in _ask(client_for(""), paper)


def test_a_changed_byte_leads_to_what_was_issued(client_for: For, certificate: Certificate, paper: bytes) -> None:
    page = _ask(client_for(""), paper.replace(b"Generated", b"generated", 1))
    assert "Changed after it was issued" in page
    assert f'href="/verify/{certificate.identifier}/"' in page


def test_bytes_that_are_not_known_are_read(client_for: For, certificate: Certificate, paper: bytes) -> None:
    SignedPaper.objects.all().delete()
    assert "This certificate was issued by us and is valid today." in _ask(client_for(""), paper)


def test_a_decision_is_known_as_ours(client_for: For, certificate: Certificate, paper: bytes) -> None:
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{certificate.case}/")
    letter = client.get(page.context["documents"][0].url).content
    assert "This document was signed by us" in _ask(client_for(""), letter)


def test_what_is_not_signed(client_for: For, city: Any) -> None:
    assert "This PDF carries no signature" in _ask(client_for(""), PDF)


def test_too_large_and_too_many_are_said_at_the_field(
    client_for: For, city: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.PDF_CHECK_MAX_MEGABYTES = 1
    assert "at most 1 MB" in _ask(client_for(""), PDF + b"x" * 1_000_000)

    def busy(**_: Any) -> None:
        raise PapersBusy

    monkeypatch.setattr("tongban.apps.evidence.verifying.check_pdf", busy)
    assert "Please try again in a minute" in _ask(client_for(""), PDF)
