"""PAdES: a PDF gets its signature (ETSI EN 319 142-1, baseline B-B; B-T and B-LT with a timestamp authority)."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import ByteStringObject, pdf_date, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tongban.apps.evidence.letters import SealPlace
from tongban.apps.evidence.pdf_signer import Keeping, get_roots

__all__ = ["Attachment", "Signed", "sign", "sign_plainly"]

_FIELD = "Signature"

_log = logging.getLogger(__name__)
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_SECONDS = 5
"""How long a timestamp authority may take: somebody waits for their paper."""
_REST = "pdf-timestamps-rest"
_REST_SECONDS = 60
"""How long an authority that did not answer is left in peace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels inside the PDF and is covered by its signature."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed PDF. ``is_final`` is false where a timestamp was wanted and could not be had: ask again later."""

    content: bytes
    is_timestamped: bool
    is_final: bool


def sign(
    *,
    content: bytes,
    keeping: Keeping,
    at: datetime,
    attachment: Attachment | None = None,
    seal: SealPlace | None = None,
) -> Signed:
    """Return ``content`` signed as its author: whatever is changed or added afterwards breaks the signature.

    ``seal`` is where a seal is drawn already: who presses it there is told of the signature by their reader.
    ``at`` is the time that the signature claims. An authority that does not answer costs the timestamp, not the paper.
    """
    url = settings.PDF_TIMESTAMP_URL
    if url and not cache.get(_REST):
        try:
            stamped = _sign(content, keeping, at, attachment, seal, _Stamper(url, timeout=_SECONDS))
            return Signed(content=stamped, is_timestamped=True, is_final=True)
        except (TimestampRequestError, SigningError, PathError, OSError) as error:
            _log.error("No timestamp from %s: %s", url, error)
            cache.set(_REST, True, _REST_SECONDS)
    plain = _sign(content, keeping, at, attachment, seal, None)
    return Signed(content=plain, is_timestamped=False, is_final=not url)


def sign_plainly(
    *, content: bytes, keeping: Keeping, at: datetime, attachment: Attachment | None, seal: SealPlace | None
) -> bytes:
    """The same without a timestamp: equal content, key and time give equal bytes."""
    return _sign(content, keeping, at, attachment, seal, None)


def _sign(
    content: bytes,
    keeping: Keeping,
    at: datetime,
    attachment: Attachment | None,
    seal: SealPlace | None,
    stamper: HTTPTimeStamper | None,
) -> bytes:
    writer = _Writer(content, at)
    if attachment is not None:
        _attach(writer, attachment, at)
    long_term = stamper is not None and settings.PDF_LONG_TERM
    meta = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=long_term,
        validation_context=_asks_for_revocations() if long_term else None,
    )
    out = io.BytesIO()
    _At(meta, _signer(keeping), at=timezone.localtime(at), timestamper=stamper, seal=seal).sign_pdf(writer, output=out)
    return out.getvalue()


@lru_cache(maxsize=8)
def _signer(keeping: Keeping) -> Signer:
    registry: Any = SimpleCertificateStore  # it declares no types
    registry = registry()
    registry.register_multiple([translate_pyca_cryptography_cert_to_asn1(each) for each in keeping.chain])
    return _OpenKey(keeping, registry)


class _OpenKey(Signer):
    """Signs with a key that is opened once: to open one is a hundred times the work of signing with it."""

    def __init__(self, keeping: Keeping, registry: SimpleCertificateStore):
        certificate = translate_pyca_cryptography_cert_to_asn1(keeping.certificate)
        super().__init__(signing_cert=certificate, cert_registry=registry)
        self._key = keeping.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        digest = _DIGESTS[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest, deterministic_signing=True))


class _Stamper(HTTPTimeStamper):
    """Puts the authority's token into the signature as it was sent."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return _Token.sent(await super().async_timestamp(message_digest, md_algorithm))


class _Token(cms.ContentInfo):  # type: ignore[misc]  # it declares no types
    """A token that is never written anew.

    What contains it is written hundreds of times while a signature is put together, and asn1crypto writes every part
    anew, each time, of which the length ends in the byte 0x80: it takes that for a length that is not known. Whether a
    token has such a part is chance; with one, a paper took up to half a minute.
    """

    _sent = b""

    @classmethod
    def sent(cls, token: cms.ContentInfo) -> Self:
        """The same token."""
        found: Self = cls.load(token.dump())
        found._sent = token.dump()
        return found

    def dump(self, force: bool = False) -> bytes:
        """The bytes that the authority has signed."""
        return self._sent

    def _copy(self, other: Self, copy_func: Any) -> None:
        super()._copy(other, copy_func)
        self._sent = other._sent


class _At(PdfSigner):
    """Claims the time that it is told, as everything here does, instead of reading the clock."""

    def __init__(
        self,
        meta: PdfSignatureMetadata,
        signer: Signer,
        *,
        at: datetime,
        timestamper: TimeStamper | None,
        seal: SealPlace | None,
    ):
        placed: dict[str, Any] = {}
        if seal is not None:  # the field itself shows nothing: the seal below it is part of the page
            left, bottom, right, top = seal.box
            clear = RawContent(b"", box=BoxConstraints(width=right - left, height=top - bottom))
            placed["stamp_style"] = StaticStampStyle(background=clear, border_width=0)
            placed["new_field_spec"] = SigFieldSpec(sig_field_name=_FIELD, on_page=seal.page, box=seal.box)
        super().__init__(meta, signer, timestamper=timestamper, **placed)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


class _Writer(IncrementalPdfFileWriter):
    """Changes a PDF at the time that it is told: the library reads the clock, and draws an identifier by chance."""

    def __init__(self, content: bytes, at: datetime):
        super().__init__(io.BytesIO(content))
        self._at = at
        # It need only differ from file to file.
        self._document_id[1] = ByteStringObject(hashlib.sha256(content + at.isoformat().encode()).digest()[:16])

    def _update_meta(self) -> None:
        before: Any = super()  # it declares no types
        before._update_meta()
        about: Any = self._info
        if about is not None:
            about.get_object()["/ModDate"] = pdf_date(timezone.localtime(self._at))


def _asks_for_revocations() -> ValidationContext:
    roots = [each for pem in get_roots() for each in load_certs_from_pemder_data(pem.encode())]
    return ValidationContext(trust_roots=roots, allow_fetching=True, revocation_mode="soft-fail")


def _attach(writer: IncrementalPdfFileWriter, attachment: Attachment, at: datetime) -> None:
    stream = embed.EmbeddedFileObject.from_file_data(
        writer,
        data=attachment.content,
        mime_type=attachment.media_type,
        params=embed.EmbeddedFileParams(creation_date=at, modification_date=at),
    )
    spec = embed.FileSpec(
        file_spec_string=attachment.name,
        file_name=attachment.name,
        embedded_data=stream,
        af_relationship=pdf_name("/Data"),
    )
    embed.embed_file(writer, spec)
