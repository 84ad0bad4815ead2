"""Bundles: read, checked, walked, published; one thing broken in a right one is told with file, line and code."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from tests.apps.catalog.test_command import refused, run
from tests.apps.catalog.test_publish import DAY, bakery, publish
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog import bundles
from tongban.apps.catalog.definitions.bundles import Bundle, BundleFiles, compile_bundle, plan, ways
from tongban.apps.catalog.definitions.checker import CityReport, check_city
from tongban.apps.catalog.errors import DefinitionsInvalid, UnknownBundle
from tongban.apps.catalog.models import BundleVersion, Matter
from tongban.apps.people.models import Department
from tongban.kernel.clock import calendar_for

__all__ = ["bakery"]

FILE = "bundles/party/bundle.yaml"
RULES = "bundles/party/guide.dmn"

BUNDLE = """\
code: party
name: {zh: "开派对", en: "A party"}
summary: {zh: "面包和蛋糕一起办。", en: "Bread and cake together."}
keywords: {zh: ["派对"], en: ["party"]}
icon: shop
served: ["1", "2"]
guide:
  - id: kind
    title: {zh: "哪一种？", en: "Which kind?"}
    fields: {bread-licence: kind_of_shop}
    choices:
      - {value: oven, label: {zh: "有烤箱", en: "With an oven"}}
      - {value: stall, label: {zh: "摊子", en: "A stall"}}
  - id: sweet
    title: {zh: "卖蛋糕吗？", en: "Cake too?"}
    when: 'kind = "oven"'
    choices:
      - {value: "yes", label: {zh: "卖", en: "Yes"}}
      - {value: "no", label: {zh: "不卖", en: "No"}}
parts:
  - matter: cake-licence
    need: optional
    when: 'sweet = "yes"'
    after:
      - {part: bread-licence, why: {zh: "先有面包。", en: "Bread first."}}
    later: [note]
  - matter: bread-licence
shared:
  - id: shop_name
    title: {zh: "店名", en: "Name"}
    fields: {bread-licence: shop_name, cake-licence: shop_name}
examples:
  - name: {zh: "都卖", en: "Both"}
    answers: {kind: oven, sweet: "yes"}
    parts: [bread-licence, cake-licence]
    materials: [bread-licence.floor_plan]
    fee: 0
    visits: 0
  - name: {zh: "摆摊", en: "A stall"}
    answers: {kind: stall}
    parts: [bread-licence]
    materials: []
