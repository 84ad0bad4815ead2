"""Drafts that nobody comes back to are removed after the time that their pages name; nothing that was filed ever is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.evidence.models import StoredFile
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import add_file, start, sweep_drafts
from tongban.apps.intake.sweeping import swept_at

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x07" * 80


@pytest.fixture
def draft(actor_for: Callable[[str], Any]) -> Any:
    """A draft of Lin Xiaomei's with a file in it, saved so many days ago."""

    def begin(days: float) -> Any:
        actor, at = actor_for("linxiaomei"), timezone.now() - timedelta(days=days)
        key = f"person:{actor.person_id}"
        found = start(actor=actor, matter="food-business-licence", applicant_key=key, channel="web", at=at)
        add_file(draft=found, actor=actor, code="floor_plan", content=PNG, name="plan.png", at=at)
        return found

    return begin


def test_it_works(draft: Any, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    draft(days=91)
    (stored,) = StoredFile.objects.filter(name="plan.png")
    path = Path(settings.FILES) / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_drafts(at=timezone.now()) == 1
    assert not Draft.objects.exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not path.exists()
    assert sweep_drafts(at=timezone.now()) == 0


def test_a_day_before_it_stays(draft: Any) -> None:
    draft(days=89)
    assert sweep_drafts(at=timezone.now()) == 0
    assert Draft.objects.count() == 1


def test_nothing_that_was_filed_is_touched(draft: Any, file_case: Any) -> None:
    number = file_case()
    filed = draft(days=400)
    Draft.objects.filter(pk=filed).update(case=number)
    assert sweep_drafts(at=timezone.now()) == 0
    assert Draft.objects.filter(pk=filed).exists()
    assert StoredFile.objects.filter(name="plan.png").exists()
    assert Case.objects.filter(pk=number).exists()


def test_the_time_is_a_setting_and_may_be_never(draft: Any, settings: Any) -> None:
    draft(days=91)
    settings.DRAFT_DAYS = 0
    assert swept_at(timezone.now()) is None
    assert sweep_drafts(at=timezone.now()) == 0
    settings.DRAFT_DAYS = 200
    assert sweep_drafts(at=timezone.now()) == 0
    settings.DRAFT_DAYS = 30
    assert sweep_drafts(at=timezone.now()) == 1


def test_its_pages_say_until_when_it_is_kept(draft: Any, client_for: Callable[..., Client]) -> None:
    found = draft(days=0)
    until = timezone.localtime(timezone.now() + timedelta(days=90))
    words = f"{until.day} {until:%b} {until.year}"
    client = client_for("linxiaomei")
    for page in (f"/drafts/{found}/about/", f"/drafts/{found}/materials/", f"/drafts/{found}/review/", "/cases/"):
        assert words in client.get(page).text, page


def test_what_is_saved_once_more_is_kept_longer(draft: Any, actor_for: Callable[[str], Any]) -> None:
    found = draft(days=91)
    add_file(
        draft=found, actor=actor_for("linxiaomei"), code="floor_plan", content=PNG, name="b.png", at=timezone.now()
    )
    assert sweep_drafts(at=timezone.now()) == 0


@pytest.mark.usefixtures("without_tasks")
def test_the_worker_does_it(draft: Any) -> None:
    from django.core.management import call_command

    draft(days=91)
    call_command("work", once=True)
    assert not Draft.objects.exists()
