"""Each app and each part of the kernel says beside its code what it is for; what it names is there."""

import importlib
import re
from pathlib import Path

import pytest
from tests.docs.pages import ROOT

SOURCE = ROOT / "src"
PARTS = sorted(
    each.parent for floor in ("apps", "kernel") for each in (SOURCE / "tongban" / floor).glob("*/__init__.py")
)


@pytest.mark.parametrize("part", [*PARTS, SOURCE / "tongban/kernel"], ids=lambda part: part.name)
def test_there_is_a_readme_of_a_page_with_what_enters_and_what_it_must_not_do(part: Path) -> None:
    text = (part / "README.md").read_text("utf-8")
    assert 10 <= len(text.splitlines()) <= 25
    assert "**What enters.**" in text
    assert "**What it must not do.**" in text


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_names_in_a_readme_exist(part: Path) -> None:
    package = ".".join(part.relative_to(SOURCE).parts)
    words = re.findall(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)?)`", (part / "README.md").read_text("utf-8"))
    for word in words:
        first, _, name = word.partition(".")
        if (part / f"{first}.py").exists() and name not in ("py", "yaml"):
            module = importlib.import_module(f"{package}.{first}")
            assert not name or hasattr(module, name), word
        elif part.parent.name == "kernel" and "_" in first and not name:
            assert hasattr(importlib.import_module(package), first), word
