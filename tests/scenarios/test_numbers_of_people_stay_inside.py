"""A small life of the city, really served: nobody's identity number or telephone is in a log, an address, or a page for
somebody else.

People sign in, file, look up, give mandates, come to a counter, and mistype; then each of them, and nobody, walks every
link that the pages show, from the first page on. A new page is walked as soon as something links to it, or if its
address needs no number. The server logs as much as it can.

Officials see numbers masked as well: on no page of the desk, the counter and supervision does one stand in full. And so
that nobody trusts a net with a hole in it, a server that leaks on purpose is walked, and each leak must be found.
"""

import os
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
STAFF_PAGES = ("/desk/", "/window/", "/supervise/")
"""Where officials look at what is others'. A form that a clerk fills in with somebody is no such page."""
MOST = int(os.environ.get("TONGBAN_TEST_WALK", "80"))
"""So many pages are walked by each."""
_APART = re.compile(r"(?<=\d)(?:\s|-|&nbsp;|%20|\+)(?=[\dX])")
"""What stands between two figures that are one number."""
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

    def walk(self, start: Iterable[str]) -> None:
        """Every link, from these addresses on."""
        waiting, seen = deque(start), set[str]()
        while waiting and len(seen) < MOST:
            path = waiting.popleft()
            if path in seen or path.startswith(_LEAVE):
                continue
            seen.add(path)
            answer = self.get(path)
            if "text/html" in answer.headers.get("Content-Type", ""):
                found = [each for link in _LINK.findall(answer.text) if (each := self._ours(link, answer.url))]
                waiting += found
                waiting.extendleft(each for each in found if each.startswith("/desk/cases/"))

    def has(self, number: str) -> bool:
        """Whether the number is in any address that was opened, led to or linked."""
        return any(_holds(each, number) for each in self.addresses)

    def _ours(self, link: str, page: str) -> str:
        url = urldefrag(urljoin(page, link)).url
        parts = urlsplit(url)
        return parts.path if url.startswith(self.city.url) and not parts.query else ""


def _holds(text: str, number: str) -> bool:
    """Whether a number is there, written in one go or in groups."""
    return number in text or number in _APART.sub("", text)


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
        reader.walk([*(STAFF_PAGES if reader.name in OFFICIALS else ()), "/", *_plain_routes(get_resolver())])
        assert len(reader.pages) > 20, reader.name
    wrong = [fault for reader in readers for fault in _faults(reader)]
    assert wrong == []
    assert _logged(city.folder) == []
    officials = [reader for reader in readers if reader.name in OFFICIALS]
    cases = [text for reader in officials for url, text in reader.pages.items() if "/desk/cases/" in url]
    assert any("****" in text for text in cases)  # masked, not left out


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    number, phone = "361799195803070076", "13900000003"
    pages = {
        "/": "".join(f'<a href="{path}">on</a>' for path in ("/a", "/b", "/c", "/d", "/desk/cases/1/")),
        "/a": f"<p>{number}</p>",
        "/b": f"<p>{phone[:3]} {phone[3:7]} {phone[7:]}</p>",
        "/c": f'<a href="/look?number={number}">look</a>',
        "/d": "nothing",
        "/desk/cases/1/": f"<p>{number}</p>",
    }
    with _leaking(pages, header_on="/d", header=number) as url:
        city = City(url, tmp_path, {})
        others, official, own = Reader(city, "linxiaomei"), Reader(city, "hejun"), Reader(city, "zhaoguoan")
        for reader in (others, official, own):
            reader.walk(["/"])
    found = "\n".join(_faults(others))
    for leak in (f"{number} on {url}/a", f"{phone} on {url}/b", f"{number} in an address", f"{number} on {url}/d"):
        assert leak in found, leak
    assert f"{number} on {url}/desk/cases/1/" in "\n".join(_faults(official))
    assert f"{number} on {url}/a" not in "\n".join(_faults(own))  # one's own is no leak
    (tmp_path / "serve.log").write_text("2026-11-27 INFO started\n")
    (tmp_path / "work.log").write_text(f"2026-11-27 INFO told {phone}\n")
    assert _logged(tmp_path) == [f"work.log: {phone}"]
    (tmp_path / "serve.log").write_text(f"2026-11-27 WARNING Not Found: /nowhere/{number[:6]}%20{number[6:]}\n")
    assert f"serve.log: {number}" in _logged(tmp_path)


@contextmanager
def _leaking(pages: Mapping[str, str], *, header_on: str, header: str) -> Iterator[str]:
    """A server of these pages; one of them leaks in a header."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            self.send_response(200 if path in pages else 404)
            self.send_header("Content-Type", "text/html")
            if path == header_on:
                self.send_header("X-Note", header)
            self.end_headers()
            self.wfile.write(pages.get(path, "").encode())

        def log_message(self, *_args: object) -> None:
            """Nothing: what it is asked for is no news."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _logged(folder: Path) -> list[str]:
    """Numbers in what the server and the worker have written."""
    found = []
    for name in ("serve.log", "work.log"):
        text = (folder / name).read_text()
        found += [f"{name}: {number}" for number in sorted({*ALL, STRANGER}) if _holds(text, number)]
    return found


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
    """Numbers in addresses; and on pages, of anybody but the reader: of officials, on the pages of their work."""
    found = [f"{reader.name or 'nobody'}: {number} in an address" for number in (*ALL, STRANGER) if reader.has(number)]
    others = ALL - NUMBERS.get(reader.name, set()) | {STRANGER}
    only = STAFF_PAGES if reader.name in OFFICIALS else ("/",)
    pages = {url: text for url, text in reader.pages.items() if urlsplit(url).path.startswith(only)}
    seen = {url: (text, _APART.sub("", text)) for url, text in pages.items()}
    return found + [
        f"{reader.name or 'nobody'}: {number} on {url}"
        for url, (text, joined) in seen.items()
        for number in others
        if number in text or number in joined
    ]
