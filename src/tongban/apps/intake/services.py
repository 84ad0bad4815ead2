"""Commands on drafts: begin, keep what is typed, file once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.cases import services as cases
from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import FormResult, MaterialSpec, MatterDefinition
from tongban.apps.catalog.queries import PublishedMatter, get_matter, get_version
from tongban.apps.evidence import services as evidence
from tongban.apps.intake.errors import (
    DraftFiled,
    DraftIncomplete,
    DraftOutdated,
    NoMandate,
    NotServed,
    TooManyFiles,
    UnknownDraft,
    UnknownMaterial,
    UnknownStep,
)
from tongban.apps.intake.models import Draft, DraftFile
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, get_applicant, get_contact

__all__ = ["add_file", "discard", "file_directly", "remove_file", "save_step", "serves", "start", "start_for", "submit"]

MOST_FILES = 20
"""Of one material in one draft: more than that is one PDF, or a mistake."""


def start(*, actor: Actor, matter: str, applicant_key: str, channel: str, at: datetime) -> UUID:
    """Open a draft for an applicant in whose name the actor may ask; the open one if there is one.

    Raises ``NoMandate``, or ``UnknownMatter`` from the catalogue.
    """
    applicant = get_applicant(actor=actor, key=applicant_key, on=_day(at), matter=matter)
    if applicant is None:
        raise NoMandate
    return start_for(actor=actor, matter=matter, applicant=applicant, channel=channel, at=at)


def start_for(*, actor: Actor, matter: str, applicant: Applicant, channel: str, at: datetime) -> UUID:
    """Open a draft for ``applicant``; the caller has made sure that the actor may (a clerk for who stands there).

    Raises ``NotServed`` when the matter is not for applicants of that kind.
    """
    assert actor.user_id is not None
    published = get_matter(code=matter, on=_day(at))
    _require_served(published.definition, applicant)
    open_draft = Draft.objects.filter(owner=actor.user_id, matter=matter, applicant_key=applicant.key, case=None)
    found = open_draft.values_list("pk", flat=True).first()
    if found is not None:
        return found
    draft = Draft(
        owner_id=actor.user_id,
        matter_version_id=published.version_id,
        matter=matter,
        person_id=applicant.person_id,
        organisation_id=applicant.organisation_code,
        applicant_key=applicant.key,
        channel=channel,
        answers=_prefilled(published.definition, applicant),
        started_at=at,
        saved_at=at,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # a double click: the other request has just opened it
        return open_draft.values_list("pk", flat=True).get()
    return draft.pk


def save_step(*, draft: UUID, actor: Actor, step: str, answers: Mapping[str, Any], at: datetime) -> FormResult:
    """Keep the answers of one step, right or wrong, and return what is wrong with them."""
    with transaction.atomic():
        row = _lock(draft, actor)
        definition = get_version(version_id=row.matter_version_id).definition
        form_step = definition.form.step(step)
        if form_step is None:
            raise UnknownStep(step=step)
        given = open_answers(answers=row.answers) | dict(answers)
        result = definition.form.validate_step(step=form_step, answers=given)
        row.answers = seal_answers(form=definition.form, answers=given | result.clean)
        done = [each for each in row.steps_done if each != step]
        row.steps_done = done if result.errors else [*done, step]
        row.saved_at = at
        row.save(update_fields=["answers", "steps_done", "saved_at"])
    return result


def add_file(*, draft: UUID, actor: Actor, code: str, content: bytes, name: str, at: datetime) -> None:
    """Put a file into the draft as material ``code``. Raises ``EvidenceError`` when it is none that is taken."""
    with transaction.atomic():
        row = _lock(draft, actor)
        spec = _upload_spec(get_version(version_id=row.matter_version_id).definition, code)
        if row.files.filter(code=code).count() >= MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
        stored = evidence.store_file(
            content=content, name=name, allowed=spec.accept, max_megabytes=spec.max_mb, by=actor.id, at=at
        )
        DraftFile.objects.create(draft=row, code=code, file_id=stored.pk)
        Draft.objects.filter(pk=row.pk).update(saved_at=at)


def remove_file(*, draft: UUID, actor: Actor, file: int) -> None:
    """Take a file out of the draft."""
    with transaction.atomic():
        gone = DraftFile.objects.filter(draft=_lock(draft, actor), pk=file)
        files = list(gone.values_list("file", flat=True))
        gone.delete()
        evidence.remove_files(ids=files)


def discard(*, draft: UUID, actor: Actor) -> None:
    """Throw an unfiled draft away, with the files in it."""
    with transaction.atomic():
        row = _lock(draft, actor)
        files = list(row.files.values_list("file", flat=True))
        row.delete()
        evidence.remove_files(ids=files)


def submit(*, draft: UUID, actor: Actor, at: datetime) -> int:
    """File the draft and return the case number; asked again, the same number.

    Raises ``DraftIncomplete``; ``DraftOutdated`` when the matter has been published anew since: the draft then follows
    the new version, with all its answers, and wants to be read once more. Raises ``UnknownMatter`` when it is no longer
    offered.
    """
    if _moved_on(draft, actor, at):
        raise DraftOutdated
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft, owner=actor.user_id).first()
        if row is None:
            raise UnknownDraft
        if row.case is not None:
            return row.case
        published = get_version(version_id=row.matter_version_id)
        applicant = _applicant(row, actor, at)
        materials: dict[str, list[UUID]] = {}
        for given in row.files.order_by("pk"):
            materials.setdefault(given.code, []).append(given.file_id)
        row.case = file_directly(
            matter=published,
            applicant=applicant,
            agent_id=_agent(row, applicant, actor),
            answers=open_answers(answers=row.answers),
            materials=materials,
            channel=row.channel,
            actor=actor,
            at=at,
        )
        row.answers = {}  # they are the case's from now on
        row.save(update_fields=["case", "answers"])
        return row.case


def file_directly(
    *,
    matter: PublishedMatter,
    applicant: Applicant,
    agent_id: int | None,
    answers: Mapping[str, Any],
    materials: Mapping[str, Sequence[UUID]],
    channel: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Check a whole filing and file it: the one way in for page, API and counter.

    Raises ``DraftIncomplete``, and ``NotServed`` when the matter is not for applicants of that kind.
    """
    _require_served(matter.definition, applicant)
    result = matter.definition.form.validate(answers=answers)
    missing = missing_materials(definition=matter.definition, answers=result.clean, given=materials)
    if result.errors or missing:
        raise DraftIncomplete(errors=result.errors, materials=[spec.code for spec in missing])
    for code in materials:
        _upload_spec(matter.definition, code)
    contact = get_contact(person_id=applicant.person_id, organisation_code=applicant.organisation_code)
    return cases.file(
        matter=matter,
        applicant=applicant,
        agent_id=agent_id,
        answers=result.clean,
        materials=materials,
        phone=_phone(matter.definition, result.clean) or contact["phone"],
        channel=channel,
        actor=actor,
        at=at,
    )


