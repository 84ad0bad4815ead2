"""What is kept word for word: a text beside the tests that a reviewer can read, compared line by line.

Where a change is meant, `TONGBAN_KEEP=1 python -m pytest tests/kernel/flow` writes the texts anew; what differs is then
read in the diff of the commit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from difflib import unified_diff
from enum import Enum
from pathlib import Path
from typing import Any

from tongban.kernel.flow import Event
from tongban.kernel.rules import Expression

__all__ = ["FOLDER", "event_lines", "keep", "picture_lines", "words"]

FOLDER = Path(__file__).parent / "kept"


def keep(name: str, lines: Iterable[str]) -> None:
    """Fail unless the kept text of that name has exactly these lines."""
    path, now = FOLDER / name, [line.rstrip() for each in lines for line in each.splitlines() or [each]]
    if os.environ.get("TONGBAN_KEEP"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(now) + "\n", "utf-8")
    before = path.read_text("utf-8").splitlines() if path.exists() else []
    said = "\n".join(unified_diff(before, now, f"kept/{name}", "now", lineterm="", n=1))
    assert not said, said


def picture_lines(svg: str) -> list[str]:
    """A picture with one element a line; a browser still shows it."""
    return svg.replace("><", ">\n<").splitlines()


def event_lines(log: Sequence[Event], since: int = 0) -> list[str]:
    """A log as text, from an event on: the head of each, what belongs to a task that ended, its data key by key."""
    found = []
    for number, event in enumerate(log[since:], since + 1):
        about = [event.node and f"at {event.node}", event.task and f"task {event.task}", event.department]
        who = " ".join(part for part in (event.actor, event.capacity) if part)
        head = [event.kind, *(str(one) for one in about if one), *([f"by {who}"] if who else [])]
        found.append(f"{number} {event.at:%m-%d %H:%M} {', '.join(head)}")
        before = [event.previous_activity, event.previous_department, _short(event.previous_at)]
        spent = [
            f"{key} {_short(value)}" for key, value in event._asdict().items() if key in _SPENT and value is not None
        ]
        found.append(
            f"  after {' '.join(one for one in before if one) or 'nothing'}{''.join(f'; {one}' for one in spent)}"
        )
        found += [
            f"  {key}: {json.dumps(event.data[key], ensure_ascii=False, sort_keys=True)}" for key in sorted(event.data)
        ]
    return found


_SPENT = ("opened", "claimed", "finished", "waiting", "working")


def _short(value: Any) -> str:
    return f"{value:%m-%d %H:%M}" if hasattr(value, "hour") else "" if value is None else str(value)


def words(value: Any) -> str:
    """A value on one line: of a record, only the fields that say something."""
    if isinstance(value, Expression):
        return f"{{{value.text}}}"
    if isinstance(value, Enum):
        return value.name.lower()
    if hasattr(value, "_field_defaults"):
        told = {key: each for key, each in value._asdict().items() if each != value._field_defaults.get(key, _NONE)}
        return _record(type(value).__name__, told)
    if is_dataclass(value) and not isinstance(value, type):
        given = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
        return _record(type(value).__name__, {key: each for key, (each, default) in given.items() if each != default})
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{words(key)}: {words(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, (frozenset, set)):
        return "{" + ", ".join(words(each) for each in sorted(value)) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(words(each) for each in value) + "]"
    return str(value)


_NONE = object()


def _record(name: str, told: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{key}={words(each)}' for key, each in told.items())})"
