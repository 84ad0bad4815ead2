"""Short ways for tests of the desk: a case at a step, and a command as an officer's browser gives it."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from django.http import HttpResponse
from django.test import Client

from tongban.apps.cases.models import Case, Task

LICENCE = (("handle", "chenli"), ("inspect", "chenli"), ("review", "hejun"))
"""The steps of a food business licence between acceptance and decision, and who does each."""


class Give(Protocol):
    """Posts a command on the open step at ``node`` (the first, unless it is named)."""

    def __call__(self, who: str | Client, number: int, command: str, *, node: str = "", **data: Any) -> Any: ...


@pytest.fixture
def give(client_for: Callable[..., Client]) -> Give:
    """Give a command the way a browser does: with the number of the step, as the page has it."""

    def post(who: str | Client, number: int, command: str, *, node: str = "", **data: Any) -> HttpResponse:
        client = client_for(who) if isinstance(who, str) else who
        tasks = Task.objects.filter(case=number, finished=None).order_by("no")
        task = (tasks.filter(node=node) if node else tasks).first()
        return client.post(f"/desk/cases/{number}/{command}/", {"task": task.no if task else 0} | data)  # type: ignore[return-value]

    return post


@pytest.fixture
def at_step(file_case: Any, act: Any) -> Callable[..., int]:
    """A food business licence that has come as far as ``node``: accept, handle, inspect, review, decide or deliver."""

    def bring(node: str, **given: Any) -> int:
        number: int = file_case(**given)
        if node == "accept":
            return number
        act(number, "accept", by="wangqian")
        for step, officer in LICENCE:
            if node == step:
                return number
            act(number, "complete", by=officer, node=step, outcome="pass", opinion="Seen.")
        if node == "deliver":
            act(number, "decide", by="hejun", node="decide", outcome="granted", reason="")
        return number

    return bring


@pytest.fixture
def joint(file_case: Any, act: Any) -> int:
    """A restaurant opening that four departments have at once."""
    number: int = file_case(matter="restaurant-opening")
    act(number, "accept", by="wangqian")
    return number


@pytest.fixture
def untouched() -> Callable[[int], Callable[[], bool]]:
    """``same = untouched(number)`` … ``same()``: whether nothing at all has happened to the case in between."""

    def remember(number: int) -> Callable[[], bool]:
        before = Case.objects.get(pk=number).last_hash
        return lambda: bytes(Case.objects.get(pk=number).last_hash) == bytes(before)

    return remember
