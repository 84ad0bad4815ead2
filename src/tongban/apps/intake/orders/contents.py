"""What an order holds: its parts with their drafts, which of them wait for which, and what is asked once for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseRow
from tongban.apps.catalog.bundles import get_bundle_version
from tongban.apps.catalog.definitions import Field, Form, FormStep, MatterDefinition, Readers, Text
from tongban.apps.catalog.definitions.bundles import Bundle, Dependency, Paper, Part, same_papers
from tongban.apps.catalog.queries import PublishedMatter, get_versions
from tongban.apps.intake.models import Draft, DraftFile, Order, OrderElsewhere, OrderPart
from tongban.apps.intake.taken import list_taken
from tongban.apps.people.queries import get_contact

__all__ = ["Away", "Contents", "Held", "Shared", "contents_of", "shared_form"]


@dataclass(slots=True, eq=False)
class Held:
    """A part of an order, with its draft opened. ``taken``: questions that are answered by what registers said."""

    row: OrderPart
    draft: Draft
    definition: MatterDefinition
    part: Part | None
    answers: dict[str, Any]
    files: list[DraftFile] = field(default_factory=list)
    taken: frozenset[str] = frozenset()

    @property
    def matter(self) -> str:
        """The matter's code."""
        return self.definition.code

    @property
    def case(self) -> int | None:
        """The case that it has become."""
        return self.draft.case


@dataclass(frozen=True, slots=True, eq=False)
class Away:
    """A matter of this order that is under way elsewhere. ``state``: cart (unsent), waiting, open, granted, ended."""

    row: OrderElsewhere
    name: Text
    case: int | None
    state: str

    @property
    def matter(self) -> str:
        """The matter's code."""
        return self.row.matter


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A question asked once. ``places`` are the fields that its answer goes to, by matter."""

    id: str
    field: Field
    places: tuple[tuple[str, Field], ...]


@dataclass(slots=True, eq=False)
class Contents:
    """An order, read whole. ``parts`` are those that are to be filed, in order; ``removed`` those taken out again.

    ``away``: what is under way elsewhere, and so not asked for in this order. ``contact``: what is on file of the
    applicant, as ``people.queries.get_contact`` has it.
    """

    order: Order
    bundle: Bundle | None
    parts: list[Held]
    removed: list[Held]
    contact: Mapping[str, str]
    away: list[Away] = field(default_factory=list)
    _once: list[Shared] | None = field(default=None, init=False)

    @property
    def readers(self) -> Readers | None:
        """What reads numbers whose check fails, as the forms of the parts do."""
        return next((held.definition.form.readers for held in self.parts), None)

    def part(self, matter: str) -> Held | None:
        """The part that is this matter."""
        return next((held for held in self.parts if held.matter == matter), None)

    def after(self, held: Held) -> tuple[Dependency, ...]:
        """What must be granted before: what is in this order, or under way elsewhere.

        What does not apply is waited for by nobody.
        """
        if held.part is None:
            return ()
        awaited = {each.matter for each in self.away if each.state != "granted"}
        return tuple(one for one in held.part.after if self.part(one.part) is not None or one.part in awaited)

    def later(self, held: Held) -> frozenset[str]:
        """Fields that only the outcome of an earlier part gives, as long as there is one in this order."""
        return frozenset(held.part.later) if held.part is not None and self.after(held) else frozenset()

    def guided(self, held: Held) -> dict[str, str]:
        """What the guide's answers fill in, by field."""
        return self.bundle.known(self.order.guide, held.matter) if self.bundle is not None else {}

    def shared(self) -> list[Shared]:
        """What is asked once, less what a register has answered in one place and all the others have."""
        return [one for one in self.asked_once() if not self._is_known(one)]

    def asked_once(self) -> list[Shared]:
        """What several ask: as the bundle says, and questions that are the same to the letter."""
        if self._once is None:  # every part asks for it, and no answer changes it
            explicit = list(self._of_bundle())
            placed = {(matter, each.name) for shared in explicit for matter, each in shared.places}
            self._once = [*explicit, *self._alike(placed, {shared.id for shared in explicit})]
        return self._once

    def elsewhere(self, held: Held) -> frozenset[str]:
        """Fields of a part that its own pages do not ask: shared, of the guide, taken, or such as come later."""
        shared = {each.name for one in self.asked_once() for matter, each in one.places if matter == held.matter}
        return frozenset(shared | self.guided(held).keys()) | self.later(held) | held.taken

    def places_of(self, one: Shared) -> list[tuple[Held, Field]]:
        """The places of a shared question, each with its part."""
        parts = {held.matter: held for held in self.parts}
        return [(parts[matter], field) for matter, field in one.places]

    def papers(self) -> tuple[Paper, ...]:
        """The materials of all parts that are not filed yet, each paper once."""
        wanted = [(held.definition, held.answers) for held in self.parts if held.case is None]
        known = same_papers(wanted, same=self.bundle.materials if self.bundle else ())
        return tuple(paper for paper in known if paper.certain)

    def _is_known(self, one: Shared) -> bool:
        places = self.places_of(one)
        return any(field.name in held.taken for held, field in places) and all(
            held.answers.get(field.name) not in (None, "", [])
            and not held.definition.form.read(field, held.answers[field.name]).code
            for held, field in places
        )

    def _of_bundle(self) -> Iterable[Shared]:
        if self.bundle is None:
            return
        matters = [held.matter for held in self.parts]
        for shared in self.bundle.shared_for(self.order.guide, matters):
            places = tuple(
                (held.matter, held.definition.form.fields[name])
                for held in self.parts
                if (name := shared.fields.get(held.matter, "")) in held.definition.form.fields
                and name not in self.later(held)
            )
            if len(places) > 1:
                yield Shared(shared.id, _asked(shared.id, shared.title, shared.hint, places), places)

    def _alike(self, placed: set[tuple[str, str]], taken: set[str]) -> Iterable[Shared]:
        groups: dict[object, list[tuple[str, Field]]] = {}
        for held in self.parts:
            skipped = {*self.guided(held), *self.later(held)}
            for step in held.definition.form.steps:
                for each in step.fields if step.when is None else ():
                    if each.name not in skipped and (held.matter, each.name) not in placed and _is_plain(each):
                        groups.setdefault(_likeness(each), []).append((held.matter, each))
        for group in groups.values():
            if len(group) > 1:
                first = group[0][1]
                name = first.name if first.name not in taken else f"{first.name}_"
                taken.add(name)
                yield Shared(name, _asked(name, first.title, first.hint, tuple(group)), tuple(group))


