"""The words that Spanish settles are those of its catalogue, and its reader is everywhere the same."""

import re
from pathlib import Path

import polib
from tests.docs.pages import read

import tongban

CATALOGUE = Path(tongban.__file__).parent / "web" / "locale" / "es" / "LC_MESSAGES" / "django.po"
ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|", re.M)
FAMILIAR = re.compile(r"\b(tú|tu|tus|ti|contigo|eres|tienes|puedes|quieres|debes|necesitas|haz)\b", re.I)


def _said() -> list[tuple[str, str]]:
    """Every English text with each of the ways in which Spanish says it."""
    entries = polib.pofile(str(CATALOGUE)).translated_entries()
    return [(entry.msgid, said) for entry in entries for said in (entry.msgstr, *entry.msgstr_plural.values()) if said]


def test_the_table_is_what_pages_say() -> None:
    said: dict[str, set[str]] = {}
    for english, spanish in _said():
        said.setdefault(english, set()).add(spanish)
    settled = ROW.findall(read("reference/spanish.md"))
    assert len(settled) > 30
    assert {english: said.get(english) for english, _ in settled} == {english: {word} for english, word in settled}


def test_the_reader_is_usted() -> None:
    assert [spanish for _, spanish in _said() if FAMILIAR.search(spanish)] == []


def test_quotes_are_spanish() -> None:
    assert [spanish for english, spanish in _said() if "“" in english and "«" not in spanish] == []
    assert [spanish for _, spanish in _said() if re.search("[“”]", spanish)] == []


def test_questions_and_exclamations_are_opened() -> None:
    without_addresses = ((said, re.sub(r'href="[^"]*"', "", said)) for _, said in _said())
    wrong = [said for said, text in without_addresses if any(text.count(a) != text.count(b) for a, b in ("?¿", "!¡"))]
    assert wrong == []
