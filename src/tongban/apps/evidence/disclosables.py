"""A certificate as SD-JWT VC: issued once by the worker, so that its holder can show fields of it without a key.

The token says what it is, who issued it and until when it holds; holder, number, day of issue and each field stand
in it as digests only. See docs/adr/0029.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.apps.evidence import sd_jwt
from tongban.apps.evidence.errors import CredentialNotReady
from tongban.apps.evidence.issuers import Signer, list_issuer_keys, signer_of
from tongban.apps.evidence.models import Certificate, Disclosable
from tongban.apps.people.queries import DepartmentName, get_department_names
from tongban.apps.people.sealing import open_sealed, seal

__all__ = [
    "HIDDEN",
    "get_issuer_metadata",
    "get_token",
    "get_type_metadata",
    "issue_disclosables",
    "issuer_url",
    "keys_of",
    "sign_disclosables_again",
    "type_url",
]

HIDDEN = ("holder", "number", "issued_on")
"""Claims that are disclosed by name; ``fields`` is a list that is disclosed element by element."""


def issuer_url(authority: str) -> str:
    """Who issued a token (``iss``): its keys lie under ``/.well-known/jwt-vc-issuer`` before this path."""
    return f"{settings.BASE_URL}/authorities/{authority}"


def type_url() -> str:
    """What kind of credential a token is (``vct``); there its claims are explained."""
    return f"{settings.BASE_URL}/credential-types/certificate/v1"


def issue_disclosables(*, certificates: Sequence[Certificate], at: datetime) -> int:
    """Sign a token for those that have none; return how many. In the caller's transaction, for the worker.

    Raises what ``signer_of`` raises.
    """
    kept = set(Disclosable.objects.filter(pk__in=[each.pk for each in certificates]).values_list("pk", flat=True))
    fresh = sorted((each for each in certificates if each.pk not in kept), key=lambda each: each.authority_id)
    departments = get_department_names()
    for authority, group in groupby(fresh, key=lambda each: each.authority_id):
        signer = signer_of(authority, at=at)
        Disclosable.objects.bulk_create(_signed(each, departments[authority], signer, at) for each in group)
    return len(fresh)


def sign_disclosables_again(*, at: datetime, limit: int = 200) -> int:
    """Sign anew what a key signed that is not trusted any more; return how many. Raises what ``signer_of`` raises."""
    with transaction.atomic():
        rows = Disclosable.objects.select_for_update(of=("self",)).exclude(key__compromised_at=None)
        old = list(rows.select_related("certificate").order_by("pk")[:limit])
        departments = get_department_names()
        for row in old:
            authority = row.certificate.authority_id
            signed = _signed(row.certificate, departments[authority], signer_of(authority, at=at), at)
            signed.save(force_update=True)
    return len(old)


def get_token(*, identifier: str) -> str:
    """Return the token of a certificate with all its disclosures. Raises ``CredentialNotReady``."""
    sealed = Disclosable.objects.filter(pk=identifier).values_list("token", flat=True).first()
    if sealed is None:
        raise CredentialNotReady
    return open_sealed(sealed)


def keys_of(authority: str) -> dict[str, bytes]:
    """Return the keys that vouch for an authority's tokens, by their names."""
    return {row.pk: bytes(row.public) for row in list_issuer_keys(authority=authority) if row.compromised_at is None}


def get_issuer_metadata(*, authority: str) -> dict[str, Any] | None:
    """Return what verifiers find under ``/.well-known/jwt-vc-issuer``; None for one that has never signed."""
    keys = keys_of(authority)
    if not keys:
        return None
    shape = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": sd_jwt.ALGORITHM}
    public = {kid: urlsafe_b64encode(key).rstrip(b"=").decode() for kid, key in keys.items()}
    jwks = {"keys": [{**shape, "kid": kid, "x": x} for kid, x in public.items()]}
    return {"issuer": issuer_url(authority), "jwks": jwks}


def get_type_metadata() -> dict[str, Any]:
    """Return what the claims of a token mean, for whoever shows them to people."""

    def claim(path: list[str | None], zh: str, en: str, sd: str) -> dict[str, Any]:
        display = [{"locale": "zh-CN", "label": zh}, {"locale": "en", "label": en}]
        return {"path": path, "display": display, "sd": sd}

    return {
        "vct": type_url(),
        "name": "Certificate of a government authority",
        "display": [{"locale": "zh-CN", "name": "电子证照"}, {"locale": "en", "name": "Certificate"}],
        "claims": [
            claim(["name"], "证照名称", "Name of the certificate", "never"),
            claim(["authority"], "发证机关", "Issued by", "never"),
            claim(["holder"], "持有人", "Holder", "always"),
            claim(["number"], "证照标识", "Number of the certificate", "always"),
            claim(["issued_on"], "发证日期", "Date of issue", "always"),
            claim(["fields", None], "证照内容", "What it says", "always"),
        ],
    }


def _signed(certificate: Certificate, authority: DepartmentName, signer: Signer, at: datetime) -> Disclosable:
    token = sd_jwt.issue(
        claims=_claims(certificate, authority, at),
        hidden={
            "holder": certificate.holder,
            "number": certificate.identifier,
            "issued_on": f"{timezone.localdate(certificate.issued_at):%Y-%m-%d}",
        },
        listed={
            "fields": [
                {"label": {"zh": each["zh"], "en": each["en"]}, "value": each["value"]} for each in certificate.fields
            ]
        },
        key=signer.key,
    )
    return Disclosable(certificate=certificate, token=seal(token), key=signer.row, signed_at=at)


def _claims(certificate: Certificate, authority: DepartmentName, at: datetime) -> Mapping[str, Any]:
    """What everybody sees to whom anything of it is shown."""
    claims: dict[str, Any] = {
        "iss": issuer_url(certificate.authority_id),
        "iat": int(at.timestamp()),
        "vct": type_url(),
        "name": {"zh": certificate.name_zh, "en": certificate.name_en},
        "authority": {"zh": authority.name_zh, "en": authority.name_en},
    }
    zone = timezone.get_default_timezone()
    if certificate.valid_from is not None:
        claims["nbf"] = int(datetime.combine(certificate.valid_from, time(0), zone).timestamp())
    if certificate.valid_until is not None:  # the last day is a whole day
        end = datetime.combine(certificate.valid_until + timedelta(days=1), time(0), zone)
        claims["exp"] = int(end.timestamp())
    return claims
