"""What tests of voices share: something said, in the real way."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def say(city: Path, actor_for: Callable[[str], Any]) -> Callable[..., int]:
    """Say something and return the case number: ``say("…", by="wuxiaochuan")``; without ``by``, nobody on file."""
    from tongban.apps.people.actors import Actor
    from tongban.apps.people.queries import get_applicant
    from tongban.apps.voice.services import Speaker, Words, speak

    def say_it(
        text: str, *, by: str = "", name: str = "", at: datetime | None = None, key: str = "", **words: Any
    ) -> int:
        when = at or timezone.now()
        actor = actor_for(by) if by else Actor(id="nobody")
        own = f"person:{actor.person_id}"
        speaker = Speaker(
            applicant=get_applicant(actor=actor, key=own, on=timezone.localdate()) if by else None,
            name=name,
            phone="" if by else "13912345678",
            key=key or (own if by else "telephone:13912345678"),
        )
        return speak(words=Words(text=text, **words), speaker=speaker, channel="web", actor=actor, at=when)

    return say_it
