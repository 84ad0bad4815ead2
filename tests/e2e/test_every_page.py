"""Each kind of page, as people really see it: no accessibility violation, nothing wider than a phone, 50 KB at most.

A page is looked at on a phone in Chinese and on a desk in English, light and dark; residents' pages also the other way
round and in elder mode, which staff pages do not offer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, StorageState
from tests.e2e.reader import DESKTOP, PHONE, Reader
from tests.e2e.running import City

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

FOOD, JOINT = "food-business-licence", "restaurant-opening"
HEAVIEST = 50_000
"""Bytes over the wire at a first visit: the page, its styles, scripts and pictures, with the heads of the answers."""
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_ALL: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
_ALL_BUT_COLOURS = {"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: who sees it (nobody: ""), where it is, and a button to press there first."""

    name: str
    who: str
    path: str
    press: str = ""

    @property
    def is_for_residents(self) -> bool:
        """Whether it is to be light and shown in all ways."""
        return self.who in _RESIDENTS

    @property
    def looks(self) -> tuple["Look", ...]:
        """The ways to look at it: two for staff pages, and for pages that differ by what is wrong on them only."""
        return LOOKS if self.is_for_residents and not self.press else LOOKS[:2]


@dataclass(frozen=True, slots=True)
class Look:
    """A way to look at pages. ``colours``: light and dark; they do not change with the language, so not each look."""

    name: str
    language: str
    phone: bool
    colours: bool = False
    elder: bool = False
    weighs: bool = False


LOOKS = (
    Look("phone in Chinese", "zh-CN", phone=True, colours=True, weighs=True),
    Look("desk in English", "en-GB", phone=False, colours=True),
    Look("phone in English", "en-GB", phone=True),
    Look("desk in Chinese", "zh-CN", phone=False),
    Look("elder mode", "zh-CN", phone=True, colours=True, elder=True),
)

KINDS = (
    Kind("home", "", "/"),
    Kind("all matters", "", "/matters/"),
    Kind("search", "", "/matters/?q=饭馆"),
    Kind("search without result", "", "/matters/?q=zzzz"),
    Kind("matter", "", f"/matters/{FOOD}/"),
    Kind("matter of a joint review", "", f"/matters/{JOINT}/"),
    Kind("look up a case", "", "/track/"),
    Kind("look up a case, mistyped", "", "/track/", press="Look it up"),
    Kind("verify", "", "/verify/"),
    Kind("certificate, mistyped", "", "/verify/1.2.156.3005.2.1/"),
    Kind("sign in", "", "/account/login/"),
    Kind("sign in, left empty", "", "/account/login/", press="Sign in"),
    Kind("sign up", "", "/account/signup/"),
    Kind("not found", "", "/nowhere"),
    Kind("design", "", "/design"),
    Kind("design of the desk", "", "/design/desk"),
    Kind("home, signed in", "linxiaomei", "/"),
    Kind("my cases", "linxiaomei", "/cases/"),
    Kind("begin", "linxiaomei", f"/matters/{FOOD}/start"),
    Kind("begin, in whose name", "zhoumin", f"/matters/{JOINT}/start"),
    Kind("begin, begun already", "wuxiaochuan", f"/matters/{FOOD}/start"),
    Kind("questions", "wuxiaochuan", "{draft}premises/"),
    Kind("questions with choices", "wuxiaochuan", "{draft}business/"),
    Kind("questions, left empty", "wuxiaochuan", "{draft}business/", press="Continue"),
    Kind("papers", "wuxiaochuan", "{draft}materials/"),
    Kind("papers, left empty", "wuxiaochuan", "{draft}materials/", press="Continue"),
    Kind("review", "wuxiaochuan", "{draft}review/"),
    Kind("throw a draft away", "wuxiaochuan", "{draft}discard"),
    Kind("case, something missing", "linxiaomei", "/cases/{wanting}/"),
    Kind("hand in", "linxiaomei", "/cases/{wanting}/supplement/"),
    Kind("take back", "linxiaomei", "/cases/{wanting}/withdraw/"),
    Kind("case, granted", "linxiaomei", "/cases/{granted}/"),
    Kind("receipt", "linxiaomei", "/cases/{granted}/receipt/"),
    Kind("rate", "linxiaomei", "/cases/{granted}/rate/"),
    Kind("case under joint review", "zhoumin", "/cases/{joint}/"),
    Kind("forbidden", "linxiaomei", "/desk/"),
    Kind("password", "linxiaomei", "/account/password/change/"),
    Kind("two-step sign-in", "linxiaomei", "/account/2fa/"),
    Kind("sign out", "linxiaomei", "/account/logout/"),
    Kind("counter", "wangqian", "/window/"),
    Kind("counter, for whom", "wangqian", f"/window/{FOOD}/"),
    Kind("counter, for whom, left empty", "wangqian", f"/window/{FOOD}/", press="Open the form with them"),
    Kind("queue of the counter", "wangqian", "/desk/"),
    Kind("queue of a department", "chenli", "/desk/"),
    Kind("desk, joint review", "luhao", "/desk/cases/{joint}/"),
    Kind("desk, step left empty", "luhao", "/desk/cases/{joint}/", press="Finish this step"),
    Kind("desk, something missing", "wangqian", "/desk/cases/{wanting}/"),
    Kind("desk, over", "hejun", "/desk/cases/{granted}/"),
    Kind("supervision", "liangchen", "/supervise/"),
)
_RESIDENTS = ("", "linxiaomei", "wuxiaochuan", "zhoumin")


