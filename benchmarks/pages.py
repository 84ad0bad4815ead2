"""Public pages as a telephone on a 2G line gets them: what comes over the wire, and when the page can be used.

A real server and Chromium, nothing in its cache, no worker. The line is emulated by the browser (DevTools protocol):
250 kbit/s down, 50 kbit/s up, 300 ms more on each answer; the processor is slowed to a quarter. A page can be used when
it is painted with its styles and its document is read: scripts only add to it. Budgets: 50 KB, 3 seconds.
"""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

LINE = {"offline": False, "latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8}
SLOWER, TIMES = 4, 5
BYTES, SECONDS = 50_000, 3.0
PAGES = {
    "home": "/",
    "matters": "/matters/",
    "search": "/matters/?q=开饭馆",
    "matter": "/matters/food-business-licence/",
    "track": "/track/",
    "verify": "/verify/",
    "sign_in": "/account/login/",
    "display": "/display",
}
_TIMES = """async () => {
  const [page] = performance.getEntriesByType('navigation')
  const paint = await new Promise(done => new PerformanceObserver(list => {
    const found = list.getEntries().find(each => each.name === 'first-contentful-paint')
    if (found) done(found)
  }).observe({type: 'paint', buffered: true}))
  return [paint.startTime, page.domInteractive, page.loadEventEnd].map(each => each / 1000)
}"""


def main() -> None:
    """Print a line a page: bytes and seconds, with their share of the budget (a ratio above 1 keeps it)."""
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.e2e.running import running_browser, running_city  # the tests' own city

    print(f"2G: 250 kbit/s down, 300 ms, processor / {SLOWER}; median of {TIMES} first visits on a phone, in Chinese.")
    with (
        tempfile.TemporaryDirectory(prefix="tongban-pages-") as folder,
        running_city(Path(folder)) as city,
        running_browser() as browser,
    ):
        for name, path in PAGES.items():
            visits = [_visit(browser, city.url + path) for _ in range(TIMES)]
            size = median(weight for weight, _usable, _whole in visits)
            usable = median(usable for _weight, usable, _whole in visits)
            whole = median(whole for _weight, _usable, whole in visits)
            print(
                f"pages.{name} bytes={size:.0f} budget={BYTES} ratio={BYTES / size:.2f} "
                f"usable={usable:.2f}s budget={SECONDS:.0f}s ratio={SECONDS / usable:.2f} whole={whole:.2f}s"
            )


def _visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """A first visit: bytes over the wire, seconds until the page can be used, seconds until all of it is there."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", is_mobile=True, service_workers="block"
    )
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    received: list[float] = []
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load", timeout=60_000)
    painted, read, whole = page.evaluate(_TIMES)
    context.close()
    return sum(received), max(painted, read), whole


if __name__ == "__main__":
    main()
