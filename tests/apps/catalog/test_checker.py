"""The checker: one thing broken in a right city, found with its file, line, code and cure."""

import json
from importlib import resources

import pytest
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog import definitions
from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.definitions.documents import fill, read_documents
from tongban.apps.catalog.definitions.problems import Problem

MATTER, FORM, RULES = TinyCity.MATTER, TinyCity.FORM, TinyCity.RULES
PROCESS, EXAMPLE = TinyCity.PROCESS, TinyCity.EXAMPLE


def problems(tiny: TinyCity) -> list[Problem]:
    found = list(check_city(tiny.folder).problems)
    assert found == sorted(found)
    for problem in found:
        assert problem.message, problem
        assert problem.cure, problem
    return found


def test_it_works(tiny: TinyCity) -> None:
    report = check_city(tiny.folder)
    assert report.problems == ()
    assert [matter.files.code for matter in report.matters] == ["bread-licence"]
    definition = report.matters[0].definition
    assert definition is not None
    assert definition.name.in_language("en") == "Bread licence"
    assert definition.name.in_language("zh-hans") == "面包许可"
    assert str(definition.promised) == "8 working days"
    assert definition.implementation_code("113617000000000196") == "1136170000000001963000131023000"
    assert [one.code for one in definition.materials_for({"kind_of_shop": "stall"})] == ["identity"]