@pytest.fixture(scope="module")
def places(city: City, browser: Browser) -> dict[str, str]:
    """Cases in several states and a draft, to fill the addresses with."""
    accept = {"do": "accept", "by": "wangqian"}
    asks = {"items": ["floor_plan"], "note": "图上请标出洗消间。", "within": None}
    passes = {"outcome": "pass", "opinion": "符合。"}
    wanting = city.past(
        file={"matter": FOOD, "by": "linxiaomei", "working_days_ago": 1},
        steps=[{"do": "request_supplement", "by": "wangqian", "given": asks}],
    )
    granted = city.past(
        file={"matter": FOOD, "by": "linxiaomei", "working_days_ago": 3},
        steps=[
            accept,
            *({"do": "complete", "by": "chenli", "node": node, "given": passes} for node in ("handle", "inspect")),
            {"do": "complete", "by": "hejun", "node": "review", "given": passes},
            {"do": "decide", "by": "hejun", "given": {"outcome": "granted", "reason": ""}},
        ],
    )
    joint = city.past(
        file={"matter": JOINT, "by": "zhoumin", "applicant": "organisation", "working_days_ago": 2},
        steps=[accept, {"do": "complete", "by": "tanglei", "node": "opinion_sign", "given": passes}],
    )
    return {"wanting": str(wanting), "granted": str(granted), "joint": str(joint), "draft": _draft(city, browser)}


def _draft(city: City, browser: Browser) -> str:
    context = browser.new_context(locale="zh-CN")
    resident = Reader(context.new_page(), city, "zh-CN")
    resident.go("/account/login/")
    resident.sign_in("wuxiaochuan")
    resident.begin(FOOD)
    resident.answer(FOOD, application_kind="new")
    resident.press("Continue")
    address = resident.page.url.removeprefix(city.url).removesuffix("premises/")
    context.close()
    return address


class Windows:
    """Open browser windows by look and person, each with the sizes of what it has received."""

    def __init__(self, browser: Browser, city: City) -> None:
        self.browser, self.city = browser, city
        self.open: dict[tuple[Look, str], tuple[Reader, list[float]]] = {}
        self.signed_in: dict[str, StorageState] = {}

    def window(self, look: Look, who: str) -> tuple[Reader, list[float]]:
        """The window of this person with this look."""
        if (look, who) not in self.open:
            context = self.browser.new_context(
                viewport=PHONE if look.phone else DESKTOP,
                locale=look.language,
                color_scheme="light",
                reduced_motion="reduce",
                storage_state=self.signed_in.get(who),
            )
            if look.elder:
                context.add_cookies([{"name": "tb_size", "value": "elder", "url": self.city.url}])
            reader = Reader(context.new_page(), self.city, look.language)
            if who and who not in self.signed_in:
                reader.go("/account/login/")
                reader.sign_in(who)
                self.signed_in[who] = context.storage_state()
            line = context.new_cdp_session(reader.page)
            line.send("Network.enable")
            line.send("Network.setCacheDisabled", {"cacheDisabled": True})
            received: list[float] = []
            line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
            self.open[look, who] = reader, received
        return self.open[look, who]


@pytest.fixture(scope="module")
def windows(browser: Browser, city: City) -> Iterator[Windows]:
    """All windows, closed at the end."""
    made = Windows(browser, city)
    yield made
    for reader, _ in made.open.values():
        reader.page.context.close()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_page(kind: Kind, windows: Windows, places: dict[str, str]) -> None:
    """Accessible, not wider than the screen, quiet on the console; for residents also light, and there at once."""
    faults = [fault for look in kind.looks for fault in _faults(kind, look, *windows.window(look, kind.who), places)]
    assert not faults, f"{kind.path}\n" + "\n".join(faults)


def _faults(kind: Kind, look: Look, reader: Reader, received: list[float], places: dict[str, str]) -> list[str]:
    reader.complaints.clear()
    received.clear()
    reader.go(kind.path.format(**places))
    weight = sum(received)
    if kind.press:
        reader.press(kind.press)
        reader.page.wait_for_load_state()
    faults = [*_violations(reader, _ALL if look.colours else _ALL_BUT_COLOURS), *reader.complaints]
    if look.colours:
        reader.page.emulate_media(color_scheme="dark")
        faults += [f"in the dark: {fault}" for fault in _violations(reader, _COLOURS)]
        reader.page.emulate_media(color_scheme="light")
    if wide := reader.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
        faults.append(f"{wide} pixels wider than the screen")
    if look.weighs and kind.is_for_residents and not HEAVIEST >= weight > 0:
        faults.append(f"{weight:.0f} bytes over the wire; {HEAVIEST} are allowed")
    return [f"{look.name}: {fault}" for fault in faults]


def _violations(reader: Reader, options: dict[str, Any]) -> list[str]:
    found = Axe().run(reader.page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {node['html'][:200]} ({node['failureSummary'][:200]})"
        for each in found
        for node in each["nodes"][:3]
    ]
