"""Somebody files an event of life together: from its guide through the cart to the order."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from playwright.sync_api import Locator, expect
from tests.e2e.reader import PLAN, Reader
from tests.e2e.running import ROOT

__all__ = ["bundle_of_birth", "files_together"]

CITY = ROOT / "cities" / "mingchuan"
BUNDLE = "birth"
MOST_PAGES = 40


def files_together(resident: Reader) -> str:
    """From the page of life events to an order, whose number is returned; answers are those of the first examples."""
    bundle = bundle_of_birth()
    example = bundle["examples"][0]
    resident.go("/bundles/")
    resident.page.get_by_role("link", name=bundle["name"][resident.short], exact=True).click()
    resident.page.get_by_role("link", name=resident.say("See what applies to me")).locator("visible=true").click()
    for question in bundle["guide"]:
        if question["id"] in example["answers"]:
            value = example["answers"][question["id"]]
            resident.page.locator(f"input[type=radio][name={question['id']}][value='{value}']").check()
            resident.press("Continue")
    expect(resident.page.locator("h1")).to_contain_text(str(len(example["parts"])))
    resident.page.get_by_role("link", name=resident.say("File together")).locator("visible=true").first.click()
    resident.page.locator("[name=applicant]").first.check()
    resident.press("Put it into my cart")
    answers = _example_answers(bundle, example["parts"])
    for _ in range(MOST_PAGES):
        if re.search(r"/review/$", resident.page.url):
            break
        if re.search(r"/carts/[^/]+/$", resident.page.url):
            resident.page.locator(".tb-actions a.tb-button--large").click()
        else:
            _fill_in(resident, answers)
            resident.press("Continue")
    resident.page.locator("[name=declared]").check()
    resident.press("Send it all")
    expect(resident.heading(resident.say("We have received it"))).to_be_visible()
    return resident.page.url.split("/")[-2]


def bundle_of_birth() -> dict[str, Any]:
    """The bundle, as the city's folder has it."""
    found: dict[str, Any] = yaml.safe_load((CITY / "bundles" / BUNDLE / "bundle.yaml").read_text("utf-8"))
    return found


def _example_answers(bundle: Mapping[str, Any], matters: list[str]) -> dict[str, list[Any]]:
    """What may be answered to each question, by its name: what the matters' examples say."""
    found: dict[str, list[Any]] = {}
    by_matter: dict[str, Mapping[str, Any]] = {}
    for matter in matters:
        examples = sorted((CITY / "matters" / matter / "examples").glob("*.yaml"))
        by_matter[matter] = yaml.safe_load(examples[0].read_text("utf-8"))["answers"]
        for name, value in by_matter[matter].items():
            found.setdefault(name, []).append(value)
    for shared in bundle.get("shared", ()):
        for matter, name in shared["fields"].items():
            if name in by_matter.get(matter, {}):
                found.setdefault(shared["id"], []).append(by_matter[matter][name])
    return found


def _fill_in(resident: Reader, answers: Mapping[str, list[Any]]) -> None:
    form = resident.page.locator("main form.tb-form")
    for upload in form.locator("input[type=file]").all():
        upload.set_input_files(files=PLAN)
    names = dict.fromkeys(
        each.get_attribute("name") or ""
        for each in form.locator("input:not([type=hidden]):not([type=file]), select, textarea").all()
    )
    for name in names:
        base = re.sub(r"-(year|month|day)$", "", name)
        if answers.get(base):
            _answer(form.locator(f"[name='{name}']"), name, answers[base])


def _answer(control: Locator, name: str, values: list[Any]) -> None:
    kind = control.first.get_attribute("type") or control.first.evaluate("each => each.tagName.toLowerCase()")
    part = name.rsplit("-", 1)[-1]
    if part in ("year", "month", "day"):
        control.fill(str(values[0]).split("-")[("year", "month", "day").index(part)])
    elif kind in ("radio", "checkbox"):
        wanted = {_typed(each) for value in values for each in (value if isinstance(value, list) else [value])}
        for option in control.all():
            if option.get_attribute("value") in wanted or (wanted == {"true"} and kind == "checkbox"):
                option.check()
                if kind == "radio":
                    break
    elif kind == "select":
        control.select_option(value=_typed(values[0]))
    else:
        control.fill(_typed(values[0]))


def _typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
