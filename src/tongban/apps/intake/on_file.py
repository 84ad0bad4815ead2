"""What need not be asked: found in registers, certificates and earlier cases, shown first, taken with one confirmation.

Registers are asked outside of every transaction, before anything is filed: a filing never waits for one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.answers import open_answers, seal_answers
from tongban.apps.cases.queries import list_held_by
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition, needs_of
from tongban.apps.catalog.definitions.registers import Grant, Register
from tongban.apps.catalog.queries import get_version
from tongban.apps.evidence.queries import CertificateView
from tongban.apps.exchange import extracts
from tongban.apps.exchange.errors import UnknownRegister
from tongban.apps.exchange.extracts import ExtractView, Wanted
from tongban.apps.exchange.services import Round, get_register
from tongban.apps.intake.earlier import Paper, add_papers, drawn, offered_papers
from tongban.apps.intake.errors import UnknownDraft
from tongban.apps.intake.models import Draft, DraftFile
from tongban.apps.intake.reach import find_draft
from tongban.apps.intake.taken import answers_from
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_contact, get_representative

__all__ = [
    "OnFile",
    "Paper",
    "Saved",
    "Source",
    "decline_on_file",
    "get_saved",
    "look_up",
    "on_file_of",
    "refresh",
    "take_on_file",
]

_NUMBERS = {
    "person": ("identity_number",),
    "organisation": ("credit_code",),
    "holder": ("credit_code", "identity_number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One register, as it has to do with a draft: what it said, for which questions and papers, on what basis."""

    register: Register
    grant: Grant
    of: str
    extract: ExtractView | None
    fields: tuple[str, ...]
    fills: Mapping[str, str]
    materials: tuple[MaterialSpec, ...]

    @property
    def state(self) -> str:
        """That of the extract; ``unasked`` where it needs consent first."""
        return self.extract.state if self.extract is not None else "unasked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What somebody is spared: questions, papers (each one upload), and trips to departments that would give them.

    ``pages``: those of the form that are passed over because all that they ask is on file.
    """

    questions: int = 0
    papers: int = 0
    trips: int = 0
    pages: int = 0

    def __bool__(self) -> bool:
        return bool(self.questions or self.papers)

    def counts(self) -> dict[str, int]:
        """As the log has it; empty where nothing is saved."""
        return asdict(self) if self else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """What there is for a draft.

    ``taken``: questions that are answered by what was taken. ``certificates``: held by the applicant, by the material
    for which each stands and that nobody hands in. ``papers``: what may be taken instead of an upload; ``taken_papers``
    are the uploads for which that was done. ``pages`` of the form ask nothing that was not taken.
    """

    sources: tuple[Source, ...] = ()
    taken: frozenset[str] = frozenset()
    certificates: Mapping[str, CertificateView] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    taken_papers: frozenset[str] = frozenset()
    pages: int = 0

    @property
    def is_open(self) -> bool:
        """Whether there is something to say yes or no to."""
        return bool(self.papers) or any(each.state in ("offered", "unasked") for each in self.sources)

    @property
    def is_taken(self) -> bool:
        """Whether anything was taken."""
        return bool(self.taken_papers) or any(each.state == "taken" for each in self.sources)

    @property
    def unconfirmed(self) -> frozenset[str]:
        """Questions that a register would have answered, and that are asked because it did not answer."""
        return frozenset(name for each in self.sources if each.state == "pending" for name in each.fills)

    def saved(self) -> Saved:
        """What the applicant is spared by what was taken, and by the certificates that are held."""
        return Saved(
            questions=len(self.taken),
            papers=len(self.spared_papers),
            trips=len(self.spared_departments),
            pages=self.pages,
        )

    @property
    def spared_papers(self) -> frozenset[str]:
        """The papers that nobody brings because of what was taken or is held, by the material's code."""
        given = {spec.code for each in self.sources if each.state == "taken" for spec in each.materials}
        return self.taken_papers | given | self.certificates.keys()

    @property
    def spared_departments(self) -> frozenset[str]:
        """The departments to which nobody goes because of it."""
        asked = {each.register.department for each in self.sources if each.state == "taken"}
        return frozenset(asked | {each.authority.code for each in self.certificates.values()})

    def by_material(self) -> dict[str, Source]:
        """The source of each paper that a register gives."""
        return {spec.code: each for each in self.sources for spec in each.materials}


