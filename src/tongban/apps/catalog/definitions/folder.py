"""The files of a matter, from a city's folder or from a published version: the same texts under the same names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .problems import Problem
from .source import MAX_BYTES, Document, read_yaml

__all__ = ["LARGEST_FILE", "MatterFiles", "read_folder", "read_text"]

LARGEST_FILE = 5_000_000


@dataclass(frozen=True, slots=True)
class MatterFiles:
    """The texts of one matter by the name under which ``matter.yaml`` knows them.

    ``labels`` gives the place of each in the city's folder, for problems. A shared process or rules file of the city
    is among the texts: a published version is whole.
    """

    code: str
    texts: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """Where a file stands in the city's folder."""
        return self.labels.get(name, f"matters/{self.code}/{name}")

    def examples(self) -> tuple[str, ...]:
        """The names of the example files, in order."""
        return tuple(sorted(name for name in self.texts if name.startswith("examples/")))

    def digest(self) -> str:
        """SHA-256 over names and texts, in hexadecimal; equal exactly when nothing has changed."""
        plain = json.dumps(dict(self.texts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def read_folder(*, city: Path, code: str) -> tuple[MatterFiles, list[Problem]]:
    """The files of ``matters/<code>`` and the shared ones that it names, with what could not be read."""
    home = city / "matters" / code
    texts: dict[str, str] = {}
    labels: dict[str, str] = {}
    problems: list[Problem] = []

    def take(name: str, path: Path) -> None:
        label = path.relative_to(city).as_posix()
        found = read_text(path, file=label)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            texts[name], labels[name] = found, label

    for name in ("matter.yaml", "form.yaml"):
        take(name, home / name)
    for path in sorted(home.glob("examples/*.yaml")):
        take(f"examples/{path.name}", path)
    for name, line in _named(texts.get("matter.yaml", "")):
        label = f"matters/{code}/matter.yaml"
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            problems.append(
                Problem(
                    label, line, "file.outside", f"`{name}` leads out of the folder.", "name a file inside the city"
                )
            )
        elif (home / name).is_file():
            take(name, home / name)
        elif (city / name).is_file():
            take(name, city / name)
        else:
            cure = "name a file of this folder, or one of the city such as processes/standard.bpmn"
            problems.append(Problem(label, line, "file.missing", f"There is no file `{name}`.", cure))
    return MatterFiles(code, texts, labels), problems


def read_text(path: Path, *, file: str) -> str | Problem:
    """A file's text, or why it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Problem(
                file, 0, "file.too-large", f"The file is larger than {LARGEST_FILE // 1_000_000} MB.", "make it smaller"
            )
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return Problem(file, 0, "file.missing", "The file is missing.", "write it")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Problem(file, line, "file.not-utf8", "The file is not UTF-8 text.", "save it as UTF-8")
    except OSError as error:
        return Problem(
            file, 0, "file.unreadable", f"The file cannot be read: {error.strerror}.", "check its kind and permissions"
        )


def _named(text: str) -> list[tuple[str, int]]:
    """Process, rules and checklist files that a ``matter.yaml`` names, with lines; none when it cannot be read."""
    document = read_yaml(text, file="") if 0 < len(text) <= MAX_BYTES else None
    if not isinstance(document, Document) or not isinstance(document.value, dict):
        return []
    named: list[tuple[str, int]] = []
    process, rules = document.value.get("process"), document.value.get("rules")
    if isinstance(process, str):
        named.append((process, document.line("process")))
    for index, name in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(name, str):
            named.append((name, document.line("rules", index)))
    checklists = document.value.get("checklists")
    for index, entry in enumerate(checklists if isinstance(checklists, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("file"), str):
            named.append((entry["file"], document.line("checklists", index, "file")))
    return list({name: (name, line) for name, line in reversed(named)}.values())[::-1]
