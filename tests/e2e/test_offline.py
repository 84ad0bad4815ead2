"""Without a connection: my cases and certificates can be read where I asked for it, and by nobody else."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.own_device import arrives, is_served
from tests.e2e.reader import Reader
from tests.e2e.running import City

pytestmark = pytest.mark.e2e

FOOD = "food-business-licence"


@pytest.fixture(scope="module")
def case(city: City) -> int:
    """A case of hers that is under way."""
    return city.past(file={"matter": FOOD, "by": "linxiaomei", "working_days_ago": 1})


def _keeps(reader: Reader) -> None:
    reader.go("/kept/")
    reader.press("Keep them on this device")
    expect(reader.page.get_by_role("button", name=reader.say("Remove them from this device"))).to_be_visible()


def _kept(reader: Reader) -> list[str]:
    found: list[str] = reader.page.evaluate(
        "async () => (await caches.has('tongban-kept'))"
        " ? (await (await caches.open('tongban-kept')).keys()).map(each => new URL(each.url).pathname) : []"
    )
    return found


def _leaves_the_net(reader: Reader) -> None:
    reader.page.context.set_offline(True)


def test_my_case_is_read_without_a_connection(opens: Opens, case: int) -> None:
    """Asked for, kept, read offline with the day that it was kept; online again, the banner is gone."""
    resident = opens(screen="phone")
    arrives(resident, "linxiaomei")
    assert _kept(resident) == [], "nothing is kept that was not asked for"
    _keeps(resident)
    assert f"/cases/{case:016d}/" in _kept(resident)
    _leaves_the_net(resident)
    resident.go(f"/cases/{case:016d}/")
    expect(resident.page.get_by_text(re.compile("食品经营许可")).first).to_be_visible()
    expect(resident.page.locator("[data-offline] p")).to_be_visible()
    resident.page.context.set_offline(False)
    expect(resident.page.locator("[data-offline] p")).to_be_hidden()


def test_what_is_not_kept_says_what_can_be_read(opens: Opens, case: int) -> None:
    resident = opens(language="en-GB")
    arrives(resident, "linxiaomei")
    _keeps(resident)
    _leaves_the_net(resident)
    resident.go("/matters/")
    expect(resident.heading("You are offline")).to_be_visible()
    resident.page.get_by_role("link", name="My cases").first.click()
    expect(resident.heading("My cases")).to_be_visible()
    resident.page.locator(f"a[href='/cases/{case:016d}/']").first.click()
    expect(resident.page).to_have_url(re.compile(f"{case:016d}"))


def test_signing_out_takes_it_off_the_device(opens: Opens, case: int) -> None:
    resident = opens(language="en-GB")
    arrives(resident, "linxiaomei")
    _keeps(resident)
    resident.page.locator("details.tb-menu > summary").last.click()
    resident.press("Sign out")
    resident.page.wait_for_load_state()
    assert _kept(resident) == []
    _leaves_the_net(resident)
    resident.go(f"/cases/{case:016d}/")
    expect(resident.heading("You are offline")).to_be_visible()
    expect(resident.page.get_by_text("Nothing of yours is kept on this device.")).to_be_visible()


def test_somebody_else_never_reads_it(opens: Opens) -> None:
    """Her session is gone without a sign-out; somebody else signs in on the same device."""
    device = opens(language="en-GB")
    arrives(device, "linxiaomei")
    _keeps(device)
    device.page.context.clear_cookies(name="sessionid")
    arrives(device, "zhoumin")
    device.go("/cases/")
    for _ in range(50):
        if not _kept(device):
            break
        device.page.wait_for_timeout(100)
    assert _kept(device) == []


def test_nothing_is_kept_on_a_device_that_others_use(opens: Opens) -> None:
    resident = opens(language="en-GB")
    arrives(resident, "linxiaomei", own_device=False)
    resident.go("/kept/")
    expect(resident.page.get_by_role("button", name="Keep them on this device")).to_have_count(0)
    assert _kept(resident) == []


def test_a_form_is_held_back_without_a_connection(opens: Opens) -> None:
    """What was typed is still there; with a connection it is sent."""
    nobody = opens(language="en-GB")
    nobody.go("/verify/")
    is_served(nobody)
    nobody.go("/account/login/")
    nobody.page.get_by_label("User name").fill("linxiaomei")
    nobody.page.get_by_label("Password").fill("not it")
    _leaves_the_net(nobody)
    nobody.press("Sign in")
    expect(nobody.page.locator("[data-offline]")).to_be_focused()
    expect(nobody.page.get_by_label("User name")).to_have_value("linxiaomei")
    nobody.page.context.set_offline(False)
    nobody.press("Sign in")
    expect(nobody.page.locator(".govuk-error-summary")).to_be_visible()


def test_online_pages_are_never_stale(opens: Opens, city: City, case: int) -> None:
    """A copy is there, and the page from the network is shown all the same."""
    resident = opens(language="en-GB")
    arrives(resident, "linxiaomei")
    _keeps(resident)
    resident.page.evaluate(
        f"async () => (await caches.open('tongban-kept')).put('/cases/{case:016d}/', new Response('an old copy'))"
    )
    resident.go(f"/cases/{case:016d}/")
    expect(resident.page.get_by_text("an old copy")).to_have_count(0)