# Each row changes one thing: the file, what stands there, what is put instead, the code ("" when it stays right, None
# for any), and where it must be told (lines from the changed one; None: wherever).
TWICE = "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 2</loopCondition></standardLoopCharacteristics>"
BROKEN = [
    # The shape of a file.
    (MATTER, "icon: shop", "icon: spaceship", "schema.choice", 0),
    (MATTER, "icon: shop", "icon: 7", "schema.choice", 0),
    (MATTER, "kind: promised", "kinds: promised", "schema.unknown-key", 0),
    (MATTER, "visits: 0\n", "", "schema.missing", None),
    (MATTER, 'level: "3"', "level: 3", "schema.choice", 0),
    (MATTER, "topics: [business]", "topics: [business, business]", "schema.unique-items", 0),
    (MATTER, "promised: 8 working days", "promised: a while", "schema.pattern", 0),
    (MATTER, "fee: {amount: 0,", "fee: {amount: 1.234,", "schema.multiple-of", 0),
    (MATTER, 'name: {zh: "面包许可", en: "Bread licence"}', 'name: {zh: "面包许可"}', "language.missing", 0),
    (MATTER, 'name: {zh: "面包许可", en: "Bread licence"}', 'name: {zh: " ", en: "Bread"}', "language.missing", 0),
    (MATTER, 'name: {zh: "面包许可"', f'name: {{zh: "{"长" * 121}"', "schema.max-length", 0),
    (MATTER, "code: bread-licence", "code: bread-licence\ncode: again", "yaml.repeated-key", 1),
    (FORM, "type: object\n", "type: array\n", "schema.choice", 0),
    (FORM, "type: string, format: mobile,", "type: string, format: fax,", "schema.choice", 0),
    (FORM, "maxLength: 300", "maxLength: many", "schema.type", 0),
    (FORM, "  note: {", "  two words: {", "schema.key-name", 0),
    (FORM, "maxLength: 300", "pattern: '['", "schema.format", 0),
    (EXAMPLE, "at: 2026-03-02T09:30:00+08:00", "at: 2026-03-02T09:30:00", "schema.format", 0),
    (EXAMPLE, "do: accept", "do: dance", "schema.choice", 0),
    # The form as a whole.
    (FORM, "fields: [exits]", "fields: [exit]", "form.unknown-field", 0),
    (FORM, "fields: [exits]", "fields: [shop_name]", "form.asked-twice", 0),
    (FORM, "fields: [exits]", "fields: [shop_name]", "form.unasked", None),
    (FORM, "{id: fire,", "{id: shop,", "form.step-twice", 0),
    (FORM, "required: [shop_name,", "required: [shopname,", "form.unknown-field", 0),
    (FORM, 'stall: {zh: "摊子", en: "A stall"}', "", "language.missing", None),
    (FORM, ', stall: {zh: "摊子"', ', tent: {zh: "帐", en: "T"}, stall: {zh: "摊子"', "form.label-unused", 0),
    (FORM, "{type: string, maxLength: 300,", "{type: integer, maxLength: 300,", "form.word-for-other-type", 0),
    (FORM, "x-when: 'kind_of_shop = \"oven\"'", "x-when: 'kind_of_shop ='", "feel.syntax", 0),
    (FORM, "x-when: 'kind_of_shop = \"oven\"'", "x-when: 'kind_of_shops = \"oven\"'", "feel.unknown-name", 0),
    (FORM, "x-when: 'kind_of_shop = \"oven\"'", "x-when: 'exits > 1'", "feel.unknown-name", 0),
    (FORM, 'when: "ovens > 3"', 'when: "exits > 3"', "feel.unknown-name", 0),
    # The rules of the catalogue.
    (MATTER, "promised: 8 working days", "promised: 21 working days", "limit.promise-longer", 0),
    (MATTER, "promised: 8 working days", "promised: 30 calendar days", "limit.promise-longer", 0),
    (MATTER, "promised: 8 working days", "promised: 2 working days", "limit.steps-longer", 0),
    (MATTER, "kind: promised", "kind: instant", "limit.instant", 0),
    (MATTER, "statutory: 20 working days", "statutory: 21 working days", "limit.ceiling", 0),
    (MATTER, "statutory: 20 working days", "statutory: 29 calendar days", "limit.ceiling", 0),
    (MATTER, "extension: 10 working days", "extension: 11 working days", "limit.ceiling", 0),
    (MATTER, "extension: 10 working days", "extension: 10 calendar days", "limit.extension-unit", 0),
    (MATTER, "limit: 5 working days}", "limit: 6 working days}", "special.limit", 0),
    (MATTER, "{node: inspect,", "{node: inspect, procedure: hearing,", "special.of-what", 0),
    (MATTER, "{node: inspect,", "{procedure: lunch,", "schema.choice", 0),
    (MATTER, "visits: 0", "visits: 1", "visits.no-reason", 0),
    (MATTER, 'ways: ["1", "2"]', 'ways: ["1", "3"]', "visits.no-way", 0),
    (MATTER, 'visits: 0', 'visits: 1\nvisits_reason: {zh: "看", en: "look"}\n#', "", None),
    (MATTER, 'ways: ["1", "2"]\narea: city', 'ways: ["2"]\narea: city', "", None),
    (MATTER, 'complaint: "0789-8812346"', 'complaint: "07898810001"', "phones.same", 0),
    (MATTER, "faq:", "#faq:", "faq.missing", None),
    (MATTER, "minutes: 3", "minutes: 3\nonline_payment: true", "fee.free-payment", 1),
    (MATTER, '  sample: {shop_name: "样例"}\n', "", "result.no-sample", None),
    (MATTER, 'sample: {shop_name: "样例"}', 'sample: {other: "样例"}', "result.no-sample", 0),
    (MATTER, "  code: MB\n", "", "result.no-code", None),
    (MATTER, 'source: "20", form: fetched', 'source: "20", form: upload', "material.government", 0),
    (MATTER, 'source: "20", form: fetched', 'source: "10", form: held', "material.not-held", 0),
    (MATTER, "{code: identity,", "{code: floor_plan,", "material.twice", 0),
    (MATTER, "{node: inspect,", "{node: inspection,", "special.unknown-node", 0),
    (MATTER, "{node: inspect,", "{node: decide,", "special.not-marked", 0),
    (MATTER, "{node: inspect,", "{node: decide,", "special.not-told", None),
    # One file about another.
    (MATTER, "code: bread-licence", "code: cake-licence", "matter.code", 0),
    (MATTER, "authority: bakery", "authority: bakers", "department.unknown", 0),
    (MATTER, "authority: bakery", "authority: bakery\njoint_with: [police]", "department.unknown", 1),
    (MATTER, "authority: bakery", "authority: bakery\njoint_with: [fire]", "lane.joint", 1),
    (MATTER, "process: processes/inspected.bpmn", "process: processes/other.bpmn", "file.missing", 0),
    (MATTER, "process: processes/inspected.bpmn", "process: ../../../outside.bpmn", "file.outside", 0),
    (MATTER, "rules: [rules.dmn]", "rules: [other.dmn]", "file.missing", 0),
    (MATTER, "{field: shop_name,", "{field: name_of_shop,", "result.unknown-field", 0),
    (MATTER, "when: 'kind_of_shop = \"oven\"'", "when: 'kind = \"oven\"'", "feel.unknown-name", 0),
    (MATTER, "rules: [rules.dmn]\n", "", "decision.unknown", None),
    (PROCESS, 'tb:decision="size"', 'tb:decision="weight"', "decision.unknown", 0),
    (PROCESS, 'shop_name != "none"', 'shop != "none"', "feel.unknown-name", -1),
    (PROCESS, 'shop_name != "none"', 'shop_name != ', "condition.feel", None),
    (PROCESS, 'tb:department="window"', 'tb:department="door"', "lane.department", None),
    (PROCESS, 'tb:department="window"', 'tb:department="responsible"', "lane.dispatch", None),
    (PROCESS, 'tb:act="accept"', 'tb:act="accept" tb:dispatches="true"', "lane.responsible", 0),
    (PROCESS, 'id="big" default="f_small"', 'id="big"', "condition.missing", 0),
    (PROCESS, 'tb:act="decide"', 'tb:act="review"', "process.no-decision", None),
    (PROCESS, 'sourceRef="seen" targetRef="decide"', 'sourceRef="seen" targetRef="inspect"', "node.unreachable", None),
    (PROCESS, '<userTask id="decide"', '<transaction id="decide"', "element.unsupported", 0),
    (PROCESS, ' isExecutable="true"', "", "", None),
    (PROCESS, 'shop_name != "none"', "loopCounter = 1", "feel.unknown-name", None),
    (PROCESS, 'tb:special="inspection"/>', f'tb:special="inspection">{TWICE}</userTask>', "", None),
    (PROCESS, '<endEvent id="end"/>', '<endEvent id="end">', "xml.malformed", None),
    (PROCESS, '<endEvent id="end"/>', '<endEvent id="end"/><callActivity id="x"/>', "call.unknown", 0),
    (RULES, '<text>ovens</text>', '<text>oven</text>', "rules.unknown-name", None),
    (RULES, '<output name="outcome"', '<output name="reason"', "rules.reason-language", None),
    (RULES, '<text>"denied"</text>', '<text>"denied</text>', None, None),
    (RULES, "</definitions>", "", None, None),
    # Examples.
    (EXAMPLE, 'phone: "13900000001"', 'phone: "1390000"', "example.answer", 0),
    (EXAMPLE, "exits: 2", "exits: 2, sign: big", "example.answer", 0),
    (EXAMPLE, "ovens: 4", "ovens: 2", "example.not-asked", 0),
    (EXAMPLE, "materials: [floor_plan]", "materials: []", "example.material", 0),
    (EXAMPLE, "materials: [floor_plan]", "materials: [floor_plan, cake]", "example.material", 0),
    (EXAMPLE, "node: inspect", "node: inspection", "example.node", 0),
    (EXAMPLE, "node: decide, ", "", "example.node", 0),
    (EXAMPLE, "by: window", "by: door", "department.unknown", 0),
    # The city.
    ("departments.yaml", '"113617000000000196"', '"113617000000000197"', "number.credit-code", 0),
    ("departments.yaml", "code: fire", "code: bakery", "department.twice", None),
    ("departments.yaml", "code: fire", "code: Fire", "schema.pattern", 0),
    ("city.yaml", "timezone: Asia/Shanghai", "zone: Asia/Shanghai", "schema.missing", None),
    ("city.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Shanghai\nfront_desk: door", "department.unknown", 1),
    ("departments.yaml", "code: fire", "code: authority", "department.general", 0),
    ("departments.yaml", "code: fire", "code: window", "department.general", 0),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "line"), BROKEN)
