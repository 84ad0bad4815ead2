"""From an offer to what is ready to be confirmed: a draft with everything in it that government holds."""

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
from tongban.apps.people.actors import Actor

__all__ = ["fill_offered", "matter_offered"]


def matter_offered(*, actor: Actor, code: str, at: datetime) -> str:
    """Return the matter of an offer. Raises ``UnknownOffer`` where it is not offered to the actor now."""
    found = next((each for each in list_offers(actor=actor, at=at).items if each.code == code), None)
    if found is None:
        raise UnknownOffer
    return found.matter.code


def fill_offered(*, draft: UUID, actor: Actor, at: datetime) -> None:
    """Fill a fresh draft with what registers and earlier filings say; a page that lacks nothing counts as gone on from.

    Never inside a transaction.
    """
    if look_up(draft=draft, actor=actor, at=at).is_open:
        take_on_file(draft=draft, actor=actor, at=at)
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        form, done = get_version(version_id=row.matter_version_id).definition.form, row.steps_done
        answers = open_answers(answers=row.answers)
        for step in form.steps:
            if not form.validate_step(step=step, answers=answers).errors:
                done = passing(done, step, is_done=True)
        row.steps_done, row.saved_at = done, at
        row.save(update_fields=["steps_done", "saved_at"])
