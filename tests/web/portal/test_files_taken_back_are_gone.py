"""What is taken out of a draft is gone: its record, and its bytes unless somebody else handed in the same."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from tongban.apps.evidence import files
from tongban.apps.evidence.models import StoredFile
from tongban.apps.intake import services
from tongban.apps.intake.errors import TooManyFiles
from tongban.apps.intake.models import DraftFile

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x01" * 64


@pytest.fixture
def draft(actor_for: Callable[[str], Any]) -> Callable[[str], UUID]:
    def begin(name: str) -> UUID:
        actor = actor_for(name)
        key = f"person:{actor.person_id}"
        return services.start(
            actor=actor, matter="food-business-licence", applicant_key=key, channel="web", at=timezone.now()
        )

    return begin


def _add(draft: UUID, actor: Any) -> None:
    services.add_file(draft=draft, actor=actor, code="floor_plan", content=PNG, name="plan.png", at=timezone.now())


def test_it_works(
    draft: Callable[[str], UUID], actor_for: Callable[[str], Any], django_capture_on_commit_callbacks: Any
) -> None:
    mine, actor = draft("linxiaomei"), actor_for("linxiaomei")
    _add(mine, actor)
    sha256 = StoredFile.objects.get().sha256
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(draft=mine, actor=actor, file=DraftFile.objects.get().pk)
    assert not StoredFile.objects.exists()
    with pytest.raises(FileNotFoundError):
        files.read(sha256)


def test_equal_bytes_of_another_stay(
    draft: Callable[[str], UUID], actor_for: Callable[[str], Any], django_capture_on_commit_callbacks: Any
) -> None:
    mine, theirs = draft("linxiaomei"), draft("zhaoguoan")
    _add(mine, actor_for("linxiaomei"))
    _add(theirs, actor_for("zhaoguoan"))
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(draft=mine, actor=actor_for("linxiaomei"))
    assert files.read(StoredFile.objects.get().sha256) == PNG


def test_there_is_an_end_to_files(draft: Callable[[str], UUID], actor_for: Callable[[str], Any]) -> None:
    mine, actor = draft("linxiaomei"), actor_for("linxiaomei")
    for _ in range(services.MOST_FILES):
        _add(mine, actor)
    with pytest.raises(TooManyFiles):
        _add(mine, actor)
