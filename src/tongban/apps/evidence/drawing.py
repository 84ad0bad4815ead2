"""What papers of government share: the font, the colours, the page, the code that a phone scans."""

from functools import cache
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

__all__ = ["FONT", "HEIGHT", "INK", "LEFT", "LINE", "QUIET", "RIGHT", "RIVER", "SEAL", "WIDTH", "draw_code", "use_font"]

FONT = "Noto Sans SC"
INK, QUIET, RIVER, SEAL, LINE = (HexColor(c) for c in ("#17211f", "#4a5a57", "#0b5a5e", "#c8382a", "#e2e6e1"))
WIDTH, HEIGHT = A4
LEFT, RIGHT = 62.0, WIDTH - 62.0


@cache
def use_font() -> str:
    """Make our font known to the PDF library, once; return its name."""
    path = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont(FONT, str(path)))
    return FONT


def draw_code(canvas: Canvas, text: str, *, x: float, y: float, side: float) -> None:
    """Draw ``text`` as a QR code whose lower left corner is at (x, y), in points."""
    matrix = segno.make(text, error="m", micro=False).matrix
    module = side / len(matrix)
    canvas.setFillColor(INK)
    for row, bits in enumerate(matrix):
        for column, bit in enumerate(bits):
            if bit:
                canvas.rect(x + column * module, y + side - (row + 1) * module, module, module, stroke=0, fill=1)
