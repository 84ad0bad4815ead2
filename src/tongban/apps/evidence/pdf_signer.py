"""With what papers are signed: a key and an X.509 certificate from the settings, and the roots that are trusted.

In development a root and a signer of our own are made once and kept under ``VAR``, so that papers are signed from the
first day; in production nothing is made up: what is not set is not there.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import ImproperlyConfigured

__all__ = ["Keeping", "get_keeping", "get_roots", "make_keeping", "warn_of_unsigned"]

_YEARS = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """A key with its certificate. ``fingerprint``: SHA-256 of the certificate, hexadecimal."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    fingerprint: str


def get_keeping() -> Keeping | None:
    """Return what papers are signed with, or None in production where nothing is set.

    Raises ``ImproperlyConfigured`` when the file cannot be opened: papers must not silently go out unsigned.
    """
    if settings.PDF_SIGNER:
        return _load(settings.PDF_SIGNER, settings.PDF_SIGNER_PASSWORD)
    if settings.PRODUCTION:
        return None
    return _load(str(_development_folder() / "signer.p12"), "")


def get_roots() -> tuple[str, ...]:
    """Return the roots (PEM) that a signer's certificate must lead to: those that are set, or the one of our own chain.

    Roots of timestamp authorities belong among them.
    """
    if settings.PDF_ROOTS:
        found = [
            each for path in settings.PDF_ROOTS for each in x509.load_pem_x509_certificates(Path(path).read_bytes())
        ]
    else:
        own = get_keeping()
        found = [each for each in own.chain if each.issuer == each.subject] if own else []
    return tuple(each.public_bytes(Encoding.PEM).decode() for each in found)


def warn_of_unsigned(**_: object) -> list[CheckMessage]:
    """Django's check: production that has nothing to sign with says so at each start."""
    if get_keeping() is not None:
        return []
    cure = "Set TONGBAN_PDF_SIGNER: see docs/how-to/run-a-city.md."
    return [Warning("Papers are handed out unsigned.", hint=cure, id="evidence.W001")]


@lru_cache(maxsize=8)
def _load(path: str, password: str) -> Keeping:
    secret = password.encode() or None
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(Path(path).read_bytes(), secret)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"TONGBAN_PDF_SIGNER: {path} cannot be opened: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
        raise ImproperlyConfigured(f"TONGBAN_PDF_SIGNER: {path} must hold a key (RSA, ECDSA) and its certificate")
    return Keeping(
        key=key,
        certificate=certificate,
        chain=tuple(chain),
        fingerprint=sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
    )


def _development_folder() -> Path:
    """The folder of the development's own signer; of two processes that make it at once, one wins for both."""
    folder = Path(settings.VAR) / "pdf-signer"
    if not folder.exists():
        made = Path(tempfile.mkdtemp(dir=settings.VAR))
        archive, root = make_keeping(name="Tongban development, for demonstration only", at=datetime.now(UTC))
        (made / "signer.p12").write_bytes(archive)
        (made / "root.pem").write_bytes(root)
        try:
            os.rename(made, folder)
        except OSError:
            shutil.rmtree(made)
    return folder


def make_keeping(*, name: str, at: datetime, lasts: timedelta = _YEARS, password: str = "") -> tuple[bytes, bytes]:
    """Make a root and a signer under it; return the signer as PKCS #12 and the root as PEM.

    For development and tests: a city's papers are signed with a certificate that others trust already.
    """
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root_name, own_name = _name(f"{name}: root"), _name(name)
    root = (
        _builder(root_name, root_name, root_key.public_key(), at, max(lasts, _YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    signed = (
        _builder(own_name, root_name, key.public_key(), at, lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    archive = pkcs12.serialize_key_and_certificates(name.encode(), key, signed, [root], locked)
    return archive, root.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))  # clocks differ
        .not_valid_after(at + lasts)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
