"""What others have said in public that is like something: found while somebody types, who then need not say it again.

Pairs of characters, weighted by how rare they are, over the newest of what is public. The index lives in the process;
whether it still holds is one query, and what it finds is read anew, so nothing that was taken back is shown.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from django.db.models import Count, Max

from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.public import PublicInquiry, get_public_ones
from tongban.apps.voice.text.normal import plain

__all__ = ["list_similar"]

_KEPT = 20_000
_LEAST, _ALIKE = 4, 0.2
_READ = 2000
"""Characters of a text that are compared."""


@dataclass(slots=True)
class _Index:
    stamp: tuple[int, datetime | None] = (0, None)
    numbers: list[int] = field(default_factory=list)
    where: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lengths: list[float] = field(default_factory=list)

    def weight(self, pair: str) -> float:
        return math.log1p(len(self.numbers) / len(self.where[pair])) if pair in self.where else 0.0


_index = _Index()
_lock = Lock()


def list_similar(*, text: str, limit: int = 3) -> list[PublicInquiry]:
    """The public inquiries most like ``text``, the likest first; none where nothing is like it.

    Three queries at most, however much is public.
    """
    asked = _pairs(text)
    if len(asked) < _LEAST:
        return []
    index = _current()
    scores: dict[int, float] = defaultdict(float)
    for pair in asked:
        weight = index.weight(pair)
        for row in index.where.get(pair, ()):
            scores[row] += weight * weight
    length = math.sqrt(sum(index.weight(pair) ** 2 for pair in asked)) or 1.0
    alike = sorted(((score / length / index.lengths[row], row) for row, score in scores.items()), reverse=True)
    numbers = [index.numbers[row] for score, row in alike[:limit] if score >= _ALIKE]
    found = {each.number: each for each in get_public_ones(numbers=numbers)}
    return [found[number] for number in numbers if number in found]


def _current() -> _Index:
    """The index of what is public now, made anew where something became public or was taken back."""
    global _index
    now = Inquiry.objects.filter(published_at__isnull=False).aggregate(many=Count("pk"), last=Max("published_at"))
    stamp = (now["many"], now["last"])
    with _lock:
        if _index.stamp != stamp:
            _index = _made(stamp)
        return _index


def _made(stamp: tuple[int, datetime | None]) -> _Index:
    made = _Index(stamp=stamp)
    rows = Inquiry.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    for number, subject, text in rows.values_list("pk", "public_subject", "public_text")[:_KEPT].iterator():
        pairs = _pairs(f"{subject} {text}")
        for pair in pairs:
            made.where[pair].append(len(made.numbers))
        made.numbers.append(number)
    made.lengths = [0.0] * len(made.numbers)
    for pair, rows_with in made.where.items():
        squared = made.weight(pair) ** 2
        for row in rows_with:
            made.lengths[row] += squared
    made.lengths = [math.sqrt(each) or 1.0 for each in made.lengths]
    return made


def _pairs(text: str) -> set[str]:
    words = "".join(each for each in plain(text[:_READ]) if each.isalnum())
    return {words[at : at + 2] for at in range(len(words) - 1)}
