"""Teaching the classifier. scikit-learn is imported here and nowhere else, and only when something is learned."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tongban.apps.voice.errors import TooFewExamples
from tongban.apps.voice.text.families import Families, common
from tongban.apps.voice.text.grams import FAMILY, Grams, count
from tongban.apps.voice.text.model import Features, Model, softmax
from tongban.apps.voice.text.near import folds, groups, same
from tongban.apps.voice.text.tables import Example

__all__ = ["Examination", "examine", "learn", "macro_f1", "train", "weighted_f1"]

_FEWEST = 2  # messages that must have a gram before it is learned
_RARITY = 1.5  # the power of the inverse document frequency; that of families is 1
_COST = 1.0
_SHARES = (0.7, 1.0, 1.0)  # what characters, pairs and words weigh beside each other
_FAMILIES, _FEW = 0.4, 456  # what families weigh where so many messages are taught with: less where there are more
_TELLING = 0.25  # how much of a gram's weight is how clearly it tells a category from the others


Groups = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Examination:
    """What cross validation found: macro-F1 of each fold, the scores of messages held back, and the folds."""

    macro: tuple[float, ...]
    weighted: tuple[float, ...]
    scores: Any
    labels: tuple[str, ...]


def learn(examples: Sequence[Example], *, families: Groups = ()) -> Model:
    """A model of these examples. The same input gives the same model.

    ``families`` are groups of words that are about the same, beside those that come with the software. Its chances are
    not calibrated and it has no record: `train` gives both. Raises `TooFewExamples`.
    """
    known = Families([*common(), *families])
    whole = count([each.passage for each in examples], families=known)
    return _learned(whole, examples, np.arange(len(examples)), known)


def examine(
    examples: Sequence[Example],
    *,
    parts: int = 5,
    seed: int = 0,
    families: Groups = (),
    strict: bool = True,
) -> Examination:
    """Learn from all parts but one and ask about that one, for each; near copies stay in one part.

    Where it is not ``strict`` only copies that differ in nothing but marks, width and case do.
    """
    labels = [each.label for each in examples]
    texts = [each.passage.subject + each.passage.body for each in examples]
    part = folds(groups(texts) if strict else same(texts), labels, count=parts, seed=seed)
    known = Families([*common(), *families])
    whole = count([each.passage for each in examples], families=known)
    names = tuple(sorted(set(labels)))
    scores: Any = np.full((len(examples), len(names)), -9.0)
    macro, weighted = [], []
    for number in range(parts):
        held: list[int] = np.flatnonzero(part == number).tolist()
        taught = np.flatnonzero(part != number)
        model = _learned(whole, examples, taught, known)
        found = model.scores([examples[at].passage for at in held])
        columns: list[int] = [names.index(label) for label in model.labels]
        scores[np.ix_(held, columns)] = found
        right = [labels[at] for at in held]
        guessed = [model.labels[at] for at in found.argmax(axis=1)]
        macro.append(macro_f1(right, guessed))
        weighted.append(weighted_f1(right, guessed))
    return Examination(tuple(macro), tuple(weighted), scores, names)


def train(examples: Sequence[Example], *, at: datetime, parts: int = 5, families: Groups = ()) -> Model:
    """A model with calibrated chances and the record of its training; ``at`` is when. Raises `TooFewExamples`."""
    model = learn(examples, families=families)
    record: dict[str, Any] = {
        "at": at.isoformat(),
        "rows": len(examples),
        "categories": len(model.labels),
        "data_sha256": _digest(examples),
        "parts": 0,
    }
    sharpness = model.sharpness
    fewest = min(sum(each.label == label for each in examples) for label in model.labels)
    if fewest > 1 and len(examples) >= 4 * parts:
        found = examine(examples, parts=parts, families=families)
        right = np.array([found.labels.index(each.label) for each in examples])
        sharpness = _sharpness(found.scores, right)
        record |= {
            "parts": parts,
            "macro_f1": round(float(np.mean(found.macro)), 4),
            "macro_f1_spread": round(float(np.std(found.macro)), 4),
            "weighted_f1": round(float(np.mean(found.weighted)), 4),
            "surest_wrong": _surest_wrong(found.scores, right, sharpness),
        }
    return Model(model.labels, model.features, model.weights, model.bias, sharpness, record)


def macro_f1(right: Sequence[str], guessed: Sequence[str]) -> float:
    """The mean of the categories' F1, each counting alike."""
    return float(np.mean([f1 for f1, _ in _f1(right, guessed)]))


