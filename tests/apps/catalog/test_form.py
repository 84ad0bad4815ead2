"""Forms: what is asked, what becomes of answers, and which code says what is wrong."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.catalog.definitions import Form, FormStep, compile_matter, read_folder

GOOD: dict[str, Any] = {
    "shop_name": "大店",
    "kind_of_shop": "oven",
    "ovens": 2,
    "phone": "13900000001",
    "opens": "2026-05-01",
}


@pytest.fixture
def form(tiny: TinyCity) -> Form:
    files, unread = read_folder(city=tiny.folder, code="bread-licence")
    compiled = compile_matter(files)
    assert not unread
    assert not compiled.problems
    assert compiled.form is not None
    return compiled.form


def step_of(form: Form, step_id: str) -> FormStep:
    step = form.step(step_id)
    assert step is not None
    return step


def code_of(form: Form, field: str, value: Any) -> str:
    """The code with which one answer is refused; nothing when it is taken."""
    errors = form.validate(answers=GOOD | {field: value}).errors
    return next((error.code for error in errors if error.field == field), "")


def test_good_answers_are_kept(form: Form) -> None:
    result = form.validate(answers=GOOD)
    assert result.is_valid
    assert result.clean == GOOD


def test_text_is_stripped_and_numbers_are_read(form: Form) -> None:
    typed = {
        "shop_name": "  大店\n",
        "ovens": "２",
        "phone": " +86 139-0000-0001 ",
        "opens": "2026年5月1日",
        "area_m2": "12.50",
    }
    result = form.validate(answers=GOOD | typed)
    assert result.clean == GOOD | {"area_m2": "12.5"}
    assert json.loads(json.dumps(result.clean)) == result.clean, "plain JSON"


def test_kept_answers_are_good_answers(form: Form) -> None:
    once = form.validate(answers=GOOD | {"area_m2": 12.5, "extras": ["tea"], "careful": True}).clean
    assert form.validate(answers=once).clean == once


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("shop_name", "", "required"),
        ("shop_name", "   ", "required"),
        ("shop_name", None, "required"),
        ("shop_name", "店", "too-short"),
        ("shop_name", "店" * 21, "too-long"),
        ("shop_name", 12, "type"),
        ("shop_name", "大\x00店", "control-characters"),
        ("shop_name", "大\x1b[31m店", "control-characters"),
        ("shop_name", "大\u202e店", "control-characters"),
        ("shop_name", "大\ud800店", "control-characters"),
        ("shop_name", "大\n店", "control-characters"),
        ("kind_of_shop", "cave", "choice"),
        ("ovens", "two", "type"),
        ("ovens", "2.5", "type"),
        ("ovens", True, "type"),
        ("ovens", 0, "minimum"),
        ("ovens", 10, "maximum"),
        ("area_m2", 0, "minimum-exclusive"),
        ("area_m2", "1.3", "multiple"),
        ("area_m2", float("nan"), "type"),
        ("area_m2", "1e9", "type"),
        ("phone", "12345678901", "format.mobile"),
        ("opens", "2026-02-30", "format.date"),
        ("opens", "soon", "format.date"),
        ("extras", ["cake", "tea", "jam"], "too-many"),
        ("extras", ["cake", "cake"], "repeated"),
        ("extras", ["fish"], "choice"),
        ("extras", "cake", "type"),
        ("careful", False, "confirm"),
        ("careful", "perhaps", "type"),
        ("note", "a" * 301, "too-long"),
        ("surprise", "x", "unknown"),
    ],
)
def test_what_is_wrong_has_a_code(form: Form, field: str, value: Any, code: str) -> None:
    assert code_of(form, field, value) == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("note", "first line\nsecond line"),
        ("area_m2", "0.5"),
        ("area_m2", 3),
        ("extras", []),
        ("careful", "on"),
        ("opens", "2026/5/1"),
        ("opens", "2024-02-29"),
    ],
)
def test_what_is_right_is_taken(form: Form, field: str, value: Any) -> None:
    assert code_of(form, field, value) == ""


def test_a_limit_is_told_with_its_error(form: Form) -> None:
    (error,) = form.validate(answers=GOOD | {"shop_name": "店"}).errors
    assert (error.code, dict(error.params)) == ("too-short", {"limit": 2})


def test_formats_of_numbers(tiny: TinyCity) -> None:
    tiny.change(tiny.FORM, "type: string, minLength: 2, maxLength: 20", "type: string, format: identity-number")
    form = compile_matter(read_folder(city=tiny.folder, code="bread-licence")[0]).form
    assert form is not None
    assert form.fields["shop_name"].sensitive
    assert form.validate(answers=GOOD | {"shop_name": "44052418800101001４"}).clean["shop_name"] == "440524188001010014"
    assert code_of(form, "shop_name", "440524188001010015") == "format.identity-number"


def test_a_condition_decides_what_is_asked(form: Form) -> None:
    stall = {key: value for key, value in GOOD.items() if key != "ovens"} | {"kind_of_shop": "stall"}
    assert form.validate(answers=stall).is_valid, "ovens are required only of shops that have them"
    shop = step_of(form, "shop")
    assert [field.name for field in form.fields_for(shop, stall)] == ["shop_name", "kind_of_shop"]
    assert [field.name for field in form.fields_for(shop, GOOD)] == ["shop_name", "kind_of_shop", "ovens"]


def test_an_answer_to_what_is_not_asked_is_dropped(form: Form) -> None:
    result = form.validate(answers=GOOD | {"kind_of_shop": "stall", "ovens": 4, "exits": 2})
    assert result.is_valid
    assert "ovens" not in result.clean
    assert "exits" not in result.clean, "the step of the exits hangs on the ovens"


def test_a_step_hangs_on_answers(form: Form) -> None:
    assert [step.id for step in form.steps_for(GOOD)] == ["shop", "people"]
    assert [step.id for step in form.steps_for(GOOD | {"ovens": 4})] == ["shop", "people", "fire"]
    for answers in (GOOD, GOOD | {"ovens": 4}, {}):  # all of it at once says the same
        asked = form.asked_for(answers)
        assert [step for step, _fields in asked] == list(form.steps_for(answers))
        assert all(fields == form.fields_for(step, answers) for step, fields in asked)


def test_one_step_is_checked_alone(form: Form) -> None:
    result = form.validate_step(step=step_of(form, "shop"), answers={"shop_name": "大店", "kind_of_shop": "oven"})
    assert [(error.field, error.code) for error in result.errors] == [("ovens", "required")]
    assert result.clean == {"shop_name": "大店", "kind_of_shop": "oven"}


def test_a_draft_is_taken_up_where_something_is_missing(form: Form) -> None:
    open_step = form.first_open_step({"shop_name": "大店", "kind_of_shop": "stall"})
    assert open_step is not None
    assert open_step.id == "people"
    assert form.first_open_step(GOOD) is None


def test_facts_have_every_field(form: Form) -> None:
    facts = form.facts(
        {"shop_name": "大店", "kind_of_shop": "oven", "ovens": "x", "area_m2": "12.5", "opens": "2026-05-01"}
    )
    assert set(facts) == set(form.fields)
    assert facts["ovens"] is None, "a bad answer is no fact"
    assert facts["area_m2"] == Decimal("12.5")
    assert str(facts["opens"]) == "2026-05-01"
    assert not isinstance(facts["opens"], str)


def test_a_posted_form_is_read(form: Form) -> None:
    people = step_of(form, "people")
    data = QueryDict(
        "phone=13900000001&opens-year=2026&opens-month=5&opens-day=1&extras=tea&extras=jam&careful=on&note=&csrf=x"
    )
    raw = form.parse_post(people, data)
    assert raw == {
        "phone": "13900000001",
        "opens": "2026-5-1",
        "area_m2": None,
        "extras": ["tea", "jam"],
        "careful": "on",
        "note": None,
    }
    clean = form.validate_step(step=people, answers=raw).clean
    assert clean == {"phone": "13900000001", "opens": "2026-05-01", "extras": ["tea", "jam"], "careful": True}


def test_a_plain_mapping_of_lists_is_read_too(form: Form) -> None:
    raw = form.parse_post(step_of(form, "shop"), {"shop_name": ["first", "last"], "ovens": [""]})
    assert raw == {"shop_name": "last", "kind_of_shop": None, "ovens": None}


def test_half_a_date_is_no_date(form: Form) -> None:
    raw = form.parse_post(step_of(form, "people"), {"opens-year": ["2026"], "opens-month": [""], "opens-day": ["1"]})
    assert code_of(form, "opens", raw["opens"]) == "format.date"


def test_controls_follow_from_the_schema(form: Form) -> None:
    controls = {name: field.control for name, field in form.fields.items()}
    assert controls == {
        "shop_name": "text",
        "kind_of_shop": "radios",
        "ovens": "number",
        "phone": "text",
        "opens": "date",
        "area_m2": "number",
        "extras": "checkboxes",
        "careful": "confirm",
        "note": "textarea",
        "exits": "number",
    }
    assert form.fields["kind_of_shop"].label("stall", "en") == "A stall"
    assert form.fields["kind_of_shop"].label("stall", "zh-hans") == "摊子"


def test_a_prefilled_field_says_with_what(tiny: TinyCity) -> None:
    tiny.change(tiny.FORM, "type: string, format: mobile,", "type: string, format: mobile, x-prefill: phone,")
    form = compile_matter(read_folder(city=tiny.folder, code="bread-licence")[0]).form
    assert form is not None
    assert form.fields["phone"].prefill == "phone"
    assert form.fields["note"].prefill == ""


def test_a_folder_is_needed_for_nothing_but_reading(tiny: TinyCity, tmp_path: Path) -> None:
    files, _ = read_folder(city=tiny.folder, code="bread-licence")
    tiny.folder.rename(tmp_path / "gone")
    assert compile_matter(files).definition is not None
