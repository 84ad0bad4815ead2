"""What happens between a paper and the picture of it: a table, an angle, a lamp, a hand that shakes, a small file.

Severities, in the order in which each is applied. Lengths are in pixels of the picture, angles in degrees. `harsh` is
what should be taken again: it is there to see that what cannot be read is not guessed.

| | mild | hard | harsh |
|---|---|---|---|
| corners pulled in or out, of the paper's side | 0–4 % | 3–9 % | 6–12 % |
| turned on the table | ±6 | ±15 | ±22 |
| turned by a quarter or a half | one picture in four | three in four | three in four |
| the paper's long side | 1100–1700 | 950–1400 | 520–800 |
| … of a sheet | 1700–2300 | 1600–2000 | 1000–1300 |
| light falls off across the picture by | 0–25 % | 20–55 % | 40–75 % |
| exposure | 0.8–1.1 | 0.35–1.15 | 0.15–0.5 |
| a glare of the lamp | none | one in three | one in two |
| blur (sigma) | 0–0.7 | 0.6–1.2 | 1–1.8 |
| shake (a line of) | none | one in two, 2–4 | all, 2–4 |
| noise (sigma of 255) | 1–4 | 4–11 | 8–16 |
| JPEG quality | 80–95 | 45–75 | 25–50 |
"""

import random
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

__all__ = ["SEVERITIES", "Severity", "photograph"]

Picture = Any


@dataclass(frozen=True, slots=True)
class Severity:
    """How much of each; see the table above. ``turned`` and ``shaken``, ``glare`` are shares of the pictures."""

    corners: tuple[float, float]
    angle: float
    turned: float
    card: tuple[int, int]
    sheet: tuple[int, int]
    falloff: tuple[float, float]
    exposure: tuple[float, float]
    glare: float
    blur: tuple[float, float]
    shaken: float
    noise: tuple[float, float]
    quality: tuple[int, int]


SEVERITIES = {
    "mild": Severity(
        corners=(0, 0.04),
        angle=6,
        turned=0.25,
        card=(1100, 1700),
        sheet=(1700, 2300),
        falloff=(0, 0.25),
        exposure=(0.8, 1.1),
        glare=0,
        blur=(0, 0.7),
        shaken=0,
        noise=(1, 4),
        quality=(80, 95),
    ),
    "hard": Severity(
        corners=(0.03, 0.09),
        angle=15,
        turned=0.75,
        card=(950, 1400),
        sheet=(1600, 2000),
        falloff=(0.2, 0.55),
        exposure=(0.35, 1.15),
        glare=0.33,
        blur=(0.6, 1.2),
        shaken=0.5,
        noise=(4, 11),
        quality=(45, 75),
    ),
    "harsh": Severity(
        corners=(0.06, 0.12),
        angle=22,
        turned=0.75,
        card=(520, 800),
        sheet=(1000, 1300),
        falloff=(0.4, 0.75),
        exposure=(0.15, 0.5),
        glare=0.5,
        blur=(1.0, 1.8),
        shaken=1,
        noise=(8, 16),
        quality=(25, 50),
    ),
}


def photograph(paper: Picture, *, severity: str, chance: random.Random) -> bytes:
    """Return a JPEG of ``paper`` (RGB) as somebody's telephone would take it."""
    how = SEVERITIES[severity]
    grain = np.random.default_rng(chance.getrandbits(63))
    picture = _laid(paper, how, chance, grain)
    picture = np.rot90(picture, _turns(how, chance)).astype(np.float32)
    picture = _lit(picture, how, chance)
    if chance.random() < how.shaken:
        picture = _shaken(picture, chance)
    if (sigma := chance.uniform(*how.blur)) > 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    picture = picture + np.float32(chance.uniform(*how.noise)) * grain.standard_normal(picture.shape, np.float32)
    shown = cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, chance.randint(*how.quality)])
    return bytes(coded)


