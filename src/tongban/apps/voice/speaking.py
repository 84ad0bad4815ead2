"""Saying something to government: one way in for the page, messages from outside and the API alike.

What is filed is a case like any other. Beside it stands who speaks, by a keyed hash, and under which name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.apps.cases import services as cases
from tongban.apps.catalog.city import get_calendar, get_city, get_dispatch
from tongban.apps.catalog.queries import PublishedMatter, get_matter
from tongban.apps.evidence import services as evidence
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant
from tongban.apps.voice.errors import NoPlaceToSpeak, NothingSaid, TooLong, WordsRefused
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.speakers import speaker_hash

__all__ = ["LEAST_SAID", "MOST_SAID", "Speaker", "Words", "get_spoken_matter", "speak"]

LEAST_SAID, MOST_SAID = 5, 5000
"""Characters of what is said. Whoever needs more hands in a paper."""
_NAMELESS = "—"
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said. ``kind`` is one of ``KINDS_OF_VOICE``, "" where nobody has chosen one."""

    text: str
    kind: str = ""
    subject: str = ""
    district: str = ""
    place: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it. Without ``applicant`` the case is nobody's on file, and is answered by the way it came in by.

    ``name``: under which other name they speak, "" for their own. ``key`` is the same each time the same one speaks;
    what is kept of it is a keyed hash.
    """

    key: str = field(repr=False)
    applicant: Applicant | None = None
    name: str = ""
    phone: str = field(default="", repr=False)


def get_spoken_matter(*, at: datetime) -> PublishedMatter:
    """The matter in which anything can be said, as published today. Raises ``NoPlaceToSpeak``."""
    code = get_dispatch().speaks_in
    if not code:
        raise NoPlaceToSpeak("`dispatch.yaml` names no matter in `speaks_in`")
    return get_matter(code=code, on=get_calendar().local_date(at))


def speak(
    *,
    words: Words,
    speaker: Speaker,
    channel: str,
    actor: Actor,
    at: datetime,
    photos: Sequence[tuple[str, bytes]] = (),
) -> int:
    """File what somebody says and return the case number. ``photos``: names and contents.

    Raises ``NothingSaid``, ``TooLong``, ``WordsRefused``, and for a file what ``evidence.store_file`` raises: then
    nothing is kept.
    """
    text = _readable(words.text)
    if len(text) < LEAST_SAID:
        raise NothingSaid("there are too few words to understand")
    if len(text) > MOST_SAID:
        raise TooLong("there are more words than can be read", limit=MOST_SAID, length=len(text))
    matter = get_spoken_matter(at=at)
    checked = matter.definition.form.validate(answers=_answers(matter, words, speaker, text))
    if checked.errors:
        raise WordsRefused(checked.errors)
    with transaction.atomic():
        number = cases.file(
            matter=matter,
            applicant=_applicant(speaker),
            agent_id=None,
            answers=checked.clean,
            materials=_keep(matter, photos, actor, at),
            phone=speaker.phone,
            channel=channel,
            actor=actor,
            at=at,
        )
        Inquiry.objects.create(
            case_id=number,
            kind=matter.definition.voice.kind_of(checked.clean) if matter.definition.voice else "",
            channel=channel,
            filed_at=at,
            speaker=speaker_hash(speaker.key),
            pseudonym=speaker.name,
            district=words.district if words.district in get_city().district_names else "",
            may_publish=words.published,
        )
    return number


def _readable(text: str) -> str:
    """The words without marks that no person writes: control characters, and those that turn the direction around.

    People paste them unknowingly, and a message from elsewhere cannot be asked to leave them out.
    """
    return _UNWRITTEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _answers(matter: PublishedMatter, words: Words, speaker: Speaker, text: str) -> dict[str, Any]:
    """What was said as answers to the matter's form, by the names that the matter gives them; empty ones left out."""
    spec = matter.definition.voice
    assert spec is not None
    given = {
        spec.text: text,
        spec.subject: " ".join(_readable(words.subject).split()),
        spec.kind_from: words.kind or spec.kind,
        spec.district: words.district,
        spec.place: " ".join(_readable(words.place).split()),
        spec.published: words.published or None,
        "latitude": words.latitude,
        "longitude": words.longitude,
        "pseudonym": speaker.name,
        "named": "pseudonym" if speaker.name else "named",
        "phone": speaker.phone,
    }
    fields = matter.definition.form.fields
    return {name: value for name, value in given.items() if name in fields and value not in ("", None)}


def _applicant(speaker: Speaker) -> Applicant:
    """In whose name it is filed: their own on record, and before all who read the case the name that they chose."""
    if speaker.applicant is None:
        return Applicant(key="", name=speaker.name or _NAMELESS)
    held = speaker.applicant
    if not speaker.name:
        return held
    return Applicant(
        key=held.key, name=speaker.name, person_id=held.person_id, organisation_code=held.organisation_code
    )


def _keep(
    matter: PublishedMatter, photos: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> Mapping[str, list[UUID]]:
    spec = matter.definition.voice
    material = matter.definition.material(spec.photos) if spec is not None and spec.photos else None
    if material is None or not photos:
        return {}
    kept = [
        evidence.store_file(
            content=content, name=name, allowed=material.accept, max_megabytes=material.max_mb, by=actor.id, at=at
        )
        for name, content in photos
    ]
    return {material.code: [each.pk for each in kept]}
