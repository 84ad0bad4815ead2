"""Reads: files, certificates, and whether a certificate is genuine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tongban.apps.evidence import files
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.models import Certificate, StoredFile
from tongban.apps.people.queries import DepartmentName, get_department_names

__all__ = [
    "CertificateView",
    "FileView",
    "fits",
    "get_certificate",
    "get_certificate_of_case",
    "list_files",
    "read_file",
    "render_certificate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A stored file: what it is called, what it is, how long (bytes), and where its bytes lie."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate as anyone may see it."""

    identifier: str
    case: int
    name_zh: str
    name_en: str
    authority: DepartmentName
    holder: str
    issued_at: datetime
    valid_until: date | None
    fields: list[dict[str, object]]

    def name(self, language: str) -> str:
        """What it is called in ``language``."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def is_valid(self, *, on: date) -> bool:
        """Whether its validity covers that day."""
        return self.valid_until is None or on <= self.valid_until


def get_certificate(*, identifier: str) -> CertificateView:
    """Return the certificate issued under ``identifier``; raises ``UnknownCertificate``."""
    row = Certificate.objects.filter(pk=identifier).first()
    if row is None:
        raise UnknownCertificate
    return _view(row)


def get_certificate_of_case(*, case: int) -> CertificateView | None:
    """Return what the case resulted in, if anything."""
    row = Certificate.objects.filter(case=case).first()
    return _view(row) if row else None


def render_certificate(*, certificate: CertificateView, verify_url: str) -> bytes:
    """Return the certificate as PDF: equal bytes for equal content."""
    from tongban.apps.evidence import pdf  # fonts and drawing take a second to load, and few processes draw

    return pdf.render(certificate, verify_url=verify_url)


def list_files(*, ids: Iterable[UUID], by: str = "") -> dict[UUID, FileView]:
    """Return what is known of stored files, by id, in one query; where ``by`` is given, only those it handed in."""
    rows = StoredFile.objects.filter(pk__in=list(ids))
    return {row.id: _file(row) for row in (rows.filter(uploaded_by=by) if by else rows)}


def fits(*, file: FileView, allowed: Sequence[str], max_megabytes: int) -> bool:
    """Whether a stored file may serve where these endings and this size are asked for."""
    return file.size <= max_megabytes * 1_000_000 and not set(files.ENDINGS[file.media_type]).isdisjoint(allowed)


def read_file(*, sha256: str) -> bytes:
    """Return the stored bytes."""
    return files.read(sha256)


def _file(row: StoredFile) -> FileView:
    return FileView(id=row.id, name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256)


def _view(row: Certificate) -> CertificateView:
    return CertificateView(
        identifier=row.identifier,
        case=row.case,
        name_zh=row.name_zh,
        name_en=row.name_en,
        authority=get_department_names()[row.authority_id],
        holder=row.holder,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        fields=row.fields,
    )
