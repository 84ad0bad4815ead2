"""Carrying out what was granted: data put right, data deleted; and what stays, with the law that keeps it.

A request is a case like any other, decided by people. An officer then presses once: what is done, what stays and why
goes on record, and the case is delivered, in one transaction. Personal Information Protection Law (个人信息保护法), 46
and 47; where a law keeps data, it is stored and used for nothing else (47, last paragraph).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.cases.errors import NotYours
from tongban.apps.cases.queries import CaseView, TaskView, count_open_cases, list_over_of
from tongban.apps.cases.services import deliver, lock_row
from tongban.apps.catalog.city import get_calendar, get_rights
from tongban.apps.channels.services import forget_read_notices
from tongban.apps.intake.services import discard_drafts_of
from tongban.apps.people.actors import Actor
from tongban.apps.people.services import correct_person
from tongban.apps.rights.errors import NotToCarryOut
from tongban.apps.rights.holds import reasons_to_keep
from tongban.apps.rights.models import CarriedOut
from tongban.apps.rights.retention import basis_of, let_go, retention_of_version

__all__ = ["Carried", "carry_out", "get_carried_out", "is_to_carry_out", "preview"]

Line = Mapping[str, Any]
"""``what`` was done or stays; ``count``; ``until`` a day; ``basis`` a law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What was (or would be) done, and what stays with its reason. ``at`` None: it has not been done."""

    kind: str
    done: Sequence[Line]
    kept: Sequence[Line]
    at: datetime | None = None


def is_to_carry_out(*, view: CaseView) -> bool:
    """Whether this is a granted request that waits to be carried out, by who sees ``view``: whose the delivery is."""
    return (
        _is_granted(view)
        and (task := _delivery(view)) is not None
        and task.may_act
        and not CarriedOut.objects.filter(pk=view.number).exists()
    )


def get_carried_out(*, case: int) -> Carried | None:
    """What was done on a request; None where nothing was, or it is none."""
    row = CarriedOut.objects.filter(pk=case).first()
    return Carried(kind=row.kind, done=row.done, kept=row.kept, at=row.at) if row else None


def preview(*, number: int, actor: Actor, at: datetime) -> Carried:
    """What carrying a request out would do, tried and taken back. Raises as ``carry_out`` does."""
    with transaction.atomic():
        tried = _carry_out(get_work(number=number, actor=actor, at=at), at)
        transaction.set_rollback(True)
    return tried


def carry_out(*, number: int, actor: Actor, at: datetime) -> Carried:
    """Do what was granted, put on record what was done and what stays, and deliver the case; all or nothing.

    Raises ``UnknownCase``, ``NotYours``, ``NotToCarryOut``; ``Refused`` where the delivery cannot be done now.
    """
    with transaction.atomic():
        lock_row(number)
        work = get_work(number=number, actor=actor, at=at)
        done = _carry_out(work, at)
        task = _delivery(work.view)
        assert task is not None
        row = {"kind": done.kind, "by": actor.id, "at": at, "done": list(done.done), "kept": list(done.kept)}
        try:
            with transaction.atomic():
                CarriedOut.objects.create(case=number, **row)
        except IntegrityError as error:
            raise NotToCarryOut from error
        deliver(number=number, task=task.no, way="online", actor=actor, at=at)
    return Carried(kind=done.kind, done=done.done, kept=done.kept, at=at)


def _carry_out(work: Work, at: datetime) -> Carried:
    view = work.view
    task = _delivery(view)
    if _is_granted(view) and task is not None and not task.may_act:
        raise NotYours
    if not is_to_carry_out(view=view):
        raise NotToCarryOut
    person = int(view.applicant_key.removeprefix("person:"))
    kind = _kind(view)
    do: Callable[..., tuple[list[Line], list[Line]]] = _correct if kind == "correction" else _delete
    done, kept = do(person, work.answers, view.number, at)
    return Carried(kind=kind, done=done, kept=kept)


def _correct(person: int, answers: Mapping[str, Any], _number: int, _at: datetime) -> tuple[list[Line], list[Line]]:
    """The name or the telephone; what was filed before stays as it was filed."""
    what = str(answers.get("corrects", ""))
    if what == "name" and answers.get("new_name"):
        correct_person(person_id=person, name=str(answers["new_name"]))
    elif what == "phone" and answers.get("new_phone"):
        correct_person(person_id=person, phone=str(answers["new_phone"]))
    else:
        raise NotToCarryOut
    return [{"what": f"corrected-{what}", "count": 1}], [{"what": "filed-before"}, {"what": "log"}]


def _delete(person: int, answers: Mapping[str, Any], number: int, at: datetime) -> tuple[list[Line], list[Line]]:
    """Each kind of data that was chosen, as far as no law keeps it."""
    chosen = set(answers.get("deletes", ()))
    done: list[Line] = []
    kept: list[Line] = []
    if "drafts" in chosen:
        done.append({"what": "drafts", "count": discard_drafts_of(person_id=person)})
    if "notices" in chosen:
        done.append({"what": "notices", "count": forget_read_notices(person_id=person)})
        kept.append({"what": "legal-notices"})
    if "phone" in chosen:
        correct_person(person_id=person, phone="")
        done.append({"what": "phone", "count": 1})
    if "cases" in chosen:
        gone, staying = _delete_cases(person, number, at)
        done.append({"what": "cases", "count": gone})
        kept += staying
    return done, [*kept, {"what": "identity"}, {"what": "log"}]


def _delete_cases(person: int, number: int, at: datetime) -> tuple[int, list[Line]]:
    """Cases that are over and past the time for which a law keeps them; how many went, and which stay why."""
    gone, kept, on = 0, [], get_calendar().local_date(at)
    over = list_over_of(person_id=person)
    held = reasons_to_keep(cases=[case.number for case in over], on=on)
    by_law: dict[tuple[str, str], dict[str, Any]] = {}
    for case in over:
        retention = retention_of_version(case.version_id)
        until = retention.until(get_calendar().local_date(case.came_out)) if retention else None
        if case.number in held:
            kept.append({"what": f"held-{held[case.number]}", "count": 1, "case": case.number})
        elif until is None or until < on:
            gone += let_go(case=case, because=str(number), at=at) is not None
        elif retention is not None:
            key = (retention.basis.law.zh, retention.basis.article.zh)
            line = by_law.setdefault(
                key, {"what": "by-law", "count": 0, "basis": basis_of(retention.basis), "until": ""}
            )
            line["count"] += 1
            line["until"] = max(line["until"], until.isoformat())
    if under_way := count_open_cases(person_id=person):
        kept.append({"what": "under-way", "count": under_way})
    return gone, [*by_law.values(), *kept]


def _kind(view: CaseView) -> str:
    matters = get_rights().matters
    return next((use for use in ("correction", "deletion") if matters.get(use) == view.row.matter), "")


def _is_granted(view: CaseView) -> bool:
    return _kind(view) != "" and view.row.outcome == "granted"


def _delivery(view: CaseView) -> TaskView | None:
    """The open step with which the case is delivered."""
    return next((task for task in view.open_tasks if task.act == "deliver"), None)
