"""A PDF that somebody hands in: ours, changed, a stranger's, of an ended signer, unsigned, none at all, or a trap."""

import io
import json
import os
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from tests.apps.evidence.authority import drawn_over

from tongban.apps.evidence import pdf_checking, pdf_reading
from tongban.apps.evidence.errors import FileTooLarge, PapersBusy
from tongban.apps.evidence.letters import Letter
from tongban.apps.evidence.models import SignedPaper
from tongban.apps.evidence.pdf_checking import _PLACES, read_apart
from tongban.apps.evidence.pdf_signer import get_roots
from tongban.apps.evidence.queries import check_pdf
from tongban.apps.evidence.services import hand_out_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(a_letter: Callable[..., Letter], sign_as: Any) -> Callable[[str], bytes]:
    """A paper signed as by somebody; it is not known by its bytes, so it has to be read."""

    def signed(name: str = "ours", **given: Any) -> bytes:
        sign_as(name, **given)
        content = hand_out_letter(letter=a_letter(), case=None, at=timezone.now())
        SignedPaper.objects.all().delete()
        return content

    return signed


@pytest.fixture
def here(monkeypatch: Any) -> None:
    """Read in this process: what a file proves is the same, and a process of its own costs a second."""

    def read(content: bytes, at: Any) -> dict[str, Any]:
        return pdf_reading.read(content, roots=list(get_roots()), own=pdf_checking._own(), at=at)

    monkeypatch.setattr(pdf_checking, "_read_apart", read)


def _state(content: bytes, **later: Any) -> str:
    return check_pdf(content=content, at=timezone.now() + timedelta(**later)).state


def test_ours(paper: Any) -> None:
    found = check_pdf(content=paper(), at=timezone.now())
    assert (found.state, found.signer, found.is_timestamped) == ("authentic", "ours", False)
    assert found.signed_at is not None
    assert abs(found.signed_at - timezone.now()) < timedelta(minutes=1)


def test_what_is_known_to_the_byte_need_not_be_read(a_letter: Any, sign_as: Any, monkeypatch: Any) -> None:
    sign_as("ours")
    content = hand_out_letter(letter=a_letter(), case=None, at=timezone.now())
    monkeypatch.setattr("tongban.apps.evidence.pdf_checking._read_apart", None)
    assert _state(content) == "authentic"


def test_a_changed_byte(here: None, paper: Any) -> None:
    content = bytearray(paper())
    content[200] ^= 1
    assert _state(bytes(content)) == "changed"


def test_something_drawn_over_it_afterwards(here: None, paper: Any) -> None:
    content = paper()
    assert drawn_over(content).startswith(content)
    assert _state(drawn_over(content)) == "changed"


def test_something_after_its_end(here: None, paper: Any) -> None:
    assert _state(paper() + b"\n% a line that says nothing\n") == "changed"


def test_a_stranger(here: None, paper: Any, sign_as: Any) -> None:
    content = paper("stranger")
    sign_as("ours")
    assert check_pdf(content=content, at=timezone.now()).state == "foreign"


def test_another_holder_under_a_root_that_we_trust(here: None, paper: Any, sign_as: Any, settings: Any) -> None:
    """Public authorities certify many: that somebody is known does not make it ours."""
    content = paper("neighbour")
    roots = settings.PDF_ROOTS
    sign_as("ours")
    settings.PDF_ROOTS = [*settings.PDF_ROOTS, *roots]
    from tongban.apps.evidence.models import PaperSigner

    PaperSigner.objects.filter(name="neighbour").delete()
    found = check_pdf(content=content, at=timezone.now())
    assert (found.state, found.signer) == ("foreign", "neighbour")


def test_a_name_like_ours_under_a_root_of_its_own(here: None, paper: Any, sign_as: Any) -> None:
    content = paper("ours too")
    sign_as("ours")
    assert _state(content) == "foreign"


def test_a_signer_that_has_ended(here: None, paper: Any) -> None:
    content = paper("brief", at=timezone.now(), lasts=timedelta(days=30))
    assert _state(content, days=29) == "authentic"
    assert _state(content, days=31) == "expired"


def test_not_signed(paper: Any) -> None:
    from tests.conftest import PDF

    assert _state(PDF) == "unsigned"


