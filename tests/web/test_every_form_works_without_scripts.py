"""Each form of each page, sent as it stands by a browser without scripts, is taken or answered with a page.

Every button is pressed, with what the page itself has put into the fields. The server sees no header that a script
would add, and asks for the token of the form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import html

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"
NEEDS_SCRIPTS = ("/account/2fa/webauthn/login/",)
"""A browser signs with a passkey only when a script asks it to: the password is beside it."""
DRAFT = ("about/", "premises/", "business/", "safety/", "materials/", "review/", "discard")


__all__ = ["Visit", "send_all"]


@dataclass(frozen=True)
class Visit:
    """Who opens which page."""

    who: str
    path: str


@dataclass
class Sent:
    """What became of all forms: how many there were beside those in the head of each page, and what was wrong."""

    forms: int = 0
    faults: tuple[str, ...] = ()


def send_all(user_for: Any, *visits: Visit) -> Sent:
    found = Sent()
    for visit in visits:
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        if visit.who:
            client.force_login(user_for(visit.who))
        # A button of the page before may have switched elder mode on, which asks one question a page.
        page = client.get(visit.path, follow=True)
        assert page.status_code in (200, 404), visit
        path = page.request["PATH_INFO"]
        for form in html.document_fromstring(page.content).iter("form"):
            found.forms += bool(form.xpath("ancestor::main"))
            found.faults += tuple(f"{path}: {fault}" for fault in _faults(client, path, form))
    return found


def _faults(client: Client, path: str, form: Any) -> Iterator[str]:
    action, method = form.get("action") or path, form.get("method", "get").lower()
    buttons = [each for each in form.xpath(".//button[@type='submit'] | .//input[@type='submit']") if _shown(each)]
    if not buttons and action not in NEEDS_SCRIPTS:
        yield f"{action}: no button that is there without scripts"
    for name in form.xpath(".//*[@required]/@name"):
        yield f"{action}: the browser itself would refuse {name}, in its own words"
    for button in buttons:
        pressed = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
        answer = _press(client, action, method, [*form.form_values(), *pressed], path)
        if answer.status_code not in (200, 302, 409, 422):
            yield f"{method} {action} ({pressed}): {answer.status_code}"
        elif answer.status_code != 302 and "<html" not in answer.text:
            yield f"{method} {action} ({pressed}): no page"


def _press(client: Client, action: str, method: str, values: list[tuple[str, str]], path: str) -> Any:
    target = path.partition("?")[0] if action.startswith("?") or not action else action.partition("#")[0]
    if method == "get":
        return client.get(target + "?" + urlencode(values))
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    return client.post(target, data)


def _shown(button: Any) -> bool:
    """Whether it is there without scripts: neither it nor anything around it waits for one."""
    around = [button, *button.iterancestors()]
    waits = {"tb-js-only", "tb-js-room"}
    return not any(waits & set((each.get("class") or "").split()) or "hidden" in each.attrib for each in around)


def test_of_everybody(user_for: Any, city: Any) -> None:
    paths = ("/", "/matters/", "/matters/?q=zzzz", f"/matters/{FOOD}/", "/track/", "/verify/", "/account/login/", "/no")
    sent = send_all(user_for, *(Visit("", path) for path in paths))
    assert sent.faults == ()
    assert sent.forms >= 6


def test_of_a_filing(user_for: Any, client_for: Any, ready: Any, city: Any) -> None:
    visits = [Visit("wuxiaochuan", f"/matters/{FOOD}/start")]
    draft = ready(client_for("linxiaomei"))
    visits += [Visit("linxiaomei", f"/drafts/{draft}/{page}") for page in DRAFT]
    sent = send_all(user_for, *visits)
    assert sent.faults == ()
    assert sent.forms >= 8


def test_of_a_case(user_for: Any, city_at_work: dict[str, int]) -> None:
    of = {name: f"/cases/{number}/" for name, number in city_at_work.items()}
    paths = ["/cases/", of["received"], of["supplement"] + "supplement/", of["granted"] + "rate/"]
    paths += [of["received"] + "withdraw/", "/account/logout/", "/account/2fa/", "/account/2fa/totp/activate/"]
    sent = send_all(user_for, *(Visit("linxiaomei", path) for path in paths))
    assert sent.faults == ()
    assert sent.forms >= 5


@pytest.mark.parametrize("who", ["wangqian", "chenli", "hejun"])
def test_of_the_desk(user_for: Any, city_at_work: dict[str, int], who: str) -> None:
    visits = [Visit(who, "/desk/"), *(Visit(who, f"/desk/cases/{number}/") for number in city_at_work.values())]
    sent = send_all(user_for, *visits)
    assert sent.faults == ()
    assert sent.forms >= 30


def test_of_counter_and_supervision(user_for: Any, city: Any) -> None:
    visits = [Visit("wangqian", "/window/"), Visit("wangqian", f"/window/{FOOD}/"), Visit("liangchen", "/supervise/")]
    sent = send_all(user_for, *visits)
    assert sent.faults == ()
    assert sent.forms >= 8
