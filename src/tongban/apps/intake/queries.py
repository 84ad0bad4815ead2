"""Reads of drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.answers import open_answers
from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition, Text
from tongban.apps.catalog.queries import PublishedMatter, get_version
from tongban.apps.evidence.queries import FileView, list_files
from tongban.apps.intake.errors import DraftFiled, UnknownDraft
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import missing_materials, serves
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, get_contact, list_applicants

__all__ = ["DraftFileView", "DraftRow", "DraftView", "get_draft", "list_applicants_for", "list_drafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFileView:
    """A file in a draft; ``id`` is what removing it takes."""

    id: int
    code: str
    file: FileView


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft as "my cases" shows it."""

    id: UUID
    matter: str
    matter_name: Text
    icon: str
    steps_done: int
    steps: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft whole: answers opened, because they are shown to nobody but who types them."""

    id: UUID
    definition: MatterDefinition
    version_id: int
    applicant_name: str
    applicant_key: str
    channel: str
    answers: Mapping[str, Any]
    steps_done: Sequence[str]
    files: Sequence[DraftFileView]
    missing: Sequence[MaterialSpec]
    saved_at: datetime


def get_draft(*, draft: UUID, actor: Actor) -> DraftView:
    """Return an open draft of the actor's. Raises ``UnknownDraft``, or ``DraftFiled`` with the number it became."""
    row = Draft.objects.filter(pk=draft, owner=actor.user_id).first()
    if row is None:
        raise UnknownDraft
    if row.case is not None:
        raise DraftFiled(number=row.case)
    definition = get_version(version_id=row.matter_version_id).definition
    answers = open_answers(answers=row.answers)
    given = list(row.files.order_by("pk"))
    stored = list_files(ids=[each.file_id for each in given])
    by_code: dict[str, list[UUID]] = {}
    for each in given:
        by_code.setdefault(each.code, []).append(each.file_id)
    return DraftView(
        id=row.pk,
        definition=definition,
        version_id=row.matter_version_id,
        applicant_name=get_contact(person_id=row.person_id, organisation_code=row.organisation_id)["name"],
        applicant_key=row.applicant_key,
        channel=row.channel,
        answers=answers,
        steps_done=tuple(row.steps_done),
        files=[DraftFileView(id=each.pk, code=each.code, file=stored[each.file_id]) for each in given],
        missing=missing_materials(definition=definition, answers=answers, given=by_code),
        saved_at=row.saved_at,
    )


def list_applicants_for(*, actor: Actor, matter: PublishedMatter, on: date) -> list[Applicant]:
    """Return everyone in whose name ``actor`` may ask for this matter, oneself first; empty when it is for none."""
    applicants = list_applicants(actor=actor, on=on, matter=matter.code)
    return [each for each in applicants if serves(definition=matter.definition, applicant=each)]


def list_drafts(*, actor: Actor, limit: int = 20) -> list[DraftRow]:
    """Return the actor's open drafts, the one saved last first."""
    rows = Draft.objects.filter(owner=actor.user_id, case=None).order_by("-saved_at")[:limit]
    return [_row(row) for row in rows]


def _row(row: Draft) -> DraftRow:
    definition = get_version(version_id=row.matter_version_id).definition
    steps = definition.form.steps_for(open_answers(answers=row.answers))
    done = [step for step in steps if step.id in row.steps_done]
    return DraftRow(
        id=row.pk,
        matter=row.matter,
        matter_name=definition.name,
        icon=definition.icon,
        steps_done=len(done),
        steps=len(steps),
        saved_at=row.saved_at,
    )
