"""A clerk reads out what a matter takes, fills it in with who calls, reads it back, and files it on their word."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.calls.models import Call
from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_phone
from tongban.apps.catalog.queries import get_matter
from tongban.apps.halls.models import Appointment
from tongban.apps.intake.errors import ConsentMissing, NotByCall
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import start_for, submit
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.queries import Applicant
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PHONE = "/window/phone/"
NOISE = "matters/noise-complaint/"


@pytest.fixture
def on_the_line(client_for: For, file_case: Any) -> tuple[Client, str]:
    """A clerk, and the address of a call in which Lin Xiaomei has shown who she is."""
    clerk, number = client_for("wangqian"), file_case()
    there = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
    said = {"case_number": f"{number:016d}", "name": "林晓梅", "identity_ending": "0027"}
    assert clerk.post(f"{there}?way=by-person", said).status_code == 302
    return clerk, there


def _answers(matter: str) -> dict[str, Any]:
    definition = get_matter(code=matter, on=timezone.localdate()).definition
    return dict(definition.examples[0].answers)


def _filled(clerk: Client, there: str, matter: str = "noise-complaint") -> UUID:
    """The draft of a call with all questions answered, as its form's first example has them."""
    draft = UUID(clerk.post(f"{there}matters/{matter}/")["Location"].split("/")[2])
    definition = get_matter(code=matter, on=timezone.localdate()).definition
    steps = [step.id for step in definition.form.steps_for(_answers(matter))]
    Draft.objects.filter(pk=draft).update(answers=_answers(matter), steps_done=steps)
    return draft


def test_it_works(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    assert f"{there}{NOISE}" in clerk.get(f"{there}?q=noise").text
    page = clerk.get(f"{there}{NOISE}")
    assert "Fill it in with them" in page.text
    assert 'lang="zh-Hans"' in clerk.get(f"{there}{NOISE}?say=zh-hans").text
    draft = _filled(clerk, there)
    review = clerk.get(f"/drafts/{draft}/review/").text
    assert "Read it back before it is filed" in review
    assert "I agree that it is filed for me by telephone" in review
    assert clerk.post(f"/drafts/{draft}/submit", {}).status_code == 422
    sent = clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    case = Case.objects.get(matter="noise-complaint")
    assert sent["Location"] == f"{there}cases/{case.number:016d}/"
    assert clerk.get(sent["Location"]).status_code == 200
    filed = get_history(case=case.number)[0]
    words = get_phone().consent
    assert words is not None
    call = Call.objects.get()
    spoken = {"call": f"{call.number:016d}", "words": hashlib.sha256(words.zh.encode()).hexdigest()}
    assert (case.channel, filed.capacity, filed.data["about"]["spoken"]) == ("phone", "clerk", spoken)
    said = next(event for event in get_history(case=call.number) if event.kind == "call.filed")
    assert said.data == {"case": f"{case.number:016d}", "words": words.zh}
    assert Look.objects.filter(purpose="phone", person=case.person_id).exists()


def test_it_is_theirs(on_the_line: tuple[Client, str], client_for: For) -> None:
    clerk, there = on_the_line
    clerk.post(f"/drafts/{_filled(clerk, there)}/submit", {"declared": "yes"})
    number = Case.objects.get(matter="noise-complaint").number
    assert "y telephone" in client_for("linxiaomei").get(f"/cases/{number:016d}/").text
    assert client_for("wuxiaochuan").get(f"/cases/{number:016d}/").status_code == 404


def test_papers_that_may_follow_are_promised(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    assert "may follow within" in clerk.get(f"{there}matters/student-aid/").text
    draft = _filled(clerk, there, "student-aid")
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    Draft.objects.filter(pk=draft).update(answers=_answers("student-aid") | hard)
    clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"})
    assert Case.objects.get(matter="student-aid").later_due is not None


def test_after_the_call_nothing_is_filed(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    draft = _filled(clerk, there)
    clerk.post(f"{there}end")
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 403
    clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})  # somebody else calls
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 403
    assert not Case.objects.filter(matter="noise-complaint").exists()


def test_who_has_shown_nothing_hears_what_is_public_and_files_nothing(client_for: For) -> None:
    clerk = client_for("wangqian")
    there = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
    page = clerk.get(f"{there}{NOISE}").text
    assert "once the caller has shown who they are" in page
    assert clerk.post(f"{there}{NOISE}").status_code == 403
    assert clerk.get(f"{there}book/city-centre/general/").status_code == 403
    assert not Draft.objects.exists()


def test_what_cannot_be_filed_by_a_call_says_so(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    page = clerk.get(f"{there}matters/food-business-licence/").text
    assert "This cannot be filed by telephone" in page
    assert "Fill it in with them" not in page
    assert "city-centre" in page  # a time at a counter is another way
    refused = clerk.post(f"{there}matters/food-business-licence/")
    assert refused.status_code == 409


def test_the_rules_are_the_domains(actor_for: Any) -> None:
    clerk, now = actor_for("wangqian"), timezone.now()
    lin = Applicant(key="person:1", name="", person_id=1)
    with pytest.raises(NotByCall):
        start_for(actor=clerk, matter="food-business-licence", applicant=lin, channel="phone", at=now)
    draft = start_for(actor=clerk, matter="noise-complaint", applicant=lin, channel="phone", at=now)
    with pytest.raises(ConsentMissing):
        submit(draft=draft, actor=clerk, at=now)


@pytest.mark.usefixtures("on_monday")
def test_a_time_is_booked_in_the_same_call(client_for: For, file_case: Any) -> None:
    clerk, number = client_for("wangqian"), file_case()
    there = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
    said = {"case_number": f"{number:016d}", "name": "林晓梅", "identity_ending": "0027"}
    clerk.post(f"{there}?way=by-person", said)
    where = f"{there}book/city-centre/general/?matter=noise-complaint"
    assert clerk.post(where, {}).status_code == 422
    slot = clerk.get(where).context["field"].options[0].value
    assert clerk.post(where, {"time": slot})["Location"] == there
    assert Appointment.objects.get().matter == "noise-complaint"


def test_a_call_is_its_clerks_alone(on_the_line: tuple[Client, str], client_for: For) -> None:
    _clerk, there = on_the_line
    for path in (NOISE, "book/city-centre/general/"):
        assert client_for("sunbei").get(f"{there}{path}").status_code == 404
        assert client_for("chenli").get(f"{there}{path}").status_code == 403
        assert client_for("linxiaomei").get(f"{there}{path}").status_code == 403
        assert "/account/login/" in client_for("").get(f"{there}{path}")["Location"]
