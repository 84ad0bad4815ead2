"""Search in the demo city: what people type, and what they must find."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from tests.apps.catalog.test_publish import DAY, bakery, publish
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog import queries
from tongban.apps.catalog.city import get_synonyms
from tongban.apps.catalog.models import Matter
from tongban.apps.catalog.searching import ranking, text
from tongban.apps.catalog.searching.index import build, updated
from tongban.apps.people.models import Department

__all__ = ["bakery"]

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("我要开个小饭馆", {"food-business-licence", "restaurant-opening"}),
        ("开餐馆", {"food-business-licence", "restaurant-opening"}),
        ("restaurant", {"food-business-licence", "restaurant-opening"}),
        ("I want to open a restaurant", {"food-business-licence", "restaurant-opening"}),
        ("restau", {"food-business-licence", "restaurant-opening"}),
        ("老年证", {"senior-card"}),
        ("老人坐公交", {"senior-card"}),
        ("senior citizen card", {"senior-card"}),
        ("低保", {"minimum-living-allowance"}),
        ("居住证怎么办", {"residence-permit"}),
        ("怎么办理退休", {"pension-claim"}),
        ("孩子出生上户口", {"newborn-registration"}),
        ("food business licences", {"food-business-licence"}),
    ],
)
def test_the_first_is_what_was_meant(city: Path, typed: str, first: set[str]) -> None:
    found = queries.search(text=typed, on=ON)
    assert found, typed
    assert found[0].code in first, [row.code for row in found]


def test_both_restaurant_matters_are_found(city: Path) -> None:
    codes = [row.code for row in queries.search(text="我要开个小饭馆", on=ON)]
    assert {"food-business-licence", "restaurant-opening"} <= set(codes[:3])


@pytest.mark.parametrize("typed", ["", "   ", "zzzzqqq", "zzzz", "jjj", "？！", "龘", "%", "_", "'; zzqx; --" * 50])
def test_nothing_fits_nonsense(city: Path, typed: str) -> None:
    assert queries.search(text=typed, on=ON) == ()


def test_name_over_keyword_over_summary(tiny: TinyCity, bakery: Department) -> None:
    for code, old, new in (
        ("by-name", '"面包许可", en: "Bread licence"}\nsummary', '"苜蓿许可", en: "Lucerne licence"}\nsummary'),
        ("by-keyword", '["开面包店", "烘焙"]', '["苜蓿", "烘焙"]'),
        ("by-summary", '"开面包店之前要办的证。"', '"种苜蓿之前要办的证。"'),
    ):
        tiny.copy_matter(code)
        tiny.change(f"matters/{code}/matter.yaml", old, new)
    publish(tiny)
    # A summary alone may be too weak to be shown beside the others, but never stands before them.
    codes = [row.code for row in queries.search(text="苜蓿", on=DAY)]
    assert codes[:2] == ["by-name", "by-keyword"]
    assert codes[2:] in ([], ["by-summary"])


def test_what_was_just_published_is_found(tiny: TinyCity, bakery: Department) -> None:
    assert "bread-licence" not in [row.code for row in queries.search(text="烘焙", on=DAY)]
    publish(tiny)
    assert [row.code for row in queries.search(text="烘焙", on=DAY)] == ["bread-licence"]
    tiny.change(tiny.MATTER, '"烘焙"', '"苜蓿"')
    publish(tiny)
    assert queries.search(text="烘焙", on=DAY) == ()
    assert [row.code for row in queries.search(text="苜蓿", on=DAY)] == ["bread-licence"]


def test_an_index_brought_up_to_date_is_as_one_made_anew(city: Path) -> None:
    rows = dict(Matter.objects.order_by("pk").values_list("pk", "search_text"))
    others = dict(list(rows.items())[:-1])
    changed = dict(list(rows.items())[3:6])
    old = build([(code, "" if code in changed else text) for code, text in others.items()], get_synonyms())
    before = {token: list(places) for token, (places, _) in old.postings.items()}
    new, anew = updated(old, rows | changed, get_synonyms()), build(rows.items(), get_synonyms())
    assert (new.codes, new.phrases, new.postings) == (anew.codes, anew.phrases, anew.postings)
    assert (new.words, new.syllables) == (anew.words, anew.syllables)
    assert {token: list(places) for token, (places, _) in old.postings.items()} == before, "others are reading it"


def test_words_taken_out_of_a_matter_are_gone_from_the_index(city: Path) -> None:
    rows = list(Matter.objects.order_by("pk").values_list("pk", "search_text"))
    new = updated(build(rows, get_synonyms()), {rows[0][0]: "新名\tNew name"}, get_synonyms())
    anew = build([(rows[0][0], "新名\tNew name"), *rows[1:]], get_synonyms())
    assert new.postings == anew.postings


def test_while_one_brings_it_up_to_date_others_search_as_before(tiny: TinyCity, bakery: Department) -> None:
    held = ranking.get_index()
    publish(tiny)  # in another process, as it were: this one still has its index
    ranking._held = (0, held)
    with ranking._lock:
        assert ranking.get_index() is held
    assert ranking.get_index() is not held
    assert "bread-licence" in ranking.get_index().codes


def test_words_are_cut_in_many_threads_at_once() -> None:
    """Whoever searches while another thread does: the first search of a process builds the index beside others."""
    stems, ends = ("licenc", "regist", "appl", "employ"), ("es", "ing", "ations", "ed")
    words = [f"{stem}{end}" for stem in stems for end in ends]
    cut = text.stem.__wrapped__  # nothing is kept of what was cut before
    alone = [cut(word) for word in words]
    every = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            told = list(threads.map(lambda _: [cut(word) for word in words], range(60)))
    finally:
        sys.setswitchinterval(every)
    assert told == [alone] * 60
