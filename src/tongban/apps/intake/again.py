"""A draft that has just been opened, filled with what is known: an earlier case's answers, or what led to it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.queries import get_version
from tongban.apps.intake.models import Draft

__all__ = ["fill_from_case", "fill_given"]


def fill_from_case(*, draft: UUID, case: CaseView) -> None:
    """Put a case's answers into a draft, where nothing stands there yet.

    Answers that the matter no longer asks for stay away; numbers of people and pledges are asked anew.
    """
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        fields = get_version(version_id=row.matter_version_id).definition.form.fields
        earlier = {
            name: value
            for name, value in case.answers.items()
            if name in fields and not fields[name].sensitive and "const" not in fields[name].schema
        }
        row.answers = {**earlier, **row.answers}
        row.save(update_fields=["answers"])


def fill_given(*, draft: UUID, given: Mapping[str, str], at: datetime) -> None:
    """Put ``given`` into the fields that say they are prefilled with it; pages on which nothing is missing are done."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().get(pk=draft)
        form = get_version(version_id=row.matter_version_id).definition.form
        known = {name: given[asked.prefill] for name, asked in form.fields.items() if asked.prefill in given}
        answers = open_answers(answers=row.answers) | known
        row.answers = seal_answers(form=form, answers=answers)
        wrong = {error.field for error in form.validate(answers=answers).errors}
        full = [step.id for step in form.steps_for(answers) if not wrong & {asked.name for asked in step.fields}]
        row.steps_done = sorted({*row.steps_done, *full})
        row.saved_at = at
        row.save(update_fields=["answers", "steps_done", "saved_at"])
