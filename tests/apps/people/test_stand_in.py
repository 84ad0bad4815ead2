"""What standing in lends, and to whom it lends nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed, StandInPeriod, StandInUnfit, UnknownStandIn
from tongban.apps.people.models import Membership, StandIn
from tongban.apps.people.queries import get_actor
from tongban.apps.people.services import name_stand_in, revoke_stand_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def name(user_for: Callable[[str], Any]) -> Callable[..., int]:
    """Name a stand-in for a week from today."""

    def given(by: str, *, absent: str, stand_in: str, **changes: Any) -> int:
        values: dict[str, Any] = {
            "department": "",
            "roles": (),
            "since": TODAY,
            "until": TODAY + timedelta(days=6),
            "reason": "",
            "on": TODAY,
        }
        return name_stand_in(
            absent_id=user_for(absent).pk,
            stand_in_id=user_for(stand_in).pk,
            actor=get_actor(user=user_for(by), on=TODAY),
            at=timezone.now(),
            **(values | changes),
        )

    return given


@pytest.fixture
def on(user_for: Callable[[str], Any]) -> Callable[..., Actor]:
    """Somebody as they may act so many days from today."""
    return lambda who, days=0: get_actor(user=user_for(who), on=TODAY + timedelta(days=days))


def test_it_lends_roles_for_its_days(name: Any, on: Any, user_for: Any) -> None:
    before = on("huangyan")
    name("hejun", absent="hejun", stand_in="huangyan")
    for days in (0, 6):
        lent = on("huangyan", days)
        assert lent.has_role("decider", department="market-regulation")
        assert lent.own_roles == before.roles
        assert lent.absent == {user_for("hejun").pk}
    assert on("huangyan", 7) == on("huangyan", -1) == before


def test_supervision_and_administration_are_not_lent(name: Any, on: Any, user_for: Any) -> None:
    for role in ("supervisor", "administrator"):
        Membership.objects.create(user=user_for("hejun"), department_id="market-regulation", role=role)
    name("hejun", absent="hejun", stand_in="huangyan")
    assert {role for _, role in on("huangyan").borrowed} == {"decider"}


def test_it_is_not_passed_on(name: Any, on: Any) -> None:
    name("hejun", absent="hejun", stand_in="huangyan")
    name("huangyan", absent="huangyan", stand_in="chenli")
    assert not on("chenli").has_role("decider")


def test_a_borrowed_headship_arranges_nothing(name: Any) -> None:
    name("hejun", absent="hejun", stand_in="huangyan")
    with pytest.raises(NotAllowed):
        name("huangyan", absent="chenli", stand_in="huangyan", department="market-regulation")


def test_who_leaves_lends_nothing(name: Any, on: Any, user_for: Any) -> None:
    name("hejun", absent="hejun", stand_in="huangyan")
    Membership.objects.filter(user=user_for("hejun"), role="decider").delete()
    assert not on("huangyan").has_role("decider")
    user = user_for("hejun")
    user.is_active = False
    user.save()
    assert on("huangyan").absent == frozenset()


def test_what_cannot_be_arranged(name: Any) -> None:
    with pytest.raises(StandInUnfit):
        name("hejun", absent="hejun", stand_in="linxiaomei")
    with pytest.raises(StandInUnfit):
        name("hejun", absent="hejun", stand_in="huangyan", roles=("clerk",))
    with pytest.raises(StandInPeriod):
        name("hejun", absent="hejun", stand_in="huangyan", until=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed):
        name("songwei", absent="chenli", stand_in="huangyan")
    assert StandIn.objects.count() == 0


def test_the_database_holds_it_as_well(name: Any, user_for: Any) -> None:
    name("hejun", absent="hejun", stand_in="huangyan")
    row = StandIn.objects.get()
    for field, value in (("stand_in", user_for("hejun")), ("until", TODAY - timedelta(days=1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            StandIn.objects.filter(pk=row.pk).update(**{field: value})


def test_who_may_revoke(name: Any, on: Any) -> None:
    for who in ("hejun", "huangyan"):
        revoke_stand_in(stand_in=name("hejun", absent="hejun", stand_in="huangyan"), actor=on(who), at=timezone.now())
    given = name("hejun", absent="chenli", stand_in="huangyan", department="market-regulation")
    with pytest.raises(UnknownStandIn):
        revoke_stand_in(stand_in=given, actor=on("luhao"), at=timezone.now())
    revoke_stand_in(stand_in=given, actor=on("hejun"), at=timezone.now())
    assert not StandIn.objects.filter(revoked_at=None).exists()
