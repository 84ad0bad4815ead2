"""What an officer has written and not sent yet: kept per step and person, sealed, and gone with the step.

It may hold anything that a person says about another, so it is sealed whole, as numbers are. It is no part of the
case's log: only what is signed counts.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F

from tongban.apps.cases.consequences import Work
from tongban.apps.desks.errors import StepMoved, WordsTooLong
from tongban.apps.desks.models import Unsent
from tongban.apps.ledger.readings import Given, Reading
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed, seal
from tongban.apps.people.services import Resealed, reseal_column

__all__ = ["Fields", "UnsentRow", "keep", "let_go", "list_own", "reseal_unsent", "sweep"]

Fields = Mapping[str, str | Sequence[str]]
"""What is written so far, by the name of the field; several values where several may be chosen."""

_MOST = 40_000
"""Characters of all fields together: many times what the fields of a form take."""

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentRow:
    """What was written, when, and how many entries the case's log had then."""

    fields: Fields
    seen: int
    saved_at: datetime


def keep(*, work: Work, command: str, task: int, fields: Fields, seen: int, at: datetime) -> bool:
    """See ``services.keep_unsent``."""
    if work.offer(command=command, task=task) is None or work.actor.user_id is None:
        raise StepMoved
    key: dict[str, Any] = {"case_id": work.view.number, "task": task, "command": command, "user_id": work.actor.user_id}
    if not fields:
        Unsent.objects.filter(**key).delete()
        return False
    text = json.dumps(dict(fields), ensure_ascii=False)
    if len(text) > _MOST:
        raise WordsTooLong
    Unsent.objects.update_or_create(**key, defaults={"sealed": seal(text), "seen": seen, "saved_at": at})
    return True


def let_go(*, case: int, task: int, command: str, actor: Actor) -> None:
    """See ``services.let_go_of_unsent``."""
    Unsent.objects.filter(case=case, task=task, command=command, user=actor.user_id).delete()
    sweep(case=case)


_own = Reading(
    lambda: Unsent.objects.filter(
        case=Given("case", models.BigIntegerField()), user=Given("user", models.BigIntegerField())
    )
)


def list_own(*, case: int, actor: Actor) -> dict[tuple[str, int], UnsentRow]:
    """See ``queries.list_unsent``."""
    found = {}
    for row in _own(case=case, user=actor.user_id) if actor.user_id is not None else ():
        try:
            fields = json.loads(open_sealed(row.sealed))
        except SealBroken:
            continue  # its key is gone; the case itself must open all the same
        found[row.command, row.task] = UnsentRow(fields=fields, seen=row.seen, saved_at=row.saved_at)
    return found


def sweep(*, case: int | None = None) -> int:
    """See ``services.sweep_unsent``."""
    rows = Unsent.objects.all() if case is None else Unsent.objects.filter(case=case)
    of_done_steps = rows.filter(case__tasks__no=F("task"), case__tasks__finished__isnull=False)
    of_closed_cases = rows.filter(case__closed_at__isnull=False)
    names = ("case", "task", "command", "user")
    stale = {*of_done_steps.values_list(*names)[:_BATCH], *of_closed_cases.values_list(*names)[:_BATCH]}
    return sum(Unsent.objects.filter(**dict(zip(names, key, strict=True))).delete()[0] for key in stale)


def reseal_unsent(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal what is not sent yet anew; yields after each batch."""
    yield from reseal_column(model=Unsent, column="sealed", batch=batch)
