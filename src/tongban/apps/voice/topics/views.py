"""What a topic looks like: its typical message, its words, places and people, how it grows, and why a message is in it.

Topics keep no text; whoever shows one hands in `lookup`, by which a message's subject and text are found.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tongban.apps.voice.topics.clustering import Topics
from tongban.apps.voice.topics.text import normalise

__all__ = ["HALF_LIFE", "Lookup", "TopicView", "Why", "describe", "heat", "why"]

Lookup = Callable[[str], tuple[str, str]]
HALF_LIFE = 14.0
"""Days in which what somebody said loses half of its heat."""
SUPPORT = 0.5
"""A "me too" beside a message of one's own."""
WEEKS, SAMPLE, WORDS = 12, 12, 6
_PARTICLES = "的了在是和与及把被就都也又还吗呢"
_RUN = re.compile(rf"[^\W_a-z0-9{_PARTICLES}]{{2,}}|[a-z0-9]{{2,}}")
_LEVEL = re.compile(r"^[省市区县镇](?=..)")
"""What is left of a district's name where a word begins with it."""


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic at an instant. ``weeks`` are messages of the last weeks, oldest first; ``people`` have written,
    ``supporters`` have only
    said "me too"; each counts once, whatever was merged."""

    number: int
    typical: str
    words: tuple[str, ...]
    places: tuple[str, ...]
    districts: tuple[tuple[str, int], ...]
    departments: tuple[tuple[str, int], ...]
    first: datetime
    last: datetime
    messages: int
    copies: int
    people: int
    supporters: int
    weeks: tuple[int, ...]
    heat: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a message is in its topic: the words that it shares with the others, heaviest first, and how alike it is
    to them all.
    """

    words: tuple[str, ...]
    places: tuple[str, ...]
    alike: float
    copy_of: str | None
    by_hand: bool


