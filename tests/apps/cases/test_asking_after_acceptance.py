"""Whether more is asked for once a case is accepted is the city's to settle (Administrative Licensing Law, 32)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import permissions
from tongban.apps.cases.consequences import get_work
from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_city
from tongban.kernel.flow import Refused

pytestmark = pytest.mark.django_db
ASKED = {"items": ("floor_plan",), "note": "", "within": None}


@pytest.fixture
def strict(city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo city, but for one key of its city.yaml."""
    own = replace(get_city(), supplement_after_acceptance=False)
    monkeypatch.setattr(permissions, "get_city", lambda: own)


def offers(number: int, actor: Any) -> set[str]:
    return {offer.command for offer in get_work(number=number, actor=actor, at=timezone.now()).offers}


def test_it_works(file_case: Any, act: Any, actor_for: Callable[[str], Any]) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    assert "request_supplement" in offers(number, actor_for("chenli"))
    act(number, "request_supplement", by="chenli", node="handle", **ASKED)
    assert Case.objects.get(pk=number).status == "supplement"


@pytest.mark.usefixtures("strict")
def test_a_strict_city_asks_before_acceptance_only(file_case: Any, act: Any, actor_for: Callable[[str], Any]) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    assert "request_supplement" not in offers(number, actor_for("chenli"))
    with pytest.raises(Refused) as refused:
        act(number, "request_supplement", by="chenli", node="handle", **ASKED)
    assert refused.value.code == "supplement.after-acceptance"
    assert Case.objects.get(pk=number).status == "accepted"
    other = file_case(username="wuxiaochuan")
    act(other, "request_supplement", by="wangqian", **ASKED)
    assert Case.objects.get(pk=other).status == "supplement"
