"""Samples: announced first, drawn when the checkpoint is signed that nobody could know at that time (docs/adr/0044)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from tongban.apps.audits.drawing import Criteria, digest_of, draw
from tongban.apps.audits.errors import AuditUnderWay, NothingToAudit, NotToAudit, ReasonMissing, TooWide
from tongban.apps.audits.models import Audit, How, Sample, State
from tongban.apps.audits.populations import list_population, parts_of, seed_of
from tongban.apps.audits.record import announce, begin_audit, note_draw
from tongban.apps.cases.queries.decided import DecidedCase
from tongban.apps.catalog.city import get_audits, get_calendar
from tongban.apps.catalog.definitions.audits import Plan
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = ["ask_for_sample", "choose_files", "draw_samples"]

_LONGEST = timedelta(days=366)
_CAUGHT_UP = 31
"""Days for which a plan is announced late, when no worker ran: it is drawn with a later day's checkpoint then."""


@transaction.atomic
def ask_for_sample(
    *, criteria: Criteria, share: int, minimum: int, most: int, by: str, actor: Actor, at: datetime
) -> int:
    """Announce a random sample and return its number; it is drawn when today's checkpoint is signed, tonight.

    Raises ``NotToAudit``, ``TooWide``, and ``NothingToAudit`` when no file fits now.
    """
    _check(criteria, actor, at)
    if not list_population(criteria=criteria):
        raise NothingToAudit
    row = Sample(how=How.RANDOM, share=share, minimum=minimum, most=most, by=by, **_asked(criteria, actor, at))
    row.seed_day = get_calendar().local_date(at)
    announce(row, actor_id=actor.id, capacity="supervisor")
    return row.number


@transaction.atomic
def choose_files(*, criteria: Criteria, most: int, why: str, actor: Actor, at: datetime, again: bool = False) -> int:
    """Choose files for a reason, the latest decisions first, and open their audits at once; return the sample's number.

    ``again``: one case, named in ``criteria``, though it was audited before. Raises ``NotToAudit``, ``TooWide``,
    ``ReasonMissing``, ``AuditUnderWay`` where an earlier one is not closed, and ``NothingToAudit`` when
    none is left that fits.
    """
    _check(criteria, actor, at)
    if not why.strip():
        raise ReasonMissing
    cases = list_population(criteria=criteria)
    once_more = _round_after(criteria.case) if again and criteria.case else 1
    audited = _audited(cases) if once_more == 1 else set()
    left = sorted((case for case in cases if case.number not in audited), key=lambda case: case.decided_at)
    chosen = left[::-1][:most]
    if not chosen:
        raise NothingToAudit
    row = Sample(how=How.TARGETED, share=100, minimum=0, most=most, by="department", **_asked(criteria, actor, at))
    row.why = why.strip()
    announce(row, actor_id=actor.id, capacity="supervisor")
    _open(row, cases, chosen, skipped=[], at=at, once_more=once_more)
    return row.number


def _round_after(case: int) -> int:
    """Which audit of this case comes next. Raises ``AuditUnderWay``."""
    states = list(Audit.objects.filter(case=case).values_list("state", flat=True))
    if any(state != State.CLOSED for state in states):
        raise AuditUnderWay
    return len(states) + 1


def draw_samples(*, at: datetime) -> int:
    """Announce what the city's plans owe, and draw what can be drawn now; return how many audits were opened.

    Each in a transaction of its own, and once: several workers may do this at once.
    """
    today = get_calendar().local_date(at)
    for plan in get_audits().plans:
        for since, until in _owed(plan, today):
            _announce_plan(plan, since, until, at)
    opened = 0
    for number in Sample.objects.filter(drawn_at=None, seed_day__lt=today).values_list("number", flat=True):
        opened += _draw(number, at)
    return opened


@transaction.atomic
def _draw(number: int, at: datetime) -> int:
    row = Sample.objects.select_for_update().get(pk=number)
    seed = seed_of(row)
    if row.drawn_at is not None or not seed:
        return 0  # another worker was faster, or that day is not signed yet
    cases = list_population(criteria=Criteria.from_json(row.criteria))
    drawn = draw(
        population=parts_of(cases, by=row.by),
        seed=bytes.fromhex(seed),
        share=row.share,
        minimum=row.minimum,
        most=row.most,
        audited=_audited(cases),
    )
    found = {case.number: case for case in cases}
    row.seed = seed
    _open(row, cases, [found[each] for each in drawn.chosen], skipped=list(drawn.skipped), at=at)
    return len(drawn.chosen)


def _open(
    row: Sample,
    population: list[DecidedCase],
    chosen: list[DecidedCase],
    *,
    skipped: list[int],
    at: datetime,
    once_more: int = 1,
) -> None:
    row.population, row.digest = len(population), digest_of(case.number for case in population)
    row.skipped = skipped
    note_draw(row, chosen=[case.number for case in chosen], at=at)
    for place, case in enumerate(chosen, 1):
        audit = Audit(
            sample=row,
            case_id=case.number,
            round=once_more,
            place=place,
            department=case.authority,
            matter=case.matter,
            version_id=case.version_id,
            by_rule=case.by_rule,
            opened_at=at,
        )
        begin_audit(audit, at=at)


def _audited(cases: list[DecidedCase]) -> set[int]:
    if not cases:
        return set()
    numbers = {case.number for case in cases}
    rows = Audit.objects.filter(case__gte=min(numbers), case__lte=max(numbers))
    return numbers & set(rows.values_list("case", flat=True))


def _check(criteria: Criteria, actor: Actor, at: datetime) -> None:
    if not actor.has_role("supervisor"):
        raise NotToAudit
    today = get_calendar().local_date(at)
    if not criteria.since <= criteria.until <= today or criteria.until - criteria.since > _LONGEST:
        raise TooWide


def _asked(criteria: Criteria, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"criteria": criteria.to_json(), "since": criteria.since, "asked_by": actor.id, "announced_at": at}


# --- plans ------------------------------------------------------------------------------------------------------------


def _owed(plan: Plan, today: date) -> Iterator[tuple[date, date]]:
    """The times of a plan that are not announced: the one that is running, and those before it that were missed."""
    newest = Sample.objects.filter(plan=plan.code).order_by("-since").values_list("since", flat=True).first()
    since = _begin(plan.every, today)
    owed = []
    while since != newest and (today - since).days <= _CAUGHT_UP:
        owed.append((since, _end(plan.every, since)))
        if newest is None or newest > since:
            break
        since = _begin(plan.every, since - timedelta(days=1))
    yield from reversed(owed)


def _begin(every: str, day: date) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def _end(every: str, since: date) -> date:
    if every == "week":
        return since + timedelta(days=6)
    return _begin("month", since + timedelta(days=31)) - timedelta(days=1) if every == "month" else since


def _announce_plan(plan: Plan, since: date, until: date, at: datetime) -> None:
    criteria = Criteria(since=since, until=until, of=plan.of, matters=tuple(sorted(plan.matters or ())))
    row = Sample(
        plan=plan.code,
        how=How.RANDOM,
        share=plan.share,
        minimum=plan.minimum,
        most=plan.most,
        by=plan.by,
        **_asked(criteria, SYSTEM, at),
    )
    row.seed_day = max(until, get_calendar().local_date(at))
    try:
        with transaction.atomic():
            announce(row, actor_id=SYSTEM.id, capacity="system")
    except IntegrityError:
        if not Sample.objects.filter(plan=plan.code, since=since).exists():
            raise