def look_up(
    *, draft: UUID, actor: Actor, at: datetime, consented: Collection[str] = (), within: Round | None = None
) -> OnFile:
    """Ask the registers that know something of what this draft asks; return what there is now.

    Never inside a transaction. Registers that rest on consent are asked if they are among ``consented``. ``within``:
    the round of questions that it belongs to, where several drafts are asked for at a time. Raises ``UnknownDraft``,
    and ``RecordNotWritten`` from the exchange.
    """
    row = _unfiled(draft, actor, at)
    definition = get_version(version_id=row.matter_version_id).definition
    answers = open_answers(answers=row.answers)
    contact = get_contact(person_id=row.person_id, organisation_code=row.organisation_id)
    wanted = _wanted(row, definition, _applying(definition, answers), at, contact)
    if wanted:
        extracts.look_up(draft=row.pk, wanted=wanted, actor=actor.id, at=at, consented=consented, within=within)
    found = on_file_of(row=row, definition=definition, answers=answers, actor=actor, at=at, contact=contact)
    Draft.objects.filter(pk=row.pk, case=None).update(reused=found.saved().counts())
    return found


def refresh(*, draft: UUID, actor: Actor, at: datetime, within: Round | None = None) -> bool:
    """Ask again, before it is sent, for what was taken and is older than the register vouches for.

    Return whether a register says something else by now: that is shown, and waits for the applicant to confirm it. One
    that does not answer changes nothing. ``within`` as above. Never inside a transaction. Raises ``RecordNotWritten``
    from the exchange.
    """
    row = find_draft(draft=draft, actor=actor, at=at)
    if row is None or row.case is not None:
        return False
    kept = extracts.list_extracts(draft=row.pk)
    stale = {(each.register, each.of) for each in kept if each.state == "taken" and not each.is_fresh(at=at)}
    if not stale:
        return False
    definition, answers = get_version(version_id=row.matter_version_id).definition, open_answers(answers=row.answers)
    applying = _applying(definition, answers)
    wanted = [each for each in _wanted(row, definition, applying, at) if (each.register, each.of) in stale]
    said = extracts.look_up(draft=row.pk, wanted=wanted, actor=actor.id, at=at, within=within)
    if all(each.state == "taken" for each in said if (each.register, each.of) in stale):
        return False
    found = on_file_of(row=row, definition=definition, answers=answers, actor=actor, at=at)
    Draft.objects.filter(pk=row.pk, case=None).update(reused=found.saved().counts())
    return True


def get_saved(*, cases: Collection[int]) -> Saved:
    """Return what the applicants of these cases were spared, all together; one query."""
    totals = dict.fromkeys(("questions", "papers", "trips", "pages"), 0)
    for counts in Draft.objects.filter(case__in=cases).values_list("reused", flat=True):
        for name in totals:
            totals[name] += counts.get(name, 0)
    return Saved(**totals)


