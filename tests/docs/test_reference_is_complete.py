"""The reference of definitions names every key of every file, and none that does not exist."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.docs.pages import ROOT, rows, section

from tongban.apps.cases.operations import OPERATIONS
from tongban.apps.catalog.definitions.schema import SCHEMAS
from tongban.kernel.flow import ACTS, SPECIAL
from tongban.kernel.flow.vocabulary import PROPERTIES

PAGE = "reference/definitions.md"
FOLDER = ROOT / "src/tongban/apps/catalog/definitions/schemas"
HEADINGS = {"example": "## examples/*.yaml"}

_WORDS = re.compile(r"`([^`]+)`")


class Key(NamedTuple):
    """A key's path, whether it is required, and the values that it may have, where they are listed."""

    path: str
    required: bool
    listed: tuple[str, ...]


def load(schema: str) -> dict[str, Any]:
    """A schema as it is in its file."""
    found: dict[str, Any] = json.loads((FOLDER / f"{schema}.json").read_text("utf-8"))
    return found


def keys(part: Mapping[str, Any], root: Mapping[str, Any], path: str = "") -> Iterator[Key]:
    """Every key that a schema knows. Words that all schemas share, such as texts, are explained once."""
    local = str(part.get("$ref", ""))
    if local.startswith("#/$defs/"):
        yield from keys(root["$defs"][local.removeprefix("#/$defs/")], root, path)
    if local.startswith("urn:"):
        return
    for name, inner in part.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        yield Key(place, name in part.get("required", ()), tuple(_choices(inner)))
        yield from keys(inner, root, place)
    if isinstance(inner := part.get("additionalProperties"), dict):
        yield from keys(inner, root, f"{path}.*")
    if isinstance(inner := part.get("items"), dict):
        yield from keys(inner, root, f"{path}[]")


def _choices(part: Mapping[str, Any]) -> list[str]:
    """What stands in an enumeration, a constant or the enumeration of a list's entries."""
    if "const" in part:
        return [json.dumps(part["const"]) if isinstance(part["const"], bool) else part["const"]]
    inner = part.get("items", part)
    found: list[str] = inner.get("enum", [])
    return found


def documented(schema: str) -> dict[str, str]:
    """The rows of a schema's table, by key."""
    text = section(PAGE, HEADINGS.get(schema, f"## {schema}.yaml"))
    return {row: next(line for line in text.splitlines() if line.startswith(f"| `{row}` |")) for row in rows(text)}


def test_every_schema_is_here() -> None:
    assert {*SCHEMAS, "words"} == {path.stem for path in Path(FOLDER).glob("*.json")}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_key_is_documented_once(schema: str) -> None:
    wanted = [path for path, _, _ in keys(load(schema), load(schema))]
    text = section(PAGE, HEADINGS.get(schema, f"## {schema}.yaml"))
    assert sorted(rows(text)) == sorted(wanted)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_required_keys_are_bold_and_listed_values_are_told(schema: str) -> None:
    table = documented(schema)
    for path, required, listed in keys(load(schema), load(schema)):
        _, _, meaning, allowed, _ = table[path].split("|")
        assert ("**" in meaning) == required, table[path]
        told = _WORDS.findall(meaning + allowed)
        assert [value for value in listed if value not in told] == [], table[path]


def test_every_attribute_of_ours_is_documented_with_the_elements_that_it_stands_on() -> None:
    text = section(PAGE, "## tb: attributes in a process")
    wanted: dict[str, set[str]] = {}
    for element, names in PROPERTIES.items():
        for name in names:
            wanted.setdefault(f"tb:{name}", set()).add(element)
    lines = {row: next(line for line in text.splitlines() if line.startswith(f"| `{row}` |")) for row in rows(text)}
    assert sorted(rows(text)) == sorted(wanted)
    for name, elements in wanted.items():
        on = lines[name].split("|")[2]
        assert set(_WORDS.findall(on)) == (set() if name == "tb:name_en" else elements), lines[name]


@pytest.mark.parametrize(
    ("attribute", "values"), [("tb:act", [*ACTS]), ("tb:special", [*SPECIAL]), ("tb:operation", [*OPERATIONS])]
)
def test_the_values_of_attributes_are_all_told(attribute: str, values: list[str]) -> None:
    text = section(PAGE, "## tb: attributes in a process")
    line = next(line for line in text.splitlines() if line.startswith(f"| `{attribute}` |"))
    assert sorted(_WORDS.findall(line.split("|")[4])) == sorted(str(value) for value in values)
