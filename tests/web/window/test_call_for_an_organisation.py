"""Who calls for a company whose mandate they hold: hears of its cases, and has things filed in its name."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.window.test_file_by_telephone import NOISE, PHONE, _answers

from tongban.apps.cases.models import Case
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.models import Draft
from tongban.apps.people.models import Mandate

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
BISTRO = "organisation:91361700MA00001A5K"
ZHOU = {"telephone": "13900000002", "name": "周敏", "identity_number": "361799198509230044"}


@pytest.fixture
def on_the_line(client_for: For, city: Any) -> tuple[Client, str]:
    """A clerk, and the address of a call in which Zhou Min, who acts for the bistro, has shown who she is."""
    clerk = client_for("wangqian")
    there = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
    assert clerk.post(f"{there}?way=by-telephone", ZHOU).status_code == 302
    return clerk, there


def _begun(clerk: Client, there: str, applicant: str = BISTRO) -> UUID:
    draft = UUID(clerk.post(f"{there}{NOISE}", {"applicant": applicant})["Location"].split("/")[2])
    definition = get_matter(code="noise-complaint", on=timezone.localdate()).definition
    answers = _answers("noise-complaint")
    steps = [step.id for step in definition.form.steps_for(answers)]
    Draft.objects.filter(pk=draft).update(answers=answers, steps_done=steps)
    return draft


def test_it_works(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    assert f'value="{BISTRO}"' in clerk.get(f"{there}{NOISE}").text
    sent = clerk.post(f"/drafts/{_begun(clerk, there)}/submit", {"declared": "yes"})
    case = Case.objects.get(matter="noise-complaint")
    assert f"organisation:{case.organisation_id}" == BISTRO
    assert case.agent_id == Mandate.objects.get(organisation=case.organisation_id, agent__name="周敏").agent_id
    assert sent["Location"] == f"{there}cases/{case.number:016d}/"
    assert clerk.get(sent["Location"]).status_code == 200, "they hear of it in the same call"


def test_without_the_mandate_nothing_is_filed(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    draft = _begun(clerk, there)
    Mandate.objects.filter(organisation=BISTRO.partition(":")[2]).delete()
    assert clerk.post(f"/drafts/{draft}/submit", {"declared": "yes"}).status_code == 403
    assert not Case.objects.filter(matter="noise-complaint").exists()
    assert "For whom?" not in clerk.get(f"{there}{NOISE}").text


def test_a_body_that_they_do_not_act_for_is_not_theirs(on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    draft = _begun(clerk, there, applicant="organisation:91361700MA00002B4X")
    assert Draft.objects.get(pk=draft).organisation_id is None


def test_who_has_shown_nothing_hears_of_nothing(client_for: For, on_the_line: tuple[Client, str]) -> None:
    clerk, there = on_the_line
    clerk.post(f"/drafts/{_begun(clerk, there)}/submit", {"declared": "yes"})
    number = Case.objects.get(matter="noise-complaint").number
    clerk.post(f"{there}end")
    other = clerk.post(f"{PHONE}begin", {"telephone": "", "key": uuid4()})["Location"]
    assert clerk.get(f"{other}cases/{number:016d}/").status_code == 403
