"""Everything that is on file of one person, collected for themselves: as data, as pages to read, with their files.

Personal Information Protection Law (个人信息保护法) 45: people may read and copy their data.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongban.apps.cases.queries import CaseView, MaterialView, get_own_case, list_cases, list_held_certificates
from tongban.apps.catalog.definitions import Text
from tongban.apps.channels.queries import list_notices
from tongban.apps.evidence.queries import CertificateView
from tongban.apps.exchange.queries import list_lookups
from tongban.apps.halls.queries import list_visits
from tongban.apps.intake.queries import list_drafts
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_contact, list_agreements, list_applicants
from tongban.apps.rights.listing import list_looks

__all__ = ["Collected", "collect"]

_MOST = 100_000
# How officials come to agree is theirs; what they decided, asked and said is told.
_TOLD = ("case.", "supplement.", "clock.", "certificate.", "fee.", "task.completed", "task.returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """``data`` is what the JSON says; ``files`` lie beside it, by case; ``certificates`` are drawn as PDF."""

    data: Mapping[str, Any]
    files: Sequence[tuple[int, MaterialView]]
    certificates: Sequence[CertificateView]


def collect(*, person_id: int, user_id: int, at: datetime, on: date, told: Callable[[int, int], None]) -> Collected:
    """Collect all that is on file of a person. ``told`` hears how many cases of how many are done."""
    bare = Actor(id=f"user:{user_id}", user_id=user_id, person_id=person_id)
    applicants = list_applicants(actor=bare, on=on)
    own = applicants[0]
    rows = [row.number for row in _all_cases(bare)]
    views: list[tuple[CaseView, Mapping[str, Any]]] = []
    for place, number in enumerate(rows, start=1):
        views.append(get_own_case(number=number, actor=bare, at=at))
        told(place, len(rows))
    certificates = [found for found, _ in list_held_certificates(applicants={own.key: own}, limit=_MOST)]
    data = {
        "made_at": at.isoformat(),
        "person": get_contact(person_id=person_id, organisation_code=None),
        "acts_for": [
            {"name": each.name, "as": each.kind, "matters": _matters(each.matters)} for each in applicants[1:]
        ],
        "cases": [_case(view, answers) for view, answers in views],
        "certificates": [_certificate(each) for each in certificates],
        "drafts": [{"matter": row.matter, "saved_at": row.saved_at.isoformat()} for row in list_drafts(actor=bare)],
        "notices": list(_notices(person_id)),
        "consents": list(_consents(person_id)),
        "looks": list(_looks(bare)),
        "registers_asked": list(_lookups(person_id)),
        "service_halls": list(_visits(person_id)),
    }
    files = [(view.number, each) for view, _ in views for each in view.materials if each.file.removed_at is None]
    return Collected(data=data, files=files, certificates=certificates)


def _all_cases(actor: Actor) -> Iterator[Any]:
    cursor = ""
    while True:
        page = list_cases(actor=actor, cursor=cursor, limit=100)
        yield from page.rows
        if not page.next:
            return
        cursor = page.next


def _matters(matters: frozenset[str] | None) -> list[str] | str:
    return "all" if matters is None else sorted(matters)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _moment(at: datetime | date | None) -> str | None:
    return at.isoformat() if at is not None else None


def _case(view: CaseView, answers: Mapping[str, Any]) -> dict[str, Any]:
    row = view.row
    return {
        "number": f"{view.number:016d}",
        "matter": {"code": row.matter, "name": _both(row.matter_name)},
        "authority": row.authority,
        "status": row.status,
        "outcome": row.outcome,
        "reason": _both(view.reason),
        "filed_at": _moment(row.filed_at),
        "decided_at": _moment(row.decided_at),
        "answers": dict(answers),
        "log": [_entry(entry) for entry in view.timeline if entry.kind.startswith(_TOLD)],
        "files": [
            {"no": each.no, "name": _both(each.name), "file": each.file.name, "size": each.file.size}
            | {"removed_at": _moment(each.file.removed_at)}
            for each in view.materials
        ],
        "certificate": view.certificate.identifier if view.certificate else None,
        "check": _check(view),
        "rectification": _rectification(view),
        "rating": {"grade": view.rating.grade, "words": view.rating.words} if view.rating else None,
    }


def _check(view: CaseView) -> dict[str, Any] | None:
    """What they asked a person to look at, and what came of it."""
    if view.check is None:
        return None
    said = {"state": view.check.state, "why": view.check.why, "answer": view.check.words}
    return said | {"asked_at": _moment(view.check.asked_at), "concluded_at": _moment(view.check.concluded_at)}


def _rectification(view: CaseView) -> dict[str, Any] | None:
    """What they were told to put right, and what they said to it."""
    found = view.rectification
    if found is None:
        return None
    said = {"state": found.state, "asked": found.words, "answer": found.answer}
    return said | {"ordered_at": _moment(found.ordered_at), "due": _moment(found.due)}


def _entry(entry: Any) -> dict[str, Any]:
    data = entry.data
    said = {name: data[name] for name in ("outcome", "reason", "note", "items", "silent") if name in data}
    node = _both(entry.node) if entry.node else None
    return {"seq": entry.seq, "at": _moment(entry.at), "kind": entry.kind, "department": entry.department} | {
        "step": node,
        "said": said,
    }


def _certificate(each: CertificateView) -> dict[str, Any]:
    return {
        "identifier": each.identifier,
        "case": f"{each.case:016d}",
        "name": {"zh": each.name_zh, "en": each.name_en},
        "authority": each.authority.code,
        "issued_at": _moment(each.issued_at),
        "valid_until": _moment(each.valid_until),
        "fields": each.fields,
    }


def _notices(person_id: int) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = list_notices(person_id=person_id, language="zh-hans", cursor=cursor, limit=200)
        for row in page.rows:
            yield {"at": _moment(row.at), "title": row.title, "body": row.body, "official": row.legal, "read": row.read}
        if not page.next:
            return
        cursor = page.next


def _consents(person_id: int) -> Iterator[dict[str, Any]]:
    for each in list_agreements(person_id=person_id, limit=_MOST):
        words = each.words and {"version": each.words.version, "sha256": each.words.sha256, "zh": each.words.text_zh}
        yield {
            "purpose": each.purpose,
            "sources": sorted(each.sources),
            "given_at": _moment(each.given_at),
            "ended_at": _moment(each.ended_at),
            "words": words,
        }


def _looks(actor: Actor) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = list_looks(actor=actor, cursor=cursor, limit=500)
        for row in page.rows:
            yield {
                "reference": row.reference,
                "at": _moment(row.at),
                "department": row.department,
                "role": row.role,
                "what": row.what,
                "purpose": row.purpose,
                "case": f"{row.case:016d}" if row.case else None,
            }
        if not page.next:
            return
        cursor = page.next


def _lookups(person_id: int) -> Iterator[dict[str, Any]]:
    for row in list_lookups(person_id=person_id, limit=_MOST):
        yield {
            "at": _moment(row.asked_at),
            "register": row.register,
            "department": row.consumer,
            "purpose": row.purpose,
            "fields": list(row.fields),
            "case": f"{row.case:016d}" if row.case else None,
            "outcome": row.outcome,
        }


def _visits(person_id: int) -> Iterator[dict[str, Any]]:
    for each in list_visits(person_id=person_id):
        yield {
            "what": each.what,
            "number": each.label or None,
            "hall": each.hall,
            "group": each.group,
            "at": _moment(each.at),
            "state": each.state,
        }
