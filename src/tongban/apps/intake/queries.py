"""Reads of drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.queries import barred_until
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition, Text
from tongban.apps.catalog.queries import PublishedMatter, get_version
from tongban.apps.evidence.queries import FileView, list_files
from tongban.apps.intake.blank import blank_number, is_on_paper, render_blank
from tongban.apps.intake.ending import EndingDraft, list_ending_drafts
from tongban.apps.intake.errors import DraftFiled, UnknownDraft
from tongban.apps.intake.granting import (
    Consented,
    UnaskedCount,
    UnaskedView,
    count_unasked,
    get_consented,
    get_unasked,
)
from tongban.apps.intake.models import Draft, OrderPart
from tongban.apps.intake.offers import Offers, OfferView, list_offers
from tongban.apps.intake.on_file import OnFile, Paper, Saved, Source, get_saved, on_file_of
from tongban.apps.intake.orders.contents import contents_of
from tongban.apps.intake.passing import has_passed
from tongban.apps.intake.reach import find_draft
from tongban.apps.intake.services import ASSISTED, missing_materials, serves
from tongban.apps.intake.sweeping import swept_at
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, get_contact, list_applicants, list_names

__all__ = [
    "Consented",
    "DraftFileView",
    "DraftOrder",
    "DraftRow",
    "DraftView",
    "EndingDraft",
    "OfferView",
    "Offers",
    "OnFile",
    "Paper",
    "Saved",
    "Source",
    "UnaskedCount",
    "UnaskedView",
    "blank_number",
    "count_unasked",
    "get_consented",
    "get_draft",
    "get_saved",
    "get_unasked",
    "is_on_paper",
    "list_applicants_for",
    "list_drafts",
    "list_ending_drafts",
    "list_offers",
    "render_blank",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFileView:
    """A file in a draft; ``id`` is what removing it takes."""

    id: int
    code: str
    file: FileView
    source: str = ""  # where it was taken from; nothing for what was handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft as "my cases" shows it; ``applicant_name`` is for whom, "" for the actor themselves."""

    id: UUID
    matter: str
    matter_name: Text
    icon: str
    applicant_name: str
    steps_done: int
    steps: int
    saved_at: datetime
    kept_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """The order that a draft is part of. ``elsewhere`` are the fields that the draft's own pages do not ask."""

    id: UUID
    number: int | None
    state: str
    elsewhere: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether it has not been sent yet."""
        return self.number is None

    @property
    def is_waiting(self) -> bool:
        """Whether the draft is filed by itself when its turn comes, or never will be."""
        return self.number is not None and self.state in ("waiting", "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft whole: answers opened, because they are shown to nobody but who types them.

    ``barred``: until that day no pledge of the applicant's counts in this matter.
    """

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
    kept_until: datetime | None
    order: DraftOrder | None = None
    on_file: OnFile = field(default_factory=OnFile)
    barred: date | None = None

    @property
    def is_assisted(self) -> bool:
        """Whether a clerk fills it in for whoever stands there or calls."""
        return self.channel in ASSISTED

    def has_passed(self, *, step: str, question: str) -> bool:
        """Whether somebody has gone on from this question, with its step or by itself."""
        return has_passed(self.steps_done, step=step, question=question)


def get_draft(*, draft: UUID, actor: Actor, at: datetime | None = None) -> DraftView:
    """Return an open draft of the actor's; with ``at``, also one of an order that was shared with them.

    Raises ``UnknownDraft``, or ``DraftFiled`` with the number it became.
    """
    row = find_draft(draft=draft, actor=actor, at=at)
    if row is None:
        raise UnknownDraft
    if row.case is not None:
        raise DraftFiled(number=row.case)
    contact = get_contact(person_id=row.person_id, organisation_code=row.organisation_id)
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
        applicant_name=contact["name"],
        applicant_key=row.applicant_key,
        channel=row.channel,
        answers=answers,
        steps_done=tuple(row.steps_done),
        files=[
            DraftFileView(id=each.pk, code=each.code, file=stored[each.file_id], source=each.source) for each in given
        ],
        missing=missing_materials(definition=definition, answers=answers, given=by_code),
        saved_at=row.saved_at,
        kept_until=swept_at(row.saved_at),
        order=_order_of(row, contact),
        on_file=on_file_of(
            row=row, definition=definition, answers=answers, actor=actor, at=at, contact=contact, files=given
        ),
        barred=_barred(row, definition, at),
    )


def _barred(row: Draft, definition: MatterDefinition, at: datetime | None) -> date | None:
    if definition.pledge is None or at is None:
        return None
    on = get_calendar().local_date(at)
    return barred_until(person_id=row.person_id, organisation_code=row.organisation_id, matter=definition.code, on=on)


def _order_of(row: Draft, contact: Mapping[str, str]) -> DraftOrder | None:
    """The cart or order that the draft is part of, and what of its form is asked elsewhere."""
    part = OrderPart.objects.select_related("order").filter(draft=row.pk, removed=False).first()
    if part is None:
        return None
    found = contents_of(part.order, contact=contact)  # all of it is for the same applicant
    held = next(each for each in found.parts if each.row.pk == part.pk)
    is_sent = part.order.number is not None
    elsewhere = found.later(held) if part.state == "waiting" else frozenset()
    return DraftOrder(
        id=part.order_id,
        number=part.order.number,
        state=part.state,
        elsewhere=elsewhere if is_sent else found.elsewhere(held),
    )


def list_applicants_for(*, actor: Actor, matter: PublishedMatter, on: date) -> list[Applicant]:
    """Return everyone in whose name ``actor`` may ask for this matter, oneself first; empty when it is for none."""
    applicants = list_applicants(actor=actor, on=on, matter=matter.code)
    return [each for each in applicants if serves(definition=matter.definition, applicant=each)]


def list_drafts(*, actor: Actor, applicant: str = "", at_counter: bool = False, limit: int = 20) -> list[DraftRow]:
    """Return the actor's open drafts, the one saved last first; those of orders are with their order.

    ``applicant``: only those for whom this key names. ``at_counter``: those that they fill in as a clerk for who stands
    there, which are never among their own. Three queries, and the definitions.
    """
    rows = Draft.objects.filter(owner=actor.user_id, case=None, part=None)
    rows = rows.filter(channel="window") if at_counter else rows.exclude(channel__in=ASSISTED)
    if applicant:
        rows = rows.filter(applicant_key=applicant)
    found = list(rows.order_by("-saved_at")[:limit])
    others = {row.applicant_key for row in found} - {f"person:{actor.person_id}"}
    names = list_names(keys=others)
    return [_row(row, names.get(row.applicant_key, "")) for row in found]


def _row(row: Draft, applicant_name: str) -> DraftRow:
    definition = get_version(version_id=row.matter_version_id).definition
    steps = definition.form.steps_for(open_answers(answers=row.answers))
    done = [step for step in steps if step.id in row.steps_done]
    return DraftRow(
        id=row.pk,
        matter=row.matter,
        matter_name=definition.name,
        icon=definition.icon,
        applicant_name=applicant_name,
        steps_done=len(done),
        steps=len(steps),
        saved_at=row.saved_at,
        kept_until=swept_at(row.saved_at),
    )