def on_file_of(
    *,
    row: Draft,
    definition: MatterDefinition,
    answers: Mapping[str, Any],
    actor: Actor,
    at: datetime | None,
    contact: Mapping[str, str] | None = None,
    files: Sequence[DraftFile] | None = None,
) -> OnFile:
    """Return what there is for a draft; no query for a matter that asks no register, else one or a few.

    ``contact`` (as ``get_contact`` has it) and the ``files`` of the draft, by id, spare a query each to who has them.
    """
    needs, day = needs_of(definition), get_calendar().local_date(at or row.saved_at)
    applying = {spec.code: spec for spec in definition.materials_for(answers)}
    held = list_held_by(
        person_id=row.person_id, organisation_code=row.organisation_id, materials=applying.values(), on=day
    )
    certificates = {code: each for code, each in held.items() if not applying[code].is_asked}
    papers, taken_papers = _papers(row, applying.values(), held, files, actor, day)
    if not needs:
        return OnFile(certificates=certificates, papers=papers, taken_papers=taken_papers)
    kept = {(each.register, each.of): each for each in extracts.list_extracts(draft=row.pk)}
    asked = {(each.register, each.of): each for each in _wanted(row, definition, applying, at, contact)}
    sources = []
    for need in needs:
        register, wanted = _register(need.register), asked.get((need.register, need.of))
        extract = kept.get((need.register, need.of))
        if register is None:
            continue
        grant = register.grant_for(consumer=definition.authority, matter=definition.code)
        if grant is None or (extract is None and (wanted is None or not grant.consent)):
            continue
        sources.append(
            Source(
                register=register,
                grant=grant,
                of=need.of,
                extract=extract,
                fields=tuple(extract.fields if extract is not None else need.fields),
                fills=dict(need.fills),
                materials=tuple(applying[code] for code in need.materials if code in applying),
            )
        )
    taken = frozenset(_taken(definition, sources))
    return OnFile(
        sources=tuple(sources),
        taken=taken,
        certificates=certificates,
        papers=papers,
        taken_papers=taken_papers,
        pages=_pages(definition, answers, taken),
    )


def _papers(
    row: Draft,
    applying: Iterable[MaterialSpec],
    certificates: Mapping[str, CertificateView],
    files: Sequence[DraftFile] | None,
    actor: Actor,
    on: date,
) -> tuple[tuple[Paper, ...], frozenset[str]]:
    """What may be taken instead of uploads, and the uploads for which it was; no query where nothing can be."""
    elsewhere = [
        spec
        for spec in applying
        if spec.is_asked and any(origin.kind in ("case", "certificate") for origin in spec.origins)
    ]
    if not elsewhere:
        return (), frozenset()
    there = row.files.order_by("pk") if files is None else files
    given = {each.code: each.source for each in reversed(there)}
    offered = offered_papers(
        row=row, applying=elsewhere, certificates=certificates, there=given.keys(), actor=actor, on=on
    )
    return offered, frozenset(code for code, source in given.items() if source)


def take_on_file(*, draft: UUID, actor: Actor, at: datetime) -> frozenset[str]:
    """Take all that was shown for a draft, and answer its questions with it; return the names of those questions.

    Papers that are there already are put into it. Raises ``UnknownDraft``. What a register says that the form would
    not take is left to be asked. Never inside a transaction.
    """
    certificates = drawn(_open(draft, actor, at)[2].papers, at=at)
    with transaction.atomic():
        row, definition, shown = _open(draft, actor, at, lock=True)
        answers = open_answers(answers=row.answers)
        extracts.take(draft=row.pk)
        add_papers(row=row, papers=shown.papers, certificates=certificates, actor=actor, at=at)
        found = on_file_of(row=row, definition=definition, answers=answers, actor=actor, at=at)
        said = _taken(definition, found.sources)
        row.answers = seal_answers(form=definition.form, answers={**answers, **said})
        row.saved_at, row.reused = at, found.saved().counts()
        row.save(update_fields=["answers", "saved_at", "reused"])
        return found.taken


def _open(draft: UUID, actor: Actor, at: datetime, *, lock: bool = False) -> tuple[Draft, MatterDefinition, OnFile]:
    """An unfiled draft with its matter and what there is for it. Raises ``UnknownDraft``."""
    row = _unfiled(draft, actor, at, lock=lock)
    definition = get_version(version_id=row.matter_version_id).definition
    answers = open_answers(answers=row.answers)
    return row, definition, on_file_of(row=row, definition=definition, answers=answers, actor=actor, at=at)


