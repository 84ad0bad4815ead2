"""Telling neighbours what is written down for them: at least once, in the order of each case's log, until they have it.

A message is claimed under a lease, sent, and marked, each a transaction of its own: while a neighbour is waited for
nothing is locked. Killed in between, the same is sent again; the neighbour knows a case by its number here, and an
entry of a log by its place in it. Nothing is given up: a neighbour that is away for a week has everything after it.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from tongban.apps.cases.queries import Filed, get_filed
from tongban.apps.catalog.queries import get_version
from tongban.apps.crossings.linking import link, refuse_here
from tongban.apps.crossings.models import AdoptedVersion, Crossing, Message
from tongban.apps.evidence.queries import list_files, read_file
from tongban.apps.ledger.queries import get_event, get_hash
from tongban.apps.neighbours.errors import NeighbourError, NeighbourRefused
from tongban.apps.neighbours.services import ask, send_file
from tongban.apps.people.queries import get_contact

__all__ = ["LEASE", "has_due", "send_due"]

LEASE = timedelta(minutes=2)
"""How long a worker has for a message; longer than a call with its files can take."""
_FIRST, _LONGEST = timedelta(seconds=2), timedelta(minutes=10)

_SAID = {
    "case.accepted": ("silent",),
    "case.refused": ("reason",),
    "supplement.requested": ("items", "note", "due"),
    "supplement.answered": (),
    "clock.extended": ("by", "reason"),
    "case.suspended": ("procedure", "reason", "limit"),
    "case.resumed": (),
    "case.withdrawn": ("reason",),
    "case.decided": ("outcome", "reason"),
    "case.delivered": ("way",),
    "certificate.issued": ("identifier",),
}
"""What of an entry's data the neighbour is told; the rest is how we work."""

log = logging.getLogger(__name__)


def has_due(*, at: datetime) -> bool:
    """Whether there is something to send now; one small query."""
    return _heads(at).exists()


def send_due(*, now: Callable[[], datetime], limit: int = 20) -> int:
    """Send up to ``limit`` messages that are due; return how many the neighbours have. Any number may run at once."""
    sent = 0
    for row in list(_heads(now()).order_by("due", "case", "seq")[:limit]):
        claimed = Message.objects.filter(case=row.case, seq=row.seq, due=row.due, done_at=None)
        if claimed.update(due=now() + LEASE):
            sent += _send(row, now)
    return sent


def _heads(at: datetime) -> "QuerySet[Message]":
    """The next message of each case: one that waits holds up those after it."""
    before = Message.objects.filter(case=OuterRef("case"), seq__lt=OuterRef("seq"), done_at=None)
    return Message.objects.filter(~Exists(before), done_at=None, due__lte=at)


def _send(row: Message, now: Callable[[], datetime]) -> bool:
    try:
        _tell(row, Crossing.objects.get(case=row.case), now())
    except NeighbourRefused as error:
        if not error.is_final:
            return _later(row, str(error.params["refusal"]), now())
        _refused(row, str(error.params["refusal"]), now())
        return True
    except NeighbourError as error:
        return _later(row, f"{error.code} {error.params.get('why', '')}", now())
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("A message of a case to %s could not be written", row.neighbour)
        return _later(row, type(error).__name__, now())
    Message.objects.filter(case=row.case, seq=row.seq).update(done_at=now(), error="")
    return True


def _later(row: Message, why: str, at: datetime) -> bool:
    pause = min(_FIRST * 2 ** min(row.tries, 12), _LONGEST)
    Message.objects.filter(case=row.case, seq=row.seq, done_at=None).update(
        tries=row.tries + 1, error=why[:120], due=at + pause
    )
    log.warning("Case %016d/%s does not reach %s: %s", row.case, row.seq, row.neighbour, why)
    return False


def _refused(row: Message, why: str, at: datetime) -> None:
    """The neighbour will not have it: what could not be handed over ends here, with the reason for its applicant."""
    with transaction.atomic():
        if row.kind == "case.filed":
            refuse_here(number=row.case, why=why, at=at)
        Message.objects.filter(case=row.case, seq=row.seq).update(done_at=at, error=why[:120])
    log.error("%s does not take case %016d/%s: %s", row.neighbour, row.case, row.seq, why)


# --- what is said -----------------------------------------------------------------------------------------------------


def _tell(row: Message, crossing: Crossing, at: datetime) -> None:
    filed = get_filed(number=row.case)
    if row.kind == "case.filed":
        said = _handing_over(row, filed)
        answer = _with_files(row.neighbour, "crossings/file", said, filed, at)
        link(number=row.case, neighbour=row.neighbour, answer=answer, at=at)
        return
    event = get_event(case=row.case, seq=row.seq)
    data = {name: event.data[name] for name in _SAID[row.kind] if name in event.data}
    if row.kind == "certificate.issued":
        data["page"] = f"{settings.BASE_URL.rstrip('/')}/verify/{data['identifier']}/"
    said = {"case": crossing.other, "other": row.case, "kind": row.kind, "at": event.at.isoformat(), "data": data}
    said["head"] = _head(row)
    if row.kind == "supplement.answered":
        new = event.data.get("about", {}).get("materials", {})
        said |= {
            "answers": dict(filed.answers),
            "materials": _materials(filed, {str(f) for fs in new.values() for f in fs}),
        }
    _with_files(row.neighbour, "crossings/heard", said, filed, at)


def _handing_over(row: Message, filed: Filed) -> dict[str, Any]:
    adopted = AdoptedVersion.objects.get(version=filed.version_id)
    contact = get_contact(person_id=filed.person, organisation_code=filed.organisation)
    first = get_event(case=row.case, seq=row.seq).data.get("about", {}).get("materials", {})
    return {
        "case": row.case,
        "head": _head(row),
        "matter": adopted.theirs,
        "version": adopted.their_version,
        "filed_at": filed.filed_at.isoformat(),
        "applicant": {
            "name": contact["name"],
            "number": contact.get("identity_number") or contact["credit_code"],
            "organisation": filed.organisation is not None,
            "phone": filed.phone,
        },
        "answers": dict(filed.answers),
        "materials": _materials(filed, {str(file) for files in first.values() for file in files}),
    }


def _head(row: Message) -> dict[str, Any]:
    return {"seq": row.seq, "hash": get_hash(case=row.case, seq=row.seq).hex()}


def _materials(filed: Filed, wanted: set[str]) -> list[dict[str, str]]:
    """Files by what they count as, named by the digest of their bytes; the bytes go ahead of them."""
    held = [(code, file) for code, file in filed.materials if str(file) in wanted]
    known = list_files(ids=[file for _code, file in held])
    names = {spec.code for spec in get_version(version_id=filed.version_id).definition.materials}
    return [
        {"code": code, "name": known[file].name, "sha256": known[file].sha256} for code, file in held if code in names
    ]


def _with_files(neighbour: str, service: str, said: Mapping[str, Any], filed: Filed, at: datetime) -> Mapping[str, Any]:
    """Ask; where the neighbour says that it lacks files, send just those and ask once more."""
    try:
        return ask(neighbour=neighbour, service=service, said=said, at=at)
    except NeighbourRefused as error:
        if error.params["refusal"] != "crossing.files-missing":
            raise
        told = error.params["told"]
        missing = set(told.get("files", ())) if isinstance(told, Mapping) else set()
    own = {each.sha256 for each in list_files(ids=[file for _code, file in filed.materials]).values()}
    for sha256 in sorted(missing & own):
        send_file(neighbour=neighbour, service="crossings/content", content=read_file(sha256=sha256), at=at)
    return ask(neighbour=neighbour, service=service, said=said, at=at)
