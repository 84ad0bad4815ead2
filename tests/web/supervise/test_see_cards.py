"""Supervisors see the cards of all departments, and rule on appeals."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Membership
from tongban.apps.supervision import services
from tongban.apps.supervision.models import Card

pytestmark = pytest.mark.django_db


def _numbers(page: Any) -> set[int]:
    return {line.row.number for line in page.context["lines"]}


@pytest.fixture
def appealed(shown: Callable[..., int], actor_for: Any) -> int:
    number = shown()
    services.appeal(number=number, reason="The key was with the owner.", actor=actor_for("hejun"), at=timezone.now())
    return number


def test_it_works(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    step, whole = shown(), shown(whole=True)
    page = client_for("liangchen").get("/supervise/cards/")
    assert {step, whole} < _numbers(page)
    assert "The case as a whole" in page.text
    (each, name) = page.context["counts"][0]
    assert (each.department, each.red, each.yellow) == ("market-regulation", 4, 0)
    assert name in page.text
    assert "林晓梅" not in page.text  # lists name the case, not the applicant
    assert client_for("liangchen").get(f"/supervise/cards/{step}/").context["forms"] == []


def test_filters(client_for: Callable[..., Client], appealed: int) -> None:
    client = client_for("liangchen")
    Card.objects.exclude(pk=appealed).update(colour="yellow", issued_at=timezone.now() - timedelta(days=60))
    for query, found in (
        ("", {appealed}),
        ("?days=all", set(Card.objects.values_list("pk", flat=True))),
        ("?days=all&colour=red", {appealed}),
        ("?state=appealed", {appealed}),
        ("?state=issued", set()),
        ("?department=market-regulation", {appealed}),
        ("?department=fire-rescue", set()),
        ("?department=x&colour=x&state=x&days=x", {appealed}),
    ):
        assert _numbers(client.get(f"/supervise/cards/{query}")) == found, query
    assert client.get("/supervise/cards/?after=x~1").status_code == 302
    assert client.get("/supervise/cards/?after=2026-01-01~1").status_code == 302


@pytest.mark.parametrize(("what", "state", "red"), [("uphold", "upheld", 2), ("withdraw", "withdrawn", 1)])
def test_a_ruling(client_for: Callable[..., Client], appealed: int, what: str, state: str, red: int) -> None:
    client, path = client_for("liangchen"), f"/supervise/cards/{appealed}/"
    page = client.get(path)
    assert "The key was with the owner." in page.text
    assert [form["what"] for form in page.context["forms"]] == ["uphold", "withdraw"]
    assert client.post(path, {"what": what, "reason": ""}).status_code == 422
    asked = client.post(path, {"what": what, "reason": "So it was."})
    assert "This cannot be undone" in asked.text
    assert Card.objects.get(pk=appealed).state == "appealed"
    client.post(path, {"what": what, "reason": "So it was.", "confirmed": "yes"})
    assert Card.objects.get(pk=appealed).state == state
    event = get_history(case=appealed)[-1]
    assert (event.kind, event.capacity, event.previous_activity) == (f"card.{state}", "supervisor", "card.appealed")
    assert client.get("/supervise/cards/").context["counts"][0][0].red == red
    again = client.post(path, {"what": what, "reason": "Twice.", "confirmed": "yes"})
    assert again.status_code == 409


def test_nobody_rules_on_their_own_department(client_for: Callable[..., Client], appealed: int, user_for: Any) -> None:
    Membership.objects.create(user=user_for("liangchen"), department_id="market-regulation", role="handler")
    client, path = client_for("liangchen"), f"/supervise/cards/{appealed}/"
    assert client.get(path).context["forms"] == []
    refused = client.post(path, {"what": "withdraw", "reason": "Mine.", "confirmed": "yes"})
    assert refused.status_code == 409
    assert "You serve in this department" in refused.text
    assert Card.objects.get(pk=appealed).state == "appealed"


def test_administrators_look_and_do_not_rule(client_for: Callable[..., Client], appealed: int) -> None:
    client, path = client_for("admin"), f"/supervise/cards/{appealed}/"
    assert client.get(path).context["forms"] == []
    assert client.post(path, {"what": "withdraw", "reason": "I may.", "confirmed": "yes"}).status_code == 409
    assert Card.objects.get(pk=appealed).state == "appealed"


def test_only_supervisors_enter(client_for: Callable[..., Client], appealed: int) -> None:
    path = f"/supervise/cards/{appealed}/"
    for who, status in (("liangchen", 200), ("admin", 200), ("hejun", 403), ("luhao", 403), ("linxiaomei", 403)):
        client = client_for(who)
        assert [client.get(each).status_code for each in ("/supervise/cards/", path)] == [status, status], who
    assert client_for("hejun").post(path, {"what": "withdraw", "reason": "Ours."}).status_code == 403
    assert client_for("").get(path)["Location"] == f"/account/login/?next={path}"
    assert client_for("liangchen").get("/supervise/cards/2611270000000000/").status_code == 404


def test_the_count_of_queries_does_not_grow(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    client, counts = client_for("liangchen"), []
    for more in (1, 6):
        for _ in range(more):
            shown()
        client.get("/supervise/cards/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/supervise/cards/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 9


def test_page_by_page_each_card_comes_once(
    client_for: Callable[..., Client], shown: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongban.web import cards as pages

    monkeypatch.setattr(pages, "PAGE", 3)
    for _ in range(2):
        shown()
    client = client_for("liangchen")
    first = client.get("/supervise/cards/?days=all")
    second = client.get("/supervise/cards/" + first.context["next_url"])
    assert (len(_numbers(first)), len(_numbers(second))) == (3, 1)
    assert _numbers(first) | _numbers(second) == set(Card.objects.values_list("pk", flat=True))
