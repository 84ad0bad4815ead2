"""Looking replies over: what was found beside what a person found, and how fast; replies near to a message.

Reads real replies, which are not in this repository, from ``TONGBAN_VOICE_DATA`` or ``../shared/data/voice``, and says
so where there are none. `data/replies.md` says how they were judged. The rules were made with the half "for developing"
and with what nobody judged; the other half is held against them here.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import fields
from pathlib import Path

from benchmarks._city import percentile
from tongban.apps.voice.replies.checking import Checked, check
from tongban.apps.voice.replies.parts import Nothing
from tongban.apps.voice.replies.shares import shares
from tongban.apps.voice.replies.similar import Similar
from tongban.apps.voice.replies.tables import Answered, read_answered
from tongban.kernel.clock import calendar_for

__all__ = ["main"]

_FILE = "replies_half.csv"
_JUDGED = Path(__file__).parent / "data/replies_labels.txt"
_CORPUS = 5_000


def main() -> None:
    """Print replies.NAME precision and recall on both halves, replies.shares, .speed and .similar."""
    folder = _folder()
    if folder is None:
        print(f"replies: no replies to read here; set TONGBAN_VOICE_DATA to a folder with {_FILE}")
        return
    calendar = calendar_for(first_year=2009)
    rows = read_answered(folder / _FILE, timezone=calendar.timezone).rows
    begun = time.process_time()
    found = {
        row.number: check(
            subject=row.subject,
            message=row.message,
            reply=row.reply,
            asked_at=row.asked_at,
            replied_at=row.replied_at,
            calendar=calendar,
        )
        for row in rows
    }
    took = time.process_time() - begun
    _judged(found)
    told = shares(list(found.values()))
    figures = {each.name: getattr(told, each.name) for each in fields(told)}
    shown = " ".join(f"{name}={value:.3f}" for name, value in figures.items() if isinstance(value, float))
    print(f"replies.shares replies={told.replies} timed={told.timed} {shown}")
    print(f"replies.grades {' '.join(f'{grade.value}={amount}' for grade, amount in sorted(told.grades.items()))}")
    print(f"replies.speed ours={took / len(rows) * 1000:.2f}ms of CPU time each")
    _similar(rows, found)
    print(f"replies.memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


def _folder() -> Path | None:
    root = Path(__file__).resolve().parents[1]
    tried = [os.environ.get("TONGBAN_VOICE_DATA", ""), str(root.parent / "shared" / "data" / "voice")]
    return next((Path(each) for each in tried if each and (Path(each) / _FILE).exists()), None)


def _judged(found: dict[str, Checked]) -> None:
    """Precision and recall of what a person judged; what the person was not sure of is left out."""
    half, judged = "", dict[str, list[list[str]]]()
    for line in _JUDGED.read_text("utf-8").splitlines():
        if line.startswith("# for "):
            half = line.removeprefix("# for ")
        elif not line.startswith("#"):
            judged.setdefault(half, []).append(line.split())
    empty = {Nothing.FORWARDED, Nothing.ACKNOWLEDGED, Nothing.EMPTY, Nothing.ASKED_BACK}
    for half, lines in judged.items():
        _line(half, "forwarded_only", [(found[number].nothing in empty, each != "-") for number, each, *_ in lines])
        _line(half, "cites_basis", [(bool(found[number].citations), each == "1") for number, _, each, _ in lines])
        promised = [(found[number], each) for number, *_, each in lines if each != "?"]
        _line(half, "has_promise", [(bool(each.promises), label != "0") for each, label in promised])
        with_day: list[tuple[bool, bool]] = [
            (any(one.dated for one in each.promises), label == "d") for each, label in promised
        ]
        _line(half, "promise_with_day", with_day)


def _line(half: str, name: str, pairs: list[tuple[bool, bool]]) -> None:
    hits = sum(ours and theirs for ours, theirs in pairs)
    ours, theirs = sum(each for each, _ in pairs), sum(each for _, each in pairs)
    print(
        f"replies.{name} half={half} precision={hits / max(1, ours):.3f} recall={hits / max(1, theirs):.3f} "
        f"judged={theirs} found={ours} right={hits} of={len(pairs)}"
    )


def _similar(rows: tuple[Answered, ...], found: dict[str, Checked]) -> None:
    """Time to find five among `_CORPUS`: the rows over and over, each time with their first letters cut off."""
    index, taken, number = Similar(), [], 0
    begun = time.process_time()
    while len(index) < _CORPUS:
        row, cut = rows[number % len(rows)], number // len(rows)
        each = found[row.number]
        index.add(
            key=f"{number}",
            subject=row.subject[cut:],
            message=row.message[9 * cut :],
            reply=f"{cut} {row.reply}",
            grade=each.grade,
            score=each.score,
        )
        number += 1
    added = (time.process_time() - begun) / _CORPUS * 1000
    for row in rows[:500]:
        begun = time.process_time()
        index.find(subject=row.subject, message=row.message)
        taken.append((time.process_time() - begun) * 1000)
    times = " ".join(f"{name}={percentile(taken, share):.2f}ms" for name, share in (("p50", 0.5), ("p99", 0.99)))
    print(f"replies.similar {times} max={max(taken):.2f}ms among {len(index)} replies, {added:.2f}ms to take one in")


if __name__ == "__main__":
    main()
