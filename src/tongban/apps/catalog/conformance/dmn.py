"""The DMN technology compatibility kit, as it is published: folders of models with files of test cases beside them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from tongban.kernel.rules.conformance import Judgement, Models, Verdict, judge, load_models, read_suite

__all__ = ["HELP", "report"]

HELP = "run the test cases of a DMN TCK checkout and tell what differs"
_LEVEL = re.compile(r"compliance-level-(\d+)")
_LEVELS = ("2", "3")


def report(*, folder: Path, at: datetime, write: Callable[[str], object]) -> None:
    """Run every `*-test-*.xml` below `folder` against the models beside it; the last line has the counts by level.

    What fails or is refused is written with its reason. `at` is what `now()` answers. A file that cannot be read is
    told and passed over.
    """
    counts: Counter[tuple[str, Verdict]] = Counter()
    models: dict[Path, Models] = {}
    for file in sorted(folder.rglob("*-test-*.xml")):
        level = _level_of(file)
        if file.parent not in models:
            models = {file.parent: load_models(dict(_files(file.parent, write)))}
        for judgement in _judged(file, models[file.parent], at, write):
            counts[level, judgement.verdict] += 1
            if judgement.verdict is not Verdict.PASSED:
                place = file.relative_to(folder)
                write(f"{judgement.verdict} {place} {judgement.case}: {' | '.join(judgement.reasons)}")
    others = {level for level, _ in counts} - set(_LEVELS)
    for level in sorted(others):
        write(f"of no level: {_line(level, counts)}" if not level else _line(level, counts))
    write(" ".join(_line(level, counts) for level in _LEVELS))


def _level_of(file: Path) -> str:
    """The level by the nearest folder that names one; "" for none."""
    found = (_LEVEL.fullmatch(part) for part in reversed(file.resolve().parts))
    return next((match[1] for match in found if match), "")


def _files(folder: Path, write: Callable[[str], object]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.dmn")):
        try:
            yield path.name, path.read_bytes()
        except OSError as error:
            write(f"unreadable {path}: {error}")


def _judged(file: Path, models: Models, at: datetime, write: Callable[[str], object]) -> Iterator[Judgement]:
    try:
        suite = read_suite(file.read_bytes())
    except (OSError, ValueError) as error:
        write(f"unreadable {file}: {error}")
        return
    yield from judge(suite, models, at=at)


def _line(level: str, counts: Counter[tuple[str, Verdict]]) -> str:
    verdicts = [counts[level, verdict] for verdict in Verdict]
    told = " ".join(f"{verdict}={count}" for verdict, count in zip(Verdict, verdicts, strict=True))
    return f"level{level} {told} total={sum(verdicts)}"
