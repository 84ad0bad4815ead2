"""The clock shows cards: what is near its limit gets a yellow one, what is past it a red one (docs/adr/0037).

Read along the indexes of due dates, up to where any rule could mean yellow: however many cases a city has, only those
near or past a limit are looked at. Nobody remembers what was looked at before; a card is there, or it is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tongban.apps.cases.queries.near import (
    DELIVERY,
    NearCase,
    NearStep,
    list_near_cases,
    list_near_steps,
    list_totals,
)
from tongban.apps.catalog.city import get_calendar, get_supervision
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.definitions.supervision import CardRule, Supervision
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.queries import get_department_names
from tongban.apps.supervision.models import Card
from tongban.apps.supervision.queries import forget_counts
from tongban.apps.supervision.record import begin_card
from tongban.kernel import flow
from tongban.kernel.clock import Calendar, Limit, Unit

__all__ = ["Found", "found_of_steps", "issue_cards", "issue_found", "percent_used"]

BATCH = 500
_LONGEST_DAYS = 90
"""No limit of these laws is longer, extensions included (信访工作条例: 60 + 30). Where one is, yellow comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A limit that may be worth a card: whose it is, how long it is, and the rule for it."""

    case: int
    task: int
    node: str
    department: str
    holder: int | None
    matter: str
    version_id: int
    due: datetime
    total: Limit
    rule: CardRule


def issue_cards(*, at: datetime) -> int:
    """Show the cards that are owed at ``at``; return how many are new.

    Each in a transaction of its own with its log, once for a step of a case (or the case) and a colour: several workers
    may do this at once. What waits for the applicant or for a special procedure gets none. What is late already when it
    is first looked at gets red alone.
    """
    rules, calendar = get_supervision(), get_calendar()
    if not any(rule.cards for rule in rules.rules):
        return 0
    until = _horizon(rules, calendar, at)
    issued = 0
    for page in _pages(rules, calendar, until):
        there = set(Card.objects.filter(case__in={each.case for each in page}).values_list("case", "task", "colour"))
        for found in page:
            percent = percent_used(total=found.total, due=found.due, at=at, calendar=calendar)
            colour = found.rule.colour(percent=percent, late=at > found.due)
            known = {(found.case, found.task, each) for each in (colour, "red")}
            if colour and not known & there and _counts(rules, calendar, found.due):
                issued += issue_found(found, colour, percent, calendar, at)
    return issued


def percent_used(*, total: Limit, due: datetime, at: datetime, calendar: Calendar) -> int:
    """Return how much of a limit that ends at ``due`` is used, in percent, 0 to 100, rounded down.

    In the limit's own unit, as the law counts: a day that has begun is used, the day of the beginning is not counted.
    """
    granted = total.amount * total.unit.grain
    left = calendar.count(unit=total.unit, start=at, end=due) if at < due else 0
    return 100 * max(0, granted - left) // granted if granted else 100


def issue_found(found: Found, colour: str, percent: int, calendar: Calendar, at: datetime) -> int:
    """Show this card, in a transaction of its own with its log; return how many are new: none where it is there."""
    rule = found.rule
    row = Card(
        case_id=found.case,
        task=found.task,
        colour=colour,
        department=found.department,
        matter=found.matter,
        version_id=found.version_id,
        node=found.node,
        holder_id=found.holder,
        limit=str(found.total),
        due=found.due,
        percent=percent,
        issued_at=at,
        answered_by=" ".join(sorted(rule.answered_by)),
        answer_due=calendar.deadline(start=at, limit=rule.answer_within),
        appeal_due=calendar.deadline(start=at, limit=rule.appeal_within),
    )
    try:
        with transaction.atomic():
            begin_card(row, at=at)
    except IntegrityError:
        if Card.objects.filter(case=found.case, task=found.task, colour=colour).exists():
            return 0  # another worker was faster; nothing of ours is left
        raise
    forget_counts(department=found.department)
    return 1


# --- what may be owed one ---------------------------------------------------------------------------------------------


def _horizon(rules: Supervision, calendar: Calendar, at: datetime) -> datetime:
    """Up to which due date something may be yellow now."""
    lowest = min((rule.yellow for rule in rules.rules if "yellow" in rule.cards), default=100)
    days = -(-_LONGEST_DAYS * (100 - lowest) // 100)
    return calendar.end_of_day(calendar.add_working_days(calendar.local_date(at), days)) + timedelta(seconds=1)


def _counts(rules: Supervision, calendar: Calendar, due: datetime) -> bool:
    return rules.since is None or calendar.local_date(due) >= rules.since


def _pages(rules: Supervision, calendar: Calendar, until: datetime) -> Iterator[list[Found]]:
    promise: tuple[datetime, int] | None = None
    while cases := list_near_cases(until=until, after=promise, limit=BATCH):
        yield _of_cases(cases, rules, calendar)
        promise = (cases[-1].promised_due, cases[-1].number)
    for department in sorted(get_department_names()):
        place: tuple[datetime, int, int] | None = None
        while steps := list_near_steps(department=department, until=until, after=place, limit=BATCH):
            yield found_of_steps(steps, rules, calendar)
            place = (steps[-1].due, steps[-1].case, steps[-1].no)


def _of_cases(cases: Sequence[NearCase], rules: Supervision, calendar: Calendar) -> list[Found]:
    """With the limits as they are: those of cases whose time was lengthened, or stood still, are in their states."""
    ruled = [(case, rule) for case in cases if (rule := rules.rule_for(matter=case.matter)) is not None]
    versions = get_versions(version_ids={case.version_id for case, _ in ruled})
    usual = {
        case.number: limit
        for case, rule in ruled
        if (limit := _usual_limit(case, rule, versions[case.version_id].definition, calendar)) is not None
    }
    totals = list_totals(numbers=[case.number for case, _ in ruled if case.number not in usual])
    found = []
    for case, rule in ruled:
        due = _due_of(case, rule)
        own = totals.get(case.number)
        total = usual.get(case.number) or (own and (own.statutory if rule.limit == "statutory" else own.promised))
        if due is None or not total:
            continue
        found.append(
            Found(
                case=case.number,
                task=0,
                node="",
                department=case.authority,
                holder=None,
                matter=case.matter,
                version_id=case.version_id,
                due=due,
                total=total,
                rule=rule,
            )
        )
    return found


def _due_of(case: NearCase, rule: CardRule) -> datetime | None:
    return case.statutory_due if rule.limit == "statutory" else case.promised_due


def _usual_limit(case: NearCase, rule: CardRule, definition: MatterDefinition, calendar: Calendar) -> Limit | None:
    """The limit of the matter, where the case is due as if nothing had moved it since it was accepted."""
    limit = definition.statutory if rule.limit == "statutory" else definition.promised
    return limit if calendar.deadline(start=case.accepted_at, limit=limit) == _due_of(case, rule) else None


def found_of_steps(steps: Sequence[NearStep], rules: Supervision, calendar: Calendar) -> list[Found]:
    """Those of these steps that have a limit of their own and a rule, with both."""
    versions = get_versions(version_ids={step.version_id for step in steps})
    return [
        Found(
            case=step.case,
            task=step.no,
            node=step.node,
            department=step.department,
            holder=step.holder,
            matter=step.matter,
            version_id=step.version_id,
            due=step.due,
            total=_limit_of_step(step, versions[step.version_id].definition, calendar),
            rule=rule,
        )
        for step in steps
        if (step.decided_at is not None or step.due != step.promised_due)  # else it has no limit of its own
        and (rule := rules.rule_for(matter=step.matter, step=step.node)) is not None
    ]


def _limit_of_step(step: NearStep, definition: MatterDefinition, calendar: Calendar) -> Limit:
    """Which limit the step is due by: delivery once decided, its own in the diagram, or the silence that accepts."""
    if step.decided_at is not None:
        return DELIVERY
    process = definition.process
    own = process.node(step.node).limit if step.node in process.index else None
    limits = [limit for limit in (own, flow.SILENCE if step.accepted_at is None else None) if limit is not None]
    for limit in limits:
        if calendar.deadline(start=step.opened, limit=limit) == step.due:
            return limit
    if limits:
        return limits[0]
    days = calendar.count(unit=Unit.WORKING_DAYS, start=step.opened, end=step.due)
    return Limit(max(1, days), Unit.WORKING_DAYS)
