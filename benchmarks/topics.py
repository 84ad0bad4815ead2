"""Topics over a year of real messages, and over as many made-up ones as AMOUNT says (20,000 unless told otherwise;
1,000,000 take a quarter of an hour or more).

The real ones are read from ../shared/data/voice/stream_2019.csv where it is; `data/topics.md` says how their topics
were annotated. Precision
and recall are B-cubed and over pairs, of the annotated messages among all 4,326. Peers get the same texts: DBSCAN
over tf-idf of
character n-grams (scikit-learn), with the best of six radii, chosen on the very annotations it is measured on; it
sees all at once and takes none by one.
Times are of processor, which a busy machine changes less.
"""

import csv
import os
import re
import resource
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks._city import percentile
from benchmarks._voices import DISTRICTS as DISTRICTS_MADE
from benchmarks._voices import voices
from tongban.apps.voice.topics.clustering import Message, Topics

MESSAGES = Path(__file__).resolve().parents[2] / "shared/data/voice/stream_2019.csv"
ANNOTATED = Path(__file__).parent / "data/topics_2019.txt"
DISTRICTS = re.compile(r"[a-z]\d{1,2}[市区县]")
RADII = (0.6, 0.7, 0.75, 0.8, 0.83, 0.86)
Labels = Mapping[str, int]


def main() -> None:
    """Print topics.batch, .stream, .same, .quality, and .made, .slow and .made_quality."""
    if MESSAGES.exists():
        _real()
    else:
        print("No real messages at ../shared/data/voice: made-up ones only.")
    _made(int(os.environ.get("AMOUNT") or 20_000))


def _real() -> None:
    messages = _messages()
    streamed, taken, worked = Topics(districts=DISTRICTS), [], time.process_time()
    for each in sorted(messages, key=lambda each: (each.at, each.key)):
        started = time.process_time()
        streamed.add(each)
        taken.append((time.process_time() - started) * 1000)
    worked = time.process_time() - worked
    _line("stream", messages=len(messages), cpu=f"{worked:.2f}s", **_latency(taken))
    started, begun = time.process_time(), time.perf_counter()
    whole = Topics(districts=DISTRICTS)
    whole.add_all(messages)
    took, wall = time.process_time() - started, time.perf_counter() - begun
    _line("batch", messages=len(messages), cpu=f"{took:.2f}s", wall=f"{wall:.2f}s", topics=len(whole.numbers()))
    ours = _labels(whole)
    for name, order in _orders(messages).items():
        mixed = Topics(districts=DISTRICTS)
        for each in order:
            mixed.add(each)
        other = _labels(mixed)
        _line("same", as_batch=name, b3_f1=f"{agreed(ours, other):.3f}", pairs=f"{alike(ours, other):.3f}")
    _quality("ours", ours, took)
    _quality("ours_any_order", other, took)
    _peer(messages)


def _orders(messages: list[Message]) -> dict[str, list[Message]]:
    """The same messages one by one: as they came, each up to a week late, and in no order at all."""
    draw = Random(52)
    late = {each.key: each.at.timestamp() + draw.uniform(0, 7 * 86400) for each in messages}
    return {
        "one_by_one": sorted(messages, key=lambda each: (each.at, each.key)),
        "up_to_a_week_late": sorted(messages, key=lambda each: late[each.key]),
        "any_order": draw.sample(messages, len(messages)),
    }


def _messages() -> list[Message]:
    def when(text: str) -> datetime:
        day, clock = text.strip().replace("-", "/").split(" ")
        year, month, date = map(int, day.split("/"))
        hour, minute = map(int, clock.split(":")[:2])
        return datetime(year, month, date, hour, minute, tzinfo=UTC)

    with MESSAGES.open(encoding="utf-8-sig", newline="") as file:
        return [
            Message(
                key=row["留言编号"],
                subject=row["留言主题"],
                text=row["留言详情"],
                at=when(row["留言时间"]),
                person=row["留言用户"],
            )
            for row in csv.DictReader(file)
        ]


def _labels(topics: Topics) -> Labels:
    return {key: topics.topic_of(key) for key in topics.rows.keys}


def alike(one: Labels, other: Labels) -> float:
    """F1 of the pairs of messages that both put together."""
    both = _pairs(Counter((one[key], other[key]) for key in one))
    return 2 * both / max(1, _pairs(Counter(one.values())) + _pairs(Counter(other.values())))


def agreed(one: Labels, other: Labels) -> float:
    """B-cubed F1 between two ways to put the same messages together, over all messages."""
    both = Counter((one[key], other[key]) for key in one)
    ones, others = Counter(one.values()), Counter(other.values())
    precision = sum(size * size / others[there] for (_, there), size in both.items()) / len(one)
    recall = sum(size * size / ones[here] for (here, _), size in both.items()) / len(one)
    return 2 * precision * recall / (precision + recall)