def test_a_broken_thing_is_found(
    tiny: TinyCity, file: str, old: str, new: str, code: str | None, line: int | None
) -> None:
    at = tiny.change(file, old, new)
    found = problems(tiny)
    if code == "":
        assert found == []
        return
    if code is None:
        assert file in {problem.file for problem in found}
        return
    assert code in {problem.code for problem in found}, found
    if line is not None:
        assert (file, at + line) in {(problem.file, problem.line) for problem in found if problem.code == code}, found


ISSUING = (
    '<serviceTask id="issue" name="制证" tb:name_en="Issue" tb:operation="issue_certificate"/><endEvent id="end"/>',
    'targetRef="issue"/>\n    <sequenceFlow id="f7" sourceRef="issue" targetRef="end"/>',
)


def test_a_process_that_issues_what_the_matter_does_not_have_is_found(tiny: TinyCity) -> None:
    tiny.change(PROCESS, '<endEvent id="end"/>', ISSUING[0])
    tiny.change(PROCESS, 'targetRef="end"/>', ISSUING[1])
    assert problems(tiny) == []
    at = tiny.change(MATTER, "type: certificate", "type: none")
    (problem,) = problems(tiny)
    assert (problem.code, problem.file, problem.line) == ("result.none-issued", MATTER, at)
    assert "`issue`" in problem.message


