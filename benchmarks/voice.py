"""Sorting the public's messages beside the usual way, a linear machine over scikit-learn's own tf-idf of characters.

Reads real messages, which are not in this repository, from ``TONGBAN_VOICE_DATA`` or ``../shared/data/voice``, and says
so where there are none. Both sides get the same five parts, made in two ways: copies in one part (``copies``, as such
figures are usually given), and near copies in one part too (``near``, which is stricter). The peers get text
and subject as written. Seconds are of CPU time, so that a busy machine tells the same; the speed on all processors is
by the clock.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tongban.apps.catalog.definitions.dispatch import Dispatch, read_dispatch
from tongban.apps.voice.text.bulk import sort_messages
from tongban.apps.voice.text.near import folds, groups, same
from tongban.apps.voice.text.sorting import families_of
from tongban.apps.voice.text.tables import Example, read_table
from tongban.apps.voice.text.training import examine, learn, macro_f1

__all__ = ["main"]

_SETS = {"segmented": "messages_train.csv", "raw": "messages_raw_train.csv"}
_SEEDS = {"segmented": (10, 11, 12), "raw": (10, 11, 12, 13, 14, 15, 16, 17, 18, 19)}  # none that was chosen by
_PEERS = {"pairs and triples": (2, 3), "characters and pairs": (1, 2)}
_MEASURED = 20_000


def main() -> None:
    """Print voice.NAME.macro_f1, seconds of training and messages a second for each set; then the peak of memory."""
    folder = _folder()
    if folder is None:
        print("voice: no messages to read here; set TONGBAN_VOICE_DATA to a folder with messages_train.csv")
        return
    print("voice: first level by five parts, mean over parts and seeds ± spread over the means of seeds")
    print("  peers: LinearSVC over TfidfVectorizer(analyzer='char', ngram_range=(2, 3) or (1, 2)), text as written")
    for name, file in _SETS.items():
        examples = read_table(folder / file).examples
        for strict in (False, True):
            _quality(name, examples, strict=strict)
        _speed(name, examples)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"voice.memory ours and peers in one process: {peak:.0f} MB at most")


def _families() -> tuple[tuple[str, ...], ...]:
    found = read_dispatch(Path(__file__).resolve().parents[1] / "cities" / "mingchuan")
    return families_of(found) if isinstance(found, Dispatch) else ()


def _folder() -> Path | None:
    root = Path(__file__).resolve().parents[1]
    tried = [os.environ.get("TONGBAN_VOICE_DATA", ""), str(root.parent / "shared" / "data" / "voice")]
    return next((Path(each) for each in tried if each and (Path(each) / _SETS["raw"]).exists()), None)


def _quality(name: str, examples: Sequence[Example], *, strict: bool) -> None:
    way = "near" if strict else "copies"
    ours = [
        statistics.mean(examine(examples, seed=seed, families=_families(), strict=strict).macro)
        for seed in _SEEDS[name]
    ]
    print(f"voice.{name}.{way}.macro_f1 ours={_figure(ours)}", end="", flush=True)
    for peer, spans in _PEERS.items():
        theirs = [_peer(examples, seed=seed, spans=spans, strict=strict) for seed in _SEEDS[name]]
        ratio = statistics.mean(ours) / statistics.mean(theirs)
        print(f" | {peer}={_figure(theirs)} ratio={ratio:.3f}", end="", flush=True)
    print()


def _figure(found: Sequence[float]) -> str:
    return f"{statistics.mean(found):.4f}±{statistics.pstdev(found):.4f}"


def _peer(examples: Sequence[Example], *, seed: int, spans: tuple[int, int], strict: bool) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts = [each.passage.subject + each.passage.body for each in examples]
    written = [" ".join(each.written).strip() for each in examples]
    labels = np.array([each.label for each in examples])
    part = folds(groups(texts) if strict else same(texts), labels.tolist(), count=5, seed=seed)
    found = []
    for number in range(5):
        taught, held = np.flatnonzero(part != number), np.flatnonzero(part == number)
        vectors = TfidfVectorizer(analyzer="char", ngram_range=spans)
        teacher = LinearSVC().fit(vectors.fit_transform([written[at] for at in taught]), labels[taught])
        guessed = teacher.predict(vectors.transform([written[at] for at in held]))
        found.append(macro_f1(labels[held].tolist(), guessed.tolist()))
    return statistics.mean(found)


def _speed(name: str, examples: Sequence[Example]) -> None:
    begun = time.process_time()
    model = learn(examples, families=_families())
    print(f"voice.{name}.training ours={time.process_time() - begun:.1f}s of CPU time, {len(examples)} messages")
    written = [each.written for each in examples]
    many = (written * (_MEASURED // len(written) + 1))[:_MEASURED]
    begun = time.process_time()
    sort_messages(model, many[:5000], processes=1)
    one = 5000 / (time.process_time() - begun)
    clock = time.perf_counter()
    sort_messages(model, many)
    every = _MEASURED / (time.perf_counter() - clock)
    print(f"voice.{name}.speed ours={one:.0f}/s of CPU time on one processor, {every:.0f}/s on all by the clock")


if __name__ == "__main__":
    main()
