"""The worked example of the how-to is built from the page itself, checked, tried out and published."""

import re
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from tests.docs.pages import Block, blocks

PAGE = "how-to/add-a-matter.md"
SHARED, OWN, PUBLISHING = "## 1.", "## 4.", "## 5."


def run(*words: str) -> str:
    """What a person sees: what the command prints, and the closing line when it ends with status 1."""
    out = StringIO()
    try:
        call_command("definitions", *words, stdout=out)
    except CommandError as error:
        out.write(f"CommandError: {error}\n")
    return out.getvalue()


class Reader:
    """Somebody who does what the page says, block by block, in a copy of the demo city."""

    def __init__(self, city: Path) -> None:
        self.city = city

    def follow(self, block: Block) -> None:
        if block.language in ("yaml", "xml"):
            assert block.file, f"the page does not say where this goes:\n{block.text}"
            path = self.city / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "diff":
            removed = re.findall(r"^-(.*\n)", block.text, re.M)
            added = re.findall(r"^\+(.*\n)", block.text, re.M)
            self.change(block.file, "".join(removed), "".join(added))

    def change(self, name: str, old: str, new: str) -> None:
        path = self.city / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def type(self, line: str) -> str:
        words = line.removeprefix("$ tongban definitions ").split()
        return run(*(str(self.city) if word == "cities/mingchuan" else word for word in words))


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    shutil.copytree(settings.CITY, tmp_path / "city")
    # Other matters are tested elsewhere; without them, this is ten times as fast.
    for folder in (tmp_path / "city" / "matters").iterdir():
        shutil.rmtree(folder)
    (tmp_path / "city" / "windows.yaml").unlink()
    (tmp_path / "city" / "history.yaml").unlink()
    (tmp_path / "city" / "offers.yaml").unlink()
    (tmp_path / "city" / "rights.yaml").unlink()
    (tmp_path / "city" / "dispatch.yaml").unlink()
    (tmp_path / "city" / "supervision.yaml").unlink()
    shutil.rmtree(tmp_path / "city" / "bundles")
    shutil.rmtree(tmp_path / "city" / "registers")
    return Reader(tmp_path / "city")


def parts() -> Iterator[tuple[Block, str]]:
    """Each block with the console line last shown before it."""
    typed = ""
    for block in blocks(PAGE):
        if block.language == "console" and block.text.startswith("$ "):
            typed = block.text.splitlines()[0]
        yield block, typed


@pytest.mark.django_db
def test_every_block_of_the_page_does_what_the_page_says(reader: Reader) -> None:
    seen: list[str] = []
    for block, typed in parts():
        reader.follow(block)
        if block.language != "console":
            continue
        if block.given:
            name = f"matters/street-tree/{'matter.yaml' if 'check' in typed else 'examples/felled.yaml'}"
            reader.change(name, block.given["broken"], block.given["with"])
            assert reader.type(typed) == block.text
            reader.change(name, block.given["with"], block.given["broken"])
            seen.append("broken")
            continue
        printed = reader.type(typed)
        wanted = block.text.split("\n", 1)[1]
        # The page's reader has the other matters and the bundles of the city beside this one.
        assert printed == re.sub(r"\d+ matters and \d+ bundles", "1 matters", wanted), typed
        seen.append(typed.split()[3])
    assert seen == ["check", "broken", "test", "broken", "publish"]


def test_with_its_own_process_it_is_right_and_all_examples_come_true(reader: Reader) -> None:
    for block, _ in parts():
        reader.follow(block)
    assert run("check", str(reader.city)) == "1 matters checked, no problems.\n"
    printed = run("test", str(reader.city))
    assert printed.endswith("2 examples, 2 as expected, 0 not.\n"), printed
