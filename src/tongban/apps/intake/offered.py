"""From an offer to what is ready to be confirmed: a draft with everything in it that government holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.catalog.city import get_calendar, get_offers
from tongban.apps.catalog.queries import get_version
from tongban.apps.intake.errors import UnknownOffer
from tongban.apps.intake.models import Draft
from tongban.apps.intake.offers import facts_of_age, list_offers, plain_value
from tongban.apps.intake.on_file import look_up, take_on_file
from tongban.apps.intake.passing import passing
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_birth

__all__ = ["fill_offered", "matter_offered"]


def matter_offered(*, actor: Actor, code: str, at: datetime) -> str:
    """Return the matter of an offer. Raises ``UnknownOffer`` where it is not offered to the actor now."""
    found = next((each for each in list_offers(actor=actor, at=at).items if each.code == code), None)
    if found is None:
        raise UnknownOffer
    return found.matter.code


def fill_offered(*, draft: UUID, code: str, actor: Actor, at: datetime) -> None:
    """Fill a fresh draft with what registers, earlier filings and the offer's own facts say.

    A page that lacks nothing counts as gone on from. Never inside a transaction.
    """
    if look_up(draft=draft, actor=actor, at=at).is_open:
        take_on_file(draft=draft, actor=actor, at=at)
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        form, done = get_version(version_id=row.matter_version_id).definition.form, row.steps_done
        answers = _known(code, actor, at) | open_answers(answers=row.answers)
        row.answers = seal_answers(form=form, answers=answers)
        for step in form.steps:
            if not form.validate_step(step=step, answers=answers).errors:
                done = passing(done, step, is_done=True)
        row.steps_done, row.saved_at = done, at
        row.save(update_fields=["answers", "steps_done", "saved_at"])


def _known(code: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Those answers of a grant without asking that rest on the person's birth alone; the others are theirs to give."""
    granting = next((each.granting for each in get_offers() if each.code == code), None)
    if granting is None or actor.person_id is None:
        return {}
    born, female = get_birth(person_id=actor.person_id)
    facts = facts_of_age(born, female, get_calendar().local_date(at)) | {"birth_date": born}
    resting = {name: each for name, each in granting.answers.items() if each.names and each.names <= facts.keys()}
    return {name: plain_value(each.evaluate(facts)) for name, each in resting.items()}
