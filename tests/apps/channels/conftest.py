"""Who has been told what."""

from collections.abc import Callable
from typing import Any

import pytest

from tongban.apps.channels.models import Notice


@pytest.fixture
def told(actor_for: Callable[[str], Any]) -> Callable[..., list[str]]:
    """The kinds of notices that somebody has, oldest first; of one case, if given."""

    def kinds(username: str, case: int | None = None) -> list[str]:
        rows = Notice.objects.filter(person=actor_for(username).person_id)
        return [row.kind for row in (rows.filter(case=case) if case else rows).order_by("at", "pk")]

    return kinds