def _unfiled(draft: UUID, actor: Actor, at: datetime, *, lock: bool = False) -> Draft:
    row = find_draft(draft=draft, actor=actor, at=at, lock=lock)
    if row is None or row.case is not None:
        raise UnknownDraft
    return row


def decline_on_file(*, draft: UUID, actor: Actor, at: datetime) -> None:
    """Use nothing of it: everything is asked. Raises ``UnknownDraft``."""
    row = _unfiled(draft, actor, at)
    definition = get_version(version_id=row.matter_version_id).definition
    wanted = _wanted(row, definition, _applying(definition, open_answers(answers=row.answers)), at)
    extracts.decline(draft=row.pk, wanted=wanted)
    row.papers_declined = True
    found = on_file_of(row=row, definition=definition, answers=open_answers(answers=row.answers), actor=actor, at=at)
    Draft.objects.filter(pk=row.pk, case=None).update(reused=found.saved().counts(), papers_declined=True)


def _pages(definition: MatterDefinition, answers: Mapping[str, Any], taken: frozenset[str]) -> int:
    """How many pages of the form there would be, had nothing been taken, that there are not."""
    asked = ({each.name for each in step.fields} for step in definition.form.steps_for(answers)) if taken else ()
    return sum(names <= taken for names in asked)


def _taken(definition: MatterDefinition, sources: Sequence[Source]) -> dict[str, Any]:
    taken = [(each.fills, each.extract.values) for each in sources if each.extract and each.state == "taken"]
    return answers_from(definition=definition, said=taken)


def _applying(definition: MatterDefinition, answers: Mapping[str, Any]) -> set[str]:
    """The papers that apply with the answers so far, by code."""
    return {spec.code for spec in definition.materials_for(answers)}


def _wanted(
    row: Draft,
    definition: MatterDefinition,
    applying: Collection[str],
    at: datetime | None,
    contact: Mapping[str, str] | None = None,
) -> list[Wanted]:
    """What is to be asked of whom, for the questions, and for those of the papers ``applying``."""
    needs = needs_of(definition)
    numbers = _Numbers(row, at, contact)
    found = []
    for need in needs:
        register = _register(need.register)
        key = numbers.of(need.of, register) if register is not None else ""
        if key and (need.fills or any(code in applying for code in need.materials)):
            found.append(
                Wanted(
                    register=need.register,
                    of=need.of,
                    key=key,
                    consumer=definition.authority,
                    matter=definition.code,
                    fields=tuple(need.fields),
                )
            )
    return found


def _register(code: str) -> Register | None:
    """None where the city has taken the register away since the matter was published."""
    try:
        return get_register(code=code)
    except UnknownRegister:
        return None


class _Numbers:
    """The numbers under which registers know the applicant, and who represents it; each read once."""

    def __init__(self, row: Draft, at: datetime | None, contact: Mapping[str, str] | None) -> None:
        self._row, self._at = row, at
        self._contacts: dict[str, Mapping[str, str]] = {} if contact is None else {"applicant": contact}

    def of(self, whose: str, register: Register) -> str:
        """The number by which a register is asked; empty where there is none of that kind."""
        if whose not in self._contacts:
            self._contacts[whose] = self._contact(whose)
        contact = self._contacts[whose]
        return next((contact[name] for name in _NUMBERS[register.of] if contact.get(name)), "")

    def _contact(self, whose: str) -> Mapping[str, str]:
        body = self._row.organisation_id
        if body is None and "applicant" in self._contacts:
            return self._contacts["applicant"]
        if whose == "applicant" or body is None:
            return get_contact(person_id=self._row.person_id, organisation_code=body)
        on = get_calendar().local_date(self._at or self._row.saved_at)
        person = get_representative(organisation_code=body, on=on)
        return {} if person is None else get_contact(person_id=person, organisation_code=None)
