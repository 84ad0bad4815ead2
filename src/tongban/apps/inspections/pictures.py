"""Photos as phones make them: turned upright, made no larger than one looks at, and rid of what the camera wrote in.

Time and place that the camera wrote are read first: they are said beside the photo, marked as the camera's.
"""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

from tongban.apps.evidence.services import require_no_heic
from tongban.apps.inspections.errors import PictureUnreadable

__all__ = ["Picture", "read_picture"]

_LONGEST = 2560
"""Pixels of the longer side: a page at full size, and a house number on it can be read."""
_MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_TAKEN, _OFFSET, _GPS, _DETAILS = 0x9003, 0x9011, 0x8825, 0x8769


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept, and what its camera said: ``taken`` as it was written, ``place`` as degrees."""

    content: bytes
    taken: str
    place: tuple[float, float] | None


def read_picture(content: bytes) -> Picture:
    """Return a photo upright, at most 2560 pixels long, as JPEG (PNG stays PNG).

    Raises ``PictureUnreadable``, ``FileHeic``.
    """
    require_no_heic(content=content)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise PictureUnreadable
            taken, place = _said(image)
            kept = ImageOps.exif_transpose(image)
            drawn = kept.format == "PNG" or image.format == "PNG"
            kept = kept.convert("RGBA" if drawn and "A" in kept.getbands() else "RGB")
            kept.thumbnail((_LONGEST, _LONGEST))
            buffer = io.BytesIO()
            # A new picture of the same pixels: what is not a pixel stays behind.
            bare = Image.frombytes(kept.mode, kept.size, kept.tobytes())
            bare.save(buffer, "PNG") if drawn else bare.save(buffer, "JPEG", quality=82, optimize=True)
    except PictureUnreadable:
        raise
    except Exception as error:  # a stranger's bytes: the library raises whatever they make it stumble over
        raise PictureUnreadable from error
    return Picture(buffer.getvalue(), taken, place)


def _said(image: Image.Image) -> tuple[str, tuple[float, float] | None]:
    try:
        exif = image.getexif()
        details, gps = exif.get_ifd(_DETAILS), exif.get_ifd(_GPS)
        taken = f"{details.get(_TAKEN, '')}{details.get(_OFFSET, '')}"[:40]
        place = None
        if {1, 2, 3, 4} <= gps.keys():
            place = _degrees(gps[2], gps[1] == "S"), _degrees(gps[4], gps[3] == "W")
    except Exception:  # what a camera wrote wrongly is worth nothing, and no reason to refuse the photo
        return "", None
    return "".join(each for each in taken if each.isprintable()), place


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(each) for each in parts)
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= 180:
        raise ValueError
    return round(-found if negative else found, 6)
