"""Papers as they are handed out: drawn, signed once, and kept, so that the same paper is the same bytes for good.

With its case it is let go of; whoever asks for it after that gets it drawn and signed, and it is not kept.
Where nothing is set to sign with (see ``pdf_signer``) they are handed out as they are drawn. See docs/adr/0029.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.db.models import Q

from tongban.apps.catalog.city import get_seals
from tongban.apps.evidence import files
from tongban.apps.evidence.certificates import CertificateView
from tongban.apps.evidence.letters import Drawn, Letter, Seal, SealPlace
from tongban.apps.evidence.models import Credential, LetGo, PaperSigner, SignedPaper, StoredFile
from tongban.apps.evidence.pdf_signer import Keeping, get_keeping

if TYPE_CHECKING:
    from tongban.apps.evidence.pdf_signing import Attachment

__all__ = ["CREDENTIAL", "draw_letter", "hand_out_certificate", "hand_out_letter", "let_go_of_papers", "remove_bytes"]


_log = logging.getLogger(__name__)
CREDENTIAL = "certificate.vc.json"
"""What the credential is called that travels in the PDF of a certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """What is to be signed, and how it is kept. ``credential``: travels in it."""

    key: str
    draw: Callable[[], Drawn]
    case: int | None
    certificate: str = ""
    credential: Credential | None = None

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
        return pdf.render(certificate, verify_url=verify_url, seal=None)

    def draw() -> Drawn:
        seal = get_seals().get(certificate.authority.code, Seal())
        return Drawn(pdf.render(certificate, verify_url=verify_url, seal=seal), SealPlace(0, drawing.SEAL_BOX))

    trusted = Credential.objects.filter(pk=certificate.identifier, key__compromised_at=None)
    paper = _Paper(
        key=certificate.identifier,
        draw=draw,
        case=certificate.case,
        certificate=certificate.identifier,
        credential=trusted.first(),
    )
    return _hand_out(paper, keeping=keeping, at=at)


def draw_letter(*, letter: Letter) -> bytes:
    """Return a letter as PDF, unsigned and kept nowhere: what says more of a person than should lie about, or nothing
    of anybody, as a form that is still to be filled in.
    """
    from tongban.apps.evidence import printing  # as above

    return printing.render(letter, sealed=False).content


def hand_out_letter(*, letter: Letter, case: int | None, at: datetime, document: str = "") -> bytes:
    """Return a document of an authority as a signed PDF with its seal.

    ``document`` is the number of one whose text is settled once it has gone out: it stays the paper that it was,
    whatever is drawn later. Without one, equal letters are the same bytes. It is let go of with ``case``; None: it is
    kept by rules of its own, as receipts are.
    """
    from tongban.apps.evidence import printing  # as above

    keeping = get_keeping()
    if keeping is None:
        return printing.render(letter, sealed=False).content
    if document:
        paper = _Paper(key=f"letter:{document}", draw=lambda: printing.render(letter, sealed=True), case=case)
    else:
        drawn = printing.render(letter, sealed=True)
        paper = _Paper(key=f"letter:{sha256(drawn.content).hexdigest()}", draw=lambda: drawn, case=case)
    return _hand_out(paper, keeping=keeping, at=at)


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


def _hand_out(paper: _Paper, *, keeping: Keeping, at: datetime) -> bytes:
    """The paper that is kept; where its bytes are lost, the same made again, or signed anew."""
    row = SignedPaper.objects.filter(pk=paper.key, removed_at=None).exclude(_outdated(at)).first()
    if row is None:
        return _sign(paper, keeping=keeping, at=at)
    try:
        return files.read(row.sha256)
    except FileNotFoundError:
        again = _make_again(paper, row, keeping)
    if again is not None:
        return again
    # Whoever has a copy can still have it checked: its hash stays known.
    SignedPaper.objects.filter(pk=paper.key).update(key=f"lost:{row.sha256}", removed_at=at)
    return _sign(paper, keeping=keeping, at=at)


def _make_again(paper: _Paper, row: SignedPaper, keeping: Keeping) -> bytes | None:
    """To the byte what was signed then, or None: a timestamp, another key or another text cannot be made again."""
    from tongban.apps.evidence.pdf_signing import sign_plainly  # as in ``_sign``

    if row.is_timestamped or row.signer_id != keeping.fingerprint:
        return None
    drawn = paper.draw()
    attachment = _attached(paper.credential)
    made = sign_plainly(
        content=drawn.content, keeping=keeping, at=row.signed_at, attachment=attachment, seal=drawn.seal
    )
    if sha256(made).hexdigest() != row.sha256:
        return None
    files.put(made)
    _log.warning("A paper was missing and has been made again: %s", row.sha256)
    return made


def _outdated(at: datetime) -> Q:
    """Papers that prove nothing any more: their signer's certificate has ended, or what they carry is not trusted."""
    return Q(is_timestamped=False, signer__not_after__lte=at) | Q(carries__compromised_at__isnull=False)


def _attached(credential: Credential | None) -> "Attachment | None":
    from tongban.apps.evidence.pdf_signing import Attachment  # as below

    if credential is None:
        return None
    return Attachment(name=CREDENTIAL, media_type="application/vc", content=credential.document.encode())


def _sign(paper: _Paper, *, keeping: Keeping, at: datetime) -> bytes:
    from tongban.apps.evidence.pdf_signing import sign  # the library takes most of a second to load

    inside, drawn = paper.credential, paper.draw()
    signed = sign(content=drawn.content, keeping=keeping, at=at, attachment=_attached(inside), seal=drawn.seal)
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
