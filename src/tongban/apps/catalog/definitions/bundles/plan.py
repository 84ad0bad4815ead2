"""What a bundle comes to for given answers: which matters, in which order, which papers, cost, time and visits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tongban.apps.catalog.definitions.model import MaterialSpec, MatterDefinition
from tongban.kernel.clock import Calendar

from .model import Bundle, Dependency, Part

__all__ = ["Paper", "Plan", "PlannedPart", "plan", "plan_all", "same_papers"]


@dataclass(frozen=True, slots=True, eq=False)
class PlannedPart:
    """A matter that applies. ``after`` are the dependencies that apply too; ``stage`` counts from 0 along them."""

    part: Part
    definition: MatterDefinition
    after: tuple[Dependency, ...]
    stage: int

    @property
    def matter(self) -> str:
        """The matter's code."""
        return self.part.matter


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A material, once for all ``matters`` that want it. ``code`` and ``spec`` are those of the first of them.

    ``certain`` is False while it hangs on an answer that has not been given yet.
    """

    spec: MaterialSpec
    matters: tuple[str, ...]
    codes: Mapping[str, str]
    certain: bool

    @property
    def name(self) -> str:
        """``matter.material``, as examples write it."""
        return f"{self.matters[0]}.{self.spec.code}"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What applies to someone, in order, and what it comes to."""

    parts: tuple[PlannedPart, ...]
    papers: tuple[Paper, ...]
    fee: Decimal
    visits: int
    visits_apart: int
    questions: int
    questions_apart: int

    @property
    def to_bring(self) -> tuple[Paper, ...]:
        """What the applicant surely hands in."""
        return tuple(paper for paper in self.papers if paper.certain and paper.spec.is_necessary)

    @property
    def perhaps(self) -> tuple[Paper, ...]:
        """What may be handed in, or has to be only with some answers."""
        return tuple(paper for paper in self.papers if paper.spec.is_asked and paper not in self.to_bring)

    @property
    def on_file(self) -> tuple[Paper, ...]:
        """What government fetches or holds already, so that nobody brings it."""
        return tuple(paper for paper in self.papers if not paper.spec.is_asked)

    @property
    def papers_asked(self) -> int:
        """How many papers are asked for, each once."""
        return sum(paper.spec.is_asked for paper in self.papers)

    @property
    def papers_apart(self) -> int:
        """How many it would be one matter at a time."""
        return sum(len(paper.matters) for paper in self.papers if paper.spec.is_asked)

    def promised(self, *, start: datetime, calendar: Calendar) -> datetime:
        """By when all is promised if it is filed and accepted at ``start``: along the longest way of dependencies."""
        due: dict[str, datetime] = {}
        for planned in self.parts:
            begin = max((due[one.part] for one in planned.after), default=start)
            due[planned.matter] = calendar.deadline(start=begin, limit=planned.definition.promised)
        return max(due.values(), default=start)

    def promised_apart(self, *, start: datetime, calendar: Calendar) -> datetime:
        """By when it would be if each were filed only when the one before is done."""
        due = start
        for planned in self.parts:
            due = calendar.deadline(start=due, limit=planned.definition.promised)
        return due


def plan(
    *,
    bundle: Bundle,
    answers: Mapping[str, Any],
    definitions: Mapping[str, MatterDefinition],
    without: Iterable[str] = (),
) -> Plan:
    """What applies with these answers to the guide, less the matters ``without`` and those that are not offered."""
    left_out = frozenset(without)
    found = [part for part in bundle.parts_for(answers) if part.matter not in left_out]
    return _plan(bundle, found, answers, definitions)


def plan_all(*, bundle: Bundle, definitions: Mapping[str, MatterDefinition]) -> Plan:
    """What it comes to if everything applies."""
    return _plan(bundle, bundle.parts, {}, definitions)


def _plan(
    bundle: Bundle, parts: Sequence[Part], answers: Mapping[str, Any], definitions: Mapping[str, MatterDefinition]
) -> Plan:
    stages: dict[str, int] = {}
    planned: list[PlannedPart] = []
    for part in parts:
        if part.matter in definitions:
            after = tuple(one for one in part.after if one.part in stages)
            stages[part.matter] = max((stages[one.part] + 1 for one in after), default=0)
            planned.append(PlannedPart(part, definitions[part.matter], after, stages[part.matter]))
    wanted = [(one.definition, bundle.known(answers, one.matter)) for one in planned]
    visits = sum(one.definition.visits for one in planned)
    questions = sum(len(one.definition.form.fields) for one in planned)
    return Plan(
        parts=tuple(planned),
        papers=same_papers(wanted, same=bundle.materials),
        fee=sum((one.definition.fee.amount for one in planned), Decimal(0)),
        visits=min(visits, bundle.visits.most) if bundle.visits else visits,
        visits_apart=visits,
        questions=questions - _asked_once(bundle, stages.keys()),
        questions_apart=questions,
    )


def _asked_once(bundle: Bundle, matters: Collection[str]) -> int:
    """How many questions are saved: by asking once for several matters, and by what the guide has asked already."""
    shared = [sum(matter in matters for matter in one.fields) for one in bundle.shared]
    guided = [sum(matter in matters for matter in question.fields) for question in bundle.questions]
    return sum(max(0, count - 1) for count in shared) + sum(guided)


def same_papers(
    wanted: Sequence[tuple[MatterDefinition, Mapping[str, Any]]], *, same: Sequence[Mapping[str, str]] = ()
) -> tuple[Paper, ...]:
    """The materials of several matters with the answers known so far, each paper once.

    The same paper is what ``same`` says is one, or what has the same code and the same name.
    """
    groups: dict[object, list[tuple[str, MaterialSpec, bool]]] = {}
    for definition, answers in wanted:
        applying = definition.materials_for(answers)
        for spec in definition.materials:
            certain = spec in applying
            if certain or (spec.when is not None and not spec.when.names <= answers.keys()):
                key = _paper_key(definition.code, spec, same)
                groups.setdefault(key, []).append((definition.code, spec, certain))
    return tuple(_paper(group) for group in groups.values())


def _paper_key(matter: str, spec: MaterialSpec, same: Sequence[Mapping[str, str]]) -> object:
    for index, group in enumerate(same):
        if group.get(matter) == spec.code:
            return index
    # What one matter is handed, another may fetch: only papers that come in the same way are asked for as one.
    return spec.code, spec.name, spec.is_asked


def _paper(group: Sequence[tuple[str, MaterialSpec, bool]]) -> Paper:
    certain = [each for each in group if each[2]]
    # The strictest of those that surely apply speaks for the paper.
    first = min(certain or group, key=lambda each: (not each[1].is_necessary,))
    rest = [each for each in group if each is not first]
    return Paper(
        spec=first[1],
        matters=(first[0], *(each[0] for each in rest)),
        codes={matter: spec.code for matter, spec, _ in group},
        certain=bool(certain),
    )
