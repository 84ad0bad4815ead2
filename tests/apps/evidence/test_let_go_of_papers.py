"""Signed papers are kept as long as their case, and no longer; who has one can have it checked all the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tongban.apps.evidence.errors import FileRemoved
from tongban.apps.evidence.models import Certificate, SignedPaper
from tongban.apps.evidence.queries import get_certificate, read_file
from tongban.apps.evidence.services import hand_out_certificate, issue_credentials, store_file
from tongban.apps.rights.models import Removal
from tongban.apps.rights.services import sweep

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000/verify/1/"
LATER = timedelta(days=366 * 11)


@pytest.fixture
def certificate(granted: Callable[..., int], act: Any, sign_as: Any) -> Certificate:
    """One whose case is over and whose validity has ended, too."""
    sign_as("ours", lasts=timedelta(days=366 * 40))
    number = granted()
    issue_credentials(certificates=list(Certificate.objects.all()), at=timezone.now())
    act(number, "deliver", by="wangqian", way="counter")
    Certificate.objects.update(valid_until=timezone.localdate())
    return Certificate.objects.get(case=number)


def _hand_out(certificate: Certificate, **later: Any) -> bytes:
    held = get_certificate(identifier=certificate.identifier)
    return hand_out_certificate(certificate=held, verify_url=URL, at=timezone.now() + timedelta(**later))


def _sweep(committing: Any) -> None:
    with committing(execute=True):
        sweep(at=timezone.now() + LATER)


def test_it_works(
    certificate: Certificate, client_for: Callable[[str], Client], django_capture_on_commit_callbacks: Any
) -> None:
    content = _hand_out(certificate)
    assert client_for("linxiaomei").get(f"/cases/{certificate.case:016d}/documents/1.pdf").status_code == 200
    row = SignedPaper.objects.get(certificate=certificate.identifier)
    assert row.case == certificate.case
    _sweep(django_capture_on_commit_callbacks)
    with pytest.raises(FileRemoved):
        read_file(sha256=row.sha256)
    removal = Removal.objects.get(case=certificate.case)
    assert removal.papers == 2  # the certificate and a letter
    assert removal.size >= len(content)
    told = client_for("hejun").get(f"/desk/cases/{certificate.case:016d}/hold/").text
    assert "signed papers: 2" in told

    # The holder's copy is still known for what it is.
    page = client_for("").post("/verify/file/", {"file": SimpleUploadedFile("c.pdf", content)}).text
    assert certificate.identifier in page
    assert "Signed by" in page


def test_what_is_asked_for_after_that_is_signed_and_not_kept(
    certificate: Certificate, django_capture_on_commit_callbacks: Any
) -> None:
    first = _hand_out(certificate)
    _sweep(django_capture_on_commit_callbacks)
    again = _hand_out(certificate, days=366 * 11)
    assert b"/ByteRange" in again
    assert again != first
    assert not SignedPaper.objects.filter(removed_at=None).exists()


def test_what_was_never_asked_for_is_not_kept_either(
    certificate: Certificate, django_capture_on_commit_callbacks: Any
) -> None:
    _sweep(django_capture_on_commit_callbacks)
    assert Removal.objects.get(case=certificate.case).papers == 0
    assert b"/ByteRange" in _hand_out(certificate, days=366 * 11)
    assert not SignedPaper.objects.exists()


def test_bytes_that_somebody_handed_in_elsewhere_stay(
    certificate: Certificate, django_capture_on_commit_callbacks: Any
) -> None:
    content = _hand_out(certificate)
    copy = store_file(content=content, name="a.pdf", allowed=["pdf"], max_megabytes=5, by="user:1", at=timezone.now())
    _sweep(django_capture_on_commit_callbacks)
    assert read_file(sha256=copy.sha256) == content


@pytest.mark.parametrize("state", ["revoked", "replaced"])
def test_a_certificate_that_was_taken_back_keeps_no_case(
    certificate: Certificate, django_capture_on_commit_callbacks: Any, state: str
) -> None:
    Certificate.objects.update(valid_until=None, state=state)
    _sweep(django_capture_on_commit_callbacks)
    assert Removal.objects.filter(case=certificate.case).exists()
