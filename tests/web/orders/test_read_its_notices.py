"""Notices of an order: one for what was filed in one go, and all of them together in the inbox."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.channels.models import Notice

pytestmark = pytest.mark.django_db
RESTAURANT = {"licence": "sole", "premises": "new", "outside": "yes", "certificate": "no"}


def test_what_was_filed_in_one_go_is_told_once_and_stands_together(
    sent: Callable[..., tuple[Client, int]], catch_up: Callable[..., int], actor_for: Any
) -> None:
    """What was filed in one go makes one notice; what comes of each part stands in the order's thread."""
    client, number = sent(bundle="restaurant", guide=RESTAURANT)
    catch_up()
    mine = Notice.objects.filter(person=actor_for("linxiaomei").person_id)
    filed = mine.get(kind="order_filed")
    assert not mine.filter(kind="filed").exists()
    assert filed.legal
    assert {row.order for row in mine} == {number}
    assert [part["en"] for part in filed.params["parts"]] == [
        part.definition.name.en for part in client.get(f"/orders/{number}/").context["order"].parts
    ]
    (thread,) = client.get("/inbox/").context["threads"]
    assert (thread.order, len(thread.earlier)) == (number, mine.count() - 1)
    assert client.get(f"/inbox/{filed.pk}/")["Location"] == f"/orders/{number}/"
    catch_up()
    assert mine.filter(kind="order_filed").count() == 1
