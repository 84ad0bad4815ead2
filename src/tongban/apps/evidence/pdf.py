"""The certificate on paper: A4, both languages, an embedded subset of our font, a QR code that leads to its proof."""

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import segno
from django.utils import timezone
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from tongban.apps.evidence.queries import CertificateView

__all__ = ["render"]

_FONT = "Noto Sans SC"
_INK, _QUIET, _RIVER, _SEAL, _LINE = (HexColor(c) for c in ("#17211f", "#4a5a57", "#0b5a5e", "#c8382a", "#e2e6e1"))
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 62.0, _WIDTH - 62.0


@cache
def _register_font() -> str:
    path = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont(_FONT, str(path)))
    return _FONT


def render(certificate: "CertificateView", *, verify_url: str) -> bytes:
    """Return the PDF. No time of making goes into it, so that the same certificate gives the same bytes."""
    _register_font()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(f"{certificate.name_zh} {certificate.name_en}")
    canvas.setAuthor(certificate.authority.name_zh)
    canvas.setSubject(certificate.identifier)
    _frame(canvas)
    y = _heading(canvas, certificate)
    y = _rows(canvas, certificate, y)
    _foot(canvas, certificate, verify_url)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _frame(canvas: Canvas) -> None:
    canvas.setStrokeColor(_RIVER)
    canvas.setLineWidth(2)
    canvas.rect(34, 34, _WIDTH - 68, _HEIGHT - 68)
    canvas.setLineWidth(0.5)
    canvas.rect(40, 40, _WIDTH - 80, _HEIGHT - 80)


def _heading(canvas: Canvas, certificate: "CertificateView") -> float:
    middle = _WIDTH / 2
    canvas.setFillColor(_INK)
    size = 30.0
    while pdfmetrics.stringWidth(certificate.name_zh, _FONT, size) > _RIGHT - _LEFT:
        size -= 1
    canvas.setFont(_FONT, size)
    canvas.drawCentredString(middle, _HEIGHT - 140, certificate.name_zh)
    canvas.setFillColor(_QUIET)
    canvas.setFont(_FONT, 13)
    canvas.drawCentredString(middle, _HEIGHT - 164, certificate.name_en)
    canvas.setStrokeColor(_SEAL)
    canvas.setLineWidth(1.5)
    canvas.line(middle - 60, _HEIGHT - 184, middle + 60, _HEIGHT - 184)
    return _HEIGHT - 232


def _rows(canvas: Canvas, certificate: "CertificateView", y: float) -> float:
    for zh, en, value in _content(certificate):
        canvas.setFillColor(_QUIET)
        canvas.setFont(_FONT, 11)
        canvas.drawString(_LEFT, y, zh)
        canvas.setFont(_FONT, 8)
        canvas.drawString(_LEFT, y - 12, en)
        canvas.setFillColor(_INK)
        canvas.setFont(_FONT, 13)
        for line in _wrap(value, 13, _RIGHT - _LEFT - 150):
            canvas.drawString(_LEFT + 150, y - 4, line)
            y -= 18
        y -= 18
        canvas.setStrokeColor(_LINE)
        canvas.setLineWidth(0.5)
        canvas.line(_LEFT, y + 12, _RIGHT, y + 12)
        y -= 8
    return y


def _content(certificate: "CertificateView") -> list[tuple[str, str, str]]:
    issued = timezone.localtime(certificate.issued_at)
    rows = [("持有人", "Holder", certificate.holder)]
    rows += [(str(f["zh"]), str(f["en"]), str(f["value"])) for f in certificate.fields]
    rows += [
        ("发证机关", "Issued by", f"{certificate.authority.name_zh} {certificate.authority.name_en}"),
        ("发证日期", "Date of issue", f"{issued:%Y-%m-%d}"),
        (
            "有效期至",
            "Valid until",
            f"{certificate.valid_until:%Y-%m-%d}" if certificate.valid_until else "长期 No end",
        ),
    ]
    return rows


def _foot(canvas: Canvas, certificate: "CertificateView", verify_url: str) -> None:
    side = 92.0
    _qr(canvas, verify_url, x=_RIGHT - side, y=72, side=side)
    canvas.setFillColor(_QUIET)
    canvas.setFont(_FONT, 9)
    canvas.drawString(_LEFT, 132, "证照标识  Certificate identifier")
    canvas.setFillColor(_INK)
    canvas.setFont(_FONT, 9)
    canvas.drawString(_LEFT, 118, certificate.identifier)
    canvas.setFillColor(_QUIET)
    canvas.drawString(_LEFT, 96, "扫码或输入标识即可核验真伪。")
    canvas.drawString(_LEFT, 83, "Scan the code, or type the identifier, to verify this certificate.")


def _qr(canvas: Canvas, text: str, *, x: float, y: float, side: float) -> None:
    matrix = segno.make(text, error="m", micro=False).matrix
    module = side / len(matrix)
    canvas.setFillColor(_INK)
    for row, bits in enumerate(matrix):
        for column, bit in enumerate(bits):
            if bit:
                canvas.rect(x + column * module, y + side - (row + 1) * module, module, module, stroke=0, fill=1)


def _wrap(text: str, size: float, width: float) -> list[str]:
    """Break where the line is full; Chinese may break anywhere, so no words are looked for."""
    lines, line = [], ""
    for character in text:
        if character == "\n" or pdfmetrics.stringWidth(line + character, _FONT, size) > width:
            lines.append(line)
            line = "" if character == "\n" else character
        else:
            line += character
    return [*lines, line]
