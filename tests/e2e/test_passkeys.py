"""A passkey instead of a password, with a device that the browser simulates as its makers do (WebAuthn, CTAP 2)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.reader import PHONE, Reader
from tests.e2e.running import City

pytestmark = pytest.mark.e2e
WHO = "tanglei"


@pytest.fixture
def holder(browser: Browser, city: City) -> Iterator[Reader]:
    """Somebody on a telephone that can be a passkey. A passkey belongs to a name, not to an address of figures."""
    named = replace(city, url=city.url.replace("127.0.0.1", "localhost"))
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    reader = Reader(context.new_page(), named, "en-GB")
    device = context.new_cdp_session(reader.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    reader.device, reader.authenticator = device, made["authenticatorId"]  # type: ignore[attr-defined]
    yield reader
    assert not reader.complaints
    context.close()


def test_added_used_and_taken_away(holder: Reader) -> None:
    page = holder.page
    holder.go("/account/login/")
    holder.sign_in(WHO)

    holder.go("/account/2fa/")
    holder.follow("Add a passkey")
    expect(holder.heading("Is it still you?")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(holder.city.password)
    holder.press("Continue")
    page.get_by_label("What do you call it?").fill("My telephone")
    holder.press("Add it")
    holder.sees("The passkey is added. From now on you can sign in with it.")

    holder.go("/account/2fa/")
    holder.reads("My telephone")
    holder.sees("Signs in alone")

    _signs_out(holder)
    holder.go("/account/login/?next=/inbox/")
    holder.press("Sign in with a passkey")
    expect(page).to_have_url(holder.city.url + "/inbox/")

    _signs_out(holder)
    holder.go("/account/login/")
    holder.sign_in(WHO)  # the password alone does not do any more
    expect(holder.heading("Second step")).to_be_visible()
    holder.press("Use my passkey")
    page.wait_for_url(lambda url: "/account/" not in url)

    holder.go("/account/2fa/webauthn/")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Password", exact=True).fill(holder.city.password)
    holder.press("Continue")
    page.get_by_label("What do you call it?").fill("My old telephone")
    holder.press("Save")
    holder.reads("My old telephone")
    page.get_by_role("link", name="Take it away").click()
    holder.press("Take it away")
    holder.sees("The passkey is taken away.")
    holder.sees("You have none yet.")


def test_a_device_that_does_not_confirm_says_so(holder: Reader) -> None:
    holder.go("/account/login/")
    holder.device.send(  # type: ignore[attr-defined]
        "WebAuthn.setUserVerified",
        {"authenticatorId": holder.authenticator, "isUserVerified": False},  # type: ignore[attr-defined]
    )
    holder.press("Sign in with a passkey")
    holder.sees("The device did not confirm it. Nothing was changed: you can try once more, or use another way.")
    expect(holder.page.get_by_label("User name", exact=True)).to_be_visible()


def _signs_out(holder: Reader) -> None:
    holder.go("/account/logout/")
    holder.page.locator("main").get_by_role("button", name="Sign out").click()
    holder.page.wait_for_url(lambda url: "/logout/" not in url)
