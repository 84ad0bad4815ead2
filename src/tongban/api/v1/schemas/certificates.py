"""What a certificate is worth, as JSON."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from tongban.api.v1.schemas.common import Words
from tongban.apps.evidence.queries import Verdict
from tongban.apps.people.queries import DepartmentName

__all__ = ["CheckedCertificate", "CheckedFile", "checked_of", "file_of"]


class Issuer(BaseModel):
    """Who issued it."""

    code: str
    name: Words
    did: str = Field(description="Its did:web name; the keys lie at `/authorities/<code>/did.json`.")


class CheckedCertificate(BaseModel):
    """A certificate that was issued here, and what it is worth today."""

    identifier: str
    standing: str = Field(description="`valid`, `not-yet`, `expired`, `suspended`, `revoked` or `replaced`.")
    is_valid: bool = Field(description="Whether it may be relied on today: only then.")
    name: Words
    holder: str
    issuer: Issuer
    issued_at: datetime
    valid_from: date | None
    valid_until: date | None
    changed_at: datetime | None = Field(description="When an authority last changed its state.")
    ground: str = Field(description="Why, as a code; empty where nothing was changed. The issuer has changed it.")
    successor: str = Field(description="The version that follows it or has replaced it; empty where there is none.")


class CheckedInside(BaseModel):
    """What came of the credential that travels in a PDF, checked by itself."""

    outcome: str = Field(description="As of the file.")
    identifier: str = Field(description="The certificate that it is; empty where it is none of ours.")


class CheckedFile(BaseModel):
    """What came of checking a file; nothing of it is kept."""

    outcome: str = Field(
        description="Of what was issued as it stands: `valid`, `not-yet`, `expired`, `suspended`, `revoked`, "
        "`replaced`; `paper`: a document of ours that is no certificate. Else: `unknown` (never issued), `changed`, "
        "`foreign-key` (not signed by who it names), `withdrawn-key`, `foreign-issuer`, `unreachable` (ask again), "
        "`signer-expired`, `unsigned`, `unreadable`."
    )
    is_authentic: bool = Field(description="Whether it was issued by who it names, and nothing in it was changed.")
    is_valid: bool = Field(description="Whether it may be relied on today: only then.")
    issuer: str = Field(description="did:web name of who issued it; empty where that is not proven by the file.")
    signer: str = Field(description="Who signed a PDF, by the name in their certificate (X.509).")
    named: str = Field(description="The number that a PDF gives as its own, not proven: look it up.")
    certificate: CheckedCertificate | None = Field(description="What we issued, and what it is worth today.")
    inside: CheckedInside | None = Field(description="The credential in a PDF; null where it carries none.")


def file_of(verdict: Verdict) -> CheckedFile:
    """Return what came of checking a file as JSON."""
    inside = verdict.inside
    held = inside.certificate if inside else None
    return CheckedFile(
        outcome=verdict.code,
        is_authentic=verdict.is_authentic,
        is_valid=verdict.code == "valid",
        issuer=verdict.issuer,
        signer=verdict.signer,
        named=verdict.named,
        certificate=checked_of(verdict) if verdict.certificate else None,
        inside=CheckedInside(outcome=inside.code, identifier=held.identifier if held else "") if inside else None,
    )


def checked_of(verdict: Verdict) -> CheckedCertificate:
    """Return a certificate of ours as JSON."""
    found = verdict.certificate
    assert found is not None
    return CheckedCertificate(
        identifier=found.identifier,
        standing=verdict.code,
        is_valid=verdict.code == "valid",
        name=Words(zh=found.name_zh, en=found.name_en),
        holder=found.holder,
        issuer=_issuer(found.authority, verdict.issuer),
        issued_at=found.issued_at,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        changed_at=found.changed_at,
        ground=found.ground,
        successor=found.successor,
    )


def _issuer(authority: DepartmentName, did: str) -> Issuer:
    return Issuer(code=authority.code, name=Words(zh=authority.name_zh, en=authority.name_en), did=did)
