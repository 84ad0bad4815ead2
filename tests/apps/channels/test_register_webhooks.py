"""An operator lets a system hear of the events of its cases."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.channels.doubles import Double, receiver, serve
from tests.apps.ledger.conftest import run

from tongban.apps.channels.models import Delivery, Webhook
from tongban.apps.channels.sending import send_due

pytestmark = pytest.mark.django_db
COMPANY = "91361700MA00001A5K"


@pytest.fixture
def hook(city: Any, settings: Any) -> Iterator[Callable[..., Double]]:
    """Register a web hook through the command, with a receiver behind it."""
    settings.PRIVATE_TARGETS = ["127.0.0.1"]
    secret = ""
    with serve(lambda double, call: receiver(secret)(double, call)) as double:

        def register(*words: str) -> Double:
            nonlocal secret
            done = run("webhook", "create", "--url", f"{double.url}/hook", *words)
            assert done.well, done.err
            secret = done.out.split("secret  ")[1].splitlines()[0]
            return double

        yield register


def _send() -> None:
    while send_due(now=timezone.now):
        pass


def test_it_works(hook: Callable[..., Double], file_case: Any, act: Any, catch_up: Callable[..., int]) -> None:
    double = hook("--department", "market-regulation")
    number = file_case(at=timezone.now())
    act(number, "accept", by="wangqian")
    catch_up()
    _send()
    events = sorted((json.loads(body) for body in double.taken.values()), key=lambda each: each["data"]["seq"])
    assert events[0]["type"] == "tongban.case.filed"
    assert "tongban.case.accepted" in {each["type"] for each in events}
    assert {each["subject"] for each in events} == {f"{number:016d}"}
    assert events[0]["id"] == f"{number:016d}/1"
    assert events[0]["specversion"] == "1.0"
    catch_up()
    _send()
    assert len(double.calls) == len(events), "nothing twice"


def test_only_its_own_cases_and_the_kinds_that_it_wants(
    hook: Callable[..., Double], file_case: Any, catch_up: Callable[..., int]
) -> None:
    double = hook("--organisation", COMPANY, "--kind", "case.filed")
    file_case(at=timezone.now())
    number = file_case(username="zhoumin", applicant=f"organisation:{COMPANY}", at=timezone.now())
    catch_up()
    _send()
    assert [json.loads(body)["subject"] for body in double.taken.values()] == [f"{number:016d}"]


def test_what_happened_before_is_not_told(
    hook: Callable[..., Double], file_case: Any, catch_up: Callable[..., int]
) -> None:
    file_case()
    double = hook("--department", "market-regulation")
    catch_up()
    _send()
    assert double.calls == []


def test_no_people_and_no_reasons_go_out(
    hook: Callable[..., Double], file_case: Any, act: Any, catch_up: Callable[..., int]
) -> None:
    double = hook("--department", "market-regulation")
    number = file_case(at=timezone.now())
    act(number, "refuse", by="wangqian", reason="Lin Xiaomei owes a fine.")
    catch_up()
    _send()
    sent = b"".join(double.taken.values()).decode()
    for secret in ("Xiaomei", "fine", "user:", "digest"):
        assert secret not in sent


def test_it_can_be_listed_and_ended(hook: Callable[..., Double], file_case: Any, catch_up: Callable[..., int]) -> None:
    double = hook("--department", "market-regulation")
    registered = Webhook.objects.get()
    assert "whsec" not in registered.secret_sealed
    listed = run("webhook", "list").out
    assert registered.pk in listed
    assert "whsec" not in listed
    file_case(at=timezone.now())
    catch_up()
    assert run("webhook", "revoke", registered.pk).out == "Ended.\n"
    _send()
    assert double.calls == []
    assert set(Delivery.objects.values_list("status", flat=True)) == {"dropped"}
    assert not run("webhook", "revoke", registered.pk).well
    assert "ended" in run("webhook", "list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--url", "https://example.com/"], "either to an organisation or to a department"),
        (["--url", "http://example.com/", "--department", "market-regulation"], "https://"),
        (["--url", "https://10.0.0.1/", "--department", "market-regulation"], "TONGBAN_PRIVATE_TARGETS"),
        (["--url", "https://93.184.216.34/", "--department", "no-such"], "no such organisation or department"),
        (["--url", "https://93.184.216.34/", "--department", "window", "--kind", "x"], "Unknown kinds of events: x"),
    ],
)
def test_what_cannot_be_registered_is_said(city: Any, words: list[str], said: str) -> None:
    done = run("webhook", "create", *words)
    assert not done.well
    assert said in done.err
    assert not Webhook.objects.exists()
