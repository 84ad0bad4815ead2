"""Hundreds of notices go out by five ways while the workers that send them are killed (SIGKILL) again and again.

Those who carry them err, answer slowly, or take something and lose their answer. Afterwards nothing is lost: every case
was told once in the inbox and once by each way, as the key says that goes along.
"""

import json
import random
import sys
import time
from contextlib import ExitStack
from typing import Any

import pytest
from tests.apps.channels.doubles import Browser, Double, gateway, mail_server, push_service, receiver, serve, wechat
from tests.scenarios.served import City

CASES, WORKERS = 80, 2
KILLS, DEADLINE = 6, 240.0
KEY = "the gateway's key"


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_is_told_twice(city: City) -> None:
    with ExitStack() as stack:
        sms = stack.enter_context(serve(gateway(KEY)))
        account = stack.enter_context(serve(wechat("app", "secret", {"open-1"})))
        pushes = stack.enter_context(serve(push_service()))
        hook = stack.enter_context(serve(lambda double, call: receiver(secret)(double, call)))
        mails, port = stack.enter_context(mail_server())
        city.environment |= {
            "TONGBAN_PRIVATE_TARGETS": "127.0.0.1",
            "TONGBAN_SMS_URL": f"{sms.url}/send",
            "TONGBAN_SMS_KEY": KEY,
            "TONGBAN_WECHAT_URL": account.url,
            "TONGBAN_WECHAT_APP_ID": "app",
            "TONGBAN_WECHAT_SECRET": "secret",
            "TONGBAN_WECHAT_TEMPLATE": "template",
            "TONGBAN_PUSH_KEY": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
            "TONGBAN_PUSH_CONTACT": "mailto:operator@city.example",
            "TONGBAN_EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "TONGBAN_EMAIL_FROM": "no-reply@city.example",
        }
        browser = Browser(f"{pushes.url}/b/1")
        given = {"push": browser.subscription, "webhook": f"{hook.url}/hook"}
        secret: str = city.ask("notices", "set-up", json.dumps(given))["secret"]
        for double in (sms, account, pushes, hook, mails):
            double.trouble = 0.08
        for slow in (sms, account, pushes, hook):
            slow.pause = 0.05  # so that a kill finds something under way
        numbers, kills = _file_while_workers_die(city)
        found = _wait_until_all_is_done(city)

    assert kills >= KILLS
    assert found["notices"] == {str(number): 1 for number in numbers}
    assert set(found["status"]) <= {f"{channel} sent" for channel in found["keys"]}
    # Each way was told of each case once, and of nothing else, whatever was sent again.
    for channel, taken in (("sms", sms), ("wechat", account), ("webhook", hook)):
        assert sorted(taken.keys()) == sorted(found["keys"][channel]), channel
    assert sorted(pushes.keys()) == sorted(key[:32] for key in found["keys"]["push"])
    for channel in ("email", "sms", "wechat", "push"):
        assert len(found["keys"][channel]) == CASES, channel
    assert len(found["keys"]["webhook"]) >= CASES
    assert {f"<{key[:40]}@city.example>" for key in found["keys"]["email"]} == set(mails.by_id())
    assert _sent_again(sms) > 0, "the scenario has not tried anything twice"
    twice = sum(len(each) - 1 for each in mails.by_id().values())
    total = sum(len(each) for each in found["keys"].values())
    sys.stdout.write(f"{kills} kills, {found['tries']} attempts for {total} deliveries, {twice} mails came twice\n")


def _sent_again(double: Double) -> int:
    return len(double.calls) - len(double.taken)


def _file_while_workers_die(city: City) -> tuple[list[int], int]:
    """File all cases; meanwhile start workers and kill one after the other, each at a moment of no meaning."""
    dice = random.Random()
    filing = city.begin("notices", "file", str(CASES), output=True)
    workers = [city.begin("notices", "work") for _ in range(WORKERS)]
    kills = 0
    until = time.monotonic() + DEADLINE / 2
    while (kills < KILLS or filing.is_running()) and time.monotonic() < until:
        time.sleep(dice.uniform(0.5, 2))
        victim = dice.randrange(WORKERS)
        workers[victim].kill()
        kills += 1
        workers[victim] = city.begin("notices", "work")
    said = filing.read()
    for worker in workers:
        worker.kill()
    return json.loads(said.splitlines()[-1])["numbers"], kills + len(workers)


def _wait_until_all_is_done(city: City) -> dict[str, Any]:
    """One worker that nobody kills finishes what is left."""
    worker = city.begin("notices", "work")
    try:
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            found: dict[str, Any] = city.ask("notices", "audit")
            if not found["behind"] and not found["open"] and found["notices"]:
                return found
            time.sleep(0.5)
    finally:
        worker.kill()
    raise AssertionError(f"not done in time: {found['status']}, {found['behind']} events behind")
