"""The life of a certificate: issued, suspended and lifted, revoked, replaced, renewed; and by which law.

Pure rules and the row that mirrors them. Who may, and the log of it all, are the case's (``cases.services``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef

from tongban.apps.evidence.certificates import CertificateView
from tongban.apps.evidence.errors import CertificateEnded, GroundUnfit, UnknownCertificate, ValidityUnfit
from tongban.apps.evidence.models import Certificate
from tongban.kernel.numbers import CertificateIdentifier

__all__ = [
    "GROUNDS",
    "Ground",
    "begin_followers",
    "change_certificate",
    "followers_of",
    "grounds_of",
    "law_of",
    "list_cases_of_begun",
    "may_change",
    "replace_certificate",
]

Version = TypeVar("Version", Certificate, CertificateView)


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
_HELD = ("issued", "suspended")
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


def followers_of(certificate: Certificate | CertificateView, *, versions: Iterable[Version]) -> list[Version]:
    """The versions by which a certificate was renewed, the next one first; ``versions`` are all of its case."""
    known = {each.identifier: each for each in versions}
    found: list[Version] = []
    following = known.get(certificate.successor)
    while following is not None and following not in found:
        found.append(following)
        following = known.get(following.successor)
    return found


def change_certificate(
    *, case: int, identifier: str, act: str, ground: str, reason: str, on: date, at: datetime
) -> list[Certificate]:
    """Suspend, reinstate or revoke a certificate of a case, in the caller's transaction; return what has changed.

    That is the certificate and those by which it was renewed: a renewal extends the same licence (行政许可法 50), so
    what ends the licence, or lets it rest, ends its renewal too (69, 70). Raises ``UnknownCertificate``,
    ``CertificateEnded`` or ``GroundUnfit``.
    """
    row = _locked(case, identifier, act=act, ground=ground, on=on)
    following = followers_of(row, versions=Certificate.objects.filter(case=case).exclude(pk=row.pk))
    changed = [row, *(each for each in following if each.state in _FROM[act])]
    for each in changed:
        each.state, each.changed_at, each.ground, each.reason = _TO[act], at, ground, reason
        each.save(update_fields=["state", "changed_at", "ground", "reason"])
    return changed


def list_cases_of_begun(*, on: date, limit: int) -> list[int]:
    """Return cases in which a renewed certificate has begun to hold while the one before is not replaced yet."""
    begun = Certificate.objects.filter(pk=OuterRef("successor"), valid_from__lte=on)
    rows = Certificate.objects.filter(Exists(begun), state__in=_HELD).exclude(successor="")
    return list(rows.order_by("case").values_list("case", flat=True).distinct()[:limit])


def begin_followers(*, case: int, on: date, at: datetime) -> list[Certificate]:
    """Let renewals that have begun take the place of what they renew, in the caller's transaction; return the latter.

    One that was suspended is replaced as well: the one that follows was suspended with it.
    """
    versions = {each.pk: each for each in Certificate.objects.select_for_update().filter(case=case)}
    ended = []
    for row in versions.values():
        following = versions.get(row.successor)
        begins = following.valid_from if following else None
        if row.state in _HELD and begins is not None and begins <= on:
            row.state, row.changed_at, row.ground, row.reason = "replaced", at, "renewal", ""
            row.save(update_fields=["state", "changed_at", "ground", "reason"])
            ended.append(row)
    return ended


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