def contents_of(order: Order, *, contact: Mapping[str, str] | None = None) -> Contents:
    """Read an order, whatever is in it: five queries; one more if something is under way elsewhere, and one if
    registers are asked for any of it. ``contact`` of the applicant spares one to who has read it.
    """
    rows = list(order.parts.select_related("draft").order_by("position", "pk"))
    elsewhere = list(order.elsewhere.select_related("part__draft", "part__order").order_by("pk"))
    known = [row.draft.matter_version_id for row in rows]
    versions = get_versions(version_ids=[*known, *(each.matter_version_id for each in elsewhere)])
    bundle = None
    if order.bundle_version_id is not None:
        bundle = get_bundle_version(version_id=order.bundle_version_id).definition
    if contact is None:
        contact = get_contact(person_id=order.person_id, organisation_code=order.organisation_id)
    files: dict[Any, list[DraftFile]] = {}
    for given in DraftFile.objects.filter(draft__in=[row.draft_id for row in rows]).order_by("pk"):
        files.setdefault(given.draft_id, []).append(given)
    held = [
        Held(
            row=row,
            draft=row.draft,
            definition=(definition := versions[row.draft.matter_version_id].definition),
            part=bundle.part(definition.code) if bundle is not None else None,
            answers=open_answers(answers=row.draft.answers),
            files=files.get(row.draft_id, []),
        )
        for row in rows
    ]
    taken = list_taken(drafts={each.draft.pk: each.definition for each in held})
    for each in held:
        each.taken = taken.get(each.draft.pk, frozenset())
    active = [each for each in held if not each.row.removed]
    away = _away(elsewhere, versions, besides={each.matter for each in active})
    removed = [each for each in held if each.row.removed]
    return Contents(order, bundle, _in_order(bundle, active), removed, contact, away)


def shared_form(shared: Sequence[Shared], *, readers: Readers | None = None) -> tuple[Form, FormStep]:
    """The shared questions as a form of one page. ``readers`` as ``Contents`` has it."""
    step = FormStep("shared", Text("", ""), None, tuple(each.field for each in shared), None)
    return Form((step,), {each.id: each.field for each in shared}, readers), step


def _away(rows: Sequence[OrderElsewhere], versions: Mapping[int, PublishedMatter], *, besides: set[str]) -> list[Away]:
    """Where each of these is now. What was taken out of the other cart is under way no longer."""
    live = [row for row in rows if row.matter not in besides and not (row.part is not None and row.part.removed)]
    cases = {row.pk: row.part.draft.case if row.part is not None else row.case for row in live}
    numbers = [case for case in cases.values() if case is not None]
    known = {each.number: each for each in list_by_number(numbers=numbers)} if numbers else {}
    return [
        Away(
            row,
            versions[row.matter_version_id].definition.name,
            cases[row.pk],
            _state(row, known.get(cases[row.pk] or 0)),
        )
        for row in live
    ]


def _state(row: OrderElsewhere, case: CaseRow | None) -> str:
    if case is not None and (case.outcome or case.closed_at):
        return "granted" if case.outcome == "granted" else "ended"
    if case is not None or row.part is None:
        return "open"
    if row.part.order.number is None:
        return "cart"
    return "ended" if row.part.state == "stopped" else "waiting"


def _in_order(bundle: Bundle | None, parts: list[Held]) -> list[Held]:
    """As the bundle has them, which is after what they depend on; what was added by hand comes last."""
    places: Mapping[str, int] = {part.matter: at for at, part in enumerate(bundle.parts)} if bundle else {}
    return sorted(parts, key=lambda held: (places.get(held.matter, len(places)), held.row.position))


def _asked(name: str, title: Text, hint: Text | None, places: Sequence[tuple[str, Field]]) -> Field:
    """One question for several fields: owed if one of them is; each of them looks at the answer again by itself."""
    fields = [each for _, each in places]
    return replace(
        fields[0],
        name=name,
        title=title,
        hint=hint,
        required=any(each.required and each.when is None for each in fields),
        prefill=next((each.prefill for each in fields if each.prefill), ""),
        when=None,
    )


def _is_plain(asked: Field) -> bool:
    """Asked in any case, and no pledge: a pledge is given to each matter by itself."""
    return asked.when is None and "const" not in asked.schema


def _likeness(asked: Field) -> object:
    choices = tuple((choice.value, choice.label) for choice in asked.choices)
    return asked.name, asked.title, asked.type, asked.format, asked.schema.get("pattern"), choices
