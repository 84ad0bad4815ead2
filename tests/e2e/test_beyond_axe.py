"""WCAG 2.2 AA where a scanner does not see it: focus, signing in, dragging, help, and what is not asked twice.

Reflow, spacing, zoom and the size of targets are tried on every page (see `test_every_page`).
"""

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader, Screen

pytestmark = pytest.mark.e2e

MATTER = "food-business-licence"
STOPS = 45
"""As many presses of Tab as are tried on a page."""
_HIDDEN = """element => {
  const box = element.getBoundingClientRect()
  const parts = [element, ...(element.labels || [])]
  const boxes = parts.flatMap(part => [...part.getClientRects()]).filter(each => each.width > 1 && each.height > 1)
  const seen = boxes.some(each => [0.1, 0.5, 0.9].some(share => {
    const found = document.elementFromPoint(each.left + each.width / 2, each.top + each.height * share)
    return found && parts.some(part => part === found || part.contains(found) || found.contains(part))
  }))
  return seen ? '' : `${element.outerHTML.slice(0, 160)} at ${Math.round(box.left)},${Math.round(box.top)}`
}"""
PAGES = ["/", "/matters/", f"/matters/{MATTER}/", "/track/", "/account/login/", "/display", "/design"]


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_focus_is_never_hidden(opens: Opens, screen: Screen) -> None:
    """2.4.11: whatever has the focus is at least partly to be seen, also beside a button that stays at the foot."""
    nobody = opens(language="en-GB", screen=screen)
    hidden = [f"{path}: {each}" for path in PAGES for each in _hidden_stops(nobody, path)]
    assert not hidden, "\n".join(hidden)


def test_nor_at_the_desk(opens: Opens) -> None:
    official = opens("chenli", language="en-GB")
    assert not [each for path in ("/desk/", "/desk/stand-ins/") for each in _hidden_stops(official, path)]


def _hidden_stops(reader: Reader, path: str) -> list[str]:
    reader.go(path)
    found = []
    for _ in range(STOPS):
        reader.page.keyboard.press("Tab")
        at = reader.page.locator(":focus")
        if not at.count():
            break
        if hidden := at.evaluate(_HIDDEN):
            found.append(hidden)
    return found


def test_signing_in_asks_for_nothing_to_be_remembered_or_solved(opens: Opens) -> None:
    """3.3.8: a password manager may fill in, a password may be pasted, no riddle is asked."""
    nobody = opens(language="en-GB")
    nobody.go("/account/login/")
    name, password = nobody.page.get_by_label("User name"), nobody.page.get_by_label("Password", exact=True)
    expect(name).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    assert _may_paste(nobody.page, "[name=password]")
    assert nobody.page.locator("main input:not([type=hidden])").count() == 3, "name, password, stay signed in"


def _may_paste(page: Page, field: str) -> bool:
    """Whether the page lets a paste into this field happen."""
    allowed: bool = page.locator(field).evaluate(
        "element => element.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"
    )
    return allowed


def test_nothing_can_only_be_dragged(opens: Opens) -> None:
    """2.5.7: files may be dropped, and chosen; nothing else listens to dragging."""
    resident = opens("wuxiaochuan", language="en-GB")
    resident.begin("noise-complaint")
    draft = resident.page.url.split("/drafts/")[1].split("/")[0]
    resident.go(f"/drafts/{draft}/materials/")
    boxes = resident.page.locator("[data-file]")
    assert boxes.count() == resident.page.locator("[data-file] input[type=file]").count() > 0
    assert resident.page.locator("[draggable=true]").count() == 0
    resident.go(f"/drafts/{draft}/discard")
    resident.page.locator("main button[type=submit]").click()


@pytest.mark.parametrize("path", PAGES)
def test_help_is_in_the_same_place_on_each_page(opens: Opens, path: str) -> None:
    """3.2.6: the telephone is the first link of the foot, everywhere."""
    nobody = opens(language="en-GB")
    nobody.go(path)
    first = nobody.page.locator("footer a").first
    expect(first).to_have_attribute("href", "tel:12345")


def test_nothing_is_asked_twice(opens: Opens) -> None:
    """3.3.7: what was typed in one step, or is on file, is there when it is asked again; going back loses nothing."""
    resident = opens("zhoumin", language="en-GB")
    resident.begin(MATTER)
    resident.answer(MATTER, application_kind="new")
    resident.press("Continue")
    resident.answer(MATTER, shop_name="明川小馆", address="明川市临江区滨河路 16 号", area_m2="86")
    resident.press("Continue")
    expect(resident.page.locator("[name=business_format]").first).to_be_visible()
    resident.page.go_back()
    resident.page.reload()
    expect(resident.page.locator("[name=shop_name]")).to_have_value("明川小馆")
    expect(resident.page.locator("[name=area_m2]")).to_have_value("86")
    draft = resident.page.url.split("/drafts/")[1].split("/")[0]
    resident.go(f"/drafts/{draft}/discard")
    resident.page.locator("main button[type=submit]").click()
