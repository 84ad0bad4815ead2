"""The taught classifier as plain arrays: numpy reads it and nothing in its file can run.

A message is a vector of its characters, pairs, words and families of words: counted, weighted by how rarely they occur,
each kind and the whole brought to one length. A category's score is linear in it, so what each piece of the text gave
can be told exactly.
"""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tongban.apps.voice.errors import ModelUnusable
from tongban.apps.voice.text.families import Families
from tongban.apps.voice.text.grams import KINDS, Grams, Passage, Pieces, count, kinds, pieces

__all__ = ["FORMAT", "Features", "Model", "load", "save"]

FORMAT = 3
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Features:
    """Which grams are known (ascending), what each weighs, and the families of words that are looked for.

    ``shares`` are what characters, pairs, words and families weigh beside each other.
    """

    vocabulary: Any
    factors: Any
    families: Families
    shares: Any

    def vectors(self, passages: Sequence[Passage]) -> tuple[Any, Any, Any]:
        """Rows, places in the vocabulary and values of the passages' vectors, each of length one or empty."""
        return self.weighed(count(passages, families=self.families))

    def weighed(self, grams: Grams) -> tuple[Any, Any, Any]:
        """The same of what has been counted."""
        places, known = self.places(grams.keys)
        rows, places = grams.rows[known], places[known]
        if not len(rows):
            return rows, places, np.zeros(0)
        values = grams.counts[known] * self.factors[places]
        kind = kinds(grams.keys[known])
        block = rows * KINDS + kind
        length = np.sqrt(np.bincount(block, values * values, minlength=KINDS * grams.messages))
        values = values / length[block] * self.shares[kind]
        whole = np.sqrt(np.bincount(rows, values * values, minlength=grams.messages))
        return rows, places, values / whole[rows]

    def places(self, keys: Any) -> tuple[Any, Any]:
        """Where keys stand in the vocabulary, and which of them do."""
        if not len(self.vocabulary):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        places = np.minimum(np.searchsorted(self.vocabulary, keys), len(self.vocabulary) - 1)
        return places, self.vocabulary[places] == keys


@dataclass(frozen=True, slots=True)
class Model:
    """``weights`` has a row a gram and a column a label; ``sharpness`` turns scores into chances.

    ``record`` tells of its training: when, on how many rows, their SHA-256, macro-F1 of folds and its spread.
    """

    labels: tuple[str, ...]
    features: Features
    weights: Any
    bias: Any
    sharpness: float
    record: Mapping[str, Any]

    def scores(self, passages: Sequence[Passage]) -> Any:
        """A row a passage, a column a label; higher is likelier."""
        found = [self._scores(passages[at : at + _AT_ONCE]) for at in range(0, len(passages), _AT_ONCE)]
        return np.concatenate(found) if found else np.zeros((0, len(self.labels)))

    def chances(self, passages: Sequence[Passage]) -> Any:
        """The same as chances that add up to one in each row, calibrated on messages held back in training."""
        return softmax(self.scores(passages) * self.sharpness)

    def warmth(self, passage: Passage, *, label: int) -> Any:
        """What each character of the passage as a whole gave for this label beside the mean of all labels.

        A piece shares what it gave among its characters, so the sum is the score, less what no text gave.
        """
        seen = pieces([passage], families=self.features.families)
        grams = self.features.vectors([passage])
        whole = np.zeros(len(passage.whole) + 1)
        places, known = self.features.places(seen.keys)
        times = np.bincount(places[known], seen.weights[known], minlength=len(self.features.vocabulary))
        weights = self.weights[grams[1]]
        each = np.zeros(len(self.features.vocabulary))
        each[grams[1]] = grams[2] * (weights[:, label] - weights.mean(axis=1)) / times[grams[1]]
        starts, lengths = _on_the_whole(passage, seen)
        gains = each[places[known]] * seen.weights[known] / lengths[known]
        np.add.at(whole, starts[known], gains)
        np.add.at(whole, (starts + lengths)[known], -gains)
        return np.cumsum(whole)[:-1]

    def _scores(self, passages: Sequence[Passage]) -> Any:
        rows, places, values = self.features.vectors(passages)
        weighed = self.weights[places]
        columns = [
            np.bincount(rows, values * weighed[:, at], minlength=len(passages)) for at in range(len(self.labels))
        ]
        return np.stack(columns, axis=1) + self.bias


def _on_the_whole(passage: Passage, seen: Pieces) -> tuple[Any, Any]:
    """Where each piece stands in the passage as a whole, and how long it is: words are looked up, one after another."""
    starts, lengths = seen.starts.copy(), seen.lengths.copy()
    at = 0
    for word in np.flatnonzero(seen.lengths < 0).tolist():
        start, length = int(seen.starts[word]), -int(seen.lengths[word])
        at = max(at, passage.whole.find(passage.spaced[start : start + length], at))
        starts[word], lengths[word] = at, length
        at += length
    return starts, lengths


def softmax(scores: Any) -> Any:
    """Chances in proportion to the exponential of scores, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def save(model: Model, *, path: Path) -> None:
    """Write the model in one step: whoever reads sees the old one or the new one, whole."""
    head = {"format": FORMAT, "labels": model.labels, "sharpness": model.sharpness, "record": dict(model.record)}
    head["families"] = model.features.families.groups
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(
                out,
                head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
                vocabulary=model.features.vocabulary.astype(np.int64),
                factors=model.features.factors.astype(np.float32),
                weights=model.weights.astype(np.float32),
                bias=model.bias.astype(np.float64),
                shares=model.features.shares,
            )
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Model:
    """Read a model; nothing of the file is run. Raises `ModelUnusable` where this version can use none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            head = json.loads(bytes(file["head"]))
            if head["format"] != FORMAT:
                raise ModelUnusable(f"{path.name} has format {head['format']}, this version reads {FORMAT}")
            features = Features(file["vocabulary"], file["factors"], Families(head["families"]), file["shares"])
            model = Model(
                tuple(head["labels"]),
                features,
                file["weights"],
                file["bias"],
                float(head["sharpness"]),
                head["record"],
            )
    except FileNotFoundError as missing:
        raise ModelUnusable(f"there is no {path.name} yet: run `tongban voice train`") from missing
    except ModelUnusable:
        raise
    except Exception as broken:  # a zip file can be broken in many ways, and each means the same here
        raise ModelUnusable(f"{path.name} is no model: {broken}") from broken
    if not _fits(model):
        raise ModelUnusable(f"{path.name} is no model: its parts do not fit each other")
    return model


def _fits(model: Model) -> bool:
    known, labels = len(model.features.vocabulary), len(model.labels)
    ascending = bool((np.diff(model.features.vocabulary) > 0).all())
    finite = bool(np.isfinite(model.weights).all() and np.isfinite(model.features.factors).all())
    return (
        model.weights.shape == (known, labels)
        and model.features.factors.shape == (known,)
        and model.bias.shape == (labels,)
        and model.features.shares.shape == (KINDS,)
        and ascending
        and finite
    )
