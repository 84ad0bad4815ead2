"""A certificate authority as cities buy from: signers with revocation lists, and timestamps (RFC 3161) by OpenSSL."""

import io
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

__all__ = ["Authority", "drawn_over"]

_TSA = """[tsa]
serial = {folder}/serial
default_policy = 1.3.6.1.4.1.13762.3
digests = sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """Serves timestamps at ``/tsa`` and its revocation list at ``/crl``; ``with`` it, it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.revoked = folder, set[int]()
        self.answers = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._certify("Test root", self._key.public_key(), None, timedelta(days=3650))
        (folder / "root.pem").write_bytes(self._root.public_bytes(Encoding.PEM))
        key = ec.generate_private_key(ec.SECP256R1())
        stamps = [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])]
        own = self._certify("Test timestamps", key.public_key(), stamps, timedelta(days=3650))
        (folder / "tsa.pem").write_bytes(own.public_bytes(Encoding.PEM))
        (folder / "tsa.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )
        (folder / "tsa.cnf").write_text(_TSA.format(folder=folder))
        (folder / "serial").write_text("01\n")

    def __enter__(self) -> "Authority":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def signer(self, name: str, *, lasts: timedelta) -> Path:
        """Certify somebody who signs papers; return the file (password ``open``)."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = self._certify(name, key.public_key(), [], lasts)
        path = self.folder / f"{name}.p12"
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(b"", key, own, [self._root], BestAvailableEncryption(b"open"))
        )
        return path

    def _certify(
        self, name: str, key: ec.EllipticCurvePublicKey, uses: list[x509.ExtendedKeyUsage] | None, lasts: timedelta
    ) -> x509.Certificate:
        """``uses`` is None for the root itself."""
        now = datetime.now(UTC)
        issuer = _name(name) if uses is None else self._root.subject
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + lasts)
            .add_extension(x509.BasicConstraints(ca=uses is None, path_length=None), critical=True)
            .add_extension(_usage(is_root=uses is None), critical=True)
        )
        if uses is not None:
            where = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{self.url}/crl")], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([where]), critical=False)
        for each in uses or ():
            builder = builder.add_extension(each, critical=True)
        return builder.sign(self._key, hashes.SHA256())

    def _list(self) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._root.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + timedelta(days=7))
        )
        for serial in self.revoked:
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(hours=1))
            builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "tsa"]
        command += ["-queryfile", str(self.folder / "query"), "-signer", str(self.folder / "tsa.pem")]
        command += ["-inkey", str(self.folder / "tsa.key")]
        return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                if authority.answers:
                    self._give(authority._stamp(query), "application/timestamp-reply")
                else:
                    self.send_error(503)

            def do_GET(self) -> None:
                self._give(authority._list(), "application/pkix-crl")

            def _give(self, content: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def drawn_over(content: bytes) -> bytes:
    """An incremental update that draws over the page, as an editor would leave it."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(content))
    stream = writer.add_object(StreamObject(stream_data=b"q 1 0 0 rg 100 100 200 200 re f Q"))
    writer.add_stream_to_page(0, stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
