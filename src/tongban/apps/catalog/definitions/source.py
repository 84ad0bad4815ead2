"""YAML read as plain JSON values, with the line of every value kept for those who report problems.

Scalars follow the JSON schema of YAML 1.2, not YAML 1.1: ``no`` is a word, ``01`` is text and a date stays text.
Numbers with a decimal point become ``Decimal``. Anchors, aliases, tags and repeated keys are refused: a definition is
read by people, and an alias can make a small file unfold into a huge one.
"""

import re
from collections.abc import Mapping, Sequence
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


class _Loader(yaml.SafeLoader):
    """The safe loader with the scalars of JSON and without aliases."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(line, "yaml.alias", "Anchors and aliases are not used here.", "write the value out in full")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _Refused(line, "yaml.tag", f"The tag {event.tag} is not used here.", "remove the tag")
        return super().compose_node(parent, index)


for _tag, _pattern, _first in (
    ("null", r"(?:null|~|)$", ["n", "~", ""]),
    ("bool", r"(?:true|false)$", list("tf")),
    ("int", r"-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def read_yaml(text: str, *, file: str) -> Document | Problem:
    """The document in ``text``, or the problem that keeps it from being read."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Problem(file, 0, "yaml.too-large", f"The file is larger than {MAX_BYTES // 1024} KiB.", "split it")
    lines: dict[Path, int] = {}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Problem(file, 1, "yaml.empty", "The file is empty.", "write the definition")
        return Document(file, _value(node, (), lines), lines)
    except _Refused as refused:
        return Problem(file, refused.line, refused.code, refused.message, refused.cure)
    except yaml.YAMLError as error:
        return _syntax(error, file=file)
    except RecursionError:
        return Problem(file, 1, "yaml.too-deep", "The file is nested too deeply.", "nest it less")


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    if len(path) > MAX_DEPTH:
        raise _Refused(node.start_mark.line + 1, "yaml.too-deep", "The file is nested too deeply.", "nest it less")
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Refused(line, "yaml.key", "A key must be a word.", "write a plain word before the colon")
        key = str(key_node.value)
        if key in found:
            raise _Refused(line, "yaml.repeated-key", f"`{key}` stands here twice.", "keep one of the two")
        # A reader looks for the key, not for the first line of a block under it.
        lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), lines)
    return found


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text == "true"
        case "int":
            return int(text) if len(text) <= 18 else Decimal(text)
        case "float":
            return Decimal(text)
        case _:
            return text


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
