"""Checklists: what a right one says, one thing broken in it, and what answers to it come to."""

from decimal import Decimal

import pytest
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.definitions import Checklist, Finding
from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.checklists import failed, lacks, result_of
from tongban.apps.catalog.definitions.rehearsal import rehearse

FILE = "matters/bread-licence/checklist.yaml"
LIST = """\
title: {zh: "看面包店", en: "A look at the bakery"}
place: shop_name
shows: [kind_of_shop]
items:
  - code: clean
    ask: {zh: "干净", en: "It is clean"}
    kind: yes_no
    failing: rectify
    basis: {law: {zh: "面包法", en: "Bread Law"}, article: {zh: "第二条", en: "Article 2"}}
    cure: {zh: "打扫", en: "Clean it"}
    photo: failing
  - code: heat
    ask: {zh: "炉温", en: "Heat of the oven"}
    kind: number
    least: 180
    most: 260.5
    failing: fail
    basis: {law: {zh: "面包法", en: "Bread Law"}, article: {zh: "第三条", en: "Article 3"}}
    may_not_apply: true
    when: 'kind_of_shop = "oven"'
  - code: words
    ask: {zh: "还看到什么", en: "What else"}
    kind: text
  - code: front
    ask: {zh: "门头", en: "The front"}
    kind: photo
"""
THIRD = '    basis: {law: {zh: "面包法", en: "Bread Law"}, article: {zh: "第三条", en: "Article 3"}}\n'
OVEN = {"kind_of_shop": "oven"}
WHOLE = {"clean": Finding("yes"), "heat": Finding("200"), "words": Finding("—"), "front": Finding("", photos=1)}


@pytest.fixture
def listed(tiny: TinyCity) -> TinyCity:
    tiny.write(FILE, LIST)
    tiny.write(TinyCity.MATTER, tiny.read(TinyCity.MATTER) + "checklists:\n  - {node: inspect, file: checklist.yaml}\n")
    return tiny


def _checklist(tiny: TinyCity) -> Checklist:
    report = check_city(tiny.folder)
    assert report.problems == ()
    definition = report.matters[0].definition
    assert definition is not None
    return definition.checklists["inspect"]


def test_it_works(listed: TinyCity) -> None:
    found = _checklist(listed)
    assert found.fields == ("shop_name", "kind_of_shop")
    assert [item.code for item in found.items_for(OVEN)] == ["clean", "heat", "words", "front"]
    assert [item.code for item in found.items_for({"kind_of_shop": "stall"})] == ["clean", "words", "front"]
    assert found.items[1].most == Decimal("260.5")
    before = found.digest
    listed.change(FILE, "most: 260.5", "most: 261")
    assert _checklist(listed).digest != before


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("place: shop_name", "place: shop", "checklist.unknown-field"),
        ("code: heat", "code: clean", "checklist.item-twice"),
        ("kind: text", "kind: text\n    failing: fail", "checklist.not-judged"),
        ("kind: text", "kind: text\n    most: 3", "checklist.not-a-number"),
        ('    cure: {zh: "打扫", en: "Clean it"}\n', "", "checklist.no-cure"),
        ("    least: 180\n    most: 260.5\n", "", "checklist.no-bounds"),
        ("least: 180", "least: 300", "checklist.no-bounds"),
        (
            '    basis: {law: {zh: "面包法", en: "Bread Law"}, article: {zh: "第三条", en: "Article 3"}}\n',
            "",
            "checklist.no-basis",
        ),
        ('kind_of_shop = "oven"', 'kinds = "oven"', "feel.unknown-name"),
        ("kind: photo", "kind: film", "schema.choice"),
        ('en: "The front"', 'zh: "The front"', "yaml.repeated-key"),
    ],
)
def test_one_thing_is_broken(listed: TinyCity, old: str, new: str, code: str) -> None:
    listed.change(FILE, old, new)
    found = [problem for problem in check_city(listed.folder).problems if problem.code == code]
    assert found
    assert all(problem.file == FILE and problem.cure and problem.message for problem in found)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{node: inspect, file", "{node: decide, file", "checklist.node"),
        ("{node: inspect, file", "{node: nowhere, file", "checklist.node"),
        ("file: checklist.yaml}", "file: other.yaml}", "file.missing"),
        ("checklists:\n", "checklists:\n  - {node: inspect, file: checklist.yaml}\n", "checklist.twice"),
    ],
)
def test_the_matter_names_it_wrongly(listed: TinyCity, old: str, new: str, code: str) -> None:
    listed.change(TinyCity.MATTER, old, new)
    assert code in {problem.code for problem in check_city(listed.folder).problems}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, []),
        ({"clean": Finding("")}, ["clean unanswered"]),
        ({"clean": Finding("maybe")}, ["clean unknown"]),
        ({"clean": Finding("na")}, ["clean must-apply"]),
        ({"clean": Finding("no")}, ["clean no-photo"]),
        ({"clean": Finding("no", photos=2)}, []),
        ({"heat": Finding("na")}, []),
        ({"heat": Finding("warm")}, ["heat not-a-number"]),
        ({"heat": Finding("1e999999999")}, ["heat not-a-number"]),
        ({"heat": Finding("NaN")}, ["heat not-a-number"]),
        ({"words": Finding(" ")}, ["words unanswered"]),
        ({"words": Finding("长" * 1001)}, ["words too-long"]),
        ({"front": Finding("")}, ["front no-photo"]),
        ({"more": Finding("yes")}, ["more not-asked"]),
    ],
)
def test_what_a_record_lacks(listed: TinyCity, changed: dict[str, Finding], why: list[str]) -> None:
    items = _checklist(listed).items_for(OVEN)
    assert [f"{lack.item} {lack.why}" for lack in lacks(items, {**WHOLE, **changed})] == why


@pytest.mark.parametrize(
    ("changed", "comes_to", "codes"),
    [
        ({}, "pass", []),
        ({"clean": Finding("no")}, "rectify", ["clean"]),
        ({"heat": Finding("260.6")}, "fail", ["heat"]),
        ({"heat": Finding("260.5")}, "pass", []),
        ({"heat": Finding("179.9"), "clean": Finding("no")}, "fail", ["clean", "heat"]),
    ],
)
def test_the_worst_counts(listed: TinyCity, changed: dict[str, Finding], comes_to: str, codes: list[str]) -> None:
    items, findings = _checklist(listed).items_for(OVEN), {**WHOLE, **changed}
    assert result_of(items, findings) == comes_to
    assert [item.code for item in failed(items, findings)] == codes


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ("{clean: yes, words: x, front: x}", ""),
        ("{clean: no, words: x, front: x}", "the findings come to rectify, but the outcome is pass"),
        ("{clean: yes, front: x}", "the finding for `words` is refused: unanswered"),
    ],
)
def test_examples_say_what_was_found(listed: TinyCity, findings: str, told: str) -> None:
    listed.change(FILE, "    when: 'kind_of_shop = \"oven\"'\n", "    when: 'kind_of_shop = \"none\"'\n")
    listed.change(
        TinyCity.EXAMPLE, "node: inspect, outcome: pass", f"node: inspect, findings: {findings}, outcome: pass"
    )
    report = check_city(listed.folder)
    definition = report.matters[0].definition
    assert definition is not None, report.problems
    found = rehearse(definition=definition, example=definition.examples[0], calendar=report.calendar)
    assert told in "".join(found.differences)
    assert found.passed == (told == "")
