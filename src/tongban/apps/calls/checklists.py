"""What to bring for a matter, sent to the caller by SMS: asked for here, on record in the call, sent by who follows it.

The number is the one that the caller says; the clerk reads it back. Nothing personal goes out: what a matter takes is
public. No link stands in it (docs/adr/0020).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tongban.apps.calls.errors import ChecklistLimit, TelephoneUnfit
from tongban.apps.calls.models import Call, Checklist
from tongban.apps.calls.reach import find_call
from tongban.apps.calls.record import put_on_record
from tongban.apps.catalog.city import get_calendar, get_phone
from tongban.apps.catalog.queries import get_matter
from tongban.apps.people.actors import Actor
from tongban.apps.people.sealing import open_sealed, seal, telephone_hash
from tongban.kernel.numbers import NumberError, parse_mobile

__all__ = ["CHECKLIST_SENT", "ToSend", "get_to_send", "number_for", "send_checklist", "sweep_checklists"]

CHECKLIST_SENT = "call.checklist_sent"
_IN_A_CALL, _TO_ONE, _WITHIN = 3, 5, timedelta(hours=24)
"""How many in one call, and to one telephone within so long: nobody is pestered through us."""
_LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class ToSend:
    """A list on its way: to which telephone, in which language, for which matter."""

    telephone: str
    matter: str
    language: str
    asked_at: datetime


def number_for(*, call: int, telephone: str, actor: Actor, at: datetime) -> str:
    """The mobile number to read back before anything is sent; ``telephone`` "": the one that they call from.

    Raises ``UnknownCall``, ``CallOver``; ``TelephoneUnfit`` for what is no mobile number.
    """
    return _number(find_call(number=call, actor=actor, at=at), telephone)


@transaction.atomic
def send_checklist(
    *, call: int, telephone: str, matter: str, language: str, key: UUID, actor: Actor, at: datetime
) -> None:
    """Let what to bring for a matter go out to a caller. The same form sent again sends nothing more.

    Raises ``UnknownCall``, ``CallOver``, ``TelephoneUnfit``, ``ChecklistLimit``, and ``UnknownMatter`` from the
    catalogue.
    """
    row = find_call(number=call, actor=actor, at=at, lock=True)
    number = _number(row, telephone)
    get_matter(code=matter, on=get_calendar().local_date(at))
    if Checklist.objects.filter(call=row, key=key).exists():
        return
    to_one = Checklist.objects.filter(telephone_hash=telephone_hash(number), asked_at__gt=at - _WITHIN).count()
    if Checklist.objects.filter(call=row).count() >= _IN_A_CALL or to_one >= _TO_ONE:
        raise ChecklistLimit
    found = Checklist(call=row, key=key, matter=matter, asked_at=at)
    found.language = language if language in _LANGUAGES else _LANGUAGES[0]
    found.telephone_sealed, found.telephone_hash = seal(number), telephone_hash(number)
    found.save(force_insert=True)
    data = {"checklist": str(found.pk), "matter": matter, "language": found.language}
    put_on_record(row, CHECKLIST_SENT, actor_id=actor.id, at=at, data=data)


def get_to_send(*, checklist: int) -> ToSend | None:
    """Return what goes out; None once its telephone was let go of. One query. For the worker that sends it alone."""
    row = Checklist.objects.filter(pk=checklist).exclude(telephone_sealed="").first()
    return ToSend(open_sealed(row.telephone_sealed), row.matter, row.language, row.asked_at) if row else None


def sweep_checklists(*, at: datetime) -> int:
    """Let go of the telephones that were written to, after their time; return how many."""
    rows = Checklist.objects.filter(asked_at__lt=at - get_phone().keep_calls).exclude(telephone_sealed="")
    return rows.update(telephone_sealed="", telephone_hash="")


def _number(row: Call, telephone: str) -> str:
    text = telephone.strip() or (open_sealed(row.telephone_sealed) if row.telephone_sealed else "")
    try:
        return parse_mobile(text)
    except NumberError as error:
        raise TelephoneUnfit from error
