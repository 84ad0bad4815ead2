"""Photographs as they come: opened within bounds, measured, turned upright. Run in the reader's process only."""

import io
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

__all__ = ["Unusable", "brightened", "calmed", "cut_out", "measure", "open_picture", "scaled", "upright", "written"]

Picture = Any

LONGEST = 2400
"""Pixels of the longer side that are read; a photograph has more, and they say no more."""
SHORTEST = 300
LARGEST = 60_000_000
"""Pixels; more is no photograph that somebody took at a counter."""
DARKEST = 26.0
"""Of 255: what the lighter half of the picture has at least, on average."""
EMPTIEST = 5.0
"""Contrast (of 255) between a picture and itself blurred, where something is written."""


class Unusable(Exception):
    """A picture that nothing can be read from; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_picture(content: bytes) -> Picture:
    """The picture (RGB) as its taker saw it, no larger than it need be.

    Raises ``Unusable``: ``picture.not-one``, ``picture.too-large``, ``picture.too-small``, ``picture.moves``.
    """
    Image.MAX_IMAGE_PIXELS = LARGEST
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > LARGEST:
            raise Unusable("picture.too-large")
        if getattr(image, "n_frames", 1) > 1:
            raise Unusable("picture.moves")
        if min(image.size) < SHORTEST:
            raise Unusable("picture.too-small")
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at half or a quarter of its size where that will do
        whole = ImageOps.exif_transpose(image)
        if whole.mode in ("RGBA", "LA", "PA") or "transparency" in whole.info:
            white = Image.new("RGBA", whole.size, "white")
            whole = Image.alpha_composite(white, whole.convert("RGBA"))
        shown = whole.convert("RGB")
    except Image.DecompressionBombError as error:
        raise Unusable("picture.too-large") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unusable("picture.not-one") from error
    shown.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return np.asarray(shown)


def measure(picture: Picture) -> dict[str, float]:
    """How light it is (of 255, the lighter half) and how much stands out from its surroundings, for what is too little.

    Raises ``Unusable``: ``picture.dark``, ``picture.empty``.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=800 / max(grey.shape), fy=800 / max(grey.shape), interpolation=cv2.INTER_AREA)
    light = float(np.mean(small[small >= np.median(small)]))
    calm = cv2.GaussianBlur(small, (0, 0), 1.2)  # noise is no writing
    apart = np.abs(calm.astype(np.float32) - cv2.GaussianBlur(calm, (0, 0), 8))
    contrast = float(np.percentile(apart, 99.5))
    if light < DARKEST:
        raise Unusable("picture.dark")
    if contrast < EMPTIEST:
        raise Unusable("picture.empty")
    return {"light": light, "contrast": contrast}


def brightened(picture: Picture) -> Picture:
    """The light evened out: what lies in the shade is as readable as what does not."""
    light, *colours = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB))
    ground = cv2.GaussianBlur(cv2.dilate(cv2.resize(light, None, fx=0.125, fy=0.125), np.ones((5, 5))), (0, 0), 12)
    ground = np.maximum(cv2.resize(ground, light.shape[::-1]).astype(np.float32), 24)
    even = np.clip(light.astype(np.float32) * (225 / ground), 0, 255).astype(np.uint8)
    result: Picture = cv2.cvtColor(cv2.merge([even, *colours]), cv2.COLOR_LAB2RGB)
    return result


def upright(quads: Picture) -> list[Picture]:
    """The corners of each line in the order of its text, all lines taken to run the same way.

    They may all be upside down: who can read tells that. Quads are four corners each, in turn.
    """
    along = np.array([0.0, 0.0])
    for quad in quads:
        sides = [quad[1] - quad[0], quad[2] - quad[1]]
        long = max(sides, key=np.linalg.norm)
        short = min(sides, key=np.linalg.norm)
        if np.linalg.norm(long) > 1.8 * np.linalg.norm(short):
            # Directions that differ by a half turn are one: their doubled angle adds up.
            angle = 2 * np.arctan2(long[1], long[0])
            along += np.linalg.norm(long) * np.array([np.cos(angle), np.sin(angle)])
    half = np.arctan2(along[1], along[0]) / 2
    way = np.array([np.cos(half), np.sin(half)])
    return [_turned(quad, way) for quad in quads]


def _turned(quad: Picture, way: Picture) -> Picture:
    edges = [(quad[(place + 1) % 4] - quad[place]) for place in range(4)]
    leads = [float(edge @ way) / (float(np.linalg.norm(edge)) or 1.0) for edge in edges]
    return np.roll(quad, -int(np.argmax(leads)), axis=0)


def cut_out(picture: Picture, quad: Picture, *, wider: float = 0.12) -> Picture:
    """What stands in the quad, as a straight strip with a little margin."""
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    high = (np.linalg.norm(down) + np.linalg.norm(quad[2] - quad[1])) / 2
    wide = (np.linalg.norm(across) + np.linalg.norm(quad[2] - quad[3])) / 2
    margin = wider * high
    right, below = across / (np.linalg.norm(across) or 1), down / (np.linalg.norm(down) or 1)
    outer = quad + margin * np.array([-right - below, right - below, right + below, below - right])
    width, height = max(int(wide + 2 * margin), 8), max(int(high + 2 * margin), 8)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    bend = cv2.getPerspectiveTransform(outer.astype(np.float32), corners)
    strip: Picture = cv2.warpPerspective(
        picture, bend, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return strip


def calmed(strip: Picture) -> Picture:
    """The same with less noise: what is rough is smoothed, edges stay."""
    calm: Picture = cv2.bilateralFilter(strip, 5, 45, 2)
    return calm


def written(picture: Picture, *, longest: int, quality: int = 70) -> bytes:
    """The picture as a small JPEG to be shown."""
    small = scaled(picture, min(1.0, longest / max(picture.shape[:2])))
    shown = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(coded)


def scaled(picture: Picture, share: float) -> Picture:
    """The picture at that share of its size."""
    if share >= 1:
        return picture
    small: Picture = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return small
