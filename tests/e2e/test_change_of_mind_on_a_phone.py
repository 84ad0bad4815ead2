"""A cart on a phone, by keyboard alone: a change of mind and its undoing, then a link that lets somebody else help."""

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import Reader
from tests.e2e.test_keyboard_only import _chooses, _presses

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

BUNDLE = "moving"
MOST_QUESTIONS = 5


def test_taken_out_put_back_and_shared(opens: Opens) -> None:
    owner = opens("zhaoguoan", screen="phone", language="en-GB", reduced_motion="reduce")
    helper = opens("zhoumin", screen="phone", language="en-GB", reduced_motion="reduce")
    cart = _puts_together(owner)
    _changes_their_mind(owner)
    link = _shares(owner)
    _takes(helper, link, cart)
    _takes_back(owner, helper, cart)
    for reader in (owner, helper):
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert reader.complaints == []


def _puts_together(reader: Reader) -> str:
    """Every question of the guide has its first choice; the address of the cart."""
    reader.go(f"/bundles/{BUNDLE}/guide/")
    for _ in range(MOST_QUESTIONS):
        if not reader.page.locator("main input[type=radio]").count():
            break
        _chooses(reader, reader.page.locator("main input[type=radio]").first)
        with reader.page.expect_navigation():
            _button(reader, "Continue")
    _presses(reader, reader.page.get_by_role("link", name="File together").locator("visible=true").first)
    _chooses(reader, reader.page.locator("[name=applicant]").first)
    _button(reader, "Put it into my cart")
    expect(reader.page.get_by_role("heading", name="What is in it")).to_be_visible()
    return reader.page.url.removeprefix(reader.city.url)


def _changes_their_mind(reader: Reader) -> None:
    """A part is taken out, and put back; then the guide is answered anew and leads back to the same cart."""
    takes_out = reader.page.get_by_role("button", name="Take out")
    before = takes_out.count()
    _presses(reader, takes_out.last)
    expect(takes_out).to_have_count(before - 1)
    _presses(reader, reader.page.get_by_role("button", name="Undo").first)
    expect(takes_out).to_have_count(before)
    _presses(reader, reader.page.get_by_role("link", name="Change my answers to the guide"))
    expect(reader.page.get_by_role("heading", name="What you told us")).to_be_visible()
    reader.page.go_back()


def _shares(reader: Reader) -> str:
    _presses(reader, reader.page.get_by_role("link", name="Let somebody help"))
    _button(reader, "Make a link")
    link = reader.page.locator("[data-copy]").get_attribute("data-copy") or ""
    assert link.startswith(reader.city.url)
    return link.removeprefix(reader.city.url)


def _takes(helper: Reader, link: str, cart: str) -> None:
    helper.go(link)
    expect(helper.heading("Somebody asks for your help")).to_be_visible()
    _button(helper, "Open it")
    expect(helper.page).to_have_url(helper.city.url + cart)
    expect(helper.page.get_by_text("prepared by Zhao Guo'an")).to_be_visible()
    assert not helper.page.get_by_role("link", name="Delete this cart").count()


def _takes_back(owner: Reader, helper: Reader, cart: str) -> None:
    owner.go(f"{cart}share/")
    expect(owner.page.get_by_text("used by Zhou Min")).to_be_visible()
    _presses(owner, owner.page.locator("button[name=revoke]").first)
    expect(owner.page.get_by_text("The link no longer works.")).to_be_visible()
    helper.go(cart)
    expect(helper.page.get_by_role("heading", name="What is in it")).to_have_count(0)


def _button(reader: Reader, words: str) -> None:
    _presses(reader, reader.page.get_by_role("button", name=words, exact=True).first)
