"""An official writes to whoever filed a case by message or mail, beside its procedure."""

from datetime import datetime

from django.db import transaction

from tongban.apps.cases.queries import CaseView
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.errors import NoCorrespondent, NothingToSay
from tongban.apps.correspondence.models import Correspondent, Gathering, Message
from tongban.apps.correspondence.queries import LONGEST_WRITTEN
from tongban.apps.correspondence.record import put_on_record
from tongban.apps.correspondence.sweeping import let_go_of
from tongban.apps.correspondence.wording import say
from tongban.apps.correspondence.writing import write
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed
from tongban.apps.people.queries import get_department_names
from tongban.apps.people.sealing import lookup_hash

__all__ = ["forget_case", "write_to"]


@transaction.atomic
def write_to(*, case: CaseView, words: str, key: str, actor: Actor, at: datetime) -> None:
    """Write a message to whoever filed the case; sent under the same ``key`` again it is one.

    ``case`` is what the official was given of it, so they may read it. It names their department and not them. No clock
    stands still for it. Raises ``NotAllowed``, ``NoCorrespondent``, ``NothingToSay``.
    """
    if not actor.is_official or case.is_owner:
        raise NotAllowed
    text = "".join(each for each in words.replace("\r\n", "\n") if each >= " " or each == "\n").strip()
    if not text or len(text) > LONGEST_WRITTEN:
        raise NothingToSay(longest=LONGEST_WRITTEN)
    mine = Gathering.objects.filter(case=case.number).values_list("correspondent", flat=True).first()
    row = Correspondent.objects.select_for_update().filter(pk=mine).first() if mine is not None else None
    if row is None:
        raise NoCorrespondent
    department = _department(case, actor)
    name = get_department_names()[department].name(row.language)
    told = say("written", language=row.language, number=case.number, department=name, text=text)
    before = Message.objects.filter(correspondent=row).count()
    told_key = f"written:{case.number}:{key}"
    write(
        row,
        kind="written",
        text=told,
        key=told_key,
        case=case.number,
        user=actor.user_id,
        at=at,
        reference=_reference(row, case.number),
    )
    if Message.objects.filter(correspondent=row).count() == before:
        return
    digest = lookup_hash(kind="correspondence", text=told)
    data = {"case": f"{case.number:016d}", "words": digest}
    put_on_record(row, "correspondence.written", at=at, data=data, actor=actor, department=department)


@transaction.atomic
def forget_case(*, case: int) -> int:
    """Let go of what was said beside a case whose own words are let go of; return of how many messages."""
    return let_go_of(list(Message.objects.filter(case=case).exclude(content_sealed="").values_list("pk", flat=True)))


def _department(case: CaseView, actor: Actor) -> str:
    """For whom they write: the department that the case is at, if they serve there, else their own."""
    mine = sorted(actor.departments)
    at_work = [task.department for task in case.open_tasks if task.department in actor.departments]
    return next(iter([*at_work, *(each for each in mine if each == case.row.authority), *mine]))


def _reference(row: Correspondent, case: int) -> str:
    if row.channel != "mail":
        return ""
    last = Message.objects.filter(correspondent=row, case=case, inbound=True).order_by("-said_at").first()
    return open_content(last.content_sealed).reference if last is not None else ""
