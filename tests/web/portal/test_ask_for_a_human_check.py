"""A rule decided: the applicant sees which facts, asks for a person to look at it, and an officer answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case, HumanCheck
from tongban.apps.cases.proof import verify
from tongban.apps.cases.rulings import explain_rules
from tongban.apps.catalog.city import get_rule_words
from tongban.apps.catalog.queries import get_version
from tongban.apps.channels.models import Notice
from tongban.apps.evidence.models import Certificate
from tongban.apps.ledger.queries import get_history
from tongban.kernel import flow

pytestmark = pytest.mark.django_db
WHY = "My card says 1956 because of a mistake of 1987."
BECAUSE = "The household register confirms what is said."
DECIDER, ELSEWHERE = "denghua", "hejun"


@pytest.fixture
def denied(file_case: Any) -> int:
    """Denied by rule: the date of birth does not agree with the identity number."""
    number: int = file_case(username="linxiaomei", matter="senior-card", birth_date="1956-03-11")
    return number


def _answer(client: Client, number: int, answer: str, **given: str) -> Any:
    said = {"answer": answer, "reason": BECAUSE, "confirmed": "yes", **given}
    return client.post(f"/desk/checks/{number}/", said)


def _replayed(number: int) -> str:
    case = Case.objects.get(pk=number)
    process = get_version(version_id=case.matter_version_id).definition.process
    events = [event for event in get_history(case=number) if event.kind in flow.KINDS]
    return flow.state_to_json(flow.replay(definition=process, events=events))


def test_it_works(client_for: Callable[..., Client], denied: int) -> None:
    """From the refusal to the certificate: told why, asked, looked at, decided otherwise, told."""
    applicant, officer = client_for("linxiaomei"), client_for(DECIDER)
    assert f"/cases/{denied}/check/" in applicant.get(f"/cases/{denied}/receipt/").text
    page = applicant.get(f"/cases/{denied}/check/")
    (fact,) = page.context["rulings"][0].facts
    (ruling,) = explain_rules(number=denied)
    assert get_rule_words()[ruling.tables[-1].columns[0].name] == fact.name  # what `tongban rules explain` prints
    assert (fact.value, fact.asked, fact.source) == ("no", "no", "as stated in the application")
    assert "Ask for a person to look at it" in page.text
    after = applicant.post(f"/cases/{denied}/check/", {"why": WHY}, follow=True)
    assert "A person looks at it by" in after.text
    assert f"/desk/checks/{denied}/" in officer.get("/desk/checks/").text
    seen = officer.get(f"/desk/checks/{denied}/")
    assert WHY in seen.text
    asked = _answer(officer, denied, "change", confirmed="")
    assert "Grant what the rule denied?" in asked.text
    assert Case.objects.get(pk=denied).outcome == "denied"
    assert _answer(officer, denied, "change")["Location"] == "/desk/checks/"
    case = Case.objects.get(pk=denied)
    assert (case.outcome, case.reason) == ("granted", BECAUSE)
    assert Certificate.objects.get(case=denied).state == "issued"
    kinds = [event.kind for event in get_history(case=denied)]
    assert kinds[-4:] == ["check.asked", "check.changed", "case.redecided", "certificate.issued"]
    assert _replayed(denied) == case.state
    assert verify(case=denied).holds
    assert BECAUSE in applicant.get(f"/cases/{denied}/check/").text
    assert "Download the certificate" in applicant.get(f"/cases/{denied}/").text


def test_what_was_granted_wrongly_is_taken_back(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case(username="linxiaomei", matter="senior-card", birth_date="1966-03-11")
    client_for("linxiaomei").post(f"/cases/{number}/check/")
    assert "Deny what the rule granted?" in _answer(client_for(DECIDER), number, "change", confirmed="").text
    _answer(client_for(DECIDER), number, "change")
    assert Case.objects.get(pk=number).outcome == "denied"
    assert Certificate.objects.get(case=number).state == "revoked"
    assert BECAUSE in client_for("linxiaomei").get(f"/cases/{number}/").text


def test_it_stays_as_it_was(client_for: Callable[..., Client], denied: int) -> None:
    client_for("linxiaomei").post(f"/cases/{denied}/check/", {"why": WHY})
    officer = client_for(DECIDER)
    assert _answer(officer, denied, "confirm", reason="").status_code == 422
    assert _answer(officer, denied, "neither").status_code == 422
    assert BECAUSE in _answer(officer, denied, "confirm", confirmed="", edit="yes").text
    _answer(officer, denied, "confirm")
    assert HumanCheck.objects.get(pk=denied).state == "confirmed"
    assert Case.objects.get(pk=denied).outcome == "denied"
    assert get_history(case=denied)[-1].kind == "check.confirmed"
    second = _answer(officer, denied, "change")
    assert second.status_code == 409
    assert BECAUSE in second.text


def test_once_and_in_time(client_for: Callable[..., Client], file_case: Any, denied: int) -> None:
    client = client_for("linxiaomei")
    client.post(f"/cases/{denied}/check/", {"why": WHY})
    again = client.post(f"/cases/{denied}/check/", {"why": "Once more."}, follow=True)
    assert "only once" in again.text
    assert HumanCheck.objects.get(pk=denied).why == WHY
    late = file_case(matter="senior-card", birth_date="1956-03-11", at=timezone.now() - timedelta(days=61))
    assert "The 60 days" in client.get(f"/cases/{late}/check/").text
    client.post(f"/cases/{late}/check/")
    assert not HumanCheck.objects.filter(pk=late).exists()
    by_officers = file_case()
    assert client.get(f"/cases/{by_officers}/check/")["Location"] == f"/cases/{by_officers}/"


def test_who_may(client_for: Callable[..., Client], denied: int) -> None:
    for who in ("wuxiaochuan", DECIDER):
        assert client_for(who).post(f"/cases/{denied}/check/").status_code == 404, who
    assert client_for("").get(f"/cases/{denied}/check/").status_code == 302
    client_for("linxiaomei").post(f"/cases/{denied}/check/")
    expected = {DECIDER: 200, ELSEWHERE: 404, "linxiaomei": 403, "wuxiaochuan": 403}
    for who, status in expected.items():
        assert client_for(who).get(f"/desk/checks/{denied}/").status_code == status, who
        assert who == DECIDER or _answer(client_for(who), denied, "change").status_code == status
    assert client_for("").get("/desk/checks/").status_code == 302
    assert f"/desk/checks/{denied}/" not in client_for(ELSEWHERE).get("/desk/checks/").text
    assert HumanCheck.objects.get(pk=denied).state == "open"


def test_the_applicant_is_told(client_for: Callable[..., Client], denied: int, catch_up: Callable[..., int]) -> None:
    client_for("linxiaomei").post(f"/cases/{denied}/check/")
    _answer(client_for(DECIDER), denied, "confirm")
    catch_up()
    kinds = list(Notice.objects.filter(case=denied).order_by("at", "pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["check_asked", "check_confirmed"]


def test_why_it_was_decided_reads_in_the_readers_language(client_for: Callable[..., Client], denied: int) -> None:
    page = client_for("linxiaomei").get(f"/cases/{denied}/check/")
    (fact,) = page.context["rulings"][0].facts
    assert fact.name == "Date of birth as in the identity number"
    assert page.context["rulings"][0].laws == ["The identity number counts"]
    assert not any("\u4e00" <= each <= "\u9fff" for each in fact.name + fact.asked + fact.source)
    chinese = client_for("linxiaomei").get(f"/cases/{denied}/check/", headers={"accept-language": "zh-hans"})
    assert chinese.context["rulings"][0].facts[0].name == "出生日期与身份证一致"
