"""What happens to samples and audits, on record: a log of its own in the ledger for each (docs/adr/0044)."""

from datetime import datetime
from typing import Any

from tongban.apps.audits.models import Audit, Sample
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.streams import begin_stream, continue_stream
from tongban.kernel import flow

__all__ = ["KINDS", "announce", "begin_audit", "note_draw", "put_on_record"]

KINDS = (
    *("sample.announced", "sample.drawn"),
    *("audit.opened", "audit.found", "audit.answered", "audit.returned", "audit.closed"),
)


def announce(row: Sample, *, actor_id: str, capacity: str) -> None:
    """Open the log of a sample, give the row its number and insert it, in the caller's transaction."""
    at = row.announced_at
    facts: dict[str, Any] = {
        "how": str(row.how),
        "criteria": row.criteria,
        "share": row.share,
        "minimum": row.minimum,
        "most": row.most,
        "by": row.by,
        **({"plan": row.plan} if row.plan else {}),
        **({"seed_day": row.seed_day.isoformat()} if row.seed_day is not None else {}),
        **({"reason": row.why} if row.why else {}),
    }
    event = flow.Event("sample.announced", at, facts, actor=actor_id, capacity=capacity, node=row.plan)
    row.number = begin_stream(kind="sample", event=event, day=get_calendar().local_date(at), at=at)
    row.save(force_insert=True)


def note_draw(row: Sample, *, chosen: list[int], at: datetime) -> None:
    """Append to the sample's log what was drawn from what, and save the row with it."""
    facts = {
        "seed": row.seed,
        "population": row.population,
        "digest": row.digest,
        "cases": [str(number) for number in chosen],
        "skipped": [str(number) for number in row.skipped],
    }
    event = flow.Event(
        "sample.drawn",
        at,
        facts,
        actor="system",
        capacity="system",
        node=row.plan,
        previous_activity="sample.announced",
        previous_at=row.announced_at,
    )
    continue_stream(number=row.number, event=event)
    row.drawn_at = at
    row.save()


def begin_audit(row: Audit, *, at: datetime) -> None:
    """Open the log of the audit of a file, give the row its number and insert it, in the caller's transaction."""
    facts = {"case": str(row.case_id), "sample": str(row.sample_id), "matter": row.matter}
    facts |= {"round": str(row.round)} if row.round > 1 else {}
    event = flow.Event("audit.opened", at, facts, actor="system", capacity="system", department=row.department)
    row.number = begin_stream(kind="audit", event=event, day=get_calendar().local_date(at), at=at)
    row.last_kind, row.last_at = event.kind, at
    row.save(force_insert=True)


def put_on_record(row: Audit, kind: str, *, data: dict[str, Any], actor_id: str, capacity: str, at: datetime) -> None:
    """Append to the audit's log, linked to what was before, and save the row with it."""
    event = flow.Event(
        kind,
        at,
        {"case": str(row.case_id), **data},
        actor=actor_id,
        capacity=capacity,
        department=row.department,
        previous_activity=row.last_kind,
        previous_at=row.last_at,
    )
    continue_stream(number=row.number, event=event)
    row.last_kind, row.last_at = kind, at
    row.save()
