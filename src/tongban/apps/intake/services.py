"""Commands on drafts: begin, keep what is typed, file once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.cases import services as cases
from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.cases.queries import CaseView, barred_until
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import FormResult, MaterialSpec, MatterDefinition, needs_of
from tongban.apps.catalog.queries import PublishedMatter, get_matter, get_version
from tongban.apps.evidence import services as evidence
from tongban.apps.exchange.extracts import follow_case
from tongban.apps.intake.again import fill_from_case, fill_given
from tongban.apps.intake.declining import decline
from tongban.apps.intake.errors import (
    ConsentMissing,
    DraftFiled,
    DraftIncomplete,
    DraftOutdated,
    NoMandate,
    NotByCall,
    NotServed,
    OrderSent,
    PledgeBarred,
    TooManyFiles,
    UnknownDraft,
    UnknownMaterial,
    UnknownStep,
)
from tongban.apps.intake.models import Draft, DraftFile, OrderPart
from tongban.apps.intake.offered import fill_offered, matter_offered
from tongban.apps.intake.offers import (
    agree_to_granting,
    hide_offer,
    show_hidden_offers,
    switch_offers_off,
    switch_offers_on,
)
from tongban.apps.intake.on_file import decline_on_file, look_up, refresh, take_on_file
from tongban.apps.intake.passing import passed_on, passing
from tongban.apps.intake.reach import find_draft
from tongban.apps.intake.rotation import reseal_drafts
from tongban.apps.intake.sweeping import remove_draft, sweep_drafts
from tongban.apps.people.actors import Actor
from tongban.apps.people.assurance import meets, require_assurance
from tongban.apps.people.errors import AssuranceTooLow
from tongban.apps.people.queries import Applicant, get_applicant, get_contact, may_represent

__all__ = [
    "add_file",
    "agree_to_granting",
    "decline",
    "decline_on_file",
    "discard",
    "discard_drafts_of",
    "file_directly",
    "file_draft",
    "follow_version",
    "hide_offer",
    "known_answers",
    "look_up",
    "refresh",
    "remove_file",
    "require_by_call",
    "reseal_drafts",
    "save_answer",
    "save_step",
    "serves",
    "show_hidden_offers",
    "start",
    "start_again",
    "start_filled",
    "start_for",
    "start_offered",
    "submit",
    "sweep_drafts",
    "switch_offers_off",
    "switch_offers_on",
    "take_on_file",
]

MANDATE = "mandate"
ASSISTED = ("window", "phone")
"""Channels by which a clerk files for somebody, of whom the clerk's own sign-in says nothing."""
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

    Raises ``NotServed`` when the matter is not for applicants of that kind, ``NotByCall`` for one that callers cannot
    file.
    """
    assert actor.user_id is not None
    published = get_matter(code=matter, on=_day(at))
    if channel == "phone":
        require_by_call(definition=published.definition)
    _require_served(published.definition, applicant)
    open_draft = Draft.objects.filter(
        owner=actor.user_id, matter=matter, applicant_key=applicant.key, case=None, sent=False
    )
    found = open_draft.values_list("pk", flat=True).first()
    if found is not None:
        if channel in ASSISTED:  # it is who stands there, or calls, now
            Draft.objects.filter(pk=found).update(agent=applicant.agent_id, channel=channel)
        return found
    draft = Draft(
        owner_id=actor.user_id,
        matter_version_id=published.version_id,
        matter=matter,
        person_id=applicant.person_id,
        organisation_id=applicant.organisation_code,
        applicant_key=applicant.key,
        agent_id=applicant.agent_id,
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


def start_again(*, case: CaseView, actor: Actor, at: datetime) -> UUID:
    """Open a draft for the matter of the actor's own case, filled with what was answered then; the open one if any.

    Raises what ``start`` raises.
    """
    draft = start(actor=actor, matter=case.row.matter, applicant_key=case.applicant_key, channel="web", at=at)
    if Draft.objects.filter(pk=draft, started_at=at).exists():  # what stands in one that was begun before stays
        fill_from_case(draft=draft, case=case)
    return draft


def start_filled(*, actor: Actor, matter: str, applicant_key: str, given: Mapping[str, str], at: datetime) -> UUID:
    """Open a draft in which what its form says it is prefilled with (``x-prefill``) stands already, by those names.

    In one that was begun before, ``given`` replaces what stood there, and everything else stays. Raises what ``start``
    raises.
    """
    draft = start(actor=actor, matter=matter, applicant_key=applicant_key, channel="web", at=at)
    fill_given(draft=draft, given=given, at=at)
    return draft


def start_offered(*, actor: Actor, code: str, at: datetime) -> UUID:
    """Open a draft for what is offered to the actor, with everything in it that is held; the open one if there is one.

    Whoever asks so has said that all of it may be used: it stands there to be read, and is sent by them alone. What
    stands in a draft that was begun before stays. Never inside a transaction. Raises ``UnknownOffer`` where it is not
    offered to them now, and what ``start`` raises.
    """
    matter = matter_offered(actor=actor, code=code, at=at)
    draft = start(actor=actor, matter=matter, applicant_key=f"person:{actor.person_id}", channel="web", at=at)
    if Draft.objects.filter(pk=draft, started_at=at).exists():
        fill_offered(draft=draft, code=code, actor=actor, at=at)
    return draft


def save_step(
    *,
    draft: UUID,
    actor: Actor,
    step: str,
    answers: Mapping[str, Any],
    elsewhere: Collection[str] = (),
    at: datetime,
) -> FormResult:
    """Keep the answers of one step, right or wrong, and return what is wrong with them.

    Fields ``elsewhere`` are not asked on its page, so they are not missed on it.
    """
    with transaction.atomic():
        row = _lock(draft, actor, at)
        definition = get_version(version_id=row.matter_version_id).definition
        form_step = definition.form.step(step)
        if form_step is None:
            raise UnknownStep(step=step)
        given = open_answers(answers=row.answers) | dict(answers)
        result = definition.form.validate_step(step=form_step, answers=given)
        result = FormResult(result.clean, tuple(each for each in result.errors if each.field not in elsewhere))
        row.answers = seal_answers(form=definition.form, answers=given | result.clean)
        row.steps_done = passing(row.steps_done, form_step, is_done=not result.errors)
        row.saved_at = at
        row.save(update_fields=["answers", "steps_done", "saved_at"])
    return result


def save_answer(
    *,
    draft: UUID,
    actor: Actor,
    step: str,
    question: str,
    answers: Mapping[str, Any],
    elsewhere: Collection[str] = (),
    at: datetime,
) -> FormResult:
    """Keep the answer to one question, right or wrong, and return what is wrong with it.

    The step is done once every question that it asks with these answers has been passed and nothing in it is wrong;
    fields ``elsewhere`` are not asked on its pages. Raises ``UnknownStep``.
    """
    with transaction.atomic():
        row = _lock(draft, actor, at)
        form = get_version(version_id=row.matter_version_id).definition.form
        form_step = form.step(step)
        if form_step is None or question not in {each.name for each in form_step.fields}:
            raise UnknownStep(step=step)
        held = open_answers(answers=row.answers)
        given = held | {name: value for name, value in answers.items() if name == question}
        result = form.validate_step(step=form_step, answers=given)
        errors = [each for each in result.errors if each.field not in elsewhere]
        mine = tuple(each for each in errors if each.field == question)
        passed = passed_on(row.steps_done, form_step, form.fields_for(form_step, held))
        passed = passed - {question} if mine else passed | {question}
        asked = {each.name for each in form.fields_for(form_step, given)} - set(elsewhere)
        row.answers = seal_answers(form=form, answers=given | result.clean)
        row.steps_done = passing(row.steps_done, form_step, is_done=not errors and asked <= passed, passed=passed)
        row.saved_at = at
        row.save(update_fields=["answers", "steps_done", "saved_at"])
    return FormResult(result.clean, mine)


def add_file(*, draft: UUID, actor: Actor, code: str, content: bytes, name: str, at: datetime) -> None:
    """Put a file into the draft as material ``code``. Raises ``EvidenceError`` when it is none that is taken."""
    with transaction.atomic():
        row = _lock(draft, actor, at)
        spec = _upload_spec(get_version(version_id=row.matter_version_id).definition, code)
        if row.files.filter(code=code).count() >= MOST_FILES:
            raise TooManyFiles(limit=MOST_FILES)
        stored = evidence.store_file(
            content=content, name=name, allowed=spec.accept, max_megabytes=spec.max_mb, by=actor.id, at=at
        )
        DraftFile.objects.create(draft=row, code=code, file_id=stored.pk)
        Draft.objects.filter(pk=row.pk).update(saved_at=at)


def remove_file(*, draft: UUID, actor: Actor, file: int, at: datetime | None = None) -> None:
    """Take a file out of the draft; ``at`` lets those in with whom its order is shared."""
    with transaction.atomic():
        row = _lock(draft, actor, at)
        gone = DraftFile.objects.filter(draft=row, pk=file)
        files = list(gone.values_list("file", flat=True))
        if gone.exclude(source="").exists():  # whoever puts it away wants another: it is not offered once more
            Draft.objects.filter(pk=row.pk).update(papers_declined=True)
        gone.delete()
        evidence.remove_files(ids=files)


def discard(*, draft: UUID, actor: Actor) -> None:
    """Throw an unfiled draft away, with the files in it. Raises ``OrderSent`` for one that waits in a sent order."""
    with transaction.atomic():
        row = _lock(draft, actor, None)
        if row.sent:
            number = OrderPart.objects.filter(draft=row.pk).values_list("order__number", flat=True).first()
            raise OrderSent(number=number)
        remove_draft(row)


def discard_drafts_of(*, person_id: int) -> int:
    """Throw away what was begun in a person's own name and not sent, with the files in it; return how many.

    Parts of an order that was sent wait for their turn: they stay.
    """
    with transaction.atomic():
        open_ones = Draft.objects.filter(person=person_id, organisation=None, case=None, channel="web")
        rows = list(open_ones.exclude(part__order__number__isnull=False).select_for_update(of=("self",)))
        for row in rows:
            remove_draft(row)
    return len(rows)


def submit(
    *,
    draft: UUID,
    actor: Actor,
    at: datetime,
    spoken: Mapping[str, str] | None = None,
    ticket: Mapping[str, str | int] | None = None,
) -> int:
    """File the draft and return the case number; asked again, the same number.

    ``spoken``: to what a caller has said yes, and in which call; without it nothing of a call is filed
    (``ConsentMissing``). ``ticket``: whose number is at the clerk's window; it counts for what is filed at a counter.

    Raises ``DraftIncomplete``; ``DraftOutdated`` when the matter has been published anew since: the draft then follows
    the new version, with all its answers, and wants to be read once more. Raises ``UnknownMatter`` when it is no longer
    offered.
    """
    if follow_version(draft=draft, actor=actor, at=at):
        raise DraftOutdated
    with transaction.atomic():
        row = find_draft(draft=draft, actor=actor, at=at, lock=True)
        if row is None:
            raise UnknownDraft
        return file_draft(row=row, actor=actor, at=at, spoken=spoken, ticket=ticket)


def file_draft(
    *,
    row: Draft,
    actor: Actor,
    at: datetime,
    spoken: Mapping[str, str] | None = None,
    ticket: Mapping[str, str | int] | None = None,
) -> int:
    """File a draft that the caller has locked, in the caller's transaction; filed already, its number."""
    if row.case is not None:
        return row.case
    if row.channel == "phone" and not spoken:
        raise ConsentMissing
    published = get_version(version_id=row.matter_version_id)
    applicant = _applicant(row, actor, at)
    materials: dict[str, list[UUID]] = {}
    taken_from: dict[str, str] = {}
    for given in row.files.order_by("pk"):
        materials.setdefault(given.code, []).append(given.file_id)
        if given.source:
            taken_from[given.code] = given.source
    row.case = file_directly(
        matter=published,
        applicant=applicant,
        agent_id=_agent(row, applicant, actor, at),
        answers=open_answers(answers=row.answers),
        materials=materials,
        channel=row.channel,
        actor=actor,
        at=at,
        reused=row.reused,
        taken_from=taken_from,
        spoken=spoken,
        ticket=ticket if row.channel == "window" else None,
    )
    if needs_of(published.definition):
        follow_case(draft=row.pk, case=row.case)
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
    reused: Mapping[str, int] | None = None,
    taken_from: Mapping[str, str] | None = None,
    spoken: Mapping[str, str] | None = None,
    ticket: Mapping[str, str | int] | None = None,
) -> int:
    """Check a whole filing and file it: the one way in for page, API, counter and telephone.

    Raises ``DraftIncomplete``, ``NotServed`` when the matter is not for applicants of that kind, ``NotByCall``,
    ``AssuranceTooLow`` and ``PledgeBarred``.
    """
    _require_served(matter.definition, applicant)
    if channel == "phone":
        require_by_call(definition=matter.definition)
    elif channel not in ("window", cases.UNASKED):  # there the identity card lies on the counter, here nobody asks
        require_assured(definition=matter.definition, applicant=applicant, actor=actor)
    contact = get_contact(person_id=applicant.person_id, organisation_code=applicant.organisation_code)
    result = matter.definition.form.validate(answers=answers)
    missing = missing_materials(definition=matter.definition, answers=result.clean, given=materials)
    if result.errors or missing:
        raise DraftIncomplete(errors=result.errors, materials=[spec.code for spec in missing])
    for code in materials:
        _upload_spec(matter.definition, code)
    _require_pledge_counts(matter.definition, applicant, result.clean, at)
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
        reused=reused,
        taken_from=taken_from,
        spoken=spoken,
        ticket=ticket,
    )


