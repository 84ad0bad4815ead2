"""From an offer to what is ready to be confirmed, in one step: a draft with everything in it that government holds."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.answers import open_answers
from tongban.apps.catalog.queries import get_version
from tongban.apps.intake.errors import UnknownOffer
from tongban.apps.intake.models import Draft
from tongban.apps.intake.offers import list_offers
from tongban.apps.intake.on_file import look_up, take_on_file
from tongban.apps.intake.passing import passing
from tongban.apps.intake.services import start
from tongban.apps.people.actors import Actor

__all__ = ["start_offered"]


def start_offered(*, actor: Actor, code: str, at: datetime) -> UUID:
    """Open a draft for what is offered, filled with what registers and earlier filings say; the open one if any.

    Whoever asks for it so has said that all of it may be used: it stands there to be read, and is sent by them. A page
    on which nothing is missing counts as gone on from. What stands in a draft that was begun before stays. Never
    inside a transaction. Raises ``UnknownOffer`` where that is not offered to them now, and what ``start`` raises.
    """
    offered = next((each for each in list_offers(actor=actor, at=at).items if each.code == code), None)
    if offered is None:
        raise UnknownOffer
    matter = offered.matter.code
    draft = start(actor=actor, matter=matter, applicant_key=f"person:{actor.person_id}", channel="web", at=at)
    if not Draft.objects.filter(pk=draft, started_at=at).exists():
        return draft
    found = look_up(draft=draft, actor=actor, at=at)
    if found.is_open:
        take_on_file(draft=draft, actor=actor, at=at)
    _go_on(draft, at)
    return draft


def _go_on(draft: UUID, at: datetime) -> None:
    """Every page on which nothing is missing or wrong counts as gone on from."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        form, done = get_version(version_id=row.matter_version_id).definition.form, row.steps_done
        answers = open_answers(answers=row.answers)
        for step in form.steps:
            if not form.validate_step(step=step, answers=answers).errors:
                done = passing(done, step, is_done=True)
        row.steps_done, row.saved_at = done, at
        row.save(update_fields=["steps_done", "saved_at"])