def describe(topics: Topics, *, number: int, at: datetime, lookup: Lookup) -> TopicView:
    """A topic as it stands at ``at``. Raises ValueError where it has no message."""
    members = topics.members(number)
    if not members:
        raise ValueError(f"topic {number} has no message")
    rows = topics.rows
    nearest = _nearest(topics, number, members)
    places = Counter(place for row in members for place in rows.places[row])
    names = {held: name for name, held in topics.departments.items()}
    departments = Counter(names[rows.departments[row]] for row in members)
    people = {rows.persons[row] for row in members}
    supporters = {each for row in members for each in rows.supports.get(row, ())} - people
    seconds = [rows.seconds[row] for row in members]
    texts = [" ".join(lookup(rows.keys[row])) for row in nearest[:SAMPLE]]
    return TopicView(
        number=number,
        typical=rows.keys[nearest[0]],
        words=_words(topics, number, texts),
        places=_most(places, least=max(1, len(members) // 4))[:5],
        districts=tuple(_counted(Counter(each for row in members for each in rows.districts[row]))),
        departments=tuple(each for each in _counted(departments) if each[0]),
        first=datetime.fromtimestamp(min(seconds), UTC),
        last=datetime.fromtimestamp(max(seconds), UTC),
        messages=len(members),
        copies=sum(rows.origins[row] != row for row in members),
        people=len(people),
        supporters=len(supporters),
        weeks=_weeks(seconds, at),
        heat=heat(topics, number=number, at=at),
    )


def heat(topics: Topics, *, number: int, at: datetime) -> float:
    """How much a topic is talked of at ``at``.

    Each person who wrote counts 2^(-days since their last message / 14), each who only supported half of that (by the
    message that they
    supported); the sum is multiplied by growth: (1 + people of the last 7 days) / (1 + a week's people on average of
    the 28 days before), square root, between
    0.5 and 2. What comes after ``at`` does not count.
    """
    rows, now = topics.rows, at.timestamp()
    ages: dict[int, float] = {}
    supports: dict[int, float] = {}
    recent, before = set(), set()
    for row in topics.members(number):
        age = (now - rows.seconds[row]) / 86400
        if age < 0:
            continue
        person = rows.persons[row]
        ages[person] = min(age, ages.get(person, age))
        if age < 7:
            recent.add(person)
        elif age < 35:
            before.add(person)
        for each in rows.supports.get(row, ()):
            supports[each] = min(age, supports.get(each, age))
    said: float = sum(0.5 ** (age / HALF_LIFE) for age in ages.values())
    more: float = sum(0.5 ** (age / HALF_LIFE) for person, age in supports.items() if person not in ages)
    growth = math.sqrt((1 + len(recent)) / (1 + len(before) / 4))
    return (said + SUPPORT * more) * min(2.0, max(0.5, growth))


def why(topics: Topics, *, key: str, lookup: Lookup) -> Why:
    """Why a message is where it is. Raises UnknownMessage."""
    topic, row = topics.topic_of(key), topics.rows.row[key]
    strand = topics.rows.strands[row]
    shared = topics.strands.shared(topics.signature(row), strand)
    members = topics.members(topic)
    places = Counter(place for each in members for place in topics.rows.places[each])
    origin = topics.rows.origins[row]
    hand = any(not held.isdisjoint(topics.links.strands(topic)) for held in topics.links.merges.values()) or any(
        new == strand for new, _ in topics.links.apart.values()
    )
    weights = {topics.vocabulary.words[term]: weight for term, weight in shared if term in topics.vocabulary.words}
    return Why(
        words=_spans([" ".join(lookup(key))], weights, least=1)[:WORDS],
        places=tuple(sorted(place for place in topics.rows.places[row] if places[place] > 1)),
        alike=min(1.0, sum(weight for _, weight in shared)),
        copy_of=topics.rows.keys[origin] if origin != row else None,
        by_hand=hand,
    )


def _nearest(topics: Topics, number: int, members: Sequence[int]) -> list[int]:
    """Members by how near they are to what all say together; at most the newest 500 are compared."""
    whole: dict[int, float] = {}
    for strand in topics.links.strands(number):
        for term, weight in topics.strands.sum(strand).items():
            whole[term] = whole.get(term, 0.0) + weight
    scores = {}
    for row in members[-500:]:
        signature = topics.signature(row)
        scores[row] = sum(
            weight * whole.get(term, 0.0) for term, weight in zip(signature.terms, signature.weights, strict=True)
        )
    return sorted(scores, key=lambda row: (-scores[row], row))


def _words(topics: Topics, number: int, texts: list[str]) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for strand in topics.links.strands(number):
        for term, weight in topics.strands.sum(strand).items():
            word = topics.vocabulary.words.get(term, "")
            weights[word] = weights.get(word, 0.0) + weight
    top = dict(sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:60])
    return _spans(texts, top, least=2 if len(texts) > 1 else 1)[:WORDS]


def _spans(texts: list[str], weights: dict[str, float], *, least: int) -> tuple[str, ...]:
    """Readable words: runs of characters that heavy terms cover in the texts, made longer as long as nearly all
    texts agree.
    """
    found: Counter[str] = Counter()
    plain = [normalise(text) for text in texts]
    for text in plain:
        here = set()
        for run in _RUN.findall(text):
            here |= _covered(run, weights)
        found.update(_LEVEL.sub("", each) for each in here)
    words = {_LEVEL.sub("", _grown(word, plain)) for word, times in found.items() if times >= least}
    score = {
        word: sum(weight for term, weight in weights.items() if term in word) for word in words if 1 < len(word) <= 12
    }
    chosen: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], len(word), word)):
        if all(_apart(word, other) for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _apart(word: str, other: str) -> bool:
    """Whether two words have little in common: at most half of the shorter one's pairs of characters."""
    one, two = ({each[at : at + 2] for at in range(len(each) - 1)} for each in (word, other))
    return len(one & two) * 2 <= min(len(one), len(two)) and word not in other and other not in word


def _covered(run: str, weights: dict[str, float]) -> set[str]:
    """The parts of a run that terms cover without a gap."""
    if run.isascii() or not "\u3400" <= run[0] <= "\u9fff":
        return {run} if run in weights else set()
    inside = [False] * len(run)
    joined = [False] * len(run)
    for length in (2, 3):
        for at in range(len(run) - length + 1):
            if run[at : at + length] in weights:
                for step in range(length):
                    inside[at + step] = True
                    joined[at + step] |= step > 0
    parts, part = set(), ""
    for at, letter in enumerate(run):
        if inside[at] and (joined[at] or not part):
            part += letter
        else:
            if part:
                parts.add(part)
            part = letter if inside[at] else ""
    return parts | ({part} if part else set())


def _grown(word: str, texts: list[str]) -> str:
    """The word with what stands before and after it nearly always: a fragment of a longer word becomes that word."""
    for _ in range(6):
        hits = [(text, hit.start()) for text in texts for hit in re.finditer(re.escape(word), text)]
        before = Counter(text[at - 1] if at else " " for text, at in hits)
        after = Counter(text[at + len(word)] if at + len(word) < len(text) else " " for text, at in hits)
        for counted, left in ((before, True), (after, False)):
            letter, times = counted.most_common(1)[0] if counted else (" ", 0)
            if len(hits) > 2 and times >= 0.9 * len(hits) and _joins(letter):
                word = letter + word if left else word + letter
                break
        else:
            return word
    return word


def _joins(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" and letter not in _PARTICLES


def _weeks(seconds: list[float], at: datetime) -> tuple[int, ...]:
    ages = Counter(int((at.timestamp() - each) // (7 * 86400)) for each in seconds)
    return tuple(ages[week] for week in reversed(range(WEEKS)))


def _most(counted: Counter[str], *, least: int) -> tuple[str, ...]:
    return tuple(name for name, times in _counted(counted) if times >= least)


def _counted(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
