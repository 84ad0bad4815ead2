"""Somebody in front of the product: one language, one size of screen, perhaps signed in.

What they press and read is named in English here and looked up in the product's own language files, so that a story
reads the same in both languages; questions are named by their field and looked up in the matter's own form.
"""

import gettext
import re
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from playwright.sync_api import ConsoleMessage, FilePayload, Locator, Page, ViewportSize, expect
from tests.e2e.running import ROOT, City

__all__ = ["DESKTOP", "PHONE", "PLAN", "SCAN", "Reader", "Screen", "form_of"]

Screen = Literal["phone", "desktop"]
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
PLAN = FilePayload(name="plan.png", mimeType="image/png", buffer=b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
SCAN = FilePayload(name="plan-signed.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4\n" + b"%" * 64)
_MATTERS = ROOT / "cities" / "mingchuan" / "matters"


class Reader:
    """A person at a browser page. ``complaints`` collects what the browser's console had to say."""

    def __init__(self, page: Page, city: City, language: str) -> None:
        self.page, self.city, self.language = page, city, language
        self.complaints: list[str] = []
        page.set_default_timeout(30_000)  # a busy machine, not a slow product
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    # --- going and reading -------------------------------------------------------------------------------------------

    def say(self, english: str, **values: Any) -> str:
        """What a page says for ``english`` in this reader's language."""
        words = _catalogue(self.language).gettext(english)
        return words % values if values else words

    def go(self, path: str) -> None:
        """Open an address of the city."""
        self.page.goto(self.city.url + path)

    def sees(self, english: str, **values: Any) -> None:
        """These words of the product are on the page, to be seen."""
        self.reads(self.say(english, **values))

    def reads(self, words: str | re.Pattern[str]) -> None:
        """Exactly these words are on the page, to be seen."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible()

    def awaits(self, words: str, *, seconds: int = 30) -> None:
        """Look again until these words are there: something happens in the background."""
        until = time.monotonic() + seconds
        while not self.page.get_by_text(words).count() and time.monotonic() < until:
            self.page.reload()
        self.reads(words)

    def heading(self, words: str) -> Locator:
        """The page's own heading."""
        return self.page.get_by_role("heading", level=1).filter(has_text=words)

    # --- pressing ----------------------------------------------------------------------------------------------------

    def press(self, english: str) -> None:
        """Press the button that says this."""
        self.page.get_by_role("button", name=self.say(english), exact=True).first.click()

    def follow(self, english: str) -> None:
        """Follow the link that says this."""
        self.page.get_by_role("link", name=self.say(english), exact=True).first.click()

    def opens(self, english: str) -> Locator:
        """Unfold what stands behind this summary, and return it."""
        found = self.page.locator("details", has=self.page.locator("summary", has_text=self.say(english))).last
        if found.get_attribute("open") is None:
            found.locator("summary").click()
        return found

    def hand_in(self, *files: FilePayload) -> None:
        """Choose files for the first file field of the page."""
        self.page.locator("input[type=file]").first.set_input_files(files=files)

    # --- answering ---------------------------------------------------------------------------------------------------

    def answer(self, matter: str, **answers: Any) -> None:
        """Fill in questions of a matter's form: text, a choice, several choices, yes or no, a date."""
        for name, value in answers.items():
            question = form_of(matter)["properties"][name]
            if isinstance(value, list):
                for each in value:
                    self.group(self._title(question)).get_by_label(self._option(question, each), exact=True).check()
            elif question.get("const") is True:
                self.page.get_by_label(self._title(question)).check()
            elif question.get("format") == "date":
                for part, figure in zip(("Year", "Month", "Day"), str(value).split("-"), strict=True):
                    self.group(self._title(question)).get_by_label(self.say(part), exact=True).fill(figure)
            elif isinstance(value, bool) or "enum" in question:
                option = self._yes_or_no(value) if isinstance(value, bool) else self._option(question, value)
                self.group(self._title(question)).get_by_label(option, exact=True).check()
            else:
                self.page.get_by_label(self._title(question)).fill(str(value))

    def group(self, title: re.Pattern[str]) -> Locator:
        """The question with several answers that is called so."""
        return self.page.get_by_role("group", name=title)

    def _title(self, question: Mapping[str, Any]) -> re.Pattern[str]:
        """The question's words; what may be left empty says so behind them."""
        return re.compile(rf"^\s*{re.escape(question['x-title'][self.short])}\s*([(（][^)）]+[)）])?\s*$")

    def _option(self, question: Mapping[str, Any], value: str) -> str:
        return str(question["x-labels"][value][self.short])

    def _yes_or_no(self, value: bool) -> str:
        return self.say("Yes" if value else "No")

    def begin(self, matter: str) -> None:
        """From the page of a matter into its form, in the reader's own name."""
        self.go(f"/matters/{matter}/")
        self.page.locator(f"a[href$='/matters/{matter}/start']").locator("visible=true").first.click()
        self.page.locator("[name=applicant]").first.check()
        self.page.locator("main button[type=submit]").last.click()
        self.leaves_what_is_on_file()

    def leaves_what_is_on_file(self) -> None:
        """Who has been granted the like before is offered those papers: not in these stories, each has its own."""
        self.page.wait_for_url("**/drafts/**")
        if self.page.url.endswith("/on-file/"):
            self.press("I fill it in myself")

    def send(self) -> str:
        """From the review to the receipt; the number."""
        expect(self.heading(self.say("Check before you send it"))).to_be_visible()
        self.page.get_by_role("checkbox").check()
        self.press("Send it")
        expect(self.heading(self.say("We have received it"))).to_be_visible()
        return self.page.url.split("/")[-3]

    @property
    def short(self) -> str:
        """The language as the city's files name it."""
        return "zh" if self.language.startswith("zh") else "en"

    def sign_in(self, name: str) -> None:
        """Sign in on the sign-in page, where one is."""
        self.page.get_by_label(self.say("User name"), exact=True).fill(name)
        self.page.get_by_label(self.say("Password"), exact=True).fill(self.city.password)
        self.press("Sign in")
        expect(self.page.get_by_label(self.say("Password"), exact=True)).to_have_count(0)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is answered with 404 or 422 on purpose is also named on the console: that is no complaint.
        on_purpose = "the server responded with a status of 4" in message.text and "/static/" not in message.text
        on_purpose |= "Service Worker registration blocked by Playwright" in message.text
        if message.type in ("error", "warning") and not on_purpose:
            self.complaints.append(f"{self.page.url}: {message.text}")


@cache
def form_of(matter: str) -> Mapping[str, Any]:
    """A matter's form, as the city's folder has it."""
    found: Mapping[str, Any] = yaml.safe_load((_MATTERS / matter / "form.yaml").read_text())
    return found


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language.startswith("en"):
        return gettext.NullTranslations()
    return gettext.translation("django", Path(ROOT / "src/tongban/web/locale"), languages=["zh_Hans"])
