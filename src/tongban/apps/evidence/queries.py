"""Reads: files, certificates, and whether a certificate is genuine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.apps.evidence import files
from tongban.apps.evidence.certificates import (
    CertificateView,
    get_certificate,
    get_certificate_of_case,
    list_certificates,
    list_certificates_from,
    list_certificates_of_case,
    list_ending,
    list_valid_of_cases,
)
from tongban.apps.evidence.credentials import FOLLOWED as CERTIFICATE_KINDS
from tongban.apps.evidence.credentials import get_context, get_credential_text
from tongban.apps.evidence.disclosables import HIDDEN, get_issuer_metadata, get_type_metadata
from tongban.apps.evidence.errors import FileRemoved
from tongban.apps.evidence.issuers import get_did_document
from tongban.apps.evidence.letters import Gap, Heading, Letter, LetterPart, Listing, Picture, Seal
from tongban.apps.evidence.listing import PARTS, CertificatePage, find_of_authorities, list_of_authorities
from tongban.apps.evidence.lives import followers_of, grounds_of, law_of, list_cases_of_begun, may_change
from tongban.apps.evidence.models import StoredFile
from tongban.apps.evidence.pdf_checking import PdfFinding, check_pdf
from tongban.apps.evidence.showing import ShowingView, ShownFields, get_end_of_showing, get_showing, list_showings
from tongban.apps.evidence.statuses import TTL as STATUS_TTL
from tongban.apps.evidence.statuses import get_status_document
from tongban.apps.evidence.verifying import AUTHENTIC, LARGEST, Verdict, check_credential, check_file, check_number

__all__ = [
    "AUTHENTIC",
    "CERTIFICATE_KINDS",
    "HIDDEN",
    "LARGEST",
    "PARTS",
    "STATUS_TTL",
    "CertificatePage",
    "CertificateView",
    "FileView",
    "Gap",
    "Heading",
    "Letter",
    "LetterPart",
    "Listing",
    "PdfFinding",
    "Picture",
    "Seal",
    "ShowingView",
    "ShownFields",
    "Verdict",
    "check_credential",
    "check_file",
    "check_number",
    "check_pdf",
    "draw_check_code",
    "find_of_authorities",
    "fits",
    "followers_of",
    "get_certificate",
    "get_certificate_of_case",
    "get_context",
    "get_credential_text",
    "get_did_document",
    "get_end_of_showing",
    "get_issuer_metadata",
    "get_showing",
    "get_status_document",
    "get_type_metadata",
    "grounds_of",
    "law_of",
    "list_cases_of_begun",
    "list_certificates",
    "list_certificates_from",
    "list_certificates_of_case",
    "list_ending",
    "list_files",
    "list_of_authorities",
    "list_showings",
    "list_valid_of_cases",
    "may_change",
    "read_file",
    "view_of_file",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A stored file: what it is called, what it is, how long (bytes), and where its bytes lie.

    ``removed_at``: it was kept as long as it may be; name and bytes are gone.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    removed_at: datetime | None = None


def draw_check_code(*, text: str) -> str:
    """Return a QR code of ``text`` as SVG markup that stands in a page, without size or colour of its own."""
    import segno

    return str(segno.make(text, error="m", micro=False).svg_inline(omitsize=True, svgclass="tb-code", lineclass=None))


def list_files(*, ids: Iterable[UUID], by: str = "") -> dict[UUID, FileView]:
    """Return what is known of stored files, by id, in one query; where ``by`` is given, only those it handed in."""
    rows = StoredFile.objects.filter(pk__in=list(ids))
    return {row.id: _file(row) for row in (rows.filter(uploaded_by=by) if by else rows)}


def view_of_file(row: StoredFile) -> FileView:
    """Return what is known of a stored file whose row came along with what it belongs to; no query."""
    return _file(row)


def fits(*, file: FileView, allowed: Sequence[str], max_megabytes: int) -> bool:
    """Whether a stored file may serve where these endings and this size are asked for."""
    return file.size <= max_megabytes * 1_000_000 and not set(files.ENDINGS[file.media_type]).isdisjoint(allowed)


def read_file(*, sha256: str) -> bytes:
    """Return the stored bytes. Raises ``FileRemoved`` when they were kept no longer."""
    try:
        return files.read(sha256)
    except FileNotFoundError as error:
        raise FileRemoved from error


def _file(row: StoredFile) -> FileView:
    return FileView(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        # Somebody else's file may have the same bytes and be kept: they are not reached from here any more.
        sha256=row.sha256 if row.removed_at is None else "",
        removed_at=row.removed_at,
    )
