"""The bar after a broken pledge ends early (信用修复): its holder asks and says why; the authority decides likewise."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.errors import NotYours, RepairGone, RepairReasonMissing, RepairTooEarly
from tongban.apps.cases.models import BrokenPledge, Material, PledgeRepair
from tongban.apps.cases.queries.repairing import REPAIR_FILES, forget_repairs
from tongban.apps.cases.services.applicant import plain
from tongban.apps.cases.services.handed_in import add_materials
from tongban.apps.cases.services.way import lock, owner_capacity, require_authority, require_owner
from tongban.apps.cases.store import save
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor

__all__ = ["ask_for_repair", "conclude_repair"]


def ask_for_repair(*, number: int, why: str, files: Sequence[UUID], actor: Actor, at: datetime) -> datetime:
    """Ask that the bar end early, and return by when that is decided.

    By whose case it is, from the day that the matter says; after a denial anew. Raises ``RepairGone``,
    ``RepairTooEarly``, ``RepairReasonMissing``, ``NotYours``, ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        case, pledge = journal.case, journal.definition.pledge
        require_owner(case, actor)
        broken = BrokenPledge.objects.filter(case=number).first()
        on = journal.calendar.local_date(at)
        if broken is None or pledge is None or pledge.repair is None or not broken.holds(on):
            raise RepairGone
        since = pledge.repair.earliest(journal.calendar.local_date(broken.broken_at))
        if on < since:
            raise RepairTooEarly(since=since.isoformat())
        if PledgeRepair.objects.filter(case=number, state=PledgeRepair.State.OPEN).exists():
            raise RepairGone
        if not (said := plain(why)):
            raise RepairReasonMissing
        due = journal.calendar.deadline(start=at, limit=pledge.repair.answer)
        given = {"department": case.authority_id, "asked_at": at, "due": due, "why": said, "words": ""}
        given |= {"state": PledgeRepair.State.OPEN, "concluded_at": None, "concluded_by": ""}
        PledgeRepair.objects.update_or_create(case_id=number, defaults=given)
        there = Material.objects.filter(case=number).count()
        add_materials(journal, {REPAIR_FILES: files}, first=1 + there, at=at)
        data = {"due": due.isoformat(), "materials": {REPAIR_FILES: [str(file) for file in files]}}
        journal.record(kind="repair.asked", data=data, actor=actor, capacity=owner_capacity(case, actor), at=at)
        save([journal])
    transaction.on_commit(lambda: forget_repairs(department=case.authority_id))
    return due


def conclude_repair(*, number: int, granted: bool, reason: str, actor: Actor, at: datetime) -> None:
    """End the bar from today on, or let it stand, with the reason that its holder reads.

    By a decider of the authority whose own case it is not. Raises ``RepairGone``, ``RepairReasonMissing``,
    ``NotYours``, ``UnknownCase``.
    """
    with whole():
        journal = lock(number)
        capacity = require_authority(journal.case, actor, roles=("decider",))
        if actor.person_id is not None and actor.person_id in (journal.case.person_id, journal.case.agent_id):
            raise NotYours(act="authority")
        row = PledgeRepair.objects.filter(case=number, state=PledgeRepair.State.OPEN).first()
        if row is None:
            raise RepairGone
        if not (said := plain(reason)):
            raise RepairReasonMissing
        row.state = PledgeRepair.State.GRANTED if granted else PledgeRepair.State.DENIED
        row.words, row.concluded_at, row.concluded_by = said, at, actor.id
        row.save()
        data = {}
        if granted:
            on = journal.calendar.local_date(at)
            BrokenPledge.objects.filter(case=number, ended_on=None).update(ended_on=on)
            data = {"ended_on": on.isoformat()}
        journal.record(kind=f"repair.{row.state}", data=data, actor=actor, capacity=capacity, at=at)
        save([journal])
    transaction.on_commit(lambda: forget_repairs(department=row.department))
