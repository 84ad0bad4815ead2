"""Words that a city adds to those of the product."""

from pathlib import Path

import pytest
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.synonyms import Synonyms, check_synonyms, read_synonyms
from tongban.apps.catalog.searching.index import Index, build
from tongban.apps.catalog.searching.reading import read
from tongban.apps.catalog.searching.thesaurus import Thesaurus


def write(tiny: TinyCity, text: str) -> None:
    """The city's own list."""
    (tiny.folder / "synonyms.yaml").write_text(text, "utf-8")


def index_of(tiny: TinyCity, *rows: tuple[str, str]) -> Index:
    synonyms = read_synonyms(tiny.folder)
    assert isinstance(synonyms, Synonyms), synonyms
    return build(rows, synonyms)


def test_it_works(tiny: TinyCity) -> None:
    write(tiny, "concepts:\n  bread: {words: {zh: [面包, 馍馍], en: [bread, loaf]}, near: [food]}\n")
    assert check_city(tiny.folder).problems == ()
    index = index_of(tiny, ("bread-licence", "面包许可\tBread licence\n烘焙"))
    for typed in ("馍馍", "breads", "a loaf", "食品"):
        assert "c:bread" in read(typed, index).tokens or "c:food" in read(typed, index).tokens, typed
    assert read("馍馍", index).tokens["c:bread"] > read("馍馍", index).tokens["c:food"]


def test_words_of_both_lists_count(tiny: TinyCity) -> None:
    write(tiny, "concepts:\n  newborn: {words: {zh: [毛伢]}}\n")
    found = read_synonyms(tiny.folder)
    assert isinstance(found, Synonyms)
    assert {"毛伢", "宝宝"} <= set(found.concepts["newborn"].words)
    assert found.concepts["newborn"].near == ("child",)


def test_words_for_one_matter(tiny: TinyCity) -> None:
    write(tiny, "matters:\n  bread-licence: {zh: [馒头证]}\n")
    index = index_of(tiny, ("bread-licence", "面包许可\tBread licence\n烘焙"))
    assert "馒头" in index.postings


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("matters:\n  bread-licence: {zh: [馍]}\n  cake-licence: {zh: [糕]}\n", "matter.unknown", 3),
        ("concepts:\n  bread:\n    words: {zh: [馍]}\n    near: [stone]\n", "synonyms.unknown", 4),
        ("concepts:\n  bread: {word: {zh: [馍]}}\n", "schema.unknown-key", 2),
        ("concepts:\n  a bread: {words: {zh: [馍]}}\n", "schema.key-name", 2),
        ("filler: {zh: 我要}\n", "schema.type", 1),
        ("confusable: [帐]\n", "schema.min-length", 1),
        ("concepts: [\n", "yaml.syntax", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tiny: TinyCity, text: str, code: str, line: int) -> None:
    write(tiny, text)
    found = check_synonyms(tiny.folder, matters=["bread-licence"])
    assert [(problem.code, problem.line) for problem in found] == [(code, line)]
    assert all(problem.cure for problem in found)


def test_the_longest_word_wins() -> None:
    synonyms = read_synonyms(Path("/nowhere"))
    assert isinstance(synonyms, Synonyms)
    thesaurus = Thesaurus.of(synonyms)
    assert [span.text for span in thesaurus.scan("我要办个体户")] == ["我要", "办", "个体户"]
    assert {"social_insurance"} <= thesaurus.concepts_in("social security card")
    assert thesaurus.concepts_in("I got fired") == {"unemployment"}


def test_every_concept_of_the_base_list_leads_somewhere() -> None:
    synonyms = read_synonyms(Path("/nowhere"))
    assert isinstance(synonyms, Synonyms)
    for code, concept in synonyms.concepts.items():
        assert concept.words, code
        assert {*concept.near} <= synonyms.concepts.keys(), code
        assert code not in concept.near, code
