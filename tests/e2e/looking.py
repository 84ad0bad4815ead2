"""Looks at one page in many ways, on as few loads as possible: what a mode changes is switched on the page itself.

Beside what axe finds: nothing wider than the screen, at 320 pixels, at twice the size and with the reader's own spacing
either; nothing cut off by that spacing; nothing that moves while the page loads; no script that holds it up; the
hotline where it always is; the heads of answers and all that comes with them within their weight.
"""

import base64
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, StorageState, ViewportSize
from tests.e2e.reader import DESKTOP, PHONE, Reader
from tests.e2e.running import City

__all__ = ["HEAVIEST", "LOOKS", "Look", "Window", "Windows", "faults"]

HEAVIEST = 50_000
"""Bytes over the wire at a first visit: the page, its styles, scripts and pictures, with the heads of the answers."""
NARROW = ViewportSize(width=320, height=640)
"""WCAG 1.4.10: 1280 pixels at 400 %."""
_COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_LARGE: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]},
    "rules": {"target-size": {"enabled": True}},
}
_SIZES: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
    "rules": {"target-size": {"enabled": True}},
}
_ALL: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
_SHIFTS = """
window.tongbanShifts = []
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) {
    const what = shift.sources.map(each => each.node?.nodeName)
    if (!shift.hadRecentInput) window.tongbanShifts.push([shift.value, ...what])
  }
}).observe({type: 'layout-shift', buffered: true})
"""
_BLOCKING = """() => [
  ...performance.getEntriesByType('resource')
    .filter(each => each.initiatorType === 'script' && each.renderBlockingStatus === 'blocking')
    .map(each => each.name),
  ...[...document.scripts]
    .filter(each => each.src && !each.defer && !each.async && each.type !== 'module')
    .map(each => each.src)
]"""
_SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
_CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(each => {
  const style = getComputedStyle(each)
  if (!['hidden', 'clip'].includes(style.overflowY) && !['hidden', 'clip'].includes(style.overflowX)) return false
  if (each.clientWidth < 4 || each.closest('svg, .tb-hero, [hidden]') || style.textOverflow === 'ellipsis') return false
  return each.scrollHeight > each.clientHeight + 2 || each.scrollWidth > each.clientWidth + 2
}).map(each => each.outerHTML.slice(0, 120))"""
_ALIKE = """() => {
  const seen = new Set(), found = []
  const named = /^(id|href|src|for|name|value|title|datetime|aria-(label|labelledby|describedby|controls))$/
  for (const each of document.querySelectorAll('body *')) {
    if (![...each.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim())) continue
    let path = ''
    for (let on = each; on && on !== document.body; on = on.parentElement) {
      path += '>' + on.tagName
      for (const one of on.attributes) if (!named.test(one.name)) path += `[${one.name}=${one.value}]`
    }
    if (seen.has(path) && !each.children.length) found.push(each)
    seen.add(path)
  }
  return found
}"""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Look:
    """A way to load pages. ``full``: measured, and tried in every mode and on the other screen as well."""

    name: str
    language: str
    phone: bool
    full: bool = False
    elder: bool = False


LOOKS = (
    Look("phone in Chinese", "zh-CN", phone=True, full=True),
    Look("desk in English", "en-GB", phone=False, full=True),
    Look("elder mode", "zh-CN", phone=True, elder=True),
)


@dataclass(frozen=True, slots=True)
class Window:
    """An open browser window: its reader, what it waits for, and the sizes of what it has received."""

    reader: Reader
    awaited: set[str]
    received: list[float]

    def weight(self) -> float:
        """What has come over the wire for this page since it was last asked for, and all that was on its way."""
        until = time.monotonic() + 10
        # A page counts as loaded before the browser has said how large its last parts were.
        while self.awaited and time.monotonic() < until:
            self.reader.page.wait_for_timeout(20)
        weight = sum(self.received)
        self.received.clear()
        self.awaited.clear()
        return weight

    def listen(self) -> "Window":
        """Begin to note what is asked for and what comes."""
        line = self.reader.page.context.new_cdp_session(self.reader.page)
        line.on("Network.requestWillBeSent", lambda event: self._ask(event))
        line.on("Network.loadingFailed", lambda event: self.awaited.discard(event["requestId"]))
        line.on("Network.loadingFinished", lambda event: self._take(event))
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return self

    def _ask(self, event: Mapping[str, Any]) -> None:
        if event.get("type") == "Document" and "redirectResponse" not in event:
            self.awaited.clear()  # another page: what the one before weighed was looked at with it
            self.received.clear()
        self.awaited.add(event["requestId"])

    def _take(self, event: Mapping[str, Any]) -> None:
        self.awaited.discard(event["requestId"])
        self.received.append(event["encodedDataLength"])


class Windows:
    """Open browser windows by look and person."""

    def __init__(self, browser: Browser, city: City, *, codes: dict[str, str]) -> None:
        """``codes``: the secrets of those who sign in with a second step."""
        self.browser, self.city, self.codes = browser, city, codes
        self.open: dict[tuple[Look, str], Window] = {}
        self.signed_in: dict[str, StorageState] = {}

    def window(self, look: Look, who: str) -> Window:
        """The window of this person with this look."""
        if (look, who) not in self.open:
            self.open[look, who] = self._open(look, who)
        return self.open[look, who]

    def close(self) -> None:
        """Close all of them."""
        for window in self.open.values():
            window.reader.page.context.close()

    def _open(self, look: Look, who: str) -> Window:
        context = self.browser.new_context(
            viewport=PHONE if look.phone else DESKTOP,
            locale=look.language,
            color_scheme="light",
            reduced_motion="reduce",
            storage_state=self.signed_in.get(who),
            service_workers="block",  # what it keeps would not be counted
        )
        context.add_init_script(_SHIFTS)
        context.add_init_script(AXE_SCRIPT)  # read once by the browser, where each page would read it anew
        if look.elder:
            context.add_cookies([{"name": "tb_size", "value": "elder", "url": self.city.url}])
        reader = Reader(context.new_page(), self.city, look.language)
        if who and who not in self.signed_in:
            reader.go("/account/login/")
            reader.sign_in(who)
            if who in self.codes:
                reader.page.locator("[name=code]").fill(_code(self.codes[who]))
                reader.page.locator("main button[type=submit]").first.click()
                reader.page.wait_for_load_state()
            self.signed_in[who] = context.storage_state()
        return Window(reader, set(), []).listen()


def _code(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    counter = int(time.time() // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def faults(*, look: Look, window: Window, weight: float, staff: bool) -> list[str]:
    """Everything that is wrong with the page that the window shows; ``weight`` is what it took to load it."""
    page = window.reader.page
    found = [*_violations(page, _ALL), *window.reader.complaints, *_moved(page)]
    if wide := page.evaluate(_WIDER):
        found.append(f"{wide} pixels wider than the screen")
    if look.full:
        found += [
            *_in_other_modes(page, phone=look.phone, staff=staff),
            *_reflowed(page, phone=look.phone, staff=staff),
        ]
        found += [f"a script holds it up: {each}" for each in page.evaluate(_BLOCKING)]
        if not HEAVIEST >= weight > 0:
            found.append(f"{weight:.0f} bytes over the wire; {HEAVIEST} are allowed")
    else:
        found += _on(page, NARROW, back=PHONE)
    if not staff and not page.locator("a[href^='tel:']").count():
        found.append("no telephone number on the page")
    return [f"{look.name}: {fault}" for fault in found]


def _moved(page: Page) -> list[str]:
    return [f"moved while it loaded: {each}" for each in page.evaluate("window.tongbanShifts")]


def _in_other_modes(page: Page, *, phone: bool, staff: bool) -> list[str]:
    """Dark, large, high contrast: without loading the page again.

    On a phone only the pages of officials are made large here; residents' are loaded in elder mode.
    """
    found = []
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {each}" for each in _colours(page)]
    if phone:
        _set(page, "contrast", "more")
        found += [f"high contrast in the dark: {each}" for each in _colours(page)]
        page.emulate_media(color_scheme="light")
        found += [f"high contrast: {each}" for each in _colours(page)]
        _set(page, "contrast", "")
    page.emulate_media(color_scheme="light")
    if staff or not phone:
        _set(page, "size", "elder")
        found += [f"large: {each}" for each in _violations(page, _LARGE if phone else _SIZES)]
        if wide := page.evaluate(_WIDER):
            found.append(f"large: {wide} pixels wider than the screen")
        _set(page, "size", "")
    return found


def _reflowed(page: Page, *, phone: bool, staff: bool) -> list[str]:
    """With the reader's own spacing; on the other screen; as narrow as zoom makes it; at twice the size on a desk."""
    found = []
    page.evaluate(_SPACED)
    found += [f"cut off when letters and lines are spaced: {each}" for each in page.evaluate(_CUT_OFF)]
    if wide := page.evaluate(_WIDER):
        found.append(f"{wide} pixels wider than the screen when letters are spaced")
    page.evaluate("document.adoptedStyleSheets = []")
    own, other = (PHONE, DESKTOP) if phone else (DESKTOP, PHONE)
    half = ViewportSize(width=DESKTOP["width"] // 2, height=DESKTOP["height"] // 2)
    found += [*_on(page, other, back=own, targets=False), *_on(page, NARROW if phone else half, back=own)]
    if phone and staff:
        _set(page, "size", "elder")
        found += [f"large: {each}" for each in _on(page, NARROW, back=own)]
        _set(page, "size", "")
    return found


def _on(page: Page, screen: ViewportSize, *, back: ViewportSize, targets: bool = True) -> list[str]:
    """What does not fit a screen of another size; with ``targets`` none may become too small on it either.

    Without them where the page is looked at whole on that screen, in another language.
    """
    page.set_viewport_size(screen)
    wide, width = page.evaluate(f"[{_WIDER}, innerWidth]")
    found = [f"{wide} pixels wider than a screen of {width} pixels"] if wide else []
    if targets:
        found += [f"on a screen of {width} pixels: {each}" for each in _violations(page, _SIZES)]
    page.set_viewport_size(back)
    return found


def _set(page: Page, name: str, value: str) -> None:
    page.evaluate("([name, value]) => { document.documentElement.dataset[name] = value }", [name, value])


def _colours(page: Page) -> Sequence[str]:
    """Colours in another scheme: the first of what is marked up alike all the way up; all of it was looked at once."""
    return _violations(page, _COLOURS, but=_ALIKE)


def _violations(page: Page, options: dict[str, Any], *, but: str = "() => []") -> Sequence[str]:
    """What axe finds; ``but``: a function that returns elements to be left out."""
    run = f"""options => {{
      const but = ({but})()
      return axe.run(but.length ? {{exclude: but}} : document, options).then(found => found.violations)
    }}"""
    # No page plays anything, so nothing has to be fetched beforehand to be looked into.
    found = page.evaluate(run, {"resultTypes": ["violations"], "preload": False, **options})
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]} ({node['failureSummary'][:200]})"
        for each in found
        for node in each["nodes"][:3]
    ]
