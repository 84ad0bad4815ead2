"""What papers of government share: the font, the colours, the page, the code that a phone scans."""

import math
from functools import cache
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tongban.apps.evidence.letters import Box, Seal

__all__ = [
    "FONT",
    "HEIGHT",
    "INK",
    "LEFT",
    "LINE",
    "QUIET",
    "RIGHT",
    "RIVER",
    "SEAL",
    "SEAL_ACROSS",
    "SEAL_BOX",
    "WIDTH",
    "draw_code",
    "draw_seal",
    "use_font",
]

FONT = "Noto Sans SC"
INK, QUIET, RIVER, SEAL, LINE = (HexColor(c) for c in ("#17211f", "#4a5a57", "#0b5a5e", "#c8382a", "#e2e6e1"))
WIDTH, HEIGHT = A4
LEFT, RIGHT = 62.0, WIDTH - 62.0
SEAL_ACROSS = 119
"""42 mm."""
SEAL_BOX = (int(RIGHT) - SEAL_ACROSS, 178, int(RIGHT), 178 + SEAL_ACROSS)
"""Where the seal of a certificate stands: left, bottom, right, top."""


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


def draw_seal(canvas: Canvas, *, box: Box, authority: str, seal: Seal) -> None:
    """Draw a round seal: ``authority`` along its rim, a star, its name below it and its number along the foot."""
    left, bottom, right, top = box
    radius = (right - left) / 2
    canvas.saveState()
    canvas.translate((left + right) / 2, (bottom + top) / 2)
    canvas.setStrokeColor(SEAL)
    canvas.setFillColor(SEAL)
    canvas.setStrokeAlpha(0.85)
    canvas.setFillAlpha(0.85)
    canvas.setLineWidth(2.4)
    canvas.circle(0, 0, radius - 1.5)
    star = canvas.beginPath()
    for point in range(10):
        reach, turn = radius * (0.30 if point % 2 == 0 else 0.115), math.radians(90 + 36 * point)
        (star.lineTo if point else star.moveTo)(reach * math.cos(turn), reach * math.sin(turn))
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    _along_rim(canvas, authority, radius)
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(0, -radius * 0.56, seal.name)
    _along_foot(canvas, seal.number, radius)
    canvas.restoreState()


def _along_rim(canvas: Canvas, words: str, radius: float) -> None:
    """From the lower left over the top to the lower right, so closely that a long name fits."""
    size = min(15.0, 230.0 / max(len(words), 1))
    step = min(26.0, 260.0 / max(len(words), 1))
    canvas.setFont(FONT, size)
    for place, character in enumerate(words):
        canvas.saveState()
        canvas.rotate(step * ((len(words) - 1) / 2 - place))
        canvas.drawCentredString(0, radius - size - 5, character)
        canvas.restoreState()


def _along_foot(canvas: Canvas, digits: str, radius: float) -> None:
    """From left to right along the lowest part of the rim, to be read from the middle."""
    canvas.setFont(FONT, 6)
    for place, digit in enumerate(digits):
        canvas.saveState()
        canvas.rotate(5.2 * (place - (len(digits) - 1) / 2))
        canvas.drawCentredString(0, 6 - radius, digit)
        canvas.restoreState()
