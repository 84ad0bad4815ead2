"""What an authority does to a certificate that it has issued: said in the log of the case that it came of.

A decider of the authority does it, for a ground that the law gives. The log keeps the ground; the words that go with it
stay where they can be removed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tongban.apps.cases.errors import CertificateChanged
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.services.applicant import plain
from tongban.apps.cases.services.way import lock, require_authority
from tongban.apps.cases.store import save
from tongban.apps.catalog.city import get_calendar
from tongban.apps.evidence import services as evidence
from tongban.apps.evidence.queries import CERTIFICATE_KINDS, list_cases_of_begun
from tongban.apps.ledger import queries as ledger
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import SYSTEM, Actor

__all__ = [
    "begin_renewed",
    "correct_certificate",
    "reinstate_certificate",
    "renew_certificate",
    "revoke_certificate",
    "suspend_certificate",
]


def suspend_certificate(
    *, number: int, identifier: str, ground: str, reason: str, actor: Actor, at: datetime, seen: int = 0
) -> None:
    """Let a certificate not be used for the time being. ``number`` is its case; the holder reads ``reason``.

    ``seen``: how many entries of the case's log the actor had been shown (0: not asked); what was done to the
    certificate, or to one by which it was renewed, since then they have to see first. Raises ``UnknownCase``,
    ``NotYours``, ``CertificateChanged``, ``UnknownCertificate``, ``CertificateEnded`` or ``GroundUnfit``, as do the
    others here. 行政许可法 61; 行政处罚法 9 (3).
    """
    _change("suspend", "certificate.suspended", number, identifier, ground, reason, actor, at, seen)


def reinstate_certificate(
    *, number: int, identifier: str, ground: str, reason: str, actor: Actor, at: datetime, seen: int = 0
) -> None:
    """Lift a suspension."""
    _change("reinstate", "certificate.reinstated", number, identifier, ground, reason, actor, at, seen)


def revoke_certificate(
    *, number: int, identifier: str, ground: str, reason: str, actor: Actor, at: datetime, seen: int = 0
) -> None:
    """End a certificate for good, and those by which it was renewed (行政许可法 8, 69, 70; 行政处罚法 9 (3))."""
    _change("revoke", "certificate.revoked", number, identifier, ground, reason, actor, at, seen)


def renew_certificate(
    *, number: int, identifier: str, valid_until: date, reason: str, actor: Actor, at: datetime, seen: int = 0
) -> str:
    """Issue the next version, valid from the day after this one's end; return its identifier (行政许可法 50).

    Also raises ``ValidityUnfit`` when ``valid_until`` is not later than this one's end and today.
    """
    terms = {"act": "renew", "ground": "renewal", "valid_until": valid_until}
    return _replace("certificate.renewed", terms, number, identifier, reason, actor, at, seen)


def correct_certificate(
    *,
    number: int,
    identifier: str,
    ground: str,
    holder: str,
    values: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
    seen: int = 0,
) -> str:
    """Issue the next version with another ``holder`` or other ``values`` of its fields; return its identifier (49)."""
    terms = {"act": "correct", "ground": ground, "holder": plain(holder), "values": [plain(each) for each in values]}
    return _replace("certificate.replaced", terms, number, identifier, reason, actor, at, seen)


def begin_renewed(*, at: datetime, limit: int = 500) -> int:
    """Let renewed certificates take the place of those before on the day on which they begin; return how many did.

    Each case is a transaction of its own and says it in its log.
    """
    on, begun = get_calendar().local_date(at), 0
    for number in list_cases_of_begun(on=on, limit=limit):
        with whole():
            journal = lock(number)
            for row in evidence.begin_followers(case=number, on=on, at=at):
                said = {"identifier": row.identifier, "ground": row.ground, "successor": row.successor}
                journal.record(kind="certificate.replaced", data=said, actor=SYSTEM, capacity="clock", at=at)
                begun += 1
            save([journal])
    return begun


def _change(
    act: str, kind: str, number: int, identifier: str, ground: str, reason: str, actor: Actor, at: datetime, seen: int
) -> None:
    with whole():
        journal, capacity = _begin(number, actor, seen)
        changed = evidence.change_certificate(
            case=number,
            identifier=identifier,
            act=act,
            ground=ground,
            reason=plain(reason),
            on=journal.calendar.local_date(at),
            at=at,
        )
        for row in changed:
            data = {"identifier": row.identifier, "ground": ground}
            if row.identifier != identifier:
                data["follows"] = identifier
            journal.record(kind=kind, data=data, actor=actor, capacity=capacity, at=at)
        save([journal])


def _replace(
    kind: str, terms: dict[str, Any], number: int, identifier: str, reason: str, actor: Actor, at: datetime, seen: int
) -> str:
    with whole():
        journal, capacity = _begin(number, actor, seen)
        new = evidence.replace_certificate(
            case=number,
            identifier=identifier,
            reason=plain(reason),
            on=journal.calendar.local_date(at),
            at=at,
            **terms,
        )
        said = {"identifier": identifier, "ground": terms["ground"], "successor": new.identifier}
        journal.record(kind=kind, data=said, actor=actor, capacity=capacity, at=at)
        issued = {"identifier": new.identifier, "replaces": identifier}
        journal.record(kind="certificate.issued", data=issued, actor=actor, capacity=capacity, at=at)
        save([journal])
    return new.identifier


def _begin(number: int, actor: Actor, seen: int) -> tuple[Journal, str]:
    journal = lock(number)
    capacity = require_authority(journal.case, actor, roles=("decider",))
    unseen = ledger.get_history(case=number)[seen:] if 0 < seen < journal.case.last_seq else ()
    if any(event.kind in CERTIFICATE_KINDS for event in unseen):
        raise CertificateChanged
    return journal, capacity
