"""Films somebody at the product: a picture of each screen, and a count of what their hands and eyes had to do."""

import io
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import Error, FilePayload, Locator, expect
from tests.e2e.films.effort import Effort, letters_of
from tests.e2e.reader import Reader

__all__ = ["Film", "Frame"]

QUIET = 3  # seconds in which the worker has looked for news more than once
HIGHEST = 1500  # points of a page that a picture shows
PHOTO = FilePayload(name="photo.png", mimeType="image/png", buffer=b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
# In a picture of a whole page the button that stays at hand would lie across the middle.
_FLAT = "document.querySelectorAll('.tb-dock').forEach(each => { each.style.position = 'static' })"
_THERE = "window.__filmed !== true && document.readyState === 'complete'"
_CONTROLS = "input:not([type=hidden]):not([type=submit]), select, textarea"


@dataclass(frozen=True, slots=True)
class Frame:
    """One screen as it was left: its caption and its picture."""

    caption: str
    picture: Image.Image


@dataclass(slots=True)
class Film:
    """A reader who is filmed. Every tap goes through here, so that none is missed in the count."""

    who: str
    reader: Reader
    frames: list[Frame] = field(default_factory=list)
    effort: Effort = field(default_factory=Effort)
    _caption: str = ""

    # --- screens ---------------------------------------------------------------------------------------------------

    def opens(self, path: str) -> None:
        """Come to an address."""
        self.reader.go(path)
        self._on_a_screen()

    def turns(self, control: Locator) -> None:
        """Tap what leads to the next screen."""
        self.cut()
        self.reader.page.evaluate("window.__filmed = true")
        started = time.monotonic()
        control.click()
        self._waits_for_the_next()
        self.effort.waited += time.monotonic() - started
        self.effort.taps += 1
        self._on_a_screen()

    def _waits_for_the_next(self) -> None:
        """Until another page stands complete; asked again and again, because the pages forbid scripts of others."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(Error):  # between two pages there is nothing to ask
                if self.reader.page.evaluate(_THERE):
                    return
            time.sleep(0.01)
        raise AssertionError(f"Nothing came after {self._caption}")

    def waits_until_still(self, control: Locator) -> None:
        """Put the phone away until ``control`` shows a number that grows no more: nobody stands and waits for that."""
        before, until = "", time.monotonic() + 60
        while time.monotonic() < until:
            shown = re.sub(r"\D", "", control.inner_text())
            if shown and shown == before:
                return
            before = shown
            time.sleep(QUIET)
            self.reader.page.reload()
        raise AssertionError("Nobody was told anything within a minute")

    def cut(self) -> None:
        """Take the picture of the screen as it stands."""
        page = self.reader.page
        page.evaluate(_FLAT)
        high = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
        taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": 390, "height": high})
        self.frames.append(Frame(self._caption, Image.open(io.BytesIO(taken)).convert("RGB")))

    def _on_a_screen(self) -> None:
        page = self.reader.page
        expect(page.locator(".govuk-error-summary")).to_have_count(0)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{page.url} is {wide} points wide"
        self._caption = page.locator("h1").first.inner_text().strip()
        self.effort.screens += 1
        main = page.locator("main, body").first
        self.effort.read += len(re.sub(r"[\s\d]", "", main.inner_text()))  # figures and dates differ from day to day

    # --- hands -----------------------------------------------------------------------------------------------------

    def types(self, control: Locator, text: str) -> None:
        """Tap into a field and type."""
        control.fill(text)
        self.effort.typed += 1
        self.effort.taps += 1
        self.effort.touches += letters_of(text)

    def chooses(self, control: Locator) -> None:
        """Tap a choice, or a tick."""
        control.check()
        self.effort.chosen += 1
        self.effort.taps += 1

    def fills_in(self, answers: Mapping[str, Any]) -> None:
        """Answer whatever this page asks and does not know yet; nothing that it knows is typed again."""
        form = self.reader.page.locator("main form").last
        for upload in form.locator("input[type=file]").all():
            upload.set_input_files(files=PHOTO)
            self.effort.papers += 1
            self.effort.taps += 2
        done: set[str] = set()
        while name := self._next_question(form, done):
            done.add(name)
            self._answers(form, name, answers)

    def _next_question(self, form: Locator, done: set[str]) -> str:
        """The first question to be seen that nobody has come to; answers may unfold further ones."""
        for control in form.locator(_CONTROLS).locator("visible=true").all():
            name = re.sub(r"-(year|month|day)$", "", control.get_attribute("name") or "")
            if name and name not in done and control.get_attribute("type") != "file":
                return name
        return ""

    def _answers(self, form: Locator, name: str, answers: Mapping[str, Any]) -> None:
        if self._is_answered(form, name):
            self.effort.known += 1
        elif name in answers:
            self._gives(form, name, answers[name])

    def _is_answered(self, form: Locator, name: str) -> bool:
        first = form.locator(f"[name='{name}'], [name='{name}-year']").first
        if first.get_attribute("type") in ("radio", "checkbox"):
            return form.locator(f"[name='{name}']:checked").count() > 0
        return bool(first.input_value())

    def _gives(self, form: Locator, name: str, value: Any) -> None:
        if form.locator(f"[name='{name}-year']").count():
            for part, figure in zip(("year", "month", "day"), value.split("-"), strict=True):
                form.locator(f"[name='{name}-{part}']").fill(figure)
                self.effort.touches += len(figure)
            self.effort.typed += 1
            self.effort.taps += 3
            return
        control = form.locator(f"[name='{name}']")
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            for each in value if isinstance(value, list) else [value]:
                wanted = str(each).lower() if isinstance(each, bool) else str(each)
                box = form.locator(f"[name='{name}'][value='{wanted}']")
                self.chooses(box if box.count() else control.first)
        elif control.first.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value=str(value))
            self.effort.chosen += 1
            self.effort.taps += 2
        else:
            self.types(control.first, str(value))
