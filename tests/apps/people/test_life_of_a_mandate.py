"""A mandate from its offer to its end: who may do what, what holds when, and the log that both sides read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.proof import verify
from tongban.apps.channels.models import Notice
from tongban.apps.people.errors import (
    AssuranceTooLow,
    ChildNeedsGuardian,
    GuardianIsNone,
    MandateAnswered,
    MandateByLaw,
    MandateForOneself,
    MandatePending,
    MandatePeriod,
    NotAllowed,
    ReasonMissing,
    UnknownMandate,
    UnknownOther,
)
from tongban.apps.people.models import Mandate, Person
from tongban.apps.people.queries import get_actor, get_mandate, list_applicants, list_mandates
from tongban.apps.people.services import (
    accept_mandate,
    ask_for_mandate,
    decline_mandate,
    end_mandate_at_counter,
    find_organisation,
    find_person,
    offer_mandate,
    register_mandate,
    register_person,
    revoke_mandate,
)
from tongban.kernel.numbers import NumberError

pytestmark = pytest.mark.django_db
COMPANY = "91361700MA00001A5K"
For = Callable[[str], Any]
CHILD = "361799202001010023"


def now() -> dict[str, Any]:
    return {"on": timezone.localdate(), "at": timezone.now()}


def person(username: str) -> int:
    return Person.objects.get(user__username=username).pk


@pytest.fixture
def offer(actor_for: For) -> Callable[..., int]:
    """Zhao offers Wu to act for him."""

    def made(**changes: Any) -> int:
        today = timezone.localdate()
        given: dict[str, Any] = {
            "organisation": None,
            "agent_id": person("wuxiaochuan"),
            "matters": ["senior-card"],
            "valid_from": today,
            "valid_until": today + timedelta(days=30),
            "actor": actor_for("zhaoguoan"),
        }
        return offer_mandate(**{**given, **now(), **changes})

    return made


def names(actor: Any, matter: str = "senior-card") -> list[str]:
    return [each.name for each in list_applicants(actor=actor, on=timezone.localdate(), matter=matter)]


def test_it_works(offer: Callable[..., int], actor_for: For) -> None:
    mandate = offer()
    assert "赵国安" not in names(actor_for("wuxiaochuan"))  # offered is not accepted
    accept_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    assert "赵国安" in names(actor_for("wuxiaochuan"))
    assert "赵国安" not in names(actor_for("wuxiaochuan"), "residence-permit")
    revoke_mandate(mandate=mandate, actor=actor_for("zhaoguoan"), **now())
    assert "赵国安" not in names(actor_for("wuxiaochuan"))
    for side in ("zhaoguoan", "wuxiaochuan"):
        view = get_mandate(mandate=mandate, actor=actor_for(side), on=timezone.localdate())
        said = [(each.kind, each.capacity) for each in view.history]
        assert said == [
            ("mandate.proposed", "represented"),
            ("mandate.accepted", "agent"),
            ("mandate.revoked", "represented"),
        ]
        assert view.state == "revoked"
    assert verify().holds


def test_the_log_names_nobody(offer: Callable[..., int], actor_for: For) -> None:
    view = get_mandate(mandate=offer(), actor=actor_for("zhaoguoan"), on=timezone.localdate())
    said = str([each.data for each in view.history])
    assert "赵国安" not in said
    assert "361799" not in said


@pytest.mark.parametrize("who", ["zhaoguoan", "linxiaomei"])
def test_only_the_other_side_answers(offer: Callable[..., int], actor_for: For, who: str) -> None:
    mandate = offer()
    with pytest.raises(UnknownMandate):
        accept_mandate(mandate=mandate, actor=actor_for(who), **now())
    with pytest.raises(UnknownMandate):
        decline_mandate(mandate=mandate, actor=actor_for(who), **now())


def test_a_stranger_neither_sees_nor_ends_it(offer: Callable[..., int], actor_for: For) -> None:
    mandate = offer()
    with pytest.raises(UnknownMandate):
        get_mandate(mandate=mandate, actor=actor_for("linxiaomei"), on=timezone.localdate())
    with pytest.raises(UnknownMandate):
        revoke_mandate(mandate=mandate, actor=actor_for("linxiaomei"), **now())
    assert mandate not in {each.id for each in list_mandates(actor=actor_for("linxiaomei"), on=timezone.localdate())}


def test_declined_or_taken_back_it_never_holds(offer: Callable[..., int], actor_for: For) -> None:
    mandate = offer()
    decline_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    with pytest.raises(MandateAnswered):
        accept_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    second = offer()
    revoke_mandate(mandate=second, actor=actor_for("zhaoguoan"), **now())
    assert Mandate.objects.get(pk=second).ended_as == "withdrawn"
    assert "赵国安" not in names(actor_for("wuxiaochuan"))


def test_one_waits_at_a_time_and_a_newer_one_takes_the_place(offer: Callable[..., int], actor_for: For) -> None:
    first = offer()
    with pytest.raises(MandatePending):
        offer()
    accept_mandate(mandate=first, actor=actor_for("wuxiaochuan"), **now())
    second = offer(matters=None)
    assert "赵国安" in names(actor_for("wuxiaochuan"))  # the old one holds until the new one is accepted
    accept_mandate(mandate=second, actor=actor_for("wuxiaochuan"), **now())
    assert Mandate.objects.get(pk=first).ended_as == "replaced"
    assert "赵国安" in names(actor_for("wuxiaochuan"), "residence-permit")


def test_an_agent_asks_and_the_represented_accepts(actor_for: For) -> None:
    today = timezone.localdate()
    terms: dict[str, Any] = {"matters": None, "valid_from": today, "valid_until": today + timedelta(days=10)}
    wu = actor_for("wuxiaochuan")
    mandate = ask_for_mandate(organisation=None, person_id=person("zhaoguoan"), actor=wu, **terms, **now())
    accept_mandate(mandate=mandate, actor=actor_for("zhaoguoan"), **now())
    assert "赵国安" in names(actor_for("wuxiaochuan"))
    revoke_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())  # either side, at once
    assert "赵国安" not in names(actor_for("wuxiaochuan"))


def test_for_an_organisation_its_legal_representative_answers(actor_for: For) -> None:
    today = timezone.localdate()
    terms: dict[str, Any] = {"matters": ["shop-sign"], "valid_from": today, "valid_until": today}
    code = find_organisation(name="明川小馆餐饮有限公司", credit_code=COMPANY)
    mandate = ask_for_mandate(organisation=code, person_id=None, actor=actor_for("zhaoguoan"), **terms, **now())
    with pytest.raises(UnknownMandate):  # an agent of the company passes nothing on
        accept_mandate(mandate=mandate, actor=actor_for("zhoumin"), **now())
    accept_mandate(mandate=mandate, actor=actor_for("linxiaomei"), **now())
    assert "明川小馆餐饮有限公司" in names(actor_for("zhaoguoan"), "shop-sign")
    with pytest.raises(NotAllowed):
        offer_mandate(
            organisation=COMPANY, agent_id=person("wuxiaochuan"), actor=actor_for("zhoumin"), **terms, **now()
        )


def test_what_is_by_law_ends_at_a_counter_only(actor_for: For) -> None:
    held = Mandate.objects.get(organisation=COMPANY, kind="representative")
    with pytest.raises(MandateByLaw):
        revoke_mandate(mandate=held.pk, actor=actor_for("linxiaomei"), **now())
    clerk = actor_for("wangqian")
    with pytest.raises(ReasonMissing):
        end_mandate_at_counter(mandate=held.pk, reason=" ", actor=clerk, **now())
    with pytest.raises(UnknownMandate):
        end_mandate_at_counter(mandate=held.pk, reason="x", actor=actor_for("chenli"), **now())
    end_mandate_at_counter(mandate=held.pk, reason="营业执照已变更", actor=clerk, **now())
    assert "明川小馆餐饮有限公司" not in names(actor_for("linxiaomei"), "shop-sign")


@pytest.mark.parametrize("days", [(0, -1), (0, 5 * 366 + 1), (3, 2)])
def test_days_that_make_no_sense(offer: Callable[..., int], days: tuple[int, int]) -> None:
    today = timezone.localdate()
    with pytest.raises(MandatePeriod):
        offer(valid_from=today + timedelta(days=days[0]), valid_until=today + timedelta(days=days[1]))


def test_nobody_needs_one_for_themselves(offer: Callable[..., int]) -> None:
    with pytest.raises(MandateForOneself):
        offer(agent_id=person("zhaoguoan"))


def test_who_is_looked_for_is_told_by_one_answer(city: Any) -> None:
    assert find_person(name="赵国安", identity_number="361799195803070076") == person("zhaoguoan")
    for name, number in (("赵国定", "361799195803070076"), ("赵国安", "361799199702190093")):
        with pytest.raises(UnknownOther):
            find_person(name=name, identity_number=number)
    with pytest.raises(NumberError):
        find_person(name="赵国安", identity_number="361799195803070077")


def test_a_city_may_ask_for_a_surer_sign_in(offer: Callable[..., int], user_for: For, settings: Any) -> None:
    settings.MANDATE_ASSURANCE = "substantial"
    zhao = {
        level: get_actor(user=user_for("zhaoguoan"), on=timezone.localdate(), assurance=level)
        for level in ("low", "high")
    }
    with pytest.raises(AssuranceTooLow):
        offer(actor=zhao["low"])
    mandate = offer(actor=zhao["high"])
    wu = get_actor(user=user_for("wuxiaochuan"), on=timezone.localdate(), assurance="substantial")
    accept_mandate(mandate=mandate, actor=wu, **now())
    assert Mandate.objects.get(pk=mandate).assurance == "substantial"  # as sure as the less sure of the two


# --- at a counter -----------------------------------------------------------------------------------------------------


def registered(actor: Any, **changes: Any) -> int:
    given: dict[str, Any] = {
        "kind": "guardian",
        "organisation": None,
        "agent_id": person("linxiaomei"),
        "matters": None,
        "valid_until": None,
        "reason": "出生医学证明",
        "actor": actor,
    }
    return register_mandate(**{**given, **now(), **changes})


def test_a_parent_acts_for_a_child_until_it_is_of_age(actor_for: For) -> None:
    child = register_person(name="林小小", identity_number=CHILD)
    registered(actor_for("wangqian"), person_id=child.pk)
    row = Mandate.objects.get(person=child)
    assert (row.valid_until or timezone.localdate()).isoformat() == "2037-12-31"
    assert (row.source, row.assurance) == ("counter", "high")
    assert "林小小" in names(actor_for("linxiaomei"))


def test_a_child_does_not_act(user_for: For, actor_for: For) -> None:
    user = user_for("wuxiaochuan")
    Person.objects.filter(user=user).update(user=None)
    child = register_person(name="林小小", identity_number=CHILD, user=user)
    actor = actor_for("wuxiaochuan")
    assert names(actor) == []
    today = timezone.localdate()
    terms: dict[str, Any] = {"matters": None, "valid_from": today, "valid_until": today}
    with pytest.raises(ChildNeedsGuardian):
        offer_mandate(organisation=None, agent_id=person("zhaoguoan"), actor=actor, **terms, **now())
    with pytest.raises(ChildNeedsGuardian):
        registered(actor_for("wangqian"), person_id=person("zhaoguoan"), agent_id=child.pk)


def test_only_a_clerk_and_only_with_a_reason(actor_for: For) -> None:
    with pytest.raises(NotAllowed):
        registered(actor_for("chenli"), person_id=person("zhaoguoan"))
    with pytest.raises(ReasonMissing):
        registered(actor_for("wangqian"), person_id=person("zhaoguoan"), reason=" ")
    with pytest.raises(GuardianIsNone):
        registered(actor_for("wangqian"), organisation=COMPANY, person_id=None)


def test_a_new_legal_representative_takes_the_old_ones_place(actor_for: For) -> None:
    agent = person("zhaoguoan")
    registered(actor_for("wangqian"), kind="representative", organisation=COMPANY, person_id=None, agent_id=agent)
    assert "明川小馆餐饮有限公司" in names(actor_for("zhaoguoan"), "shop-sign")
    assert "明川小馆餐饮有限公司" not in names(actor_for("linxiaomei"), "shop-sign")


# --- who is told ------------------------------------------------------------------------------------------------------


def test_the_other_side_is_told(offer: Callable[..., int], actor_for: For, catch_up: Callable[..., int]) -> None:
    mandate = offer()
    accept_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    revoke_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    catch_up()
    said = list(Notice.objects.filter(key__startswith="mandate:").order_by("pk").values_list("person", "kind"))
    zhao, wu = person("zhaoguoan"), person("wuxiaochuan")
    assert said == [(wu, "mandate_offered"), (zhao, "mandate_accepted"), (zhao, "mandate_ended")]


def test_both_are_reminded_once_before_it_ends(offer: Callable[..., int], actor_for: For) -> None:
    from tongban.apps.channels.sources import ask_sources

    mandate = offer()
    accept_mandate(mandate=mandate, actor=actor_for("wuxiaochuan"), **now())
    ask_sources(at=timezone.now())
    ask_sources(at=timezone.now())
    told = Notice.objects.filter(kind="mandate_ending", key__contains=str(Mandate.objects.get(pk=mandate).number))
    assert set(told.values_list("person", flat=True)) == {person("zhaoguoan"), person("wuxiaochuan")}
    assert told.count() == 2
