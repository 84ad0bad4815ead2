"""The Chinese catalogue has every word of the screens, whole, and is compiled."""

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import call_command

import tongban

SOURCE = Path(tongban.__file__).parent
LOCALE = SOURCE / "web" / "locale"
CATALOGUE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
FURTHER = sorted(path for path in LOCALE.glob("*/LC_MESSAGES/django.po") if path != CATALOGUE)
"""Languages beside the two that are complete: held to the same rules in what they say; the rest is English."""
# %(name)s, {name}, tags with their addresses: what must be the same in a translation.
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>|%%")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")

Key = tuple[str | None, str, str]


def _entries() -> dict[Key, polib.POEntry]:
    return {_key(entry): entry for entry in polib.pofile(str(CATALOGUE))}


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def _said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_everything_is_translated() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    assert len(catalogue) > 800
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_no_placeholder_is_lost_or_made_up() -> None:
    wrong = {
        entry.msgid: said
        for entry in _entries().values()
        for said in _said(entry)
        if Counter(PLACES.findall(entry.msgid_plural or entry.msgid)) != Counter(PLACES.findall(said))
    }
    assert wrong == {}


def test_punctuation_is_chinese() -> None:
    wrong = [said for entry in _entries().values() for said in _said(entry) if HALF_WIDTH.search(said)]
    assert wrong == []


def test_what_is_compiled_is_what_is_written() -> None:
    """The compiled file is kept with the source, so that running needs no gettext tools."""
    compiled = {_key(entry): _said(entry) for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    assert compiled == {key: _said(entry) for key, entry in _entries().items()}


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext's tools are not installed")
def test_the_catalogue_has_the_words_of_the_source(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Collected afresh (``make messages``), the catalogue has the same entries: none missing, none left over."""
    for path in [*(each for kind in ("py", "html", "txt") for each in SOURCE.rglob(f"*.{kind}")), CATALOGUE]:
        copy = tmp_path / path.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    settings.LOCALE_PATHS = [tmp_path / LOCALE.relative_to(SOURCE)]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["zh_Hans"], verbosity=0)
    fresh = polib.pofile(str(tmp_path / CATALOGUE.relative_to(SOURCE)))
    now, kept = {_key(entry) for entry in fresh}, set(_entries())
    assert now - kept == set(), "run `make messages` and translate these"
    assert kept - now == set(), "run `make messages`: these are said no more"
    assert [entry.msgid for entry in fresh if not entry.translated()] == []


# --- further languages ------------------------------------------------------------------------------------------------

EACH = pytest.mark.parametrize("path", FURTHER, ids=lambda path: path.parts[-3])


@EACH
def test_a_further_language_has_the_same_texts_and_guesses_none(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert {_key(entry) for entry in catalogue} == set(_entries()), "run `make messages`"


@EACH
def test_a_further_language_loses_no_placeholder(path: Path) -> None:
    wrong = {
        entry.msgid: said
        for entry in polib.pofile(str(path)).translated_entries()
        for said in _said(entry)
        if Counter(PLACES.findall(entry.msgid_plural or entry.msgid)) != Counter(PLACES.findall(said))
    }
    assert wrong == {}


@EACH
def test_a_further_language_is_compiled_as_it_is_written(path: Path) -> None:
    written = {_key(entry): _said(entry) for entry in polib.pofile(str(path)).translated_entries()}
    assert written, "a language that says nothing is none"
    assert {_key(entry): _said(entry) for entry in polib.mofile(str(path.with_suffix(".mo")))} == written
