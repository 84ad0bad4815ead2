"""Reads of samples and audits: lists page by page, one whole, and counts by department. No count grows with rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from tongban.apps.audits.drawing import Criteria
from tongban.apps.audits.errors import UnknownAudit
from tongban.apps.audits.models import Audit, Grade, How, Sample, State
from tongban.apps.audits.permissions import is_impartial, may_answer, may_see, oversees
from tongban.apps.audits.populations import Proof, prove_draw
from tongban.apps.cases.queries.decided import list_handlers
from tongban.apps.catalog.city import get_audits
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.audits import Question
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names

__all__ = [
    "FEWEST",
    "GRADES",
    "STATES",
    "AuditCounts",
    "AuditFact",
    "AuditPage",
    "AuditRow",
    "AuditView",
    "Criteria",
    "DepartmentAudits",
    "Proof",
    "Said",
    "SampleRow",
    "SampleView",
    "count_by_department",
    "count_to_answer",
    "count_waiting_by_department",
    "forget_counts",
    "get_audit",
    "get_sample",
    "list_audit_facts",
    "list_audits",
    "list_samples",
]

FEWEST = 10
"""Of fewer files that were drawn and looked at, no share is told: it would be chance."""
GRADES: Sequence[str] = tuple(Grade.values)
STATES: Sequence[str] = ("late", *State.values)
"""What lists can be narrowed to; ``late``: a defect, and the time for an answer is over."""
_Z = 1.96
_KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """An audit as lists show it. No name of an applicant."""

    number: int
    sample: int
    case: int
    round: int
    department: str
    matter: Text
    by_rule: bool
    state: str
    grade: str
    opened_at: datetime
    answer_due: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Audits, and the cursor of those that follow ("" at the end)."""

    rows: Sequence[AuditRow]
    next: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, when, and who it was, in both languages."""

    words: str
    at: datetime
    who: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """An audit whole, and what its reader may do to it now. ``said``: what was said to each question, once it was."""

    row: AuditRow
    questions: Sequence[Question]
    said: Sequence[dict[str, Any]]
    finding: Said | None
    answer: Said | None
    ruling: Said | None
    may_find: bool
    may_answer: bool
    may_rule: bool
    is_impartial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """A sample as lists show it; ``done`` of its ``audits`` are closed. ``plan``: what the city calls it."""

    number: int
    how: str
    plan: Text | None
    criteria: Criteria
    share: int
    minimum: int
    most: int
    by: str
    why: str
    announced_at: datetime
    seed_day: Any
    drawn_at: datetime | None
    population: int
    audits: int
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """A sample whole. ``proof`` where it was asked for, and the sample is random and drawn."""

    row: SampleRow
    seed: str
    digest: str
    skipped: int
    audits: Sequence[AuditRow]
    proof: Proof | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentAudits:
    """What was found in a department among the files that were drawn at random and looked at."""

    department: str
    looked_at: int
    in_order: int
    minor: int
    serious: int

    @property
    def is_enough(self) -> bool:
        """Whether a share can be told."""
        return self.looked_at >= FEWEST

    @property
    def interval(self) -> tuple[int, int]:
        """Between which shares of files with a defect the truth lies, in percent, 19 times in 20 (Wilson 1927)."""
        n, defects = self.looked_at, self.minor + self.serious
        if not n:
            return 0, 100
        share, spread = defects / n, _Z * _Z / n
        middle = share + spread / 2
        wide = _Z * sqrt(share * (1 - share) / n + spread / (4 * n))
        low, high = (middle - wide) / (1 + spread), (middle + wide) / (1 + spread)
        return max(0, int(100 * low)), min(100, -int(-100 * high // 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCounts:
    """How many audits of a department are open, found and to be answered, of these late, and answered."""

    open: int
    found: int
    late: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFact:
    """What notices say of an audit, and to whom."""

    number: int
    case: int
    department: str
    grade: str
    matter: Text
    auditor: str
    answer_due: datetime | None


def list_audits(
    *,
    actor: Actor,
    at: datetime,
    departments: Collection[str] | None = None,
    state: str = "",
    grade: str = "",
    cursor: str = "",
    limit: int = 25,
) -> AuditPage:
    """Return audits that the actor may see, the newest first; two queries.

    Raises ``ValueError`` for a cursor that was not given out here.
    """
    rows = _seen(actor, departments)
    if state:
        late = Q(state=State.FOUND, answer_due__lt=at)
        rows = rows.filter(late if state == "late" else Q(state=state))
    if grade:
        rows = rows.filter(grade=grade)
    if cursor:
        when, number = _read_cursor(cursor)
        rows = rows.filter(opened_at__lte=when).filter(Q(opened_at__lt=when) | Q(number__lt=number))
    found = list(rows.order_by("-opened_at", "-number")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return AuditPage(rows=_rows(found[:limit], at), next=f"{last.opened_at.isoformat()}~{last.number}" if last else "")


def get_audit(*, number: int, actor: Actor, at: datetime) -> AuditView:
    """Return an audit whole; four queries. Raises ``UnknownAudit`` where the actor may not know of it."""
    audit = Audit.objects.filter(pk=number).first()
    if audit is None or not may_see(audit=audit, actor=actor):
        raise UnknownAudit
    ids = {user for who in (audit.auditor, audit.answerer, audit.ruler) if (user := _user(who)) is not None}
    names = get_user_names(ids=ids)
    rules = get_audits()
    fair = is_impartial(audit=audit, actor=actor, handlers=list_handlers(number=audit.case_id))
    mine = actor.has_role("supervisor")
    return AuditView(
        row=_rows([audit], at)[0],
        questions=rules.sheet_for(matter=audit.matter, by_rule=audit.by_rule).questions,
        said=audit.said,
        finding=_said(audit.reason, audit.found_at, audit.auditor, names),
        answer=_said(audit.answer, audit.answered_at, audit.answerer, names),
        ruling=_said(audit.ruling, audit.ruled_at, audit.ruler, names),
        may_find=mine and fair and audit.state == State.OPEN,
        may_answer=audit.state == State.FOUND and may_answer(audit=audit, actor=actor, roles=rules.answered_by),
        may_rule=mine and fair and audit.state == State.ANSWERED,
        is_impartial=fair,
    )


def list_samples(*, limit: int = 20) -> list[SampleRow]:
    """Return the newest samples; one query. Those of a plan in which no file fitted are left out."""
    empty = Q(drawn_at__isnull=False, population=0)
    rows = Sample.objects.exclude(empty).annotate(**_COUNTS).order_by("-announced_at", "-number")
    return [_sample(row) for row in rows[:limit]]


def get_sample(*, number: int, at: datetime, check: bool = False) -> SampleView:
    """Return a sample with its audits; with ``check``, draw it again. Raises ``UnknownAudit``."""
    sample = Sample.objects.annotate(**_COUNTS).filter(pk=number).first()
    if sample is None:
        raise UnknownAudit
    audits = list(sample.audits.order_by("place"))
    random = sample.how == How.RANDOM and sample.drawn_at is not None
    return SampleView(
        row=_sample(sample),
        seed=sample.seed,
        digest=sample.digest,
        skipped=len(sample.skipped),
        audits=_rows(audits, at),
        proof=prove_draw(sample=sample, chosen=[each.case_id for each in audits]) if check and random else None,
    )


def count_by_department(*, since: datetime | None = None) -> list[DepartmentAudits]:
    """Return what was found among files drawn at random, by department in order of their codes; one query.

    In no order of merit: of few files the next draw would turn it round.
    """
    rows = Audit.objects.filter(sample__how=How.RANDOM).exclude(grade="")
    rows = rows if since is None else rows.filter(opened_at__gte=since)
    counted = (
        rows.order_by("department")
        .values("department")
        .annotate(
            looked_at=Count("number"),
            in_order=Count("number", filter=Q(grade=Grade.IN_ORDER)),
            minor=Count("number", filter=Q(grade=Grade.MINOR)),
            serious=Count("number", filter=Q(grade=Grade.SERIOUS)),
        )
    )
    return [DepartmentAudits(**row) for row in counted]


def count_waiting_by_department(*, at: datetime) -> dict[str, AuditCounts]:
    """Return what is not closed, by department; one query."""
    rows = Audit.objects.exclude(state=State.CLOSED).order_by().values_list("department")
    counted = rows.annotate(
        open=Count("number", filter=Q(state=State.OPEN)),
        found=Count("number", filter=Q(state=State.FOUND)),
        late=Count("number", filter=Q(state=State.FOUND, answer_due__lt=at)),
        answered=Count("number", filter=Q(state=State.ANSWERED)),
    )
    return {
        department: AuditCounts(open=waiting, found=found, late=late, answered=answered)
        for department, waiting, found, late, answered in counted
    }


def count_to_answer(*, departments: Collection[str]) -> int:
    """Return how many defects wait for an answer of these departments; kept for a minute, or until one changes."""
    keys = {f"audits:{department}": department for department in departments}
    found: dict[str, int] = cache.get_many(keys)
    if missing := [department for key, department in keys.items() if key not in found]:
        rows = Audit.objects.filter(state=State.FOUND, department__in=missing).order_by().values("department")
        counts = dict(rows.annotate(count=Count("number")).values_list("department", "count"))
        read = {f"audits:{department}": counts.get(department, 0) for department in missing}
        cache.set_many(read, _KEPT_SECONDS)
        found |= read
    return sum(found.values())


def forget_counts(*, department: str) -> None:
    """Let what was counted be counted anew: an audit of this department has changed."""
    cache.delete(f"audits:{department}")


def list_audit_facts(*, numbers: Collection[int]) -> dict[int, AuditFact]:
    """Return what notices say of these audits; two queries."""
    audits = list(Audit.objects.filter(pk__in=list(numbers)))
    versions = get_versions(version_ids={audit.version_id for audit in audits})
    return {
        audit.number: AuditFact(
            number=audit.number,
            case=audit.case_id,
            department=audit.department,
            grade=audit.grade,
            matter=versions[audit.version_id].definition.name,
            auditor=audit.auditor,
            answer_due=audit.answer_due,
        )
        for audit in audits
    }


# --- inside -----------------------------------------------------------------------------------------------------------

_COUNTS = {
    "count_all": Count("audits"),
    "count_done": Count("audits", filter=Q(audits__state=State.CLOSED)),
}


def _seen(actor: Actor, departments: Collection[str] | None) -> QuerySet[Audit]:
    if oversees(actor):
        return Audit.objects.all() if departments is None else Audit.objects.filter(department__in=sorted(departments))
    wanted = actor.departments & set(departments if departments is not None else actor.departments)
    return Audit.objects.filter(department__in=sorted(wanted)).exclude(state=State.OPEN)


def _rows(audits: Sequence[Audit], at: datetime) -> list[AuditRow]:
    versions = get_versions(version_ids={audit.version_id for audit in audits})
    return [
        AuditRow(
            number=audit.number,
            sample=audit.sample_id,
            case=audit.case_id,
            round=audit.round,
            department=audit.department,
            matter=versions[audit.version_id].definition.name,
            by_rule=audit.by_rule,
            state=audit.state,
            grade=audit.grade,
            opened_at=audit.opened_at,
            answer_due=audit.answer_due,
            is_late=audit.state == State.FOUND and audit.answer_due is not None and audit.answer_due < at,
        )
        for audit in audits
    ]


def _sample(row: Sample) -> SampleRow:
    names = {plan.code: plan.name for plan in get_audits().plans}
    return SampleRow(
        number=row.number,
        how=row.how,
        plan=names.get(row.plan, Text(row.plan, row.plan)) if row.plan else None,
        criteria=Criteria.from_json(row.criteria),
        share=row.share,
        minimum=row.minimum,
        most=row.most,
        by=row.by,
        why=row.why,
        announced_at=row.announced_at,
        seed_day=row.seed_day,
        drawn_at=row.drawn_at,
        population=row.population,
        audits=getattr(row, "count_all", 0),
        done=getattr(row, "count_done", 0),
    )


def _said(words: str, at: datetime | None, who: str, names: dict[int, tuple[str, str]]) -> Said | None:
    return Said(words, at, names.get(_user(who) or 0, ("", ""))) if at is not None else None


def _user(actor: str) -> int | None:
    number = actor.removeprefix("user:")
    return int(number) if actor.startswith("user:") and number.isdigit() else None


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    when, number = cursor.split("~")
    at = datetime.fromisoformat(when)
    if at.tzinfo is None:
        raise ValueError(cursor)
    return at, int(number)
