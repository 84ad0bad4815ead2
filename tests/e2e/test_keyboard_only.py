"""No mouse: everything from the first page to the receipt is reached with Tab, and one always sees where one is."""

import re

import pytest
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import Opens
from tests.e2e.kinds import GUIDE
from tests.e2e.reader import Reader

pytestmark = pytest.mark.e2e

MATTER = "lost-id-card"
_LOOKS = """element => {
  const parts = [element, ...(element.labels || [])]
  const look = () => parts.flatMap(part => [null, '::before', '::after'].map(which => {
    const style = getComputedStyle(part, which)
    return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.transform].join()
  })).join('|')
  const focused = look()
  element.blur()
  const blurred = look()
  element.focus({focusVisible: true})
  return focused !== blurred
}"""


def test_filed_without_a_mouse(opens: Opens) -> None:
    """A lost identity card is reported from the matter's page to the receipt."""
    resident = opens("wuxiaochuan", language="en-GB", reduced_motion="reduce")
    page = resident.page
    resident.go(f"/matters/{MATTER}/")
    _skips_to_the_content(resident)
    _presses(resident, page.locator(f"a[href$='/matters/{MATTER}/start']").locator("visible=true"))
    _chooses(resident, page.locator("[name=applicant]").first)
    _presses(resident, page.locator("main button[type=submit]").last)
    _chooses(resident, page.get_by_label("Linjiang District"))
    _continues(resident)
    for part, figures in (("year", "2026"), ("month", "1"), ("day", "5")):
        _types(resident, page.locator(f"[name=lost_on-{part}]"), figures)
    _types(resident, page.locator("[name=lost_where]"), "On bus 3")
    _chooses(resident, page.locator("[name=declare_lost]").first)
    _continues(resident)
    _chooses(resident, page.get_by_label("At a counter"))
    _continues(resident)
    _chooses(resident, page.locator("#declared"))
    _presses(resident, page.get_by_role("button", name="Send it"))
    expect(resident.heading("We have received it")).to_be_visible()


def test_found_by_its_suggestion_without_a_mouse(opens: Opens) -> None:
    """Typing brings choices; the arrows go through them and back to the box, Escape closes them, Enter opens one."""
    resident = opens(language="en-GB", reduced_motion="reduce")
    page = resident.page
    resident.go("/")
    box, choices = page.get_by_role("combobox"), page.get_by_role("option")
    _types(resident, box, "lost id")
    expect(choices.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(choices.first).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.type("entity card")
    expect(choices.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(choices.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(choices.first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{resident.city.url}/matters/{MATTER}/")


def test_a_cart_without_a_mouse(opens: Opens) -> None:
    """Guided to several matters, which go into the cart; one is taken out and put back, and the form is reached."""
    resident = opens("zhaoguoan", language="en-GB", reduced_motion="reduce")
    page = resident.page
    resident.go(f"/bundles/birth/guide/?{GUIDE}")
    _presses(resident, page.get_by_role("link", name="File together").locator("visible=true").first)
    _chooses(resident, page.locator("[name=applicant]").first)
    _presses(resident, page.get_by_role("button", name="Put it into my cart"))
    _presses(resident, page.get_by_role("button", name=re.compile("^Take out")).first)
    expect(page.get_by_text(resident.say("It is taken out. You can undo that below."))).to_be_visible()
    _presses(resident, page.get_by_role("button", name=re.compile("^Undo")).first)
    expect(page.get_by_text(resident.say("It is back in."))).to_be_visible()
    _presses(resident, page.locator(".tb-actions a.tb-button--large"))
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()


def _skips_to_the_content(reader: Reader) -> None:
    """The first Tab offers to skip the head of the page, and does."""
    reader.page.keyboard.press("Tab")
    skip = reader.page.get_by_role("link", name=reader.say("Skip to main content"))
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("main")).to_be_focused()


def _continues(reader: Reader) -> None:
    _presses(reader, reader.page.get_by_role("button", name="Continue", exact=True))


def _presses(reader: Reader, target: Locator) -> None:
    _tabs_to(reader, target)
    reader.page.keyboard.press("Enter")


def _chooses(reader: Reader, target: Locator) -> None:
    """A radio group is one stop: Tab reaches its first answer or the chosen one, the arrows the others."""
    if target.get_attribute("type") == "radio":
        _tabs_to(reader, reader.page.locator(f"[name='{target.get_attribute('name')}']").first)
        reader.page.keyboard.press("Space")
        options = reader.page.locator(f"[name='{target.get_attribute('name')}']")
        for _ in range(options.count()):
            if target.is_checked():
                break
            reader.page.keyboard.press("ArrowDown")
    else:
        _tabs_to(reader, target)
        reader.page.keyboard.press("Space")
    expect(target).to_be_checked()


def _types(reader: Reader, target: Locator, words: str) -> None:
    _tabs_to(reader, target)
    reader.page.keyboard.type(words)


def _tabs_to(reader: Reader, target: Locator) -> None:
    """Press Tab until the target has the focus; each stop on the way must look different with the focus on it."""
    expect(target).to_be_visible()
    for _ in range(80):
        reader.page.keyboard.press("Tab")
        at = reader.page.locator(":focus")
        assert at.evaluate(_LOOKS), f"no visible focus: {at.evaluate('element => element.outerHTML')[:300]}"
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {target}")
