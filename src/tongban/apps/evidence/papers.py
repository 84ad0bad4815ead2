"""Papers as they are handed out: drawn, signed once, and kept, so that the same paper is the same bytes for good.

Where nothing is set to sign with (see ``pdf_signer``) they are handed out as they are drawn. See docs/adr/0029.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction

from tongban.apps.evidence import files
from tongban.apps.evidence.certificates import CertificateView
from tongban.apps.evidence.letters import Letter
from tongban.apps.evidence.models import PaperSigner, SignedPaper
from tongban.apps.evidence.pdf_signer import Keeping, get_keeping

__all__ = ["draw_letter", "hand_out_certificate", "hand_out_letter"]


def hand_out_certificate(*, certificate: CertificateView, verify_url: str, at: datetime) -> bytes:
    """Return the certificate as a signed PDF: drawn and signed when it is first asked for, the same bytes ever after.

    Signed anew only when the certificate that signed it has ended and no timestamp outlives it.
    """
    from tongban.apps.evidence import pdf  # fonts and drawing take a second to load, and few processes draw

    keeping = get_keeping()
    if keeping is None:
        return pdf.render(certificate, verify_url=verify_url)
    kept = _kept(certificate.identifier, at)
    if kept is not None:
        return kept
    return _sign(
        lambda: pdf.render(certificate, verify_url=verify_url),
        key=certificate.identifier,
        certificate=certificate.identifier,
        keeping=keeping,
        at=at,
    )


def draw_letter(*, letter: Letter) -> bytes:
    """Return a letter as PDF, unsigned and kept nowhere: for what says more of a person than should lie about."""
    from tongban.apps.evidence import printing  # as above

    return printing.render(letter)


def hand_out_letter(*, letter: Letter, at: datetime) -> bytes:
    """Return a document of an authority as a signed PDF. Equal letters are the same bytes: they are signed once."""
    from tongban.apps.evidence import printing  # as above

    drawn = printing.render(letter)
    keeping = get_keeping()
    if keeping is None:
        return drawn
    key = f"letter:{sha256(drawn).hexdigest()}"
    kept = _kept(key, at)
    return kept if kept is not None else _sign(lambda: drawn, key=key, certificate="", keeping=keeping, at=at)


def _kept(key: str, at: datetime) -> bytes | None:
    row = SignedPaper.objects.filter(pk=key).select_related("signer").first()
    if row is None or (not row.is_timestamped and row.signer.not_after <= at):
        return None
    return files.read(row.sha256)


def _sign(draw: Callable[[], bytes], *, key: str, certificate: str, keeping: Keeping, at: datetime) -> bytes:
    from tongban.apps.evidence.pdf_signing import sign  # the library takes most of a second to load

    signed = sign(content=draw(), keeping=keeping, at=at)
    if not signed.is_final:
        return signed.content
    row = SignedPaper(
        key=key,
        certificate=certificate,
        sha256=files.put(signed.content),
        signer=_signer(keeping),
        signed_at=at,
        is_timestamped=signed.is_timestamped,
    )
    try:
        with transaction.atomic():
            _forget_ended(key, at)
            row.save(force_insert=True)
    except IntegrityError:  # somebody else asked for it at the same moment: theirs counts
        files.remove(row.sha256)
        return files.read(SignedPaper.objects.get(pk=key).sha256)
    return signed.content


def _forget_ended(key: str, at: datetime) -> None:
    SignedPaper.objects.filter(pk=key, is_timestamped=False, signer__not_after__lte=at).delete()


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
