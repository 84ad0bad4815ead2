"""A paper is signed once and kept; what others' tools read in it is what we say of it."""

import io
import json
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
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from tongban.apps.evidence.drawing import SEAL_BOX
from tongban.apps.evidence.models import Certificate, PaperSigner, SignedPaper
from tongban.apps.evidence.pdf_signer import warn_of_unsigned
from tongban.apps.evidence.queries import (
    CertificateView,
    check_credential,
    check_file,
    get_certificate,
    get_credential_text,
)
from tongban.apps.evidence.services import (
    distrust_issuer_key,
    hand_out_certificate,
    hand_out_letter,
    issue_credentials,
    remove_files,
    rotate_issuer_keys,
    sign_again,
    store_file,
)

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000/verify/1/"


@pytest.fixture
def held(granted: Callable[..., int]) -> CertificateView:
    """A food business licence with the credential that the worker signs."""
    found = Certificate.objects.get(case=granted())
    issue_credentials(certificates=[found], at=timezone.now())
    return get_certificate(identifier=found.identifier)


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


def test_poppler_takes_the_credential_out_as_the_holder_has_it(
    held: CertificateView, sign_as: Any, tmp_path: Path
) -> None:
    sign_as("ours")
    paper, taken = tmp_path / "paper.pdf", tmp_path / "taken.json"
    paper.write_bytes(_hand_out(held))
    assert "certificate.vc.json" in _tool("pdfdetach", "-list", str(paper))
    _tool("pdfdetach", "-savefile", "certificate.vc.json", "-o", str(taken), str(paper))
    assert taken.read_text("utf-8") == get_credential_text(identifier=held.identifier)
    assert check_credential(content=taken.read_bytes(), at=timezone.now()).code == "valid"
    said = _tool("pdfsig", str(paper))
    assert "Signature is Valid" in said
    assert "Total document signed" in said  # the credential with it


def test_another_reader_finds_it_as_associated_data(held: CertificateView, sign_as: Any) -> None:
    sign_as("ours")
    reader = PdfFileReader(io.BytesIO(_hand_out(held)))
    (file,) = (each.get_object() for each in reader.root["/AF"])
    assert file["/AFRelationship"] == "/Data"
    assert json.loads(file["/EF"]["/F"].data)["credentialSubject"]["certificateNumber"] == held.identifier
    (signature,) = reader.embedded_regular_signatures
    assert signature.compute_integrity_info() is None
    assert signature.docmdp_level == MDPPerm.NO_CHANGES


def test_the_seal_is_drawn_and_leads_to_the_signature(held: CertificateView, sign_as: Any, tmp_path: Path) -> None:
    sign_as("ours")
    content = _hand_out(held)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(content)
    assert "政务服务专用章" in _tool("pdftotext", str(paper), "-")
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    assert [int(each) for each in signature.sig_field["/Rect"]] == list(SEAL_BOX)
    _tool("pdftoppm", "-r", "36", "-png", str(paper), str(tmp_path / "page"))
    left, bottom, right, top = (each // 2 for each in SEAL_BOX)
    page = Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")
    sealed = page.crop((left, page.height - top, right, page.height - bottom))
    pixels: Any = sealed.get_flattened_data() if hasattr(sealed, "get_flattened_data") else sealed.getdata()
    red = sum(1 for r, g, b in pixels if r > g + 60 and r > b + 60)
    assert red > sealed.width * sealed.height / 12


def test_a_paper_without_a_signature_bears_no_seal(held: CertificateView, settings: Any, tmp_path: Path) -> None:
    settings.PRODUCTION, settings.PDF_SIGNER, settings.VAR = True, "", tmp_path
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(_hand_out(held))
    assert "专用章" not in _tool("pdftotext", str(paper), "-")


def test_it_is_not_kept_before_its_credential_is_there(granted: Callable[..., int], sign_as: Any) -> None:
    sign_as("ours")
    fresh = Certificate.objects.get(case=granted())
    held = get_certificate(identifier=fresh.identifier)
    assert b"/EmbeddedFile" not in _hand_out(held)
    assert not SignedPaper.objects.exists()
    issue_credentials(certificates=[fresh], at=timezone.now())
    whole = _hand_out(held)
    assert b"/EmbeddedFile" in whole
    assert _hand_out(held, days=1) == whole


def test_a_credential_in_other_hands_is_not_handed_out_again(
    held: CertificateView, sign_as: Any, settings: Any
) -> None:
    sign_as("ours")
    first = _hand_out(held)
    old = SignedPaper.objects.get().carries
    assert old is not None
    settings.CREDENTIAL_KEYS = ["bmV3IHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVzLi4=", *settings.CREDENTIAL_KEYS]
    rotate_issuer_keys(at=timezone.now())
    distrust_issuer_key(key=old.pk, at=timezone.now())
    assert b"/EmbeddedFile" not in _hand_out(held)  # until the worker has signed it again
    inside = check_file(content=first, at=timezone.now()).inside
    assert inside is not None
    assert inside.code == "withdrawn-key"
    sign_again(at=timezone.now())
    second = _hand_out(held)
    assert second != first
    assert _hand_out(held) == second
    verdict = check_file(content=second, at=timezone.now())
    assert (verdict.code, verdict.inside and verdict.inside.code) == ("valid", "valid")


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
    one = hand_out_letter(letter=a_letter(), case=None, at=timezone.now())
    assert hand_out_letter(letter=a_letter(), case=None, at=timezone.now() + timedelta(days=1)) == one
    assert hand_out_letter(letter=a_letter("另一封。"), case=None, at=timezone.now()) != one
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
