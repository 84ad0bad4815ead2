"""The certificate on paper: A4, both languages, an embedded subset of our font, a QR code that leads to its proof."""

import io
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tongban.apps.evidence.drawing import (
    FONT,
    HEIGHT,
    INK,
    LEFT,
    LINE,
    QUIET,
    RIGHT,
    RIVER,
    SEAL,
    SEAL_BOX,
    WIDTH,
    draw_code,
    draw_seal,
    use_font,
)
from tongban.apps.evidence.letters import Seal
from tongban.apps.evidence.linebreaking import break_lines

if TYPE_CHECKING:
    from tongban.apps.evidence.queries import CertificateView

__all__ = ["render"]


def render(certificate: "CertificateView", *, verify_url: str, seal: Seal | None) -> bytes:
    """Return the PDF as it is signed then. ``Subject`` is the identifier: by it a PDF is known when it is checked.

    ``seal``: that of the authority, which stands for the signature and is on no paper without one.
    """
    use_font()
    buffer = io.BytesIO()
    # By name, or every page would claim a font that is not embedded as well.
    named: dict[str, Any] = {"initialFontName": FONT}
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, lang="zh-CN", **named)
    canvas.setTitle(f"{certificate.name_zh} {certificate.name_en}")
    canvas.setAuthor(certificate.authority.name_zh)
    canvas.setSubject(certificate.identifier)
    canvas.setCreator("Tongban")
    _frame(canvas)
    y = _heading(canvas, certificate)
    y = _rows(canvas, certificate, y)
    if seal is not None:
        draw_seal(canvas, box=SEAL_BOX, authority=certificate.authority.name_zh, seal=seal)
    _foot(canvas, certificate, verify_url)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _frame(canvas: Canvas) -> None:
    canvas.setStrokeColor(RIVER)
    canvas.setLineWidth(2)
    canvas.rect(34, 34, WIDTH - 68, HEIGHT - 68)
    canvas.setLineWidth(0.5)
    canvas.rect(40, 40, WIDTH - 80, HEIGHT - 80)


def _heading(canvas: Canvas, certificate: "CertificateView") -> float:
    middle = WIDTH / 2
    canvas.setFillColor(INK)
    size = 30.0
    while pdfmetrics.stringWidth(certificate.name_zh, FONT, size) > RIGHT - LEFT:
        size -= 1
    canvas.setFont(FONT, size)
    canvas.drawCentredString(middle, HEIGHT - 140, certificate.name_zh)
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, 13)
    canvas.drawCentredString(middle, HEIGHT - 164, certificate.name_en)
    canvas.setStrokeColor(SEAL)
    canvas.setLineWidth(1.5)
    canvas.line(middle - 60, HEIGHT - 184, middle + 60, HEIGHT - 184)
    return HEIGHT - 232


def _rows(canvas: Canvas, certificate: "CertificateView", y: float) -> float:
    for zh, en, value in _content(certificate):
        canvas.setFillColor(QUIET)
        canvas.setFont(FONT, 11)
        canvas.drawString(LEFT, y, zh)
        canvas.setFont(FONT, 8)
        canvas.drawString(LEFT, y - 12, en)
        canvas.setFillColor(INK)
        canvas.setFont(FONT, 13)
        for line in break_lines(value, size=13, width=RIGHT - LEFT - 150):
            canvas.drawString(LEFT + 150, y - 4, line)
            y -= 18
        y -= 18
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, y + 12, RIGHT, y + 12)
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
    draw_code(canvas, verify_url, x=RIGHT - side, y=72, side=side)
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, 9)
    canvas.drawString(LEFT, 132, "证照标识  Certificate identifier")
    canvas.setFillColor(INK)
    canvas.setFont(FONT, 9)
    canvas.drawString(LEFT, 118, certificate.identifier)
    canvas.setFillColor(QUIET)
    canvas.drawString(LEFT, 96, "扫码或输入标识即可核验真伪。")
    canvas.drawString(LEFT, 83, "Scan the code, or type the identifier, to verify this certificate.")