def require_by_call(*, definition: MatterDefinition) -> None:
    """Raise ``NotByCall`` when the matter cannot be filed by a call (``ways``)."""
    if not definition.is_by_call:
        raise NotByCall(ways=definition.ways)


def require_assured(*, definition: MatterDefinition, applicant: Applicant, actor: Actor) -> None:
    """Raise ``AssuranceTooLow`` when the session, or the mandate it acts under, is not as sure as the matter asks."""
    require_assurance(actor=actor, needed=definition.assurance)
    if applicant.kind == MANDATE and not meets(applicant.assurance, definition.assurance):
        raise AssuranceTooLow(needed=definition.assurance)


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


def _require_pledge_counts(
    definition: MatterDefinition, applicant: Applicant, answers: Mapping[str, Any], at: datetime
) -> None:
    """Raise ``PledgeBarred`` where they sign a pledge and have broken one in this matter not long ago."""
    if definition.pledge is None or not definition.pledge.is_signed(answers):
        return
    until = barred_until(
        person_id=applicant.person_id,
        organisation_code=applicant.organisation_code,
        matter=definition.code,
        on=_day(at),
    )
    if until is not None:
        raise PledgeBarred(until=until.isoformat())


def serves(*, definition: MatterDefinition, applicant: Applicant) -> bool:
    """Whether the matter is for such an applicant (GB/T 39046 A.4: 1 is a natural person, the rest are bodies)."""
    if applicant.is_organisation:
        return any(kind != "1" for kind in definition.served)
    return "1" in definition.served