def test_an_answer_may_share_a_process_that_issues(tiny: TinyCity) -> None:
    tiny.change(PROCESS, '<endEvent id="end"/>', ISSUING[0])
    tiny.change(PROCESS, 'targetRef="end"/>', ISSUING[1])
    tiny.change(MATTER, "type: certificate", "type: none")
    tiny.change(MATTER, "process: processes", "conclusion: answer\nprocess: processes")
    assert "result.none-issued" not in {problem.code for problem in problems(tiny)}


def test_everything_is_told_at_once(tiny: TinyCity) -> None:
    tiny.change(MATTER, "icon: shop", "icon: spaceship")
    tiny.change(FORM, "fields: [exits]", "fields: [exit]")
    tiny.change(PROCESS, 'tb:decision="size"', 'tb:decision="weight"')
    tiny.change("departments.yaml", "code: fire", "code: Fire")
    files = {problem.file for problem in problems(tiny)}
    assert {MATTER, FORM, "departments.yaml"} <= files


def test_a_cure_guesses_what_was_meant(tiny: TinyCity) -> None:
    tiny.change(MATTER, "kind: promised", "knid: promised")
    cures = {problem.code: problem.cure for problem in problems(tiny)}
    assert cures["schema.unknown-key"] == "did you mean `kind`?"


def test_a_number_for_a_text_is_cured_with_quotes(tiny: TinyCity) -> None:
    tiny.change(MATTER, 'basic_code: "000131023000"', "basic_code: 131023000000")
    (problem,) = [problem for problem in problems(tiny) if problem.code == "schema.type"]
    assert "in quotes" in problem.cure


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        (MATTER, b"\xff\xfe\x00", "file.not-utf8"),
        (MATTER, b"", "yaml.empty"),
        (MATTER, b"- just\n- a list\n", "schema.type"),
        (MATTER, b"name: [1, 2\n", "yaml.syntax"),
        (FORM, b"a: &a [*a]\n", "yaml.alias"),
        (PROCESS, b"", "xml.malformed"),
        (PROCESS, b"<html/>", "bpmn.not-bpmn"),
        (PROCESS, b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "xml.doctype"),
        (EXAMPLE, b"name: x\n", "schema.missing"),
        ("departments.yaml", b"departments: {}\n", "schema.type"),
        ("calendar.yaml", b"country: CN\n", "schema.missing"),
        (
            "calendar.yaml",
            b'country: CN\ntimezone: Mars/Olympus\noffice_hours: [{start: "09:00", end: "17:00"}]\n',
            "calendar.invalid",
        ),
        (
            "calendar.yaml",
            b'country: CN\ntimezone: Asia/Shanghai\noffice_hours: [{start: "17:00", end: "09:00"}]\n',
            "calendar.invalid",
        ),
    ],
)
def test_a_file_that_is_something_else(tiny: TinyCity, file: str, content: bytes, code: str) -> None:
    (tiny.folder / file).write_bytes(content)
    assert (file, code) in {(problem.file, problem.code) for problem in problems(tiny)}


