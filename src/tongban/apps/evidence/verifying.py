"""Whether a certificate that somebody shows is genuine, and what it is worth today: each outcome told apart.

A number alone is looked up. A credential (JSON) is checked first: its signature against the issuer's keys, then what
the issuer says of it now. Authorities elsewhere are asked only if the operator trusts them by name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongban.apps.evidence.certificates import CertificateView, get_certificate
from tongban.apps.evidence.credentials import verify_url
from tongban.apps.evidence.elsewhere import Elsewhere, KnownKey, Unreachable, keys_of_document
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.issuers import did_of, keys_of_authority
from tongban.apps.evidence.pdf_checking import PdfFinding, check_pdf, is_pdf
from tongban.apps.people.queries import get_department_names
from tongban.kernel.credentials import CredentialError, expand_list, is_proven, is_set, read_proof

__all__ = ["AUTHENTIC", "LARGEST", "Verdict", "check_credential", "check_file", "check_number"]

AUTHENTIC = ("valid", "not-yet", "expired", "suspended", "revoked", "replaced")
"""Outcomes of what was really issued as it stands; only ``valid`` may be relied on today."""
LARGEST = 10_000_000
"""Bytes of a file; a credential of ours has a few thousand, which is all that is read of JSON."""
_LARGEST_JSON = 200_000
_PAPERS = {
    "authentic": "paper",
    "changed": "changed",
    "foreign": "foreign-issuer",
    "expired": "signer-expired",
    "revoked": "withdrawn-key",
    "unsigned": "unsigned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of checking.

    ``code`` is one of ``AUTHENTIC``, or: ``unknown`` (never issued by us), ``changed`` (the signature does not fit
    what it says), ``foreign-key`` (signed by a key that is not the issuer's), ``withdrawn-key`` (by one that the issuer
    no longer stands by), ``foreign-issuer`` (by somebody whom we cannot vouch for), ``unreachable`` (the issuer could
    not be asked), ``unreadable`` (no such credential at all). Of a PDF also: ``paper`` (a document of ours that is no
    certificate, as we signed it), ``signer-expired`` (who signed it was ours once; no timestamp proves when),
    ``unsigned``.

    ``certificate`` is what we issued; ``shown`` what a credential of somebody else says of itself; ``signer`` who
    signed a PDF, by the name in their certificate; ``named`` the number that a PDF gives as its own, not proven;
    ``inside`` what came of checking the credential that travels in a PDF, None where none does.
    """

    code: str
    issuer: str = ""
    certificate: CertificateView | None = None
    shown: Mapping[str, Any] | None = None
    signer: str = ""
    named: str = ""
    inside: "Verdict | None" = None

    @property
    def is_authentic(self) -> bool:
        """Whether it was issued by who it names, and nothing in it was changed."""
        return self.code in (*AUTHENTIC, "paper")


def check_number(*, identifier: str, on: date) -> Verdict:
    """Say what is known under a number."""
    try:
        found = get_certificate(identifier=identifier)
    except UnknownCertificate:
        return Verdict(code="unknown")
    return Verdict(code=found.standing(on=on), issuer=did_of(found.authority.code), certificate=found)


def check_file(*, content: bytes, at: datetime) -> Verdict:
    """Say what an uploaded file is worth; what kind it is, its bytes tell. Nothing of it is kept.

    Raises ``FileTooLarge`` and ``PapersBusy`` of a PDF.
    """
    if is_pdf(content):
        found = check_pdf(content=content, at=at)
        inside = check_credential(content=found.credential.encode(), at=at) if found.credential else None
        return replace(_of_paper(found, on=timezone.localdate(at)), inside=inside)
    return check_credential(content=content, at=at)


def _of_paper(found: PdfFinding, *, on: date) -> Verdict:
    """A PDF that is ours says which certificate it is; what that is worth today, our books say."""
    if found.state == "authentic" and found.identifier:
        return replace(check_number(identifier=found.identifier, on=on), signer=found.signer)
    code = _PAPERS.get(found.state, "unreadable")
    return Verdict(code=code, signer=found.signer, named=found.identifier)


