"""The life of a certificate: issued, suspended and lifted, revoked, replaced, renewed; and by which law.

Pure rules and the row that mirrors them. Who may, and the log of it all, are the case's (``cases.services``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tongban.apps.evidence.certificates import CertificateView
from tongban.apps.evidence.errors import CertificateEnded, GroundUnfit, UnknownCertificate, ValidityUnfit
from tongban.apps.evidence.models import Certificate
from tongban.kernel.numbers import CertificateIdentifier

__all__ = ["GROUNDS", "Ground", "change_certificate", "grounds_of", "law_of", "may_change", "replace_certificate"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a certificate may be changed: its code, for which acts, and the law that says so (its code for words)."""

    code: str
    acts: frozenset[str]
    law: str


def _ground(code: str, acts: str, law: str) -> Ground:
    return Ground(code, frozenset(acts.split()), law)


GROUNDS: Mapping[str, Ground] = {
    each.code: each
    for each in (
        _ground("inspection", "suspend", "licensing-61"),
        _ground("penalty-suspend", "suspend", "penalty-9-3"),
        _ground("holder-asked", "suspend reinstate revoke correct", "licensing-49"),
        _ground("put-right", "reinstate", "licensing-61"),
        _ground("term-over", "reinstate", "penalty-9-3"),
        _ground("unlawful", "revoke", "licensing-69-1"),
        _ground("fraud", "revoke", "licensing-69-2"),
        _ground("withdrawn", "revoke", "licensing-8"),
        _ground("penalty-revoke", "revoke", "penalty-9-3"),
        _ground("holder-gone", "revoke", "licensing-70"),
        _ground("mistake", "correct", "licensing-61"),
        _ground("changed", "correct", "licensing-49"),
        _ground("renewal", "renew", "licensing-50"),
    )
}
"""The grounds that the Administrative Licensing Law (8, 49, 50, 61, 69, 70) and the Law on Administrative Penalties
(9, 3: 暂扣、吊销许可证件) give."""

_FROM = {
    "suspend": {"issued"},
    "reinstate": {"suspended"},
    "revoke": {"issued", "suspended"},
    "correct": {"issued"},
    "renew": {"issued"},
}
_TO = {"suspend": "suspended", "reinstate": "issued", "revoke": "revoked", "correct": "replaced", "renew": "issued"}


def grounds_of(act: str) -> list[Ground]:
    """The grounds for an act: ``suspend``, ``reinstate``, ``revoke``, ``correct`` or ``renew``."""
    return [each for each in GROUNDS.values() if act in each.acts]


def law_of(ground: str) -> str:
    """The law that a ground rests on, by its code; "" for no ground."""
    return GROUNDS[ground].law if ground in GROUNDS else ""


def may_change(certificate: Certificate | CertificateView, act: str, *, on: date) -> bool:
    """Whether an act is possible in the state that a certificate is in on that day."""
    if certificate.state not in _FROM[act] or (act in ("renew", "correct") and certificate.successor):
        return False
    ended = certificate.valid_until is not None and certificate.valid_until < on
    if act == "renew":
        return certificate.valid_until is not None
    return act == "revoke" or not ended


def change_certificate(
    *, case: int, identifier: str, act: str, ground: str, reason: str, on: date, at: datetime
) -> Certificate:
    """Suspend, reinstate or revoke a certificate of a case, in the caller's transaction; return it as it is now.

    Raises ``UnknownCertificate``, ``CertificateEnded`` or ``GroundUnfit``.
    """
    row = _locked(case, identifier, act=act, ground=ground, on=on)
    row.state, row.changed_at, row.ground, row.reason = _TO[act], at, ground, reason
    row.save(update_fields=["state", "changed_at", "ground", "reason"])
    return row


def replace_certificate(
    *,
    case: int,
    identifier: str,
    act: str,
    ground: str,
    reason: str,
    holder: str = "",
    values: Sequence[str] = (),
    valid_until: date | None = None,
    on: date,
    at: datetime,
) -> Certificate:
    """Make the next version of a certificate, in the caller's transaction, and return it.

    ``correct``: at once, with another ``holder`` or other ``values`` of its fields, as long as the one before.
    ``renew``: what it says stays; it is valid from the day after the end of the one before (from today if that is
    over) until ``valid_until``, and the one before is valid to its end.

    Raises ``UnknownCertificate``, ``CertificateEnded``, ``GroundUnfit`` or ``ValidityUnfit``.
    """
    old = _locked(case, identifier, act=act, ground=ground, on=on)
    new = _next_version(old, at)
    if act == "renew":
        if valid_until is None or old.valid_until is None or valid_until <= max(old.valid_until, on):
            raise ValidityUnfit(until=old.valid_until)
        new.valid_from, new.valid_until = max(old.valid_until + timedelta(days=1), on), valid_until
    else:
        new.holder = holder or old.holder
        if values:
            new.fields = [{**each, "value": value} for each, value in zip(old.fields, values, strict=True)]
        old.state, old.changed_at, old.ground, old.reason = _TO[act], at, ground, reason
    old.successor = new.identifier
    old.save(update_fields=["state", "changed_at", "ground", "reason", "successor"])
    new.save(force_insert=True)
    return new


def _locked(case: int, identifier: str, *, act: str, ground: str, on: date) -> Certificate:
    row = Certificate.objects.select_for_update().filter(pk=identifier, case=case).first()
    if row is None:
        raise UnknownCertificate
    if not may_change(row, act, on=on):
        raise CertificateEnded(state=row.state)
    if ground not in GROUNDS or act not in GROUNDS[ground].acts:
        raise GroundUnfit
    return row


def _next_version(old: Certificate, at: datetime) -> Certificate:
    number = CertificateIdentifier.parse(old.identifier)
    return Certificate(
        identifier=str(replace(number, version=number.version + 1)),
        case=old.case,
        matter=old.matter,
        name_zh=old.name_zh,
        name_en=old.name_en,
        authority_id=old.authority_id,
        holder=old.holder,
        holder_hash=old.holder_hash,
        issued_at=at,
        valid_from=old.valid_from,
        valid_until=old.valid_until,
        fields=old.fields,
    )
