"""What tests of voices share: something said, in the real way."""

from collections.abc import Callable
from datetime import datetime, timedelta
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


NOISE, LIGHTS, WATER = "桂花苑小区工地夜间打桩", "青石路路灯整夜不亮", "松柏新村自来水发黄"


@pytest.fixture
def say_often(say: Callable[..., int]) -> Callable[..., list[int]]:
    """Let several people say the same, a minute apart: ``say_often(NOISE, 3)``; their case numbers."""

    def say_them(subject: str, amount: int, *, at: datetime | None = None, first: int = 0, **words: Any) -> list[int]:
        start = at or timezone.now() - timedelta(hours=1)
        return [
            say(
                f"{subject}，请管一管。{'第二天也是。' * (number % 3)}",
                subject=subject,
                key=f"person:{first + number}",
                at=start + timedelta(minutes=number),
                **words,
            )
            for number in range(amount)
        ]

    return say_them


@pytest.fixture
def gather(follow_log: Callable[..., None]) -> Callable[..., None]:
    """Let topics take in what has been said, and add them up, as the worker does."""
    from tongban.apps.voice.whole.services import add_up

    def run(*, at: datetime | None = None) -> None:
        now = at or timezone.now()
        follow_log("topics", at=now)
        while add_up(at=now):
            pass

    return run
