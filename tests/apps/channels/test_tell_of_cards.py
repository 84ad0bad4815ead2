"""A department is told of the cards that it was shown, and of what became of an appeal; nobody else is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.channels.models import Notice
from tongban.apps.supervision import services
from tongban.apps.supervision.models import Card

pytestmark = pytest.mark.django_db


def _told(actor_for: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("chenli", "hejun", "huangyan", "luhao", "liangchen", "linxiaomei"):
        rows = Notice.objects.filter(person=actor_for(name).person_id, kind__startswith="desk_card")
        if kinds := sorted(rows.values_list("kind", flat=True)):
            found[name] = kinds
    return found


def test_it_works(
    shown: Callable[..., int], actor_for: Any, follow_log: Any, client_for: Callable[..., Client]
) -> None:
    number = shown()
    Card.objects.exclude(pk=number).delete()
    follow_log("cards")
    follow_log("cards")
    assert _told(actor_for) == {"hejun": ["desk_card_red"]}  # who decides in that department
    notice = Notice.objects.get(kind="desk_card_red")
    assert (notice.desk, notice.case) == (True, Card.objects.get(pk=number).case_id)
    client = client_for("hejun")
    assert "Your department was shown a red card" in client.get("/desk/inbox/").text
    assert client.get(f"/desk/inbox/{notice.pk}/")["Location"] == f"/desk/cards/{number}/"


def test_who_has_the_step_is_told(shown: Callable[..., int], actor_for: Any, user_for: Any, follow_log: Any) -> None:
    number = shown()
    Card.objects.exclude(pk=number).delete()
    Card.objects.filter(pk=number).update(holder=user_for("huangyan"))
    follow_log("cards")
    assert _told(actor_for) == {"hejun": ["desk_card_red"], "huangyan": ["desk_card_red"]}


@pytest.mark.parametrize("upheld", [True, False])
def test_an_appeal_is_told_to_supervisors_and_the_ruling_to_who_appealed(
    shown: Callable[..., int], actor_for: Any, follow_log: Any, client_for: Callable[..., Client], upheld: bool
) -> None:
    number, now = shown(), timezone.now()
    Card.objects.exclude(pk=number).delete()
    services.appeal(number=number, reason="Not ours.", actor=actor_for("chenli"), at=now)
    follow_log("cards")
    assert _told(actor_for) == {"hejun": ["desk_card_red"], "liangchen": ["desk_card_appealed"]}
    notice, client = Notice.objects.get(kind="desk_card_appealed"), client_for("liangchen")
    assert client.get(f"/desk/inbox/{notice.pk}/")["Location"] == f"/supervise/cards/{number}/"
    services.rule(number=number, upheld=upheld, reason="Seen.", actor=actor_for("liangchen"), at=now)
    follow_log("cards")
    ruled = "desk_card_upheld" if upheld else "desk_card_withdrawn"
    told = {"chenli": [ruled], "hejun": ["desk_card_red"], "liangchen": ["desk_card_appealed"]}
    assert _told(actor_for) == told