def missing_materials(
    *, definition: MatterDefinition, answers: Mapping[str, Any], given: Mapping[str, Sequence[UUID]]
) -> list[MaterialSpec]:
    """Return the uploads that are necessary with these answers and not there yet."""
    return [
        spec
        for spec in definition.materials_for(answers)
        if spec.form == "upload" and spec.need == "1" and not given.get(spec.code)
    ]


def _day(at: datetime) -> date:
    """The day on the wall of the city, which is another than in UTC for a third of each day."""
    return get_calendar().local_date(at)


def _require_served(definition: MatterDefinition, applicant: Applicant) -> None:
    if not serves(definition=definition, applicant=applicant):
        raise NotServed(served=definition.served)


def serves(*, definition: MatterDefinition, applicant: Applicant) -> bool:
    """Whether the matter is for such an applicant (GB/T 39046 A.4: 1 is a natural person, the rest are bodies)."""
    if applicant.is_organisation:
        return any(kind != "1" for kind in definition.served)
    return "1" in definition.served


def _moved_on(draft: UUID, actor: Actor, at: datetime) -> bool:
    """Let a draft follow the version in force; True when that was another one."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft, owner=actor.user_id, case=None).first()
        if row is None:
            return False
        current = get_matter(code=row.matter, on=_day(at))
        if current.version_id == row.matter_version_id:
            return False
        row.matter_version_id = current.version_id
        row.steps_done = []
        row.save(update_fields=["matter_version", "steps_done"])
        return True


def _lock(draft: UUID, actor: Actor) -> Draft:
    row = Draft.objects.select_for_update().filter(pk=draft, owner=actor.user_id).first()
    if row is None:
        raise UnknownDraft
    if row.case is not None:
        raise DraftFiled(number=row.case)
    return row


def _applicant(row: Draft, actor: Actor, at: datetime) -> Applicant:
    """The draft's applicant, with mandate or office checked again: either may have been revoked since."""
    if row.channel == "window":
        if not actor.has_role("clerk"):
            raise NoMandate
        contact = get_contact(person_id=row.person_id, organisation_code=row.organisation_id)
        return Applicant(
            key=row.applicant_key,
            name=contact["name"],
            person_id=row.person_id,
            organisation_code=row.organisation_id,
        )
    applicant = get_applicant(actor=actor, key=row.applicant_key, on=_day(at), matter=row.matter)
    if applicant is None:
        raise NoMandate
    return applicant


def _agent(row: Draft, applicant: Applicant, actor: Actor) -> int | None:
    """Who acts for the applicant. A clerk does not: the file is the applicant's, not the helper's."""
    return None if row.channel == "window" or applicant.person_id == actor.person_id else actor.person_id


def _upload_spec(definition: MatterDefinition, code: str) -> MaterialSpec:
    spec = next((each for each in definition.materials if each.code == code and each.form == "upload"), None)
    if spec is None:
        raise UnknownMaterial(material=code)
    return spec


def _phone(definition: MatterDefinition, answers: Mapping[str, Any]) -> str:
    fields = definition.form.fields
    return next((str(answers[name]) for name in answers if name in fields and fields[name].format == "mobile"), "")


def _prefilled(definition: MatterDefinition, applicant: Applicant) -> dict[str, Any]:
    """What government already knows of the applicant is never asked again (State Council Order 716, 7)."""
    contact = get_contact(person_id=applicant.person_id, organisation_code=applicant.organisation_code)
    answers = {
        name: contact[field.prefill]
        for name, field in definition.form.fields.items()
        if field.prefill and contact.get(field.prefill)
    }
    return seal_answers(form=definition.form, answers=answers)
