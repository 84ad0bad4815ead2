"""All read how departments answer: shares with their intervals, in the order of names."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Any, say: Any, follow_log: Any) -> None:
    empty = client_for("").get("/voices/rates/")
    assert "Nothing has been answered yet" in empty.text
    now = timezone.now()
    for each in range(12):
        number = say(f"第{each}件：大学城北门的路灯坏了，照明不亮。", by="wuxiaochuan")
        due = now + timedelta(days=1) if each < 9 else now - timedelta(days=2)
        Case.objects.filter(pk=number).update(
            authority="urban-management", promised_due=due, decided_at=now - timedelta(days=1), outcome="granted"
        )
    follow_log("voice")
    page = client_for("").get("/voices/rates/").text
    assert "75 % (47–91)" in page
    assert "too few (0)" in page
    assert "Urban Management" in page
