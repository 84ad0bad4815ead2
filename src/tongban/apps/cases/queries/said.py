"""What people say in cases of matters that take in inquiries: for whoever sorts it and sees it beside others."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.catalog.definitions import Form, MatterDefinition
from tongban.apps.catalog.queries import get_version
from tongban.apps.people.sealing import open_sealed

__all__ = ["Said", "list_said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One inquiry in its own words. ``district`` is as the form's choice is called or coded.

    ``reply`` is what was answered, "" before. ``speaker`` tells apart who speaks (``person:7``, ``organisation:91…``,
    ``telephone:139…``), and is nothing to show.
    """

    number: int
    kind: str
    subject: str
    text: str = field(repr=False)
    district: str
    district_name: str
    place: str = field(repr=False)
    speaker: str = field(repr=False)
    channel: str
    authority: str
    filed_at: datetime
    published: bool
    reply: str


def list_said(*, numbers: Collection[int]) -> dict[int, Said]:
    """Return by number what was said in these cases, those of other matters and erased ones left out; one query."""
    rows = Case.objects.filter(pk__in=numbers, erased_at=None).only(
        *("number", "matter_version_id", "answers", "person_id", "organisation_id", "phone_sealed"),
        *("channel", "authority_id", "filed_at", "decided_at", "reason"),
    )
    found = {}
    for case in rows:
        definition = get_version(version_id=case.matter_version_id).definition
        if definition.voice is not None:
            found[case.number] = _said(case, definition)
    return found


def _said(case: Case, definition: MatterDefinition) -> Said:
    spec = definition.voice
    assert spec is not None
    answers = open_answers(answers=case.answers)
    district = str(answers.get(spec.district, "")) if spec.district else ""
    return Said(
        number=case.number,
        kind=spec.kind_of(answers),
        subject=_words(answers, spec.subject),
        text=_words(answers, spec.text),
        district=district,
        district_name=_name_of(definition.form, spec.district, district),
        place=_words(answers, spec.place),
        speaker=_speaker(case),
        channel=case.channel,
        authority=str(case.authority_id),
        filed_at=case.filed_at,
        published=answers.get(spec.published) is True,
        reply=case.reason if case.decided_at is not None else "",
    )


def _words(answers: Mapping[str, Any], name: str) -> str:
    return str(answers.get(name, "")) if name else ""


def _name_of(form: Form, name: str, value: str) -> str:
    """What the form calls the choice, in Chinese: as the city calls its districts."""
    if not name or not value:
        return ""
    return next((each.label.zh for each in form.fields[name].choices if each.value == value), "")


def _speaker(case: Case) -> str:
    if case.organisation_id is not None:
        return f"organisation:{case.organisation_id}"
    if case.person_id is not None:
        return f"person:{case.person_id}"
    phone = open_sealed(case.phone_sealed) if case.phone_sealed else ""
    return f"telephone:{phone}" if phone else f"case:{case.number}"