def _laid(paper: Picture, how: Severity, chance: random.Random, grain: Any) -> Picture:
    """The paper on a table, at an angle and in perspective."""
    height, width = paper.shape[:2]
    scale = chance.randint(*(how.sheet if height > width else how.card)) / max(height, width)
    wide, high = width * scale, height * scale
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    for corner in corners:
        for axis in (0, 1):
            corner[axis] += chance.choice((-1, 1)) * chance.uniform(*how.corners) * (wide, high)[axis]
    turn = np.deg2rad(chance.uniform(-how.angle, how.angle))
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], np.float32)
    margin = chance.uniform(0.03, 0.2) * max(wide, high)
    corners = corners - corners.min(axis=0) + margin
    size = corners.max(axis=0) + margin
    table = _table(int(size[1]), int(size[0]), chance, grain)
    corner = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    bend = cv2.getPerspectiveTransform(corner, corners.astype(np.float32))
    seen = cv2.warpPerspective(paper, bend, (table.shape[1], table.shape[0]), flags=cv2.INTER_AREA)
    whole = np.full(paper.shape[:2], 255, np.uint8)
    where = cv2.warpPerspective(whole, bend, (table.shape[1], table.shape[0]))[..., None].astype(np.float32) / 255
    shadow = cv2.GaussianBlur(np.roll(where, (6, 6), (0, 1)), (0, 0), 9)[..., None]
    return table * (1 - 0.35 * shadow) * (1 - where) + seen * where


def _table(height: int, width: int, chance: random.Random, grain: Any) -> Picture:
    """Wood, cloth or a plain desk: never quite even."""
    colour = np.array(
        chance.choice([(150, 105, 70), (90, 92, 96), (200, 196, 188), (52, 60, 74), (118, 140, 120)]), np.float32
    )
    kind = chance.choice(("wood", "cloth", "plain"))
    if kind == "wood":
        rough = cv2.GaussianBlur(_rough(height, width // 16, grain), (0, 0), sigmaX=4, sigmaY=1.5) * 15
    elif kind == "cloth":
        rough = cv2.GaussianBlur(_rough(height, width, grain), (0, 0), 1.2) * 14
    else:
        rough = cv2.GaussianBlur(_rough(height // 16, width // 16, grain), (0, 0), 2.5) * 8
    rough = cv2.resize(rough, (width, height))
    return np.clip(colour + rough[..., None], 0, 255)


def _rough(height: int, width: int, grain: Any) -> Picture:
    return grain.standard_normal((height, width), np.float32)


def _turns(how: Severity, chance: random.Random) -> int:
    return chance.choice((1, 2, 3)) if chance.random() < how.turned else 0


def _lit(picture: Picture, how: Severity, chance: random.Random) -> Picture:
    height, width = picture.shape[:2]
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, fall = chance.uniform(0, 6.283), chance.uniform(*how.falloff)
    along = (across / width - 0.5) * np.cos(angle) + (down / height - 0.5) * np.sin(angle) + 0.5
    picture = picture * (1 - fall * np.clip(along, 0, 1))[..., None] * chance.uniform(*how.exposure)
    if chance.random() < how.glare:
        x, y, wide = chance.uniform(0.1, 0.9) * width, chance.uniform(0.1, 0.9) * height, 0.15 * min(width, height)
        spot = np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * wide**2))[..., None]
        picture = picture + (250 - picture) * 0.6 * spot
    warm = np.array([chance.uniform(0.96, 1.04), 1, chance.uniform(0.9, 1.04)], np.float32)
    return picture * warm


def _shaken(picture: Picture, chance: random.Random) -> Picture:
    length, angle = chance.uniform(2, 4), chance.uniform(0, 180)
    line = np.zeros((9, 9), np.float32)
    step = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))]) * length / 2
    ends = [tuple(round((4 + sign * each) * 16) for each in step) for sign in (-1, 1)]
    cv2.line(line, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return cv2.filter2D(picture, -1, line / line.sum())
