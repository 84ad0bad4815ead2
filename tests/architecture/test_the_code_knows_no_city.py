"""Nothing in the code knows the demo city: its places, people and matters are data."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CITIES = sorted(path.parent for path in (ROOT / "cities").glob("*/city.yaml"))
ENDINGS = {".py", ".html", ".yaml", ".json", ".po"}
# The one place that names a folder: the setting's default.
ALLOWED = {("src/tongban/config/settings.py", "CITY = ")}
COMMON = {"admin"}


def words(city: Path) -> set[str]:
    """What only this city has: its code and names, sign-ins, people's names, companies, matters."""
    own = yaml.safe_load((city / "city.yaml").read_text("utf-8"))
    people = yaml.safe_load((city / "people.yaml").read_text("utf-8"))
    found = {
        own["code"],
        own["name"]["en"],
        own["name"]["zh"].rstrip("市"),
        *(each["code"] for each in own["districts"]),
    }
    found |= {row["username"] for row in people["people"]}
    found |= {row["credit_code"] for row in people["organisations"]}
    found |= {row["name"]["zh"] for row in people["people"] if "resident" in row["roles"]}
    found |= {path.name for path in (city / "matters").iterdir() if path.is_dir()}
    return found - COMMON


@pytest.mark.parametrize("city", CITIES, ids=lambda path: path.name)
def test_it_works(city: Path) -> None:
    own = sorted(words(city))
    pattern = re.compile("|".join(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in own), re.I)
    files = {
        path: path.read_text("utf-8")
        for path in sorted((ROOT / "src").rglob("*"))
        if path.suffix in ENDINGS and path.is_file()
    }
    assert len(files) > 500
    told = [
        f"{path.relative_to(ROOT)}:{number}: {found.group()}"
        for path, text in files.items()
        if _may_have(text, own)
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := pattern.search(line))
        and not any(str(path.relative_to(ROOT)) == file and start in line for file, start in ALLOWED)
    ]
    assert told == []


def _may_have(text: str, own: list[str]) -> bool:
    """Whether it is worth looking line by line."""
    small = text.lower()
    return any(word.lower() in small for word in own)
