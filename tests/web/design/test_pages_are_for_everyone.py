"""The living page holds every component: axe finds nothing wrong in it, and nothing sticks out sideways."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs an installed Chromium"),
    pytest.mark.django_db(transaction=True),
]


PHONE, DESKTOP_DARK, ELDER = (390, "light", "standard"), (1280, "dark", "standard"), (390, "light", "elder")
PAGES = [
    *(("/design", shown) for shown in (PHONE, DESKTOP_DARK, ELDER)),
    ("/design/desk", PHONE),
    ("/account/login/", DESKTOP_DARK),
    ("/no/such/page", ELDER),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    # Playwright keeps an event loop in this thread; Django would refuse the test's own database work beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path, (width, scheme, size) in PAGES:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
            )
            cookies = {"django_language": language, "tb_size": size}
            context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
            )
            page = context.new_page()
            page.goto(live_server.url + path)
            violations = [found["id"] for found in Axe().run(page).response["violations"]]
            assert not violations, f"{path} {width} {scheme} {size}"
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
            context.close()
        browser.close()
