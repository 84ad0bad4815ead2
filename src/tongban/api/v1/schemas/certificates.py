"""What a certificate is worth, as JSON."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from tongban.api.v1.schemas.common import Words
from tongban.apps.evidence.queries import Verdict
from tongban.apps.people.queries import DepartmentName

__all__ = ["CheckedCertificate", "checked_of"]


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
    ground: str = Field(description="Why, as a code; empty where nothing was changed.")
    successor: str = Field(description="The version that follows it or has replaced it; empty where there is none.")


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
