"""The worked bundle of the how-to is built from the page itself, checked, tried out and published."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from tests.docs.pages import blocks
from tests.docs.test_add_a_matter import Reader, run

PAGE = "how-to/add-a-bundle.md"
FILE = "bundles/shop-front/bundle.yaml"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    shutil.copytree(settings.CITY, tmp_path / "city")
    # Other matters and bundles are tested elsewhere; without them, this is ten times as fast.
    for folder in (tmp_path / "city" / "matters").iterdir():
        if folder.name not in ("shop-sign", "road-occupation"):
            shutil.rmtree(folder)
        else:
            _without_sources(folder / "matter.yaml")
    shutil.rmtree(tmp_path / "city" / "bundles")
    shutil.rmtree(tmp_path / "city" / "registers")
    (tmp_path / "city" / "windows.yaml").unlink()
    (tmp_path / "city" / "history.yaml").unlink()
    (tmp_path / "city" / "offers.yaml").unlink()
    (tmp_path / "city" / "rights.yaml").unlink()
    (tmp_path / "city" / "dispatch.yaml").unlink()
    (tmp_path / "city" / "supervision.yaml").unlink()
    return Reader(tmp_path / "city")


def _without_sources(file: Path) -> None:
    """Let papers name no other matter and no register from which they come: these are not here."""
    file.write_text(re.sub(r"^ {4}from:\n(?: {6}- .*\n)+", "", file.read_text("utf-8"), flags=re.M), "utf-8")


@pytest.mark.django_db
def test_every_block_of_the_page_does_what_the_page_says(reader: Reader) -> None:
    run("publish", str(reader.city))  # the matters of the city are in force already
    seen: list[str] = []
    typed = ""
    for block in blocks(PAGE):
        reader.follow(block)
        if block.language != "console":
            continue
        if block.given:
            old, new = (block.given[key].replace("\\n", "\n").replace('\\"', '"') for key in ("broken", "with"))
            reader.change(FILE, old, new)
            assert reader.type(typed) == block.text
            reader.change(FILE, new, old)
            seen.append("broken")
            continue
        typed, wanted = block.text.split("\n", 1)
        # The page's reader has the other matters and bundles of the city beside these; their numbers grow.
        assert reader.type(typed) == re.sub(r"\d+ matters and \d+ bundles", "2 matters and 1 bundles", wanted), typed
        seen.append(typed.split()[3])
    assert seen == ["check", "broken", "test", "broken", "publish"]
