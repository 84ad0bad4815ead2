"""Every command of ours is documented with all of its options and defaults, and nothing that is not there."""

import argparse
import re
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from tests.docs.pages import DOCS, read, rows, section

from tongban.api.v1.clients import SCOPES
from tongban.kernel.flow import Obstacle

PAGE = "reference/commands.md"
_OF_THE_MACHINE = {"--processes": "one for each processor"}


def options(parser: argparse.ArgumentParser, given: frozenset[str], words: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each command that can be typed, with its own options and their defaults; ``given`` are those of all commands."""
    found: dict[str, str] = {}
    inner: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            inner = dict(action.choices)
            continue
        name = action.option_strings[-1] if action.option_strings else action.dest
        if name not in given:
            found[name] = "" if action.default in (None, False) else str(action.default)
    if not inner:
        yield words, found
    for name, below in inner.items():
        yield from options(below, given, f"{words} {name}")


def inherited(command: BaseCommand) -> frozenset[str]:
    """What the command has from code that is not ours."""
    foreign = next(kind for kind in type(command).__mro__ if not kind.__module__.startswith("tongban."))
    parser = foreign().create_parser("tongban", "help")
    return frozenset(string for action in parser._actions for string in (*action.option_strings, action.dest))


def ours() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, app in get_commands().items():
        if not str(app).startswith("tongban."):
            continue
        command = load_command_class(str(app), name)
        parser = command.create_parser("tongban", name)
        found.update(options(parser, inherited(command), f"tongban {name.replace('_', '-')}"))
    return found


COMMANDS = ours()


def test_every_command_is_documented_and_nothing_else() -> None:
    headings = re.findall(r"^## `(tongban [^`]+)`$", read(PAGE), re.M)
    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_is_documented_with_its_default(words: str) -> None:
    text = section(PAGE, f"## `{words}`")
    assert sorted(rows(text)) == sorted(COMMANDS[words])
    for name, default in COMMANDS[words].items():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        told = line.split("|")[3]
        assert _OF_THE_MACHINE.get(name, default) in told, line


def test_every_scope_of_a_client_is_documented() -> None:
    text = section(PAGE, "## `tongban api-client create`")
    line = next(line for line in text.splitlines() if line.startswith("| `--scopes` |"))
    assert re.findall(r"`([a-z]+:[a-z]+)`", line) == [*SCOPES]


def test_commands_of_others_that_are_named_are_there() -> None:
    known = set(get_commands())
    named = rows(section(PAGE, "## Of the libraries"))
    assert named
    for name in named:
        assert name.replace("-", "_") in known, name


def test_commands_that_other_pages_type_are_there() -> None:
    known = set(get_commands())
    for page in ("how-to/run-a-city.md", "how-to/add-a-matter.md"):
        typed = re.findall(r"^(?:\$ )?tongban ([a-z-]+)", read(page), re.M)
        assert typed
        assert [name for name in typed if name.replace("-", "_") not in known] == [], page


def test_settings_that_other_pages_name_are_in_their_reference() -> None:
    known = set(rows(read("reference/settings.md")))
    for page in DOCS.rglob("*.md"):
        named = set(re.findall(r"TONGBAN_[A-Z_]+", page.read_text("utf-8")))
        assert named <= known, page.name


def test_everything_that_may_stand_against_a_move_is_told() -> None:
    told = re.findall(r"^- `([^`]+)`: ", section(PAGE, "## `tongban definitions migrate`"), re.M)
    assert told == [str(one) for one in Obstacle]
