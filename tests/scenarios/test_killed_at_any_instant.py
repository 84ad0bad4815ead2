"""200 cases are filed and decided at once over HTTP while the server is killed (SIGKILL) again and again.

Clients do what clients should: each call has a key, and is sent again under it until it is answered. Afterwards every
log verifies, no case is half written, each acknowledged case is there, and each key has exactly one case.
"""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.scenarios.served import Away, City

CASES, CLIENTS = 200, 8
KILLS, KILLING_SECONDS = (3, 8), 25.0
"""At least and at most so many; and after so long the server is left alone, so that a slow machine ends too."""
DEADLINE = 80.0
SYSTEMS = {
    "company": "organisation 91361700MA00001A5K cases:file cases:track",
    "window": "department window desk:tasks",
    "authority": "department market-regulation desk:tasks desk:decide",
}
MATTER = "food-business-licence"
ANSWERS = {
    "application_kind": "new",
    "shop_name": "滨河小馆",
    "address": "明川市临江区滨河路 16 号",
    "area_m2": 60,
    "business_format": "restaurant",
    "items": ["hot_dishes"],
    "staff_count": 4,
    "online_orders": True,
    "safety_manager": "林晓梅",
    "safety_manager_phone": "13900000001",
}
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept", {}),
    ("complete", {"outcome": "pass", "opinion": "齐全"}),
    ("complete", {"outcome": "pass", "opinion": "现场一致"}),
    ("complete", {"outcome": "pass", "opinion": "同意"}),
    ("decide", {"outcome": "granted"}),
)


@dataclass
class Work:
    """What the clients have been told, and by when all must be over."""

    until: float
    numbers: list[str] = field(default_factory=list)
    replayed: int = 0
    kills: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.mark.slow
def test_killed_at_any_instant(city: City) -> None:
    city.start()
    city.wait()
    plan = city.upload(city.tokens["company"], matter=MATTER, material="floor_plan")
    body: dict[str, Any] = {"matter": MATTER, "answers": ANSWERS, "materials": {"floor_plan": [plan]}}
    work = Work(until=time.monotonic() + DEADLINE)
    killer = threading.Thread(target=_kill_and_restart, args=(city, work))
    killer.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            for each in [clients.submit(_file_and_decide, city, body, work, no) for no in range(CASES)]:
                each.result()
    finally:
        work.done.set()
        killer.join()
    city.kill()
    _audit(city, work)


def _file_and_decide(city: City, body: dict[str, Any], work: Work, no: int) -> None:
    """One client's case from filing to decision; every tenth is filed twice at the same time under one key."""
    key = f"case-{no}"
    twins = 2 if no % 10 == 0 else 1
    with ThreadPoolExecutor(twins) as pool:
        calls = [pool.submit(_post, city, city.tokens["company"], "/cases", body, key, work) for _ in range(twins)]
        numbers = {call.result() for call in calls}
    assert len(numbers) == 1, "one key, one case"
    number = numbers.pop()
    with work.lock:
        work.numbers.append(number)
    for step, (command, said) in enumerate(STEPS, start=1):
        token = city.tokens["window" if command == "accept" else "authority"]
        _post(city, token, f"/cases/{number}/tasks/{step}/{command}", said, f"{key}-{step}", work)


def _post(city: City, token: str, path: str, body: dict[str, Any], key: str, work: Work) -> str:
    """Call until answered, always under one key; return the number of the case."""
    while time.monotonic() < work.until:
        try:
            answer = city.call(token, "POST", path, body, key=key)
        except Away:
            time.sleep(random.uniform(0.02, 0.2))
            continue
        assert answer.status in (200, 201), (path, answer)
        with work.lock:
            work.replayed += answer.replayed
        return str(answer.body["number"])
    raise AssertionError(f"{path}: no answer in time")


def _kill_and_restart(city: City, work: Work) -> None:
    """Let it answer for a moment, kill it, start it again; in the end leave it running."""
    least, most = KILLS
    began = time.monotonic()
    while work.kills < least or (work.kills < most and time.monotonic() < began + KILLING_SECONDS):
        if work.done.wait(random.uniform(0.1, 1.5)):
            return
        city.kill()
        work.kills += 1
        city.start()
        city.wait()


def _audit(city: City, work: Work) -> None:
    found = city.ask("audit")
    assert work.kills >= KILLS[0]
    assert found["wrong"] == []
    assert len(work.numbers) == len(set(work.numbers)) == CASES, "no number twice"
    assert set(found["cases"]) == set(work.numbers), "each acknowledged case is there, and no other"
    assert set(found["cases"].values()) == {"granted"}
    keyed = {key: number for key, number in found["filed"].items() if key.startswith("case-")}
    assert set(keyed) == {f"case-{no}" for no in range(CASES)}
    assert len(set(keyed.values())) == CASES, "each key has one case of its own"
    assert work.replayed >= CASES // 10, "of each pair of twins one was answered from what was kept"