def _pairs(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def annotated() -> dict[str, int]:
    """The topic of each annotated message."""
    lines = ANNOTATED.read_text("utf-8").splitlines()[1:]
    return {key: number for number, line in enumerate(lines) for key in line.split()}


def _quality(name: str, labels: Labels, took: float) -> float:
    """Print B-cubed and pairwise figures for all topics, those seen while tuning and those not; return B-cubed F1 of
    all.
    """
    wanted, result = annotated(), 0.0
    for part, keys in (
        ("all", list(wanted)),
        ("seen", [key for key in wanted if not wanted[key] % 2]),
        ("unseen", [key for key in wanted if wanted[key] % 2]),
    ):
        meant, found = defaultdict(set), defaultdict(set)
        for key in keys:
            meant[wanted[key]].add(key)
            found[labels[key]].add(key)
        shared = [
            (len(meant[wanted[key]] & found[labels[key]]), len(found[labels[key]]), len(meant[wanted[key]]))
            for key in keys
        ]
        precision, recall = (sum(both / each[at] for both, *each in shared) / len(keys) for at in (0, 1))
        both = _pairs(Counter((wanted[key], labels[key]) for key in keys))
        right = (
            both / max(1, _pairs(Counter(labels[key] for key in keys))),
            both / max(1, _pairs(Counter(wanted[key] for key in keys))),
        )
        f1 = 2 * precision * recall / (precision + recall)
        result = result or f1
        figures = {
            "b3_precision": precision,
            "b3_recall": recall,
            "b3_f1": f1,
            "pair_precision": right[0],
            "pair_recall": right[1],
            "pair_f1": 2 * right[0] * right[1] / max(1e-9, sum(right)),
        }
        shown = {part_of: f"{value:.3f}" for part_of, value in figures.items()}
        _line("quality", who=name, part=part, messages=len(keys), topics=len(meant), **shown, cpu=f"{took:.2f}s")
    return result


def _peer(messages: list[Message]) -> None:
    try:
        from sklearn.cluster import DBSCAN
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError:
        print("scikit-learn is not here: no peer.")
        return
    texts = [f"{each.subject} {each.subject} {each.text}" for each in messages]
    wanted = annotated()
    best: tuple[float, float, float, Labels] = (-1.0, 0.0, 0.0, {})
    for radius in RADII:
        started = time.process_time()
        vectors = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True, max_df=0.2, min_df=2
        ).fit_transform(texts)
        found = DBSCAN(eps=radius, min_samples=2, metric="cosine").fit_predict(vectors)
        took = time.process_time() - started
        labels = {
            each.key: int(label) if label >= 0 else -2 - at
            for at, (each, label) in enumerate(zip(messages, found, strict=True))
        }
        both = alike({key: labels[key] for key in wanted}, wanted)
        if both > best[0]:
            best = (both, radius, took, labels)
    print(f"The peer's radius: {best[1]}.")
    _quality("dbscan", best[3], best[2])


def _made(amount: int) -> None:
    """Time and memory for made-up messages, told on the way at each amount that is a third of the next or so."""
    topics, taken, spent = Topics(districts=re.compile("|".join(DISTRICTS_MADE))), array("f"), 0.0
    marks = sorted({min(amount, each) for each in (10_000, 30_000, 100_000, 300_000, 1_000_000)} | {amount})
    before = (0, 0.0)
    for number, each in enumerate(voices(amount), 1):
        begun = time.process_time()
        topics.add(each)
        took = time.process_time() - begun
        spent += took
        taken.append(took * 1000)
        if number in marks:
            each_of_these = (spent - before[1]) / (number - before[0]) * 1000
            before = (number, spent)
            figures = {"messages": number, "cpu": f"{spent:.0f}s", "ms_each_since_the_last": f"{each_of_these:.2f}"}
            _line("made", **figures, peak=f"{_memory() * 1024:.0f}MB", **_latency(list(taken)))
    _line("slow", longer_than_5_ms=sum(each > 5 for each in taken), of=amount, topics=len(topics.numbers()))
    found = _labels(topics)
    meant = {key: int(key.split("-")[1]) for key in found}
    both = _pairs(Counter((found[key], meant[key]) for key in found))
    _line(
        "made_quality",
        topics=len(set(meant.values())),
        pair_precision=f"{both / max(1, _pairs(Counter(found.values()))):.3f}",
        pair_recall=f"{both / max(1, _pairs(Counter(meant.values()))):.3f}",
    )


def _line(name: str, **figures: object) -> None:
    print(f"topics.{name} " + " ".join(f"{key}={value}" for key, value in figures.items()), flush=True)


def _latency(taken: list[float]) -> dict[str, str]:
    return {
        "p50": f"{percentile(taken, 0.5):.2f}ms",
        "p99": f"{percentile(taken, 0.99):.2f}ms",
        "max": f"{max(taken):.2f}ms",
    }


def _memory() -> float:
    """The most that this process has held so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
