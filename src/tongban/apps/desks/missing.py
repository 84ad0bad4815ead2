"""What each department of a joint review misses, until the applicant is asked: once, for all of it together.

The Administrative Licensing Law (行政许可法), 32, has an authority say everything at once within five working days of
receipt. So each department says by then what it misses, and whoever asks has all of it in the form of the request.
It is what officials tell each other, and not in the log; on record is what the applicant was asked. It stays as long
as the case's answers do.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.apps.cases.consequences import Work
from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.desks.errors import AskedAlready, StepMoved, TooLateToSay, WordsTooLong
from tongban.apps.desks.models import Missing
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed, seal
from tongban.apps.people.services import Resealed, reseal_column
from tongban.kernel.clock import Limit, Unit

__all__ = ["LONGEST_MISSING", "MissingRow", "Saying", "list_of", "reseal_missing", "say", "saying", "sweep"]

LONGEST_MISSING = 2000
_WITHIN = Limit(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """What a department misses: materials by their codes, and anything else in words. Who said it, and when.

    ``name`` is ("", "") where the department's own system said it.
    """

    department: str
    items: Sequence[str]
    words: str
    name: tuple[str, str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """For which departments the officer may say what is missing, and until when; or why nobody may any more.

    ``closed``: "" while it is open, ``asked`` when the applicant has been asked, ``late`` when ``until`` is over.
    """

    departments: tuple[str, ...]
    until: datetime
    closed: str


def saying(*, work: Work) -> Saying | None:
    """See ``queries.get_saying``."""
    view = work.view
    if not view.definition.joint_with or view.state.closed or view.state.decided is not None:
        return None
    if not get_city().supplement_after_acceptance:
        return None
    until = _until(view)
    closed = "asked" if view.state.supplement else "late" if work.at > until else ""
    own = sorted({task.department for task in work.mine if task.act == "opinion"})
    return Saying(departments=tuple(own), until=until, closed=closed)


def say(*, work: Work, department: str, items: Sequence[str], words: str, at: datetime) -> None:
    """See ``services.say_missing``."""
    found = saying(work=work)
    if found is None or department not in found.departments:
        raise StepMoved
    if found.closed == "asked":
        raise AskedAlready
    if found.closed:
        raise TooLateToSay
    if len(words) > LONGEST_MISSING:
        raise WordsTooLong
    known = [spec.code for spec in work.view.definition.materials_for(work.answers) if spec.code in set(items)]
    if not known and not words.strip():
        Missing.objects.filter(case=work.view.number, department=department).delete()
        return
    text = json.dumps({"items": known, "words": words.strip()}, ensure_ascii=False)
    said: dict[str, Any] = {"sealed": seal(text), "user_id": work.actor.user_id, "at": at}
    Missing.objects.update_or_create(case_id=work.view.number, department_id=department, defaults=said)


def list_of(*, case: int) -> list[MissingRow]:
    """See ``queries.list_missing``."""
    found = []
    for row in Missing.objects.filter(case=case).select_related("user").order_by("at", "department"):
        try:
            said = json.loads(open_sealed(row.sealed))
        except SealBroken:
            continue  # its key is gone; the case itself must open all the same
        name = (row.user.name, row.user.name_en or row.user.name) if row.user else ("", "")
        found.append(MissingRow(department=row.department_id, name=name, at=row.at, **said))
    return found


def sweep() -> int:
    """See ``services.sweep_missing``."""
    return Missing.objects.filter(case__erased_at__isnull=False).delete()[0]


def reseal_missing(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal it anew; yields after each batch."""
    yield from reseal_column(model=Missing, column="sealed", batch=batch)


def _until(view: CaseView) -> datetime:
    return get_calendar().deadline(start=view.row.filed_at, limit=_WITHIN)