def test_not_a_pdf() -> None:
    assert _state(b"PK\x03\x04 a text document") == "not-pdf"
    assert _state(b"") == "not-pdf"


def test_too_large(settings: Any) -> None:
    settings.PDF_CHECK_MAX_MEGABYTES = 1
    with pytest.raises(FileTooLarge):
        _state(b"%PDF-1.7" + b"x" * 1_000_000)


def test_encrypted(here: None, paper: Any) -> None:
    writer: Any = copy_into_new_writer(PdfFileReader(io.BytesIO(paper())))
    writer.encrypt("secret", "secret")
    out = io.BytesIO()
    writer.write(out)
    assert _state(out.getvalue() + b"/ByteRange") == "unreadable"


def _bomb() -> bytes:
    """An object stream of two gigabytes of nothing, in two megabytes."""
    packer, piece, times = zlib.compressobj(9, wbits=-15), b"\x00" * 10_000_000, 200
    # Flushed fully, each piece would be packed into the same bytes: one of them is, and said two hundred times.
    packed = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)) * times + packer.flush()
    check = (len(piece) * times % 65_521) << 16 | 1  # Adler-32 of nothing but zeros
    packed = b"\x78\xda" + packed + check.to_bytes(4, "big")
    first = b"%PDF-1.5\n1 0 obj<</Type/XRef/W[1 2 1]/Index[0 2]/Size 2/Root 1 0 R/Filter/FlateDecode/Length "
    start = len(b"%PDF-1.5\n")
    return (
        first
        + b"%d>>stream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n% /ByteRange\nstartxref\n"
        + b"%d\n%%%%EOF" % start
    )


TRAPS = {
    "a bomb": _bomb(),
    "deep nesting": b"%PDF-1.7\n1 0 obj " + b"[" * 400_000 + b"/ByteRange\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF",
    "a circle": b"%PDF-1.7\n/ByteRange xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 20/Size 1>>\n"
    b"startxref\n20\n%%EOF",
    "a huge object": b"%PDF-1.7\n1 0 obj<</A("
    + b"x" * 1_000_000
    + b"/ByteRange trailer<</Root 1 0 R>>startxref\n9\n%%EOF",
    "numbers without end": b"%PDF-1.7\n/ByteRange xref\n0 99999999999\ntrailer<</Size 99999999999>>\n"
    b"startxref\n20\n%%EOF",
    "nothing else": b"%PDF-/ByteRange",
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_costs_little(name: str) -> None:
    assert _state(TRAPS[name]) == "unreadable"
    seconds, most = _cost(TRAPS[name])
    assert seconds < pdf_reading.SECONDS + 2
    assert 0 < most < pdf_reading.MEMORY


def test_limits_hold_from_the_first_byte() -> None:
    """The library that reads has limits of its own; what it does not catch, these do."""
    told = (
        "import resource as r; from tongban.apps.evidence import pdf_reading as reading;"
        "reading.read = lambda content, **asked: [r.getrlimit(each)[0] for each in"
        " (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)]; reading.main()"
    )
    asked = b'{"at": "2026-03-02T09:00:00+08:00", "roots": [], "own": []}\n%PDF-'
    done = subprocess.run([sys.executable, "-c", told], input=asked, capture_output=True, check=True)
    assert json.loads(done.stdout) == [pdf_reading.MEMORY, pdf_reading.SECONDS, 0, 0]


def _cost(content: bytes) -> tuple[float, int]:
    """Processor time and most memory (bytes) of reading it, counted in a process that has had no other children."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        read_apart(content, roots=[], own=[], at=timezone.now())
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(there, f"{used.ru_utime} {used.ru_maxrss * 1024}".encode())
        os._exit(0)
    os.close(there)
    with os.fdopen(here) as told:
        seconds, most = told.read().split()
    os.waitpid(child, 0)
    return float(seconds), int(most)


def test_too_many_at_once_are_asked_to_come_again(paper: Any, monkeypatch: Any) -> None:
    content = paper("stranger")
    monkeypatch.setattr("tongban.apps.evidence.pdf_checking._PATIENCE", 0.01)
    with _PLACES, _PLACES, pytest.raises(PapersBusy):
        _state(content)
    assert _state(content) == "authentic"
