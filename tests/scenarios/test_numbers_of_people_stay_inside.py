"""A small life of the city, really served: nobody's identity number or telephone is in a log, an address, or a page for
somebody else.

People sign in, file, look up, give mandates, come to a counter, and mistype; then each of them, and nobody, walks every
link that the pages show, from the first page on. A new page is walked as soon as something links to it, or if its
address needs no number. The server logs as much as it can.
"""

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import requests
import yaml
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from tests.e2e.running import City, running_city

pytestmark = [pytest.mark.slow, pytest.mark.once]
PEOPLE = yaml.safe_load((Path(settings.CITY) / "people.yaml").read_text())
NUMBERS = {row["username"]: {row["identity_number"], row["phone"]} for row in PEOPLE["people"]}
ALL = frozenset().union(*NUMBERS.values())
STRANGER, NOBODY = "361799202001010023", ""
"""A number that is typed at a counter, and is on no page afterwards."""
WALKERS = (NOBODY, "linxiaomei", "zhaoguoan", "wangqian", "hejun")
OFFICIALS = ("wangqian", "hejun")
MOST = int(os.environ.get("TONGBAN_TEST_WALK", "80"))
"""So many pages are walked by each."""
_LINK = re.compile(r'(?:href|action|src)="([^"]+)"')
_LEAVE = ("/account/logout/", "/language", "/static/", "/account/2fa/recovery-codes/download")


class Reader:
    """Somebody with a browser that keeps all that it was sent."""

    def __init__(self, city: City, name: str = NOBODY) -> None:
        self.city, self.name, self.browser = city, name, requests.Session()
        self.browser.headers["Accept-Language"] = "en"
        self.pages: dict[str, str] = {}
        self.addresses: set[str] = set()

    def get(self, path: str) -> requests.Response:
        """Open a page, and keep it with its headers."""
        return self._keep(self.browser.get(urljoin(self.city.url, path), timeout=60))

    def post(self, path: str, **given: object) -> requests.Response:
        """Send a form, as the page has it."""
        self.get(path)
        token = {"csrfmiddlewaretoken": self.browser.cookies.get("csrftoken", "")}
        headers = {"Referer": urljoin(self.city.url, path)}
        url = urljoin(self.city.url, path)
        return self._keep(self.browser.post(url, data={**given, **token}, headers=headers, timeout=60), typed=True)

    def _keep(self, answer: requests.Response, *, typed: bool = False) -> requests.Response:
        self.addresses |= {each.url for each in (*answer.history, answer)}
        self.addresses |= {each.headers["Location"] for each in answer.history}
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        text = answer.text if "text" in answer.headers.get("Content-Type", "") else ""
        self.addresses |= set(_LINK.findall(text))
        if not typed:  # what somebody has just typed wrongly stands in their own form
            self.pages[answer.url] = f"{headers}\n{text}"
        return answer

    def sign_in(self) -> None:
        """With the password of the demo city."""
        answer = self.post("/account/login/", login=self.name, password=self.city.password)
        assert "/account/login/" not in answer.url, self.name

    def walk(self) -> None:
        """Every link, from the first page and from every address without a number in it."""
        waiting, seen = deque(["/", *_plain_routes(get_resolver())]), set[str]()
        while waiting and len(seen) < MOST:
            path = waiting.popleft()
            if path in seen or path.startswith(_LEAVE):
                continue
            seen.add(path)
            answer = self.get(path)
            if "text/html" in answer.headers.get("Content-Type", ""):
                waiting += [each for link in _LINK.findall(answer.text) if (each := self._ours(link, answer.url))]

    def has(self, number: str) -> bool:
        """Whether the number is in any address that was opened, led to or linked."""
        return any(number in each for each in self.addresses)

    def _ours(self, link: str, page: str) -> str:
        url = urldefrag(urljoin(page, link)).url
        parts = urlsplit(url)
        return parts.path if url.startswith(self.city.url) and not parts.query else ""


def _plain_routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Addresses that take nothing: found even if no page links to them (metrics, say)."""
    for each in resolver.url_patterns:
        route = f"{before}{each.pattern}"
        if "<" in route or "(" in route or "^" in route:
            continue
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _plain_routes(each, route)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[City]:
    settings = {"TONGBAN_LOG_LEVEL": "DEBUG"}
    with running_city(tmp_path_factory.mktemp("city"), cases=5, settings=settings, migrated=migrated) as running:
        yield running


def test_they_are_in_no_log_no_address_and_no_page_for_others(city: City) -> None:
    readers = [Reader(city, name) for name in WALKERS]
    for reader in readers:
        if reader.name:
            reader.sign_in()
    _live(city, {reader.name: reader for reader in readers})
    for reader in readers:
        reader.walk()
        assert len(reader.pages) > 20, reader.name
    wrong = [fault for reader in readers for fault in _faults(reader)]
    assert wrong == []
    for name in ("serve.log", "work.log"):
        text = (city.folder / name).read_text()
        assert sorted(number for number in (*ALL, STRANGER) if number in text) == [], name


def _live(city: City, by_name: Mapping[str, Reader]) -> None:
    """What people do in a day, with numbers in it wherever a page asks for one, rightly and wrongly."""
    nobody, lin, clerk = by_name[NOBODY], by_name["linxiaomei"], by_name["wangqian"]
    lin_number, zhao = "361799198805140027", by_name["zhaoguoan"]
    file = {"matter": "food-business-licence", "by": "linxiaomei"}
    number = city.past(file=file)
    Reader(city).post("/account/login/", login=lin_number, password="no")  # a number where a name belongs
    nobody.post("/track/", number=str(number), phone="0001")
    nobody.post("/track/", number=str(number), phone="13900000001")
    zhao.post("/mandates/give/", name="吴小川", number="361799199702190094", scope="all", until="2027-01-01")
    me = re.findall(r'value="(person:\d+)"', zhao.get("/mandates/give/").text)[0]
    page = zhao.post(
        "/mandates/give/", whom=me, name="吴小川", number="361799199702190093", scope="all", until="2027-01-01"
    )
    terms = re.findall(r'name="terms" value="([^"]+)"', page.text)[0]
    given = zhao.post("/mandates/give/", terms=terms)
    assert "/mandates/" in given.url
    clerk.post("/window/food-business-licence/", identity_number=lin_number, name="林晓梅", phone="13900000001")
    clerk.post("/window/food-business-licence/", identity_number=lin_number, name="别人", phone="1390000000")
    clerk.post(
        "/window/mandates/",
        kind="guardian",
        represented=STRANGER,
        represented_name="林小小",
        agent=lin_number,
        agent_name="林晓梅",
        reason="出生医学证明",
    )
    lin.post("/acting/", applicant="organisation:91361700MA00001A5K")
    for reader in (nobody, lin, clerk):
        reader.post("/nowhere", number=lin_number)  # an address that there is not


def _faults(reader: Reader) -> list[str]:
    """Numbers in addresses; and on pages, of anybody but the reader. Officials see what their cases say."""
    found = [f"{reader.name or 'nobody'}: {number} in an address" for number in (*ALL, STRANGER) if reader.has(number)]
    if reader.name in OFFICIALS:
        return found
    others = ALL - NUMBERS.get(reader.name, set()) | {STRANGER}
    return found + [
        f"{reader.name or 'nobody'}: {number} on {url}"
        for url, text in reader.pages.items()
        for number in others
        if number in text
    ]