def follow_version(*, draft: UUID, actor: Actor, at: datetime) -> bool:
    """Let a draft follow the version in force; True when that was another one."""
    with transaction.atomic():
        row = find_draft(draft=draft, actor=actor, at=at, lock=True)
        if row is None or row.case is not None:
            return False
        current = get_matter(code=row.matter, on=_day(at))
        if current.version_id == row.matter_version_id:
            return False
        form = current.definition.form
        row.matter_version_id = current.version_id
        row.steps_done = []
        # An answer that nobody asks for any more could not be filed, nor changed on any page.
        answers = {name: value for name, value in open_answers(answers=row.answers).items() if name in form.fields}
        row.answers = seal_answers(form=form, answers=answers)
        row.save(update_fields=["matter_version", "steps_done", "answers"])
        return True


def _lock(draft: UUID, actor: Actor, at: datetime | None) -> Draft:
    row = find_draft(draft=draft, actor=actor, at=at, lock=True)
    if row is None:
        raise UnknownDraft
    if row.case is not None:
        raise DraftFiled(number=row.case)
    return row


def _applicant(row: Draft, actor: Actor, at: datetime) -> Applicant:
    """The draft's applicant, with mandate or office checked again: either may have been revoked since."""
    if row.channel in ASSISTED:
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


def _agent(row: Draft, applicant: Applicant, actor: Actor, at: datetime) -> int | None:
    """Who acts for the applicant. A clerk does not: the file is the applicant's, not the helper's.

    At a counter it is who stands there for them, whose mandate is looked at again. Raises ``NoMandate``.
    """
    if row.channel not in ASSISTED:
        return None if applicant.person_id == actor.person_id else actor.person_id
    agent = row.agent_id
    if agent is not None and not may_represent(
        person_id=agent, key=row.applicant_key, matters=[row.matter], on=_day(at)
    ):
        raise NoMandate
    return agent


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
    return seal_answers(form=definition.form, answers=known_answers(definition=definition, contact=contact))


def known_answers(*, definition: MatterDefinition, contact: Mapping[str, str]) -> dict[str, Any]:
    """The answers that its form says are prefilled, from what is on file of an applicant; not sealed."""
    fields = definition.form.fields.items()
    return {name: contact[each.prefill] for name, each in fields if each.prefill and contact.get(each.prefill)}
