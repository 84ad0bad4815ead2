"""Tables of messages as departments hand them over: any encoding and any names of columns, found by what is in them."""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tongban.apps.voice.errors import TableUnreadable
from tongban.apps.voice.text.grams import Passage
from tongban.apps.voice.text.normal import joined, read

__all__ = ["Example", "Table", "passage", "read_rows", "read_table"]

_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
_TEXTS = re.compile(
    r"^(text|content|message|body|detail|description|正文|内容|文本|留言|.*(详情|内容|正文|诉求|描述))$", re.I
)
_SUBJECTS = re.compile(r"^(subject|title|headline|summary|标题|主题|题目|.*(主题|标题))$", re.I)
_LABELS = re.compile(r"^(label|labels|category|class|target|y|.*(标签|分类|类别))$", re.I)
_FIRST_LEVEL = re.compile(r"一级|level.?1|first", re.I)
_WEIGHTS = re.compile(r"^(weight|权重)$", re.I)
_MOST_LABELS = 200
_SEGMENTED = 5  # with a space for so many characters and more often, words stand apart


@dataclass(frozen=True, slots=True)
class Example:
    """A message whose category is known; ``weight`` is how much it counts.

    ``written`` is subject and text as the file has them.
    """

    passage: Passage
    label: str
    weight: float = 1.0
    written: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and how they were read: which column was taken for what."""

    examples: tuple[Example, ...]
    columns: Mapping[str, str]
    skipped: int


def passage(*, text: str, subject: str = "") -> Passage:
    """A message ready for reading by machine."""
    title, told = read(subject), read(text)
    head, body = joined(title), joined(told)
    spaces = len(title) + len(told) - len(head) - len(body)
    segmented = spaces * _SEGMENTED >= len(head) + len(body) > 0
    return Passage(head, body, f"{title}\n{told}" if segmented else "")


def read_table(path: Path, *, known: Collection[str] = ()) -> Table:
    """Read messages with their labels. Rows without either are skipped and counted. Raises `TableUnreadable`.

    ``known`` are labels of another table: a column that holds mostly these is the one of the labels, whatever its name.
    """
    rows = read_rows(path)
    header, body = [name.strip() for name in rows[0]], rows[1:]
    label, text, subject, weight = _columns(header, body, path, known)
    examples = []
    for row in body:
        if max(label, text) >= len(row) or not row[label].strip():
            continue
        written = (row[subject] if subject is not None and subject < len(row) else "", row[text])
        found = passage(subject=written[0], text=written[1])
        if found.body or found.subject:
            counts = _number(row[weight]) if weight is not None and weight < len(row) else 1.0
            examples.append(Example(found, row[label].strip(), counts, written))
    if not examples:
        raise TableUnreadable(f"{path}: no row has a text and a label")
    named = {"text": text, "label": label, "subject": subject, "weight": weight}
    columns = {name: header[at] for name, at in named.items() if at is not None}
    return Table(tuple(examples), columns, len(body) - len(examples))


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a file, the names of its columns first; in any encoding. Raises `TableUnreadable`, also without a
    second row."""
    try:
        content = path.read_bytes()
    except OSError as failed:
        raise TableUnreadable(f"{path}: {failed.strerror}") from failed
    rows = _rows(_decoded(content, path), path)
    if len(rows) < 2:
        raise TableUnreadable(f"{path}: there are no rows")
    return rows


def _decoded(content: bytes, path: Path) -> str:
    encodings = _ENCODINGS if not content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-16",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable(f"{path}: neither UTF-8 nor GB 18030")


def _rows(text: str, path: Path) -> list[list[str]]:
    csv.field_size_limit(2**31 - 1)
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    try:
        return [row for row in reader if any(row)]
    except csv.Error as failed:
        raise TableUnreadable(f"{path}, line {reader.line_num}: {failed}") from failed


def _columns(
    header: Sequence[str], body: Sequence[Sequence[str]], path: Path, known: Collection[str]
) -> tuple[int, int, int | None, int | None]:
    sample = body[:2000]
    lengths = [_mean(sample, at) for at in range(len(header))]
    labels = [at for at in range(len(header)) if _mostly(sample, at, known)]
    labels += [at for at, name in enumerate(header) if _LABELS.match(name) and not labels]
    labels.sort(key=lambda at: (not _FIRST_LEVEL.search(header[at]), at))
    if not labels:
        labels = sorted((at for at in range(len(header)) if _is_label(sample, at)), key=lambda at: lengths[at])
    if not labels:
        raise TableUnreadable(f"{path}: no column looks like a category; call it `label`")
    label = labels[0]
    subjects = [at for at, name in enumerate(header) if _SUBJECTS.match(name) and at != label]
    texts = [at for at, name in enumerate(header) if _TEXTS.match(name) and at != label and at not in subjects]
    if not texts:
        texts = [at for at in range(len(header)) if at != label and at not in subjects] or subjects
    if not texts:
        raise TableUnreadable(f"{path}: no column holds messages; call it `text`")
    text = max(texts, key=lambda at: lengths[at])
    subject = next((at for at in subjects if at != text), None)
    weight = next((at for at, name in enumerate(header) if _WEIGHTS.match(name)), None)
    return label, text, subject, weight


def _is_label(sample: Sequence[Sequence[str]], at: int) -> bool:
    """Few values, each often, none a number or long."""
    values = [row[at].strip() for row in sample if at < len(row)]
    different = set(values)
    few = 1 < len(different) <= min(_MOST_LABELS, max(2, len(values) // 3))
    return few and not any(len(each) > 40 or re.fullmatch(r"[\d\s:./-]{3,}", each) for each in different)


def _mostly(sample: Sequence[Sequence[str]], at: int, known: Collection[str]) -> bool:
    values = [row[at].strip() for row in sample if at < len(row)]
    return 2 * sum(each in known for each in values) > len(values)


def _mean(sample: Sequence[Sequence[str]], at: int) -> float:
    return sum(len(row[at]) for row in sample if at < len(row)) / max(1, len(sample))


def _number(text: str) -> float:
    try:
        return min(100.0, max(0.0, float(text)))
    except ValueError:
        return 1.0