def check_credential(*, content: bytes, at: datetime, elsewhere: Elsewhere | None = None) -> Verdict:
    """Say what a credential in JSON is worth. Nothing of it is kept."""
    try:
        document = _read(content)
        proof = read_proof(document)
    except (CredentialError, ValueError, RecursionError):
        return Verdict(code="unreadable")
    issuer = _issuer_of(document)
    ours = issuer.rsplit(":", 1)[-1]
    if issuer == did_of(ours) and ((keys := keys_of_authority(ours)) or ours in get_department_names()):
        verdict = _proof_verdict(document, proof, issuer, keys)
        return verdict or _ours(document, issuer, on=timezone.localdate(at))
    if issuer not in settings.TRUSTED_ISSUERS:
        return Verdict(code="foreign-issuer", issuer=issuer)
    try:
        return _theirs(document, proof, issuer, elsewhere or Elsewhere(), at)
    except Unreachable:
        return Verdict(code="unreachable", issuer=issuer)


def _proof_verdict(
    document: Mapping[str, Any], proof: Mapping[str, Any], issuer: str, keys: Mapping[str, KnownKey]
) -> Verdict | None:
    """What is wrong with the signature; None when it is the issuer's and fits."""
    method = proof["verificationMethod"]
    if method not in keys or proof["proofPurpose"] != "assertionMethod":
        return Verdict(code="foreign-key", issuer=issuer)
    key = keys[method]
    if not is_proven(document=document, public=key.public):
        return Verdict(code="changed", issuer=issuer)
    return None if key.vouches else Verdict(code="withdrawn-key", issuer=issuer)


def _ours(document: Mapping[str, Any], issuer: str, *, on: date) -> Verdict:
    """Our own books know more, and know it sooner, than the lists that we publish."""
    subject = document.get("credentialSubject")
    number = subject.get("certificateNumber") if isinstance(subject, dict) else None
    if not isinstance(number, str) or document.get("id") != verify_url(number):
        return Verdict(code="unreadable", issuer=issuer)  # signed by us, but no certificate: a status list, say
    return check_number(identifier=number, on=on)


def _theirs(
    document: Mapping[str, Any], proof: Mapping[str, Any], issuer: str, elsewhere: Elsewhere, at: datetime
) -> Verdict:
    keys = keys_of_document(elsewhere.get_did_document(issuer))
    if (verdict := _proof_verdict(document, proof, issuer, keys)) is not None:
        return verdict
    code = _status(document, issuer, keys, elsewhere, at) or _days(document, at)
    return Verdict(code=code, issuer=issuer, shown=document)


def _days(document: Mapping[str, Any], at: datetime) -> str:
    begins, ends = (_instant(document.get(name)) for name in ("validFrom", "validUntil"))
    if ends is not None and at > ends:
        return "expired"
    return "not-yet" if begins is not None and at < begins else "valid"


def _status(
    document: Mapping[str, Any], issuer: str, keys: Mapping[str, KnownKey], elsewhere: Elsewhere, at: datetime
) -> str:
    """``revoked`` or ``suspended`` by the issuer's lists, or "". Raises ``Unreachable`` where one cannot be had."""
    given = document.get("credentialStatus") or []
    found = set()
    for entry in given if isinstance(given, list) else [given]:
        if not isinstance(entry, dict):
            raise Unreachable
        purpose = entry.get("statusPurpose")
        if entry.get("type") != "BitstringStatusListEntry" or entry.get("statusSize", 1) != 1:
            raise Unreachable  # it has a status of a kind that we cannot read: that is no reason to trust it
        if purpose not in ("revocation", "suspension"):
            continue
        published = elsewhere.get_list(str(entry.get("statusListCredential")), issuer=issuer)
        try:
            if _proof_verdict(published, read_proof(published), issuer, keys) or _days(published, at) != "valid":
                raise Unreachable
            subject = published["credentialSubject"]
            if subject["statusPurpose"] != purpose or _issuer_of(published) != issuer:
                raise Unreachable
            if is_set(expand_list(subject["encodedList"]), int(entry["statusListIndex"])):
                found.add(purpose)
        except (CredentialError, KeyError, TypeError, ValueError):
            raise Unreachable from None
    return "revoked" if "revocation" in found else "suspended" if found else ""


def _read(content: bytes) -> dict[str, Any]:
    if len(content) > _LARGEST_JSON:
        raise ValueError
    document = json.loads(content, object_pairs_hook=_once, parse_constant=_no_constant)
    if not isinstance(document, dict):
        raise ValueError
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two members of one name are read differently by different readers: what has them is no credential."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""


def _instant(value: object) -> datetime | None:
    """An instant of a credential; one without a zone, or none at all, is a reason to trust nothing."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Unreachable from None
    if found.tzinfo is None:
        raise Unreachable
    return found
