"""Which words belong to which label: beside it, or in lines below what is beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tongban.apps.recognition.lines import Line

__all__ = ["Said", "find_labels", "grown", "merged", "said_at"]

_SAME_ROW = 0.75
"""Of the height of the letters: so far from a label's own line may the words beside it lie."""
_NEXT_LINE = 1.2
"""Heights of letters between a line and the next of the same words, from middle to middle."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a label, from one line or several."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All of it in one."""
        return "".join(line.text for line in self.lines)

    @property
    def sureness(self) -> float:
        """That of the character read least surely."""
        return min((each for line in self.lines for each in line.sureness), default=0.0)


def find_labels(lines: Sequence[Line], labels: Mapping[str, Sequence[str]]) -> dict[str, Line]:
    """Where each label stands, by name: a line of its own, or the beginning of one, words of others cut away.

    A label that stands there twice is not taken: nobody could say which counts.
    """
    spelled = sorted(
        ((each, name) for name, spellings in labels.items() for each in spellings), key=lambda pair: -len(pair[0])
    )
    found: dict[str, list[Line]] = {}
    for line in lines:
        for spelling, name in spelled:
            # A single letter is a label only where it stands alone: the other half of it went unseen.
            whole = line.text.removesuffix(":") == spelling
            if whole or (len(spelling) > 1 and line.text.startswith(spelling)):
                found.setdefault(name, []).append(line.part(0, len(spelling)))
                break
    return {name: places[0] for name, places in found.items() if len(places) == 1}


def said_at(
    labels: Mapping[str, Line], lines: Sequence[Line], *, several: Collection[str], upwards: bool = False
) -> dict[str, Said]:
    """What stands beside each label, and for ``several`` in the lines that belong to that; nothing where nothing does.

    ``labels`` are those found, by name. What stands beside one label is not another's. ``upwards``: a label stands in
    the middle of the height of its words, as in a table, and not beside their first line.
    """
    first = {name: words for name, label in labels.items() if (words := _first(label, lines, labels.values()))}
    numbers = [each.number for each in (*first.values(), *labels.values())]
    free = [line for line in lines if line.number not in numbers]
    said: dict[str, Said] = {}
    for name, words in first.items():
        if sum(other.number == words.number for other in first.values()) > 1:
            continue  # two labels claim it: neither gets it
        whole = _whole(words, free)
        said[name] = grown(whole, free, upwards=upwards) if name in several else Said((whole,))
    return said


def _first(label: Line, lines: Sequence[Line], labels: Collection[Line]) -> Line | None:
    """The words in the label's own line after it, or the line beside it."""
    own = next(line for line in lines if line.number == label.number)
    rest = own.part(len(label.text), len(own.text))
    rest = rest.part(len(rest.text) - len(rest.text.lstrip(":")), len(rest.text))
    if not rest.text:
        return _beside(own, lines, labels)
    # The label's line may have caught the first letters of the line beside it, which then begins with them again.
    again = [line for line in lines if line.number != own.number and _overlaps(rest, line)]
    return next((line for line in again if line.text.startswith(rest.text)), rest)


def _overlaps(rest: Line, line: Line) -> bool:
    along, off = _offset(rest, line)
    return -rest.width - rest.height < along <= 0 and abs(off) < 0.5 * rest.height


def merged(lines: Sequence[Line]) -> list[Line]:
    """Letters set far apart, which were seen as lines of their own, as one line again."""
    left = sorted(lines, key=lambda line: line.left[0])
    done: list[Line] = []
    while left:
        line = left.pop(0)
        while _is_piece(line):
            near = [other for other in left if _is_piece(other) and _follows(line, other)]
            if not near:
                break
            left.remove(near[0])
            line = _joined(line, near[0])
        done.append(line)
    return sorted(done, key=lambda line: line.number)


def _is_piece(line: Line) -> bool:
    return len(line.text) <= 2 and all("一" <= letter <= "鿿" for letter in line.text)


def _follows(line: Line, other: Line) -> bool:
    along, off = _offset(line, other)
    return (
        -0.5 * line.height < along < 2.6 * line.height
        and abs(off) < 0.4 * line.height
        and 0.7 < line.height / other.height < 1.4
    )


def _beside(label: Line, lines: Sequence[Line], labels: Collection[Line]) -> Line | None:
    numbers = {each.number for each in labels}
    near: list[tuple[float, float, Line]] = []
    for line in lines:
        along, off = _offset(label, line)
        if line.number != label.number and along > -label.height and abs(off) < _SAME_ROW * label.height:
            near.append((along, abs(off), line))
    if not near:
        return None
    start = min(along for along, _, _ in near)
    _, _, nearest = min((off, along, line) for along, off, line in near if along < start + label.height)
    # Another label stands before anything that could be ours.
    return None if nearest.number in numbers else nearest


def _whole(words: Line, free: Sequence[Line]) -> Line:
    """A line with the rest of it, where that was seen as a line of its own right behind it."""
    while True:
        behind = [line for line in free if line.number != words.number and _touches(words, line)]
        if not behind:
            return words
        rest = min(behind, key=lambda line: line.left[0])
        free = [line for line in free if line is not rest]
        words = _joined(words, rest)


def _touches(line: Line, other: Line) -> bool:
    along, off = _offset(line, other)
    near = -0.6 * line.height < along < 0.9 * line.height and abs(off) < 0.4 * line.height
    return near and 0.7 < line.height / other.height < 1.4


def _joined(line: Line, other: Line) -> Line:
    corners = (line.corners[0], other.corners[1], other.corners[2], line.corners[3])
    return replace(
        line,
        text=line.text + other.text,
        sureness=line.sureness + other.sureness,
        corners=corners,
        also=(*line.also, other.number, *other.also),
    )


def grown(first: Line, free: Sequence[Line], *, upwards: bool = False) -> Said:
    """The lines of one text, of which ``first`` stands beside its label, which may be the middle one."""
    found = [first]
    while after := [line for line in free if line not in found and _goes_on(found[-1], line)]:
        found.append(min(after, key=lambda line: line.left[1]))
    while upwards and (before := [line for line in free if line not in found and _goes_on(line, found[0])]):
        found.insert(0, max(before, key=lambda line: line.left[1]))
    return Said(tuple(found))


def _goes_on(last: Line, line: Line) -> bool:
    """Whether a line goes on where another was full."""
    (x, y), (from_x, from_y) = line.left, last.left
    cos, sin = last.direction
    along = (x - from_x) * cos + (y - from_y) * sin
    down = -(x - from_x) * sin + (y - from_y) * cos
    high = last.height
    full = last.width > line.width - 1.2 * high
    return full and abs(along) < 1.2 * high and 0.5 * high < down < _NEXT_LINE * high and 0.6 < line.height / high < 1.6


def _offset(label: Line, line: Line) -> tuple[float, float]:
    """How far a line begins after a label's end, along the label's own row, and how far off that row."""
    x, y = line.left[0] - label.right[0], line.left[1] - label.right[1]
    # A short line says little of its direction: the longer of both leads, or the page, whose lines run to the right.
    longer = label if label.width > line.width else line
    cos, sin = longer.direction if longer.width > 2.5 * longer.height else (1.0, 0.0)
    return x * cos + y * sin, -x * sin + y * cos
