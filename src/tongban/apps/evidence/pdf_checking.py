"""Whether a PDF that somebody hands in is a paper of ours as we signed it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings

from tongban.apps.evidence import pdf_reading
from tongban.apps.evidence.errors import FileTooLarge, PapersBusy
from tongban.apps.evidence.models import Credential, PaperSigner, SignedPaper
from tongban.apps.evidence.pdf_signer import get_keeping, get_roots
from tongban.kernel.numbers import CertificateIdentifier, NumberError

__all__ = ["PdfFinding", "check_pdf", "is_pdf", "read_apart"]

_PLACES = BoundedSemaphore(2)
"""So many files of strangers are read at once by one process; others wait a little."""
_PATIENCE = 10.0
_SECONDS = 30
"""On the wall, for a reader that may compute for six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFinding:
    """What a PDF proves.

    ``state``: ``authentic``; ``changed`` after signing; ``foreign`` (not signed by us); ``expired`` or ``revoked``
    (the signer's certificate, and no timestamp proves that it was signed before); ``unsigned``; ``not-pdf``;
    ``unreadable`` (encrypted, broken, or built to exhaust its reader). ``identifier`` is the certificate that it
    says it is, "" for none: only of an ``authentic`` one is that proven; whether it still holds is asked live.
    ``credential``: the text of the credential that travels in it, unchecked, "" for none.
    ``signer``: the name in the certificate that signed. ``signed_at``: as claimed, or proven if ``is_timestamped``.
    """

    state: str
    identifier: str = ""
    credential: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    is_timestamped: bool = False


def is_pdf(content: bytes) -> bool:
    """Whether the bytes claim to be a PDF: its mark may stand a little way in."""
    return b"%PDF-" in content[:1024]


def check_pdf(*, content: bytes, at: datetime) -> PdfFinding:
    """Return what ``content`` proves, within bounds of time and memory whatever it is.

    Raises ``FileTooLarge``, and ``PapersBusy`` where too many are being read already.
    """
    limit = settings.PDF_CHECK_MAX_MEGABYTES
    if len(content) > limit * 1_000_000:
        raise FileTooLarge(limit=limit)
    if not is_pdf(content):
        return PdfFinding(state="not-pdf")
    rows = SignedPaper.objects.filter(sha256=sha256(content).hexdigest(), carries__compromised_at=None)
    known = rows.select_related("signer").first()
    if known is not None:  # to the byte what we handed out: nothing of a stranger needs to be read
        return PdfFinding(
            state="authentic",
            identifier=known.certificate,
            credential=_carried(known),
            signer=known.signer.name,
            signed_at=known.signed_at,
            is_timestamped=known.is_timestamped,
        )
    if b"/ByteRange" not in content:  # a signature's place in the file is never compressed
        return PdfFinding(state="unsigned")
    return _finding(_read_apart(content, at))


def _carried(known: SignedPaper) -> str:
    """What travels in a paper of ours: a credential is signed anew only when its key is not trusted any more."""
    rows = Credential.objects.filter(pk=known.certificate, key=known.carries)
    return (rows.values_list("document", flat=True).first() or "") if known.carries_id else ""


def _read_apart(content: bytes, at: datetime) -> dict[str, object]:
    with _place():
        return read_apart(content, roots=get_roots(), own=_own(), at=at)


def read_apart(content: bytes, *, roots: Sequence[str], own: Sequence[str], at: datetime) -> dict[str, object]:
    """Return what ``pdf_reading.read`` says, run in a process of its own; ``unreadable`` where that came to an end."""
    asked = {"roots": list(roots), "own": list(own), "at": at.isoformat()}
    command = [sys.executable, "-I", str(Path(pdf_reading.__file__))]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and file
            command,
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            env={},
            cwd="/",
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, object] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"state": "unreadable"}
    return found


def _own() -> list[str]:
    """The certificates by which papers were ever signed here: that somebody is trusted does not make them us."""
    keeping = get_keeping()
    return [*PaperSigner.objects.values_list("fingerprint", flat=True), *([keeping.fingerprint] if keeping else [])]


@contextmanager
def _place() -> Iterator[None]:
    if not _PLACES.acquire(timeout=_PATIENCE):
        raise PapersBusy
    try:
        yield
    finally:
        _PLACES.release()


def _finding(found: dict[str, object]) -> PdfFinding:
    signed_at = str(found.get("signed_at", ""))
    return PdfFinding(
        state=str(found["state"]),
        identifier=_identifier(str(found.get("subject", ""))),
        credential=str(found.get("credential", "")),
        signer=str(found.get("signer", "")),
        signed_at=datetime.fromisoformat(signed_at) if signed_at else None,
        is_timestamped=bool(found.get("stamped")),
    )


def _identifier(text: str) -> str:
    try:
        return str(CertificateIdentifier.parse(text))
    except NumberError:
        return ""