@pytest.mark.parametrize(
    "content", [b"", b"<html/>", b"<a><b></a>", b"\x00\x01", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"]
)
def test_rules_that_are_something_else(tiny: TinyCity, content: bytes) -> None:
    (tiny.folder / RULES).write_bytes(content)
    assert RULES in {problem.file for problem in problems(tiny)}


@pytest.mark.parametrize("file", [MATTER, FORM, PROCESS, RULES, "city.yaml", "departments.yaml"])
def test_a_missing_file_is_named(tiny: TinyCity, file: str) -> None:
    (tiny.folder / file).unlink()
    assert "file.missing" in {problem.code for problem in problems(tiny)}


def test_a_matter_needs_an_example(tiny: TinyCity) -> None:
    (tiny.folder / EXAMPLE).unlink()
    assert [problem.code for problem in problems(tiny)] == ["example.none"]


def test_two_matters_do_not_share_a_basic_code(tiny: TinyCity) -> None:
    tiny.copy_matter("cake-licence")
    assert problems(tiny) == []
    text = tiny.read("matters/cake-licence/matter.yaml")
    line = next(line for line in text.splitlines() if line.startswith("basic_code"))
    tiny.change("matters/cake-licence/matter.yaml", line, 'basic_code: "000131023000"')
    assert [(one.file, one.code) for one in problems(tiny)] == [
        ("matters/cake-licence/matter.yaml", "matter.basic-code")
    ]


def test_a_rule_that_decides_says_granted_and_denied(tiny: TinyCity) -> None:
    tiny.change(
        PROCESS,
        '<businessRuleTask id="classify" name="分类"',
        '<businessRuleTask id="classify" tb:act="decide" name="分类"',
    )
    assert problems(tiny) == []
    line = tiny.change(RULES, '<text>"denied"</text>', '<text>"perhaps"</text>')
    told = {(problem.line, problem.code) for problem in problems(tiny)}
    assert (line, "rules.outcome") in told
    tiny.change(RULES, '<text>"perhaps"</text>', '<text>"granted"</text>')
    (problem,) = problems(tiny)
    assert "never says `denied`" in problem.message


def test_no_such_folder(tiny: TinyCity) -> None:
    report = check_city(tiny.folder / "nowhere")
    assert [problem.code for problem in report.problems] == ["city.missing"]


def test_a_city_without_matters(tiny: TinyCity) -> None:
    for path in sorted((tiny.folder / "matters").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert [problem.code for problem in problems(tiny)] == ["city.no-matters"]


def test_people_and_windows_are_checked(tiny: TinyCity) -> None:
    tiny.write(
        "people.yaml",
        'people:\n  - {username: a1, name: {zh: "甲", en: "A"}, roles: [handler], department: nowhere, '
        'identity_number: "440524188001010015"}\n'
        "mandates:\n  - {agent: nobody, matters: all, valid_from: 2026-01-01}\n",
    )
    tiny.write(
        "windows.yaml",
        'centres:\n  - code: hall\n    name: {zh: "厅", en: "Hall"}\n    address: {zh: "街", en: "Street"}\n'
        '    windows: [{code: "A1", name: {zh: "窗", en: "Desk"}, matters: [flying-licence]}]\n',
    )
    assert {(problem.file, problem.line, problem.code) for problem in problems(tiny)} == {
        ("people.yaml", 2, "department.unknown"),
        ("people.yaml", 2, "people.identity-number"),
        ("people.yaml", 4, "mandate.whom"),
        ("people.yaml", 4, "people.unknown"),
        ("windows.yaml", 5, "matter.unknown"),
    }


def test_topics_are_those_of_the_schema() -> None:
    schema = json.loads((resources.files(definitions) / "schemas" / "matter.json").read_text("utf-8"))
    assert tuple(schema["properties"]["topics"]["items"]["enum"]) == definitions.TOPICS


# What the city's own history.yaml may say wrongly: the text, the code, the line.
HISTORIES = [
    ("pace: {baker: {all: 2}}", "department.unknown", 1),
    ("arrivals:\n  matters: {cake-licence: 2}", "matter.unknown", 2),
    ("arrivals:\n  months: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]", "history.never", 2),
    ("arrivals: {weekdays: [1, 2]}", "schema.min-items", 1),
    ("rates: {rated: 2}", "schema.maximum", 1),
    ("waiting: {accept: [0, 1]}", "schema.exclusive-minimum", 1),
    ('addresses: {pattern: "{road}"}', "schema.pattern", 1),
    ("paces: {}", "schema.unknown-key", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), HISTORIES)
def test_a_history_that_cannot_be_is_found(tiny: TinyCity, text: str, code: str, line: int) -> None:
    tiny.write("history.yaml", text + "\n")
    assert [(one.file, one.code, one.line) for one in problems(tiny)] == [("history.yaml", code, line)]


def test_a_front_desk_has_what_lanes_call_window(tiny: TinyCity) -> None:
    definition = check_city(tiny.folder).matters[0].definition
    assert definition is not None
    assert definition.process.node("accept").department == "bakery"  # no front desk: the authority's own
    tiny.change("city.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Shanghai\nfront_desk: fire")
    definition = check_city(tiny.folder).matters[0].definition
    assert definition is not None
    assert definition.process.node("accept").department == "fire"


# What the city's own documents.yaml may say wrongly: the text, the code, the line.
DOCUMENTS = [
    ('number: "{case}"', "schema.pattern", 1),
    ('number: "{entry}-{case}-{office}"', "documents.place", 1),
    ("foot: {zh: '{hash}', en: '{hsh}'}", "documents.place", 1),
    (
        "documents:\n  receipt: {title: {zh: '据', en: 'R'}, body: [{text: {zh: '{when}', en: '{date}'}}]}",
        "documents.place",
        2,
    ),
    ("documents:\n  receipt: {title: {zh: '据', en: 'R'}, body: [{when: silent}]}", "documents.part", 2),
    ("documents:\n  receipt: {title: {zh: '据', en: 'R'}, body: [{list: people}]}", "schema.choice", 2),
    ("documents:\n  invoice: {title: {zh: '据', en: 'R'}, body: []}", "schema.unknown-key", 2),
    ("documents:\n  receipt: {title: {zh: '据'}, body: [{list: items}]}", "language.missing", 2),
]


@pytest.mark.parametrize(("text", "code", "line"), DOCUMENTS)
def test_documents_that_cannot_be_are_found(tiny: TinyCity, text: str, code: str, line: int) -> None:
    tiny.write("documents.yaml", text + "\n")
    assert [(one.file, one.code, one.line) for one in problems(tiny)] == [("documents.yaml", code, line)]


def test_a_city_changes_the_words_of_one_document_and_keeps_the_others(tiny: TinyCity) -> None:
    body = "body: [{text: {zh: '收到 {matter}', en: 'Got {matter}'}}]"
    tiny.write("documents.yaml", "documents:\n  receipt: {title: {zh: '收据', en: 'Slip'}, " + body + "}\n")
    found = read_documents(tiny.folder)
    assert not isinstance(found, list)
    assert found.kinds["receipt"].title.en == "Slip"
    assert found.kinds["denied"].title.en == "Decision: not granted"


def test_the_words_that_come_with_the_program_are_right(tiny: TinyCity) -> None:
    default = resources.files(definitions) / "defaults" / "documents.yaml"
    tiny.write("documents.yaml", default.read_text("utf-8"))
    assert problems(tiny) == []


def test_words_with_nothing_to_say_are_left_out() -> None:
    assert fill("by {date}", {"date": "Monday"}) == "by Monday"
    assert fill("by {date}", {"date": ""}) is None
    assert fill("{date.__class__}", {"date": "Monday"}) is None


BASIS = "basis: {law: {zh: '面包法', en: 'Bread Law'}, article: {zh: '第二条', en: 'Article 2'}}"


def test_a_longer_limit_stands_on_a_law_that_is_cited(tiny: TinyCity) -> None:
    tiny.change(MATTER, "statutory: 20 working days", f"{BASIS}, statutory: 60 working days")
    assert problems(tiny) == []
    definition = check_city(tiny.folder).matters[0].definition
    assert definition is not None
    assert definition.limit_basis is not None
    assert definition.limit_basis.article.en == "Article 2"


def test_departments_that_decide_together_have_longer(tiny: TinyCity) -> None:
    tiny.change(MATTER, "authority: bakery", "authority: bakery\njoint_with: [fire]")
    tiny.change(PROCESS, 'tb:department="window"', 'tb:department="fire"')
    tiny.change(EXAMPLE, "by: window", "by: fire")
    tiny.change(MATTER, "statutory: 20 working days", "statutory: 45 working days")
    tiny.change(MATTER, "extension: 10 working days", "extension: 15 working days")
    tiny.change(EXAMPLE, "statutory_due: 2026-04-03", "statutory_due: 2026-05-12")
    assert problems(tiny) == []
    tiny.change(MATTER, "statutory: 45 working days", "statutory: 46 working days")
    assert [one.code for one in problems(tiny)] == ["limit.ceiling"]


def test_a_matter_may_say_how_long_a_procedure_takes_that_an_officer_begins(tiny: TinyCity) -> None:
    more = "  - {procedure: hearing, name: {zh: '听证', en: 'Hearing'}, limit: 20 working days}\n"
    tiny.change(MATTER, "fee: {amount: 0,", more + "fee: {amount: 0,")
    assert problems(tiny) == []
    definition = check_city(tiny.folder).matters[0].definition
    assert definition is not None
    assert str(definition.procedure_limit("hearing")) == "20 working days"
    assert str(definition.procedure_limit("inspection")) == "5 working days"
    assert definition.procedure_limit("testing") is None


PEOPLE = """\
people:
  - {username: anna, name: {zh: "安娜", en: "Anna"}, roles: [resident], identity_number: "361799198805140027"}
  - {username: ben, name: {zh: "本", en: "Ben"}, roles: [resident], identity_number: "361799198509230044"}
mandates:
  - {agent: anna, %s, matters: all, valid_from: 2026-01-01}
"""


@pytest.mark.parametrize(
    ("whom", "codes"),
    [
        ("person: ben", []),
        ("person: ben, kind: guardian", []),
        ("person: cai", ["people.unknown"]),
        ("person: anna", ["mandate.self"]),
        ("source: online", ["mandate.whom"]),
        ("person: ben, kind: friend", ["schema.choice"]),
    ],
)
def test_a_mandate_is_for_one_other(tiny: TinyCity, whom: str, codes: list[str]) -> None:
    tiny.write("people.yaml", PEOPLE % whom)
    assert [one.code for one in problems(tiny)] == codes


def test_a_rule_gives_its_reason_in_both_languages_or_in_none(tiny: TinyCity) -> None:
    columns = '<output name="outcome" typeRef="string"/>'
    entries = "</outputEntry><outputEntry><text>{}</text></outputEntry><outputEntry><text>{}</text></outputEntry>"
    rules = tiny.read(RULES).replace(columns, f'{columns}<output name="reason"/><output name="reason_en"/>')

    def codes(chinese: str, english: str) -> set[str]:
        tiny.write(RULES, rules.replace("</outputEntry>", entries.format(chinese, english)))
        return {problem.code for problem in problems(tiny)}

    assert codes('"好"', '"Good"') == codes('""', '""') == set()
    assert codes('"好"', '""') == codes('""', '"Good"') == {"rules.reason-language"}