def weighted_f1(right: Sequence[str], guessed: Sequence[str]) -> float:
    """The mean of the categories' F1, each counting by its messages."""
    return sum(f1 * number for f1, number in _f1(right, guessed)) / max(1, len(right))


def _f1(right: Sequence[str], guessed: Sequence[str]) -> list[tuple[float, int]]:
    found = []
    pairs = list(zip(right, guessed, strict=True))
    for label in sorted({*right, *guessed}):
        hit = sum(a == b == label for a, b in pairs)
        said, meant = sum(b == label for _, b in pairs), sum(a == label for a, _ in pairs)
        found.append((2 * hit / (said + meant), meant))
    return found


def _learned(grams: Grams, examples: Sequence[Example], taught: Any, families: Families) -> Model:
    from scipy.sparse import csr_matrix

    labels = np.array([examples[at].label for at in taught])
    names = sorted(set(labels.tolist()))
    if len(names) < 2:
        raise TooFewExamples("there must be examples of two categories at least")
    taken = np.isin(grams.rows, taught)
    place = np.zeros(grams.messages, np.int64)
    place[taught] = np.arange(len(taught))
    mine = Grams(len(taught), place[grams.rows[taken]], grams.keys[taken], grams.counts[taken])
    features = _features(mine, families)
    rows, places, values = features.weighed(mine)
    matrix = csr_matrix((values, (rows, places)), shape=(len(taught), max(1, len(features.vocabulary))))
    found, number = np.unique(labels, return_inverse=True)
    alike = len(labels) / len(found) / np.bincount(number)[number]  # each category weighs as much as another
    counts = alike * np.array([examples[at].weight for at in taught])
    planes = [_plane(matrix, labels == name, counts) for name in names]
    weights = np.stack([plane for plane, _ in planes], axis=1)[: len(features.vocabulary)].astype(np.float32)
    return Model(tuple(names), features, weights, np.array([bias for _, bias in planes]), 2.0, {})


def _plane(matrix: Any, meant: Any, counts: Any) -> tuple[Any, float]:
    """Weights and bias that part one category from all others.

    A gram enters with more weight the more clearly it tells the two apart (the logarithm of how much oftener it is in
    one of them, smoothed); what was learned is put back so that scoring knows nothing of it.
    """
    from scipy.sparse import diags
    from sklearn.svm import LinearSVC

    inside, outside = (np.asarray(matrix[side].sum(axis=0)).ravel() for side in (meant, ~meant))
    smooth = 0.3 * (inside.sum() + outside.sum()) / max(1, len(inside))
    inside, outside = inside + smooth, outside + smooth
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    scale = 1 - _TELLING + _TELLING * ratio / max(float(ratio.mean()), 1e-9)
    scaled = matrix @ diags(scale)
    length = float(np.sqrt(scaled.multiply(scaled).sum() / max(1, matrix.shape[0]))) or 1.0
    teacher = LinearSVC(C=_COST, tol=1e-3, random_state=0)
    teacher.fit(scaled / length, meant, sample_weight=counts)
    return teacher.coef_[0] * scale / length, float(teacher.intercept_[0])


def _features(grams: Grams, families: Families) -> Features:
    vocabulary, held = np.unique(grams.keys, return_counts=True)
    kept = held >= min(_FEWEST, max(1, grams.messages // 20))
    vocabulary, held = vocabulary[kept], held[kept]
    rare = np.log((1 + grams.messages) / (1 + held)) + 1
    known = _FAMILIES * (_FEW / max(grams.messages, _FEW)) ** 0.3
    factors = np.where(vocabulary >= FAMILY, rare, rare**_RARITY)
    return Features(vocabulary, factors, families, np.array([*_SHARES, known]))


def _sharpness(scores: Any, right: Any) -> float:
    """The factor at which chances fit the messages held back best (least log loss)."""
    tried = np.geomspace(0.25, 16, 49)
    losses = [-np.log(softmax(scores * factor)[np.arange(len(right)), right] + 1e-12).mean() for factor in tried]
    return float(tried[int(np.argmin(losses))])


def _surest_wrong(scores: Any, right: Any, sharpness: float) -> float:
    """Of messages held back that were sorted wrongly, the chance that nineteen in twenty stayed below."""
    chances = softmax(scores * sharpness)
    wrong = chances.argmax(axis=1) != right
    return round(float(np.quantile(chances[wrong].max(axis=1), 0.95)), 3) if wrong.any() else 0.0


def _digest(examples: Sequence[Example]) -> str:
    lines = sorted(json.dumps([e.label, e.passage.subject, e.passage.body, e.weight]) for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
