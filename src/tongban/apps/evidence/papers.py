"""Papers as they are handed out: drawn, signed once, and kept, so that the same paper is the same bytes for good.

With its case it is let go of; whoever asks for it after that gets it drawn and signed, and it is not kept.
Where nothing is set to sign with (see ``pdf_signer``) they are handed out as they are drawn. See docs/adr/0029.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.db.models import Q

from tongban.apps.evidence import files
from tongban.apps.evidence.certificates import CertificateView
from tongban.apps.evidence.letters import Letter
from tongban.apps.evidence.models import Credential, LetGo, PaperSigner, SignedPaper, StoredFile
from tongban.apps.evidence.pdf_signer import Keeping, get_keeping

__all__ = ["CREDENTIAL", "draw_letter", "hand_out_certificate", "hand_out_letter", "let_go_of_papers", "remove_bytes"]


CREDENTIAL = "certificate.vc.json"
"""What the credential is called that travels in the PDF of a certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What is to be signed, and how it is kept. ``credential``: travels in it; ``seal``: where one is drawn."""

    key: str
    draw: Callable[[], bytes]
    case: int | None
    certificate: str = ""
    credential: Credential | None = None
    seal: tuple[int, int, int, int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all that belongs in it is there: the worker signs a credential some seconds after the decision."""
        return not self.certificate or self.credential is not None


def hand_out_certificate(*, certificate: CertificateView, verify_url: str, at: datetime) -> bytes:
    """Return the certificate as a signed PDF: drawn and signed when it is first asked for, the same bytes ever after.

    It bears a seal and carries the certificate's credential. Signed anew only when the certificate that signed it has
    ended and no timestamp outlives it, or when the key of its credential is not trusted any more; not kept as long as
    there is no credential.
    """
    from tongban.apps.evidence import drawing, pdf  # these take a second to load, and few processes draw

    keeping = get_keeping()
    if keeping is None:
        return pdf.render(certificate, verify_url=verify_url, sealed=False)
    kept = _kept(certificate.identifier, at)
    if kept is not None:
        return kept
    trusted = Credential.objects.filter(pk=certificate.identifier, key__compromised_at=None)
    paper = _Paper(
        key=certificate.identifier,
        draw=lambda: pdf.render(certificate, verify_url=verify_url, sealed=True),
        case=certificate.case,
        certificate=certificate.identifier,
        credential=trusted.first(),
        seal=drawing.SEAL_BOX,
    )
    return _sign(paper, keeping=keeping, at=at)


def draw_letter(*, letter: Letter) -> bytes:
    """Return a letter as PDF, unsigned and kept nowhere: for what says more of a person than should lie about."""
    from tongban.apps.evidence import printing  # as above

    return printing.render(letter)


def hand_out_letter(*, letter: Letter, case: int | None, at: datetime) -> bytes:
    """Return a document of an authority as a signed PDF. Equal letters are the same bytes: they are signed once.

    It is let go of with ``case``; None: it is kept by rules of its own, as receipts are.
    """
    from tongban.apps.evidence import printing  # as above

    drawn = printing.render(letter)
    keeping = get_keeping()
    if keeping is None:
        return drawn
    key = f"letter:{sha256(drawn).hexdigest()}"
    kept = _kept(key, at)
    if kept is not None:
        return kept
    return _sign(_Paper(key=key, draw=lambda: drawn, case=case), keeping=keeping, at=at)


def let_go_of_papers(*, case: int, at: datetime) -> tuple[int, int]:
    """Keep the papers of a case no longer, in the caller's transaction; return how many there were, and their bytes.

    Bytes that a file which is kept has too stay.
    """
    LetGo.objects.get_or_create(case=case, defaults={"at": at})
    rows = list(SignedPaper.objects.select_for_update().filter(case=case, removed_at=None))
    SignedPaper.objects.filter(pk__in=[row.pk for row in rows]).update(removed_at=at)
    hashes = {row.sha256 for row in rows}
    size = sum(files.size(each) for each in hashes)
    transaction.on_commit(lambda: remove_bytes(hashes))
    return len(rows), size


def remove_bytes(hashes: set[str]) -> None:
    """Remove what lies under these hashes, but for what a file or a paper has that is kept."""
    kept = set(StoredFile.objects.filter(sha256__in=hashes, removed_at=None).values_list("sha256", flat=True))
    kept |= set(SignedPaper.objects.filter(sha256__in=hashes, removed_at=None).values_list("sha256", flat=True))
    for each in hashes - kept:
        files.remove(each)


def _kept(key: str, at: datetime) -> bytes | None:
    row = SignedPaper.objects.filter(pk=key, removed_at=None).exclude(_outdated(at)).first()
    return None if row is None else files.read(row.sha256)


def _outdated(at: datetime) -> Q:
    """Papers that prove nothing any more: their signer's certificate has ended, or what they carry is not trusted."""
    return Q(is_timestamped=False, signer__not_after__lte=at) | Q(carries__compromised_at__isnull=False)


def _sign(paper: _Paper, *, keeping: Keeping, at: datetime) -> bytes:
    from tongban.apps.evidence.pdf_signing import Attachment, sign  # the library takes most of a second to load

    inside = paper.credential
    attachment = (
        Attachment(name=CREDENTIAL, media_type="application/vc", content=inside.document.encode()) if inside else None
    )
    signed = sign(content=paper.draw(), keeping=keeping, at=at, attachment=attachment, seal=paper.seal)
    if not signed.is_final or not paper.is_whole or _is_let_go(paper.case):
        return signed.content
    row = SignedPaper(
        key=paper.key,
        certificate=paper.certificate,
        sha256=files.put(signed.content),
        signer=_signer(keeping),
        signed_at=at,
        is_timestamped=signed.is_timestamped,
        carries=inside.key if inside else None,
        case=paper.case,
    )
    try:
        with transaction.atomic():
            _forget_outdated(paper.key, at)
            row.save(force_insert=True)
    except IntegrityError:  # somebody else asked for it at the same moment: theirs counts
        files.remove(row.sha256)
        return files.read(SignedPaper.objects.get(pk=paper.key).sha256)
    return signed.content


def _is_let_go(case: int | None) -> bool:
    return case is not None and LetGo.objects.filter(pk=case).exists()


def _forget_outdated(key: str, at: datetime) -> None:
    rows = list(SignedPaper.objects.filter(_outdated(at), pk=key).values_list("sha256", flat=True))
    SignedPaper.objects.filter(pk=key, sha256__in=rows).delete()
    transaction.on_commit(lambda: remove_bytes(set(rows)))


def _signer(keeping: Keeping) -> PaperSigner:
    """Who signed stays known after its key has been replaced: its papers are still ours."""
    names = keeping.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    row, _ = PaperSigner.objects.get_or_create(
        fingerprint=keeping.fingerprint,
        defaults={
            "name": str(names[0].value)[:200] if names else "",
            "certificate": keeping.certificate.public_bytes(Encoding.PEM).decode(),
            "not_after": keeping.certificate.not_valid_after_utc.astimezone(UTC),
        },
    )
    return row
