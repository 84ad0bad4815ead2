"""YAML read as plain JSON values, with the line of every value kept for those who report problems.

Scalars follow the JSON schema of YAML 1.2, not YAML 1.1: ``no`` is a word, ``01`` is text and a date stays text.
Numbers with a decimal point become ``Decimal``. Anchors, aliases, tags and repeated keys are refused: a definition is
read by people, and an alias can make a small file unfold into a huge one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from .problems import Problem

__all__ = ["MAX_BYTES", "Document", "Path", "read_yaml"]

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value and where each part of it stands."""

    file: str
    value: Any
    lines: Mapping[Path, int]

    def line(self, *path: str | int) -> int:
        """The line of the value at ``path``, or of the nearest part around it."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(tuple(path[:length]))
            if found is not None:
                return found
        return 1

    def problem(self, path: Sequence[str | int], code: str, message: str, cure: str) -> Problem:
        """A problem of this file at ``path``."""
        return Problem(self.file, self.line(*path), code, message, cure)


class _Refused(Exception):
    def __init__(self, line: int, code: str, message: str, cure: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message, self.cure = line, code, message, cure


# The scanner written in C reads ten times as fast; it is part of PyYAML wherever libyaml is.
_SCANNER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_WORDS: Mapping[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_yaml(text: str, *, file: str) -> Document | Problem:
    """The document in ``text``, or the problem that keeps it from being read."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Problem(file, 0, "yaml.too-large", f"The file is larger than {MAX_BYTES // 1024} KiB.", "split it")
    lines: dict[Path, int] = {}
    try:
        events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_SCANNER))
        next(events)
        if not isinstance(next(events), yaml.DocumentStartEvent):
            return Problem(file, 1, "yaml.empty", "The file is empty.", "write the definition")
        value = _value(next(events), events, (), lines)
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            return Problem(file, _line(after), "yaml.several", "Several documents stand here.", "keep one in a file")
        return Document(file, value, lines)
    except _Refused as refused:
        return Problem(file, refused.line, refused.code, refused.message, refused.cure)
    except yaml.YAMLError as error:
        return _syntax(error, file=file)
    except UnicodeEncodeError:
        return Problem(file, 0, "yaml.syntax", "It holds half a character.", "save the file as plain UTF-8 text")


def _value(event: yaml.Event, events: Iterator[yaml.Event], path: Path, lines: dict[Path, int]) -> Any:
    line = _line(event)
    if len(path) > MAX_DEPTH:
        raise _Refused(line, "yaml.too-deep", "The file is nested too deeply.", "nest it less")
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _Refused(line, "yaml.alias", "Anchors and aliases are not used here.", "write the value out in full")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _Refused(line, "yaml.tag", f"The tag {tag} is not used here.", "remove the tag")
    lines.setdefault(path, line)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, path, lines)
    if isinstance(event, yaml.SequenceStartEvent):
        found: list[Any] = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            found.append(_value(inner, events, (*path, len(found)), lines))
        return found
    assert isinstance(event, yaml.ScalarEvent)
    return str(event.value) if event.style else _plain(str(event.value))


def _mapping(events: Iterator[yaml.Event], path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
            raise _Refused(line, "yaml.key", "A key must be a plain word.", "write a word before the colon")
        key = str(event.value)
        if key in found:
            raise _Refused(line, "yaml.repeated-key", f"`{key}` stands here twice.", "keep one of the two")
        # A reader looks for the key, not for the first line of a block under it.
        lines[(*path, key)] = line
        found[key] = _value(next(events), events, (*path, key), lines)
    return found


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= 18 else Decimal(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _syntax(error: yaml.YAMLError, *, file: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        what = ", ".join(str(part) for part in (error.context, error.problem) if part)
        return Problem(
            file,
            mark.line + 1 if mark else 0,
            "yaml.syntax",
            f"This is not YAML: {what}.",
            "check indentation, colons and quotes on this line and the one before",
        )
    reason = getattr(error, "reason", None) or "it cannot be read"
    return Problem(file, 0, "yaml.syntax", f"This is not YAML: {reason}.", "save the file as plain UTF-8 text")
