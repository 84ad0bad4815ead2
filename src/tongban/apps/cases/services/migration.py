"""Running cases move to another version of their matter: looked at first, case by case, then done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.models import Case
from tongban.apps.cases.services.way import facts_of, lock
from tongban.apps.cases.store import save
from tongban.apps.catalog.queries import PublishedMatter, get_numbered, get_version
from tongban.apps.ledger import queries as ledger
from tongban.apps.people.actors import Actor
from tongban.kernel import flow

__all__ = ["CaseMove", "migrate_cases", "plan_moves"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMove:
    """What a move would do to one case, or has done. ``obstacles``: why it stays; ``notes``: what to know of it."""

    number: int
    version: int
    steps: tuple[str, ...]
    obstacles: tuple[flow.Note, ...] = ()
    notes: tuple[flow.Note, ...] = ()
    moved: bool = False

    @property
    def can_move(self) -> bool:
        """Whether nothing stands against it."""
        return not self.obstacles


@dataclass(slots=True)
class _Bridges:
    """One bridge for all cases of one version: what was found of a marking serves the next case in it."""

    to: PublishedMatter
    mapping: Mapping[str, str]
    found: dict[int, tuple[PublishedMatter, flow.Bridge]] = field(default_factory=dict)

    def of(self, version_id: int) -> tuple[PublishedMatter, flow.Bridge]:
        if version_id not in self.found:
            old = get_version(version_id=version_id)
            bridge = flow.Bridge(old.definition.process, self.to.definition.process, self.mapping)
            self.found[version_id] = (old, bridge)
        return self.found[version_id]


def plan_moves(
    *, matter: str, to: int, mapping: Mapping[str, str] | None = None, cases: Iterable[int] | None = None
) -> Iterator[CaseMove]:
    """Tell of each running case of a matter whether it can move to version ``to``, and why not. Changes nothing.

    ``mapping`` names steps that have another id there. ``cases`` narrows it. Raises ``UnknownMatter``.
    """
    target = get_numbered(code=matter, version=to)
    bridges = _Bridges(target, mapping or {})
    rows = _running(matter, target, cases).only("number", "matter_version_id", "state", "answers")
    for case in rows.iterator(chunk_size=500):
        yield _look(case, bridges)


def migrate_cases(
    *,
    matter: str,
    to: int,
    reason: str,
    actor: Actor,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    cases: Iterable[int] | None = None,
) -> Iterator[CaseMove]:
    """Move every running case of a matter that can, each in a transaction of its own; tell what became of each."""
    target = get_numbered(code=matter, version=to)
    bridges = _Bridges(target, mapping or {})
    numbers = list(_running(matter, target, cases).values_list("number", flat=True))
    for number in numbers:
        yield _move(number, bridges, reason=reason, actor=actor, at=at)


def _running(matter: str, target: PublishedMatter, cases: Iterable[int] | None) -> QuerySet[Case]:
    rows = Case.objects.filter(matter=matter, closed_at=None).exclude(matter_version=target.version_id)
    return (rows if cases is None else rows.filter(number__in=list(cases))).order_by("number")


def _look(case: Case, bridges: _Bridges) -> CaseMove:
    old, bridge = bridges.of(case.matter_version_id)
    state = flow.state_from_json(case.state)
    plan = flow.plan_migration(bridge=bridge, state=state)
    steps = tuple(old.definition.process.nodes[task.node].id for task in state.tasks)
    obstacles = (*plan.obstacles, *_unfit(case, old, bridges.to))
    return CaseMove(number=case.number, version=old.version, steps=steps, obstacles=obstacles, notes=plan.notes)


def _unfit(case: Case, old: PublishedMatter, to: PublishedMatter) -> Iterator[flow.Note]:
    """Answers that the new version's form would not have taken: rules and pages there could not read them."""
    before, after = old.definition.form, to.definition.form
    answers = open_answers(answers=case.answers)
    for error in after.validate(answers=answers).errors:
        yield flow.Note(flow.Obstacle.ANSWER, error.field, detail=error.code)
    for name in answers:
        if name not in after.fields:
            yield flow.Note(flow.Obstacle.ANSWER, name, detail="unknown")
        elif name in before.fields and before.fields[name].sensitive and not after.fields[name].sensitive:
            yield flow.Note(flow.Obstacle.ANSWER, name, detail="no longer sealed")


def _move(number: int, bridges: _Bridges, *, reason: str, actor: Actor, at: datetime) -> CaseMove:
    with transaction.atomic():
        journal = lock(number)
        found = _look(journal.case, bridges)
        if not found.can_move or found.version == bridges.to.version:
            return found
        old, bridge = bridges.of(journal.case.matter_version_id)
        last = journal.state.updated
        journal.migrate(
            to=bridges.to,
            version=old.version,
            bridge=bridge,
            facts=facts_of(bridges.to.definition, open_answers(answers=journal.case.answers)),
            history=ledger.get_history(case=number),
            reason=reason,
            actor=actor,
            capacity="administrator",
            at=at if last is None else max(at, last),
        )
        save([journal])
    return CaseMove(number=number, version=found.version, steps=found.steps, notes=found.notes, moved=True)
