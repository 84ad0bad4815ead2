"""A paper is signed once and kept; what others' tools read in it is what we say of it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from tongban.apps.evidence.models import Certificate, PaperSigner, SignedPaper
from tongban.apps.evidence.pdf_signer import warn_of_unsigned
from tongban.apps.evidence.queries import CertificateView, get_certificate
from tongban.apps.evidence.services import hand_out_certificate, hand_out_letter, remove_files, store_file

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000/verify/1/"


@pytest.fixture
def held(granted: Callable[..., int]) -> CertificateView:
    """A food business licence."""
    return get_certificate(identifier=Certificate.objects.get(case=granted()).identifier)


def _tool(name: str, *given: str) -> str:
    """What a tool of poppler says (Debian: poppler-utils; installed by `make test`)."""
    assert shutil.which(name), f"{name} is missing: run sh tests/system.sh"
    return subprocess.run([name, *given], capture_output=True, text=True, check=False, timeout=60).stdout


def _hand_out(held: CertificateView, **later: Any) -> bytes:
    return hand_out_certificate(certificate=held, verify_url=URL, at=timezone.now() + timedelta(**later))


def test_poppler_finds_it_signed_to_the_last_byte(held: CertificateView, sign_as: Any, tmp_path: Path) -> None:
    sign_as("ours")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(_hand_out(held))
    said = _tool("pdfsig", str(paper))
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Signer Certificate Common Name: ours" in said


def test_poppler_finds_a_changed_byte(held: CertificateView, sign_as: Any, tmp_path: Path) -> None:
    sign_as("ours")
    content = bytearray(_hand_out(held))
    content[200] ^= 1
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(content)
    assert "Digest Mismatch" in _tool("pdfsig", str(paper))


def test_poppler_reads_its_words_its_font_and_its_data(held: CertificateView, sign_as: Any, tmp_path: Path) -> None:
    sign_as("ours")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(_hand_out(held))
    words = _tool("pdftotext", "-layout", str(paper), "-")
    assert held.name_zh in words
    assert held.holder in words
    assert held.identifier in words.replace("\n", "")
    fonts = [line.split() for line in _tool("pdffonts", str(paper)).splitlines()[2:]]
    assert fonts
    assert all(re.match(r"[A-Z]{6}\+NotoSansSC", line[0]) for line in fonts)
    assert all(line[-5:-3] == ["yes", "yes"] for line in fonts), "embedded and subset"
    about = _tool("pdfinfo", str(paper))
    assert held.name_zh in about
    assert f"Subject:         {held.identifier}" in about
    assert held.authority.name_zh in about


def test_the_licence_of_the_font_lies_beside_it() -> None:
    import tongban.apps.evidence as app

    fonts = Path(str(app.__file__)).parent / "fonts"
    assert {each.suffix for each in fonts.iterdir()} == {".ttf", ".txt"}
    assert "SIL OPEN FONT LICENSE" in (fonts / "NotoSansSC-OFL.txt").read_text("utf-8")


def test_the_same_certificate_is_the_same_bytes(held: CertificateView, sign_as: Any) -> None:
    sign_as("ours")
    first = _hand_out(held)
    sign_as("its successor")  # a new key signs new papers; this one is signed already
    assert _hand_out(held, days=300) == first
    assert SignedPaper.objects.count() == 1


def test_it_is_signed_anew_when_its_signer_has_ended(held: CertificateView, sign_as: Any) -> None:
    sign_as("short", at=timezone.now(), lasts=timedelta(days=30))
    first = _hand_out(held)
    sign_as("ours")
    assert _hand_out(held, days=29) == first
    assert _hand_out(held, days=31) != first
    assert [row.signer.name for row in SignedPaper.objects.all()] == ["ours"]
    assert set(PaperSigner.objects.values_list("name", flat=True)) == {"short", "ours"}


def test_equal_letters_are_signed_once(a_letter: Any, sign_as: Any, db: None) -> None:
    sign_as("ours")
    one = hand_out_letter(letter=a_letter(), at=timezone.now())
    assert hand_out_letter(letter=a_letter(), at=timezone.now() + timedelta(days=1)) == one
    assert hand_out_letter(letter=a_letter("另一封。"), at=timezone.now()) != one
    assert b"ETSI.CAdES.detached" in one


def test_its_bytes_stay_when_somebody_takes_a_copy_back(
    held: CertificateView, sign_as: Any, django_capture_on_commit_callbacks: Any
) -> None:
    sign_as("ours")
    content = _hand_out(held)
    copy = store_file(content=content, name="a.pdf", allowed=["pdf"], max_megabytes=5, by="user:1", at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        remove_files(ids=[copy.pk])
    assert _hand_out(held) == content


def test_production_makes_no_signer_up(held: CertificateView, settings: Any, tmp_path: Path) -> None:
    settings.PRODUCTION, settings.PDF_SIGNER, settings.VAR = True, "", tmp_path
    assert b"/ByteRange" not in _hand_out(held)
    assert list(tmp_path.iterdir()) == []
    assert [each.id for each in warn_of_unsigned()] == ["evidence.W001"]


def test_development_makes_one_and_keeps_it(held: CertificateView, settings: Any, tmp_path: Path) -> None:
    settings.PDF_SIGNER, settings.PDF_SIGNER_PASSWORD, settings.VAR = "", "", tmp_path
    assert b"/ByteRange" in _hand_out(held)
    made = (tmp_path / "pdf-signer" / "signer.p12").read_bytes()
    SignedPaper.objects.all().delete()
    _hand_out(held)
    assert (tmp_path / "pdf-signer" / "signer.p12").read_bytes() == made


def test_a_key_that_does_not_open_is_no_reason_to_hand_out_unsigned(
    held: CertificateView, sign_as: Any, settings: Any
) -> None:
    sign_as("ours")
    settings.PDF_SIGNER_PASSWORD = "wrong"
    with pytest.raises(ImproperlyConfigured, match="TONGBAN_PDF_SIGNER"):
        _hand_out(held)
