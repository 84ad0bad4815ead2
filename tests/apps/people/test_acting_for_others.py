"""Who may act for whom: a legal representative without a mandate, an agent with one, a guardian by law."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import get_case, list_cases
from tongban.apps.intake.errors import NoMandate
from tongban.apps.intake.services import start
from tongban.apps.people.models import Mandate, MandateKind, Person
from tongban.apps.people.queries import list_applicants
from tongban.apps.people.services import give_mandate, name_representative

pytestmark = pytest.mark.django_db
COMPANY = "91361700MA00001A5K"


def names(actor: Any, matter: str | None = None) -> list[tuple[str, str]]:
    return [(each.name, each.kind) for each in list_applicants(actor=actor, on=timezone.localdate(), matter=matter)]


def key_of(username: str) -> str:
    return f"person:{Person.objects.get(user__username=username).pk}"


def test_it_works(actor_for: Callable[[str], Any]) -> None:
    """As people.yaml says: a representative of a company, who also holds a neighbour's mandate for three matters."""
    lin = actor_for("linxiaomei")
    assert names(lin) == [
        ("林晓梅", ""),
        ("赵国安", "mandate"),
        ("明川小馆餐饮有限公司", "representative"),
    ]
    assert names(lin, "food-business-licence") == [("林晓梅", ""), ("明川小馆餐饮有限公司", "representative")]
    assert names(lin, "senior-card") == [
        ("林晓梅", ""),
        ("赵国安", "mandate"),
        ("明川小馆餐饮有限公司", "representative"),
    ]
    assert names(actor_for("zhaoguoan")) == [("赵国安", "")]


def test_a_representative_files_without_a_mandate(file_case: Any, actor_for: Callable[[str], Any]) -> None:
    number = file_case(username="linxiaomei", applicant=f"organisation:{COMPANY}")
    for who in ("linxiaomei", "zhoumin"):  # both may act for the company
        view = get_case(number=number, actor=actor_for(who), at=timezone.now())
        assert view.is_owner
        assert view.row.applicant_name == "明川小馆餐饮有限公司"
    with pytest.raises(UnknownCase):
        get_case(number=number, actor=actor_for("wuxiaochuan"), at=timezone.now())


def test_a_new_representative_takes_the_place_of_the_old_one(actor_for: Callable[[str], Any]) -> None:
    new = Person.objects.get(user__username="wuxiaochuan")
    name_representative(organisation_code=COMPANY, person_id=new.pk, at=timezone.now())
    assert ("明川小馆餐饮有限公司", "representative") in names(actor_for("wuxiaochuan"))
    assert "明川小馆餐饮有限公司" not in dict(names(actor_for("linxiaomei")))
    assert "明川小馆餐饮有限公司" in dict(names(actor_for("zhoumin")))  # mandates of the company stay


def test_an_agent_files_for_another_person_and_both_see_it(
    file_case: Any, actor_for: Callable[[str], Any], client_for: Callable[..., Any]
) -> None:
    number = file_case(username="linxiaomei", matter="pension-claim", applicant=key_of("zhaoguoan"))
    for who in ("linxiaomei", "zhaoguoan"):
        view = get_case(number=number, actor=actor_for(who), at=timezone.now())
        assert (view.is_owner, view.row.applicant_name) == (True, "赵国安")
        assert view.agent_name is not None
        assert view.agent_name.en == "Lin Xiaomei"
        assert number in {row.number for row in list_cases(actor=actor_for(who)).rows}
        assert "through Lin Xiaomei" in client_for(who).get(f"/cases/{number}/").text
    filed = get_case(number=number, actor=actor_for("zhaoguoan"), at=timezone.now()).history[0]
    assert filed.capacity == "agent"
    assert "through Lin Xiaomei" in client_for("shenlan").get(f"/desk/cases/{number}/").text
    with pytest.raises(UnknownCase):
        get_case(number=number, actor=actor_for("wuxiaochuan"), at=timezone.now())


def test_only_for_the_matters_of_the_mandate(actor_for: Callable[[str], Any]) -> None:
    with pytest.raises(NoMandate):
        start(
            actor=actor_for("linxiaomei"),
            matter="residence-permit",
            applicant_key=key_of("zhaoguoan"),
            channel="web",
            at=timezone.now(),
        )


def test_an_agent_does_not_see_what_the_other_files_alone(file_case: Any, actor_for: Callable[[str], Any]) -> None:
    number = file_case(username="zhaoguoan", matter="pension-claim")
    with pytest.raises(UnknownCase):
        get_case(number=number, actor=actor_for("linxiaomei"), at=timezone.now())
    assert number not in {row.number for row in list_cases(actor=actor_for("linxiaomei")).rows}


def test_when_the_mandate_ends_the_agent_sees_it_no_more(file_case: Any, actor_for: Callable[[str], Any]) -> None:
    number = file_case(username="linxiaomei", matter="pension-claim", applicant=key_of("zhaoguoan"))
    Mandate.objects.filter(person__user__username="zhaoguoan").update(revoked_at=timezone.now())
    lin = actor_for("linxiaomei")
    with pytest.raises(UnknownCase):
        get_case(number=number, actor=lin, at=timezone.now())
    assert number not in {row.number for row in list_cases(actor=lin).rows}
    assert get_case(number=number, actor=actor_for("zhaoguoan"), at=timezone.now()).is_owner


def test_a_guardian_acts_in_everything_as_long_as_it_lasts(actor_for: Callable[[str], Any]) -> None:
    ward, guardian = (Person.objects.get(user__username=name) for name in ("wuxiaochuan", "zhoumin"))
    until = timezone.localdate() + timedelta(days=30)
    give_mandate(
        person_id=ward.pk,
        agent_id=guardian.pk,
        valid_from=date(2026, 1, 1),
        valid_until=until,
        kind=MandateKind.GUARDIAN,
        at=timezone.now(),
    )
    assert ("吴小川", "guardian") in names(actor_for("zhoumin"), "residence-permit")
    later = list_applicants(actor=actor_for("zhoumin"), on=until + timedelta(days=1))
    assert "吴小川" not in {each.name for each in later}


@pytest.mark.parametrize("whom", ["nobody", "both", "self"])
def test_a_mandate_is_for_exactly_one_other(whom: str, city: Any) -> None:
    lin, zhao = (Person.objects.get(user__username=name) for name in ("linxiaomei", "zhaoguoan"))
    ways: dict[str, dict[str, Any]] = {
        "nobody": {},
        "both": {"organisation_code": COMPANY, "person_id": zhao.pk},
        "self": {"person_id": lin.pk},
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        give_mandate(agent_id=lin.pk, valid_from=date(2026, 1, 1), at=timezone.now(), **ways[whom])
