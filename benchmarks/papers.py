"""Papers and fields that people show: signed, checked and disclosed a second, beside the bare signature.

`pdf.sign` is one licence signed (PAdES B-B), `pdf.check` what a reader of strangers' PDFs does once it runs, and
`pdf.check-apart` with the process that it runs in.
`sd-jwt` is a token of six fields, issued, disclosed in part and verified.
"""

import io
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SECONDS = 1.5


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TONGBAN_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
        import django

        django.setup()
        _pdf()
        _sd_jwt()


def _rate(once: Callable[[], object], *, cpu: bool = True) -> float:
    """How often a second of this process's computing, or of the clock where another process computes."""
    clock = time.process_time if cpu else time.perf_counter
    once()
    started, done = clock(), 0
    while clock() - started < SECONDS:
        once()
        done += 1
    return done / (clock() - started)


def _pdf() -> None:
    from reportlab.pdfgen.canvas import Canvas

    from tongban.apps.evidence import pdf_checking, pdf_reading
    from tongban.apps.evidence.drawing import FONT, use_font
    from tongban.apps.evidence.pdf_signer import get_keeping, get_roots
    from tongban.apps.evidence.pdf_signing import sign

    use_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont(FONT, 20)
    for line in range(12):
        canvas.drawString(60, 780 - 40 * line, "明川市市场监督管理局食品经营许可证主要负责人")
    canvas.showPage()
    canvas.save()
    drawn, keeping, now = buffer.getvalue(), get_keeping(), datetime.now(UTC)
    assert keeping is not None
    assert isinstance(keeping.key, rsa.RSAPrivateKey)
    key, public = keeping.key, keeping.key.public_key()
    bare = _rate(lambda: key.sign(drawn, padding.PKCS1v15(), hashes.SHA256()))
    signature = key.sign(drawn, padding.PKCS1v15(), hashes.SHA256())
    bare_check = _rate(lambda: public.verify(signature, drawn, padding.PKCS1v15(), hashes.SHA256()))
    signed = sign(content=drawn, keeping=keeping, at=now).content
    roots, own = list(get_roots()), [keeping.fingerprint]
    found = pdf_reading.read(signed, roots=roots, own=own, at=now)
    assert found["state"] == "authentic", found
    print(f"papers: a page of {len(drawn) // 1000} kB, signed {len(signed) // 1000} kB, RSA 2048")
    _told("pdf.sign", _rate(lambda: sign(content=drawn, keeping=keeping, at=now)), bare)
    _told("pdf.check", _rate(lambda: pdf_reading.read(signed, roots=roots, own=own, at=now)), bare_check)
    apart = _rate(lambda: pdf_checking.read_apart(signed, roots=roots, own=own, at=now), cpu=False)
    _told("pdf.check-apart", apart, bare_check)


def _sd_jwt() -> None:
    from tongban.apps.evidence import sd_jwt
    from tongban.kernel.chain import SigningKey, is_signed

    key = SigningKey(b"1" * 32)
    fields = [{"label": {"zh": "项目", "en": "Item"}, "value": "热食类 Hot dishes"}] * 6
    bare = _rate(lambda: is_signed(message=b"x" * 800, signature=key.sign(b"x" * 800), public=key.public))

    def issue() -> str:
        return sd_jwt.issue(claims={"iss": "x"}, hidden={"holder": "林"}, listed={"fields": fields}, key=key)

    token = issue()
    some = sd_jwt.disclose(token=token, names=["holder"], listed={"fields": [1, 2]})
    print("papers: tokens, beside signing and verifying 800 bytes with Ed25519")
    _told("sd-jwt.issue", _rate(issue), bare)
    _told("sd-jwt.disclose", _rate(lambda: sd_jwt.disclose(token=token, listed={"fields": [1]})), bare)
    _told("sd-jwt.verify", _rate(lambda: sd_jwt.verify(token=some, keys={key.id: key.public})), bare)


def _told(name: str, ours: float, bare: float) -> None:
    print(f"papers.{name} ours={ours:.3g}/s bare={bare:.0f}/s ratio={ours / bare:.3f}")
