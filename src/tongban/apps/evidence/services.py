"""Commands: keep a file, issue a certificate."""

import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.apps.evidence import files
from tongban.apps.evidence.credentials import issue_credentials, sign_again
from tongban.apps.evidence.disclosables import issue_disclosables, sign_disclosables_again
from tongban.apps.evidence.errors import FileEmpty, FileHeic, FileTooLarge, FileTypeNotAllowed
from tongban.apps.evidence.issuers import distrust_issuer_key, list_issuer_keys, rotate_issuer_keys, signer_of
from tongban.apps.evidence.lives import begin_followers, change_certificate, replace_certificate
from tongban.apps.evidence.models import Certificate, StoredFile
from tongban.apps.evidence.papers import (
    draw_letter,
    hand_out_certificate,
    hand_out_letter,
    let_go_of_papers,
    remove_bytes,
)
from tongban.apps.evidence.showing import end_showing, forget_showings, look_at_showing, start_showing
from tongban.apps.evidence.statuses import refresh_status_lists
from tongban.apps.ledger.statements import Statements
from tongban.kernel.numbers import CertificateIdentifier

__all__ = [
    "Certificate",
    "begin_followers",
    "change_certificate",
    "distrust_issuer_key",
    "draw_letter",
    "empty_files",
    "end_showing",
    "forget_showings",
    "hand_out_certificate",
    "hand_out_letter",
    "issue_certificates",
    "issue_credentials",
    "issue_disclosables",
    "let_go_of_papers",
    "list_issuer_keys",
    "look_at_showing",
    "prepare_certificate",
    "refresh_status_lists",
    "remove_files",
    "replace_certificate",
    "require_no_heic",
    "rotate_issuer_keys",
    "sign_again",
    "sign_disclosables_again",
    "signer_of",
    "start_showing",
    "store_file",
    "store_sample",
]


def require_no_heic(*, content: bytes) -> None:
    """Raise ``FileHeic`` for a photo as iPhones keep it: nothing here opens one."""
    if files.sniff(content) == files.HEIC:
        raise FileHeic


def store_file(
    *, content: bytes, name: str, allowed: Sequence[str], max_megabytes: int, by: str, at: datetime
) -> StoredFile:
    """Keep a file that somebody handed in and return its record.

    ``allowed`` are endings (``pdf``, ``jpg``). Raises ``FileEmpty``, ``FileTooLarge``, ``FileHeic`` or
    ``FileTypeNotAllowed``; the type is what the bytes show, not what the name claims.
    """
    if not content:
        raise FileEmpty
    limit = min(max_megabytes, settings.UPLOAD_MAX_MEGABYTES)
    if len(content) > limit * 1_000_000:
        raise FileTooLarge(limit=limit)
    media_type = files.sniff(content)
    if media_type == files.HEIC and "heic" not in allowed:
        raise FileHeic
    if media_type is None or not set(files.ENDINGS[media_type]) & set(allowed):
        raise FileTypeNotAllowed(allowed=", ".join(allowed))
    # Equal bytes that somebody else takes back at this moment may be removed under us: once more when it is certain.
    transaction.on_commit(lambda: files.put(content))
    return StoredFile.objects.create(
        sha256=files.put(content),
        size=len(content),
        media_type=media_type,
        name=_safe_name(name),
        uploaded_by=by,
        uploaded_at=at,
    )


def remove_files(*, ids: Sequence[UUID]) -> None:
    """Forget files that were handed in and taken back: their records now, their bytes once that is certain.

    Bytes that another record shares stay. A file that a case holds is protected by its foreign key.
    """
    rows = StoredFile.objects.filter(pk__in=ids)
    hashes = set(rows.values_list("sha256", flat=True))
    rows.delete()
    transaction.on_commit(lambda: remove_bytes(hashes))


def empty_files(*, ids: Sequence[UUID], at: datetime) -> tuple[int, int]:
    """Let go of files that were kept as long as they may be; return how many, and their bytes.

    What they were is forgotten, that they were there is not. Bytes that a record shares which is kept stay.
    """
    rows = list(StoredFile.objects.select_for_update().filter(pk__in=ids, removed_at=None))
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=at, name="")
    transaction.on_commit(lambda: remove_bytes({row.sha256 for row in rows}))
    return len(rows), sum(row.size for row in rows)


def store_sample(*, ending: str, at: datetime) -> UUID:
    """Keep a small file that says that it is a sample, for generated cases; return its id."""
    from tongban.apps.evidence import samples  # drawing takes a second to load, and only generated cases need it

    content = samples.make(ending)
    stored = store_file(
        content=content, name=f"sample.{ending}", allowed=[ending], max_megabytes=1, by="simulate-history", at=at
    )
    return stored.pk


def prepare_certificate(
    *,
    case: int,
    matter: str,
    name: Mapping[str, str],
    type_code: str,
    authority: str,
    authority_credit_code: str,
    holder: str,
    holder_hash: str,
    valid_until: date | None,
    fields: Sequence[Mapping[str, object]],
    at: datetime,
) -> Certificate:
    """Return an unsaved certificate with a new GB/T 36904 identifier; the serial ends in random digits.

    The identifier is what a stranger types or scans to verify, so it must not be guessable from its neighbours. It
    begins with the month on the wall, as the certificate itself is dated.
    """
    serial = f"{timezone.localtime(at):%y%m}{secrets.randbelow(10**10):010d}"
    return Certificate(
        identifier=str(CertificateIdentifier(type=type_code, authority=authority_credit_code, serial=serial)),
        case=case,
        matter=matter,
        name_zh=name["zh"],
        name_en=name["en"],
        authority_id=authority,
        holder=holder,
        holder_hash=holder_hash,
        issued_at=at,
        valid_until=valid_until,
        fields=list(fields),
    )


def issue_certificates(*, certificates: Sequence[Certificate], run: Statements) -> None:
    """Save certificates in the caller's transaction: a decision and its certificate stand or fall together."""
    run.insert_objects(Certificate, certificates)


def _safe_name(name: str) -> str:
    """Keep what people call their file, without paths, control characters or bidirectional tricks."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(ch for ch in base if unicodedata.category(ch)[0] != "C").strip()
    return kept[-200:] or "file"
