"""Finds and reads the lines of a picture, with rapidocr. Run in the reader's process only: it takes 500 MB."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidocr import RapidOCR

from tongban.apps.recognition import pictures
from tongban.apps.recognition.pictures import Unusable

__all__ = ["Eyes"]

_SIDE = 1280
"""Pixels of the longer side in which lines are looked for. They are read at the full size."""
_PROBES = 4
"""So many lines are read both ways round to find out which way is up."""
_CLEAR = 0.9
"""So surely is each character of a line read that need not be read again."""
_MOST = 120
"""Lines; a page of a book has fewer."""


class Eyes:
    """The models, loaded once (two seconds); each picture after that takes about two."""

    def __init__(self, *, threads: int) -> None:
        self._engine = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
                "Global.return_word_box": True,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
            }
        )

    def see(self, content: bytes) -> dict[str, Any]:
        """The lines of a picture and how it was. Raises ``Unusable``; ``picture.blurred`` where nothing is legible."""
        picture = pictures.open_picture(content)
        measured = pictures.measure(picture)
        even = pictures.brightened(picture)
        quads = self._find(even)
        if not quads:
            raise Unusable("picture.empty")
        if self._is_upside_down(even, quads):
            quads = [np.roll(quad, 2, axis=0) for quad in quads]
        turn, back = _frame(quads)
        lines, strips = [], []
        for number, quad in enumerate(quads[:_MOST]):
            text, sureness = self._read_well(picture, even, quad)
            if not text.strip():
                continue
            strips.append((number, pictures.written(pictures.cut_out(picture, quad, wider=0.35), longest=560)))
            corners = [[round(float(each), 1) for each in turn @ corner + back] for corner in quad]
            lines.append({"number": number, "text": text, "sureness": sureness, "corners": corners})
        if not lines or _legible(lines) < 0.5:
            raise Unusable("picture.blurred")
        return {"lines": lines, "measured": measured, "strips": strips}

    def _find(self, picture: Any) -> list[Any]:
        share = min(1.0, _SIDE / max(picture.shape[:2]))
        small = pictures.scaled(picture, share)
        found = self._engine(small[..., ::-1].copy(), use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        if boxes is None or not len(boxes):
            return []
        return pictures.upright(np.asarray(boxes, np.float64) / share)

    def _is_upside_down(self, picture: Any, quads: Sequence[Any]) -> bool:
        longest = sorted(quads, key=lambda quad: -float(np.linalg.norm(quad[1] - quad[0])))[:_PROBES]
        balance = 0.0
        for quad in longest:
            strip = pictures.cut_out(picture, quad)
            balance += _weight(self._read(strip)) - _weight(self._read(np.rot90(strip, 2).copy()))
        return balance < 0

    def _read_well(self, picture: Any, even: Any, quad: Any) -> tuple[str, list[float]]:
        """The line; one that is hard to read is read in three ways, and doubted where they differ."""
        strip = pictures.cut_out(even, quad)
        first = self._read(strip)
        if first[1] and _least(first) >= _CLEAR:
            return first
        ways = [first, self._read(pictures.cut_out(picture, quad)), self._read(pictures.calmed(strip))]
        text, sureness = max(ways, key=_weight)
        agreed = all(other.replace(" ", "") == text.replace(" ", "") for other, _ in ways)
        return text, sureness if agreed else [min(each, _CLEAR) for each in sureness]

    def _read(self, strip: Any) -> tuple[str, list[float]]:
        found: Any = self._engine(strip[..., ::-1].copy(), use_det=False, use_cls=False, use_rec=True)
        if not getattr(found, "txts", None):
            return "", []
        text, sureness = found.txts[0], list(found.word_results[0].confs)
        return (text, sureness) if len(text) == len(sureness) else (text, [float(found.scores[0])] * len(text))


def _least(read: tuple[str, list[float]]) -> float:
    """How sure the least sure character is; blanks do not count."""
    return min((each for letter, each in zip(*read, strict=True) if not letter.isspace()), default=0.0)


def _weight(read: tuple[str, list[float]]) -> float:
    """How much was surely read: characters, of which unsure ones count for little."""
    return sum(each**3 for each in read[1]) * (sum(read[1]) / len(read[1]) if read[1] else 0)


def _legible(lines: Sequence[dict[str, Any]]) -> float:
    sureness: list[float] = [each for line in lines for each in line["sureness"]]
    return sum(sureness) / len(sureness)


def _frame(quads: Sequence[Any]) -> tuple[Any, Any]:
    """How the picture must be turned for its lines to run from left to right."""
    along = sum((quad[1] - quad[0] for quad in quads), np.zeros(2))
    angle = np.arctan2(along[1], along[0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    low = np.min([turn @ corner for quad in quads for corner in quad], axis=0)
    return turn, -low
