"""A cut-out of a photographed card, as a page shows it beside what was read."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont
from tests.e2e.running import ROOT

__all__ = ["CUTOUT"]


def _drawn() -> str:
    image = Image.new("RGB", (320, 56), (226, 232, 236))
    font = ImageFont.truetype(str(ROOT / "src/tongban/apps/evidence/fonts/NotoSansSC-Regular.ttf"), 30)
    ImageDraw.Draw(image).text((14, 6), "姓名　林晓梅", font=font, fill=(40, 40, 48))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=70)
    return base64.b64encode(buffer.getvalue()).decode()


CUTOUT = _drawn()
"""JPEG, base64."""
