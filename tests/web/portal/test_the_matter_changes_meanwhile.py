"""A matter is published anew while somebody fills it in: nothing is lost, nothing is filed unread."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.catalog import services as catalog
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import start

MATTER = "senior-card"


@pytest.fixture
def draft(actor_for: Callable[[str], Any]) -> UUID:
    """A draft with all answers, ready to be sent."""
    from tongban.apps.catalog.queries import get_matter

    actor, now = actor_for("zhaoguoan"), timezone.now()
    key = start(actor=actor, matter=MATTER, applicant_key=f"person:{actor.person_id}", channel="web", at=now)
    row = Draft.objects.get(pk=key)
    row.answers = dict(get_matter(code=MATTER, on=timezone.localdate()).definition.examples[0].answers)
    row.save()
    return key


def _publish_anew(city: Path, folder: Path, *, change: Callable[[str], str]) -> None:
    copy = copytree(city, folder / "city")
    path = copy / "matters" / MATTER / "matter.yaml"
    path.write_text(change(path.read_text()))
    catalog.publish(folder=copy, effective_from=timezone.localdate(), by="test", at=timezone.now())


def test_it_works(city: Path, tmp_path: Path, client_for: Callable[[str], Client], draft: UUID) -> None:
    browser = client_for("zhaoguoan")
    before = Draft.objects.get(pk=draft)
    _publish_anew(city, tmp_path, change=lambda text: text.replace("minutes: ", "minutes: 1"))
    answer = browser.post(f"/drafts/{draft}/submit", {"declared": "1"})
    assert "Your answers are all here" in answer.content.decode()
    assert not Case.objects.exists()
    after = Draft.objects.get(pk=draft)
    assert open_answers(answers=after.answers) == before.answers
    assert after.matter_version_id != before.matter_version_id

    answer = browser.post(f"/drafts/{draft}/submit", {"declared": "1"})
    assert answer.status_code == 302
    assert Case.objects.get().matter_version_id == after.matter_version_id


def test_a_matter_is_only_for_those_it_serves(client_for: Callable[[str], Client]) -> None:
    page = client_for("zhaoguoan").get("/matters/construction-permit/start").content.decode()
    assert "This matter is for companies" in page
    assert 'name="applicant"' not in page