"""

TABLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="guide" name="guide" namespace="urn:tiny">
  <inputData id="input_sweet" name="sweet"><variable name="sweet"/></inputData>
  <decision id="applies" name="applies">
    <variable name="applies"/>
    <informationRequirement><requiredInput href="#input_sweet"/></informationRequirement>
    <decisionTable hitPolicy="COLLECT">
      <input><inputExpression typeRef="string"><text>sweet</text></inputExpression></input>
      <output name="matter" typeRef="string"/>
      <rule id="cake"><inputEntry><text>"yes"</text></inputEntry>
        <outputEntry><text>"cake-licence"</text></outputEntry></rule>
      <rule id="all"><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"bread-licence"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pytest.fixture
def party(tiny: TinyCity) -> TinyCity:
    """A city with two matters and a bundle of them."""
    tiny.copy_matter("cake-licence")
    tiny.write(FILE, BUNDLE)
    return tiny


def bundle_of(report: CityReport) -> Bundle:
    (read,) = report.bundles
    assert read.bundle is not None
    return read.bundle


def definitions_of(report: CityReport) -> dict[str, Any]:
    return {one.files.code: one.definition for one in report.matters}


def test_it_works(party: TinyCity) -> None:
    report = check_city(party.folder)
    assert report.problems == ()
    bundle = bundle_of(report)
    assert bundle.name.in_language("en") == "A party"
    assert [part.matter for part in bundle.parts] == ["bread-licence", "cake-licence"]
    assert [question.id for question in bundle.asked({"kind": "oven"})] == ["kind", "sweet"]
    assert [question.id for question in bundle.asked({"kind": "stall"})] == ["kind"]
    found = plan(bundle=bundle, answers={"kind": "oven", "sweet": "yes"}, definitions=definitions_of(report))
    assert [(each.matter, each.stage) for each in found.parts] == [("bread-licence", 0), ("cake-licence", 1)]
    # One plan serves both, and the stall's owner of the second is not known to need one.
    assert [(paper.name, paper.matters) for paper in found.to_bring] == [
        ("bread-licence.floor_plan", ("bread-licence", "cake-licence"))
    ]
    assert [paper.spec.code for paper in found.on_file] == ["identity"]
    assert found.fee.is_zero()
    assert found.visits == 0


BROKEN = [
    ("icon: shop", "icon: spaceship", "schema.choice", 0),
    ('name: {zh: "开派对", en: "A party"}', 'name: {zh: "开派对"}', "language.missing", 0),
    ("code: party", "code: party2", "bundle.code", 0),
    ("  - matter: cake-licence\n", "  - matter: cakes\n", "matter.unknown", 0),
    ("  - matter: bread-licence\n", "  - matter: bread-licence\n  - matter: bread-licence\n", "bundle.part-twice", 1),
    ("{part: bread-licence,", "{part: bread,", "bundle.unknown-part", 0),
    (
        "  - matter: bread-licence\n",
        "  - matter: bread-licence\n    after: [{part: cake-licence, why: {zh: 先, en: First}}]\n",
        "bundle.circle",
        None,
    ),
    ("{part: bread-licence,", "{part: cake-licence,", "bundle.circle", None),
    ("later: [note]", "later: [notes]", "form.unknown-field", 0),
    ("later: [note]", "later: [shop_name]", "bundle.later-shared", 0),
    ("  - matter: bread-licence\n", "  - {matter: bread-licence, later: [note]}\n", "bundle.later-after-nothing", 0),
    ("- id: sweet", "- id: kind", "bundle.question-twice", 0),
    ("{value: stall,", "{value: oven,", "bundle.choice-twice", 0),
    ("{value: stall,", "{value: tent,", "bundle.choice-unfit", -3),
    ("kind_of_shop}", "kind_of}", "form.unknown-field", 0),
    ("fields: {bread-licence: kind_of_shop}", "fields: {bread: kind_of_shop}", "bundle.unknown-part", 0),
    ("when: 'kind = \"oven\"'", "when: 'sweet = \"oven\"'", "feel.unknown-name", 0),
    ("when: 'kind = \"oven\"'", "when: 'kind ='", "feel.syntax", 0),
    ("when: 'kind = \"oven\"'", "when: 'kind = \"tent\"'", "bundle.unreachable", None),
    ("when: 'sweet = \"yes\"'", "when: 'kind = \"tent\"'", "bundle.unreachable", None),
    ("when: 'sweet = \"yes\"'", "need: optional", "yaml.repeated-key", 0),
    ("when: 'sweet = \"yes\"'", "when: 'kind = \"oven\"'", "bundle.idle-question", None),
    ('served: ["1", "2"]', 'served: ["1", "3"]', "bundle.served", None),
    ("cake-licence: shop_name}", "cake-licence: ovens}", "bundle.shared-differs", 0),
    ("cake-licence: shop_name}", "cake-licence: phone}", "bundle.shared-differs", 0),
    ("cake-licence: shop_name}", "cake-licence: kind_of_shop}", "bundle.shared-differs", 0),
    ("cake-licence: shop_name}", "cake-licence: careful}", "bundle.shared-pledge", 0),
    ("{bread-licence: shop_name, cake-licence: shop_name}", "{bread-licence: shop_name}", "bundle.shared-alone", 0),
    ("{bread-licence: shop_name,", "{bread-licence: kind_of_shop,", "bundle.shared-twice", 0),
    (
        "examples:\n",
        "materials: [{bread-licence: plan, cake-licence: plan}]\nexamples:\n",
        "bundle.unknown-material",
        0,
    ),
    (
        "examples:\n",
        "materials: [{bread-licence: floor_plan, cake-licence: identity}]\nexamples:\n",
        "bundle.paper-differs",
        0,
    ),
    ("examples:\n", "materials: [{bread-licence: floor_plan}]\nexamples:\n", "schema.min-properties", 0),
    ("answers: {kind: stall}", "answers: {kind: tent}", "example.answer", 0),
    ("answers: {kind: stall}", 'answers: {kind: stall, sweet: "yes"}', "example.not-asked", 0),
    ("answers: {kind: stall}", "answers: {kind: oven}", "example.answer", 0),
    ("answers: {kind: stall}", "answers: {kind: stall, sort: big}", "example.answer", 0),
    ("served:", "rules: guide.dmn\nserved:", "file.missing", 0),
    ("served:", "rules: ../guide.dmn\nserved:", "file.outside", 0),
]


@pytest.mark.parametrize(("old", "new", "code", "away"), BROKEN)
def test_what_is_wrong_is_told(party: TinyCity, old: str, new: str, code: str, away: int | None) -> None:
    line = party.change(FILE, old, new)
    found = list(check_city(party.folder).problems)
    told = [problem for problem in found if problem.code == code]
    assert told, found
    assert all(problem.file == FILE and problem.cure and problem.message for problem in told)
    if away is not None:
        assert line + away in [problem.line for problem in told]


def test_more_than_five_questions_are_too_many(party: TinyCity) -> None:
    asked = "".join(
        f"  - {{id: q{no}, title: {{zh: 问, en: Ask}}, fields: {{cake-licence: kind_of_shop}},\n"
        "     choices: [{value: oven, label: {zh: 是, en: Oven}}, {value: stall, label: {zh: 否, en: Stall}}]}\n"
        for no in range(4)
    )
    party.change(FILE, "parts:\n  - matter: cake", f"{asked}parts:\n  - matter: cake")
    (problem,) = check_city(party.folder).problems
    assert (problem.code, problem.cure) == ("schema.max-items", "ask at most five questions")
    assert "6 entries, 5 are allowed" in problem.message


def test_a_matter_that_cannot_be_read_is_not_held_against_the_bundle(party: TinyCity) -> None:
    party.write("matters/cake-licence/form.yaml", "[")
    assert {problem.file for problem in check_city(party.folder).problems} == {"matters/cake-licence/form.yaml"}


def test_a_table_says_what_applies(party: TinyCity) -> None:
    party.write(RULES, TABLE)
    party.change(FILE, "served:", "rules: guide.dmn\nserved:")
    party.change(FILE, "when: 'sweet = \"yes\"'", "when: 'list contains(applies, \"cake-licence\")'")
    report = check_city(party.folder)
    assert report.problems == ()
    bundle = bundle_of(report)
    assert [part.matter for part in bundle.parts_for({"kind": "oven", "sweet": "yes"})] == [
        "bread-licence",
        "cake-licence",
    ]
    assert [part.matter for part in bundle.parts_for({"kind": "oven", "sweet": "no"})] == ["bread-licence"]


def test_a_table_that_needs_what_is_not_asked(party: TinyCity) -> None:
    party.write(RULES, TABLE.replace('name="sweet"', 'name="sour"').replace("<text>sweet</text>", "<text>sour</text>"))
    party.change(FILE, "served:", "rules: guide.dmn\nserved:")
    assert "rules.unknown-input" in [problem.code for problem in check_city(party.folder).problems]


def test_a_table_that_cannot_be_read(party: TinyCity) -> None:
    party.write(RULES, "<definitions")
    party.change(FILE, "served:", "rules: guide.dmn\nserved:")
    (problem,) = check_city(party.folder).problems
    assert problem.file == RULES


def test_time_runs_along_the_longest_way_of_dependencies(party: TinyCity) -> None:
    report = check_city(party.folder)
    calendar = calendar_for()
    start = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    both = plan(bundle=bundle_of(report), answers={"kind": "oven", "sweet": "yes"}, definitions=definitions_of(report))
    one = plan(bundle=bundle_of(report), answers={"kind": "stall"}, definitions=definitions_of(report))
    assert calendar.local_date(one.promised(start=start, calendar=calendar)) == date(2026, 3, 12)
    assert calendar.local_date(both.promised(start=start, calendar=calendar)) == date(2026, 3, 24)
    party.change(FILE, '    after:\n      - {part: bread-licence, why: {zh: "先有面包。", en: "Bread first."}}\n', "")
    party.change(FILE, "    later: [note]\n", "")
    report = check_city(party.folder)
    side = plan(bundle=bundle_of(report), answers={"kind": "oven", "sweet": "yes"}, definitions=definitions_of(report))
    assert side.promised(start=start, calendar=calendar) == one.promised(start=start, calendar=calendar)
    assert side.promised_apart(start=start, calendar=calendar) == both.promised(start=start, calendar=calendar)


@given(
    answers=st.dictionaries(
        st.sampled_from(["kind", "sweet", "other"]), st.sampled_from(["oven", "stall", "yes", "no", "", "tent", None])
    )
)
def test_the_guide_takes_any_answers(answers: dict[str, Any]) -> None:
    """Whatever stands in an address: only asked and known answers count, and they are a beginning of some way."""
    bundle = compile_bundle(BundleFiles("party", {"bundle.yaml": BUNDLE})).bundle
    assert bundle is not None
    clean = bundle.clean(answers)
    assert bundle.clean(clean) == clean
    assert any(clean.items() <= way.items() for way in ways(bundle))
    done = [part.matter for part in bundle.parts_for(answers)]
    for part in bundle.parts_for(answers):
        assert all(one.part not in done[done.index(part.matter) :] for one in part.after)


def test_examples_are_run(party: TinyCity) -> None:
    assert run("check", party.folder) == "2 matters and 1 bundles checked, no problems.\n"
    line = BUNDLE[: BUNDLE.index('  - name: {zh: "都卖"')].count("\n") + 1
    printed = run("test", party.folder, "--bundle", "party")
    assert printed.startswith(f"ok     {FILE}:{line}  Both\n")
    assert printed.endswith("2 examples, 2 as expected, 0 not.\n")
    assert run("test", party.folder).endswith("4 examples, 4 as expected, 0 not.\n")
    party.change(FILE, "materials: [bread-licence.floor_plan]", "materials: []")
    party.change(FILE, "    fee: 0\n", "    fee: 3.5\n")
    party.change(FILE, "    parts: [bread-licence]\n", "    parts: []\n")
    printed, closing = refused("test", party.folder)
    assert "         materials: expected none, found bread-licence.floor_plan\n" in printed
    assert "         fee: expected 3.5, found 0\n" in printed
    assert "         parts: expected none, found bread-licence\n" in printed
    assert closing == "4 examples, 2 as expected, 2 not."
    assert refused("test", party.folder, "--bundle", "nothing")[1] == "0 examples, 0 as expected, 0 not."


def test_a_bundle_that_cannot_be_read_is_not_passed_over(party: TinyCity) -> None:
    party.write(FILE, "[")
    assert "Not readable, so not run: party" in refused("test", party.folder)[1]


def test_publishing(party: TinyCity, bakery: Department, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    assert publish(party) == [("bread-licence", 1), ("cake-licence", 1), ("party", 1)]
    assert publish(party) == []
    found = bundles.get_bundle(code="party", on=DAY)
    assert (found.version, found.effective_from) == (1, DAY)
    planned = bundles.plan_bundle(bundle=found.definition, answers={"kind": "stall"}, on=DAY)
    assert [each.matter for each in planned.parts] == ["bread-licence"]
    party.change(FILE, 'en: "A party"', 'en: "A feast"')
    assert publish(party, since=date(2026, 4, 1)) == [("party", 2)]
    assert bundles.get_bundle(code="party", on=DAY).definition.name.en == "A party"
    with django_assert_max_num_queries(2):
        (row,) = [one for one in bundles.list_bundles(on=date(2026, 4, 1)) if one.code == "party"]
    assert row.definition.name.en == "A feast"
    assert bundles.get_bundle_version(version_id=found.version_id).definition.name.en == "A party"
    with pytest.raises(UnknownBundle):
        bundles.get_bundle(code="party", on=date(2026, 3, 1))


def test_a_bundle_that_the_folder_no_longer_has(party: TinyCity, bakery: Department) -> None:
    publish(party)
    version = BundleVersion.objects.get(bundle="party").pk
    (party.folder / FILE).unlink()
    (party.folder / FILE).parent.rmdir()
    publish(party)
    assert "party" in [one.code for one in bundles.list_bundles(on=DAY)]
    publish(party, withdraw_missing=True)
    assert bundles.list_bundles(on=DAY) == ()
    assert bundles.get_bundle_version(version_id=version).code == "party"


def test_a_withdrawn_matter_is_left_out(party: TinyCity, bakery: Department) -> None:
    publish(party)
    Matter.objects.filter(pk="cake-licence").update(withdrawn_from=DAY)
    bundle = bundles.get_bundle(code="party", on=DAY).definition
    planned = bundles.plan_bundle(bundle=bundle, answers={"kind": "oven", "sweet": "yes"}, on=DAY)
    assert [each.matter for each in planned.parts] == ["bread-licence"]


def test_nothing_is_published_with_a_bundle_that_is_wrong(party: TinyCity, bakery: Department) -> None:
    party.change(FILE, "{part: bread-licence,", "{part: bread,")
    with pytest.raises(DefinitionsInvalid):
        publish(party)
