"""Certificates as W3C Verifiable Credentials 2.0: what they say, and the signing of them.

The hot path of a decision signs nothing: this follows the log. So only the worker needs the keys, and whoever breaks
into a process that serves pages cannot issue anything (docs/adr/0028).
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.apps.evidence.disclosables import issue_disclosables
from tongban.apps.evidence.errors import CredentialNotReady
from tongban.apps.evidence.issuers import Signer, did_of, signer_of
from tongban.apps.evidence.models import Certificate, Credential
from tongban.apps.evidence.statuses import Place, allot_places, entries_of, instant, set_statuses
from tongban.apps.ledger.services import Followed
from tongban.apps.people.queries import DepartmentName, get_department_names
from tongban.kernel.credentials import add_proof

__all__ = [
    "FOLLOWED",
    "context_url",
    "follow_certificates",
    "get_context",
    "get_credential_text",
    "issue_credentials",
    "sign_again",
    "unsigned_credential",
    "verify_url",
]

FOLLOWED = (
    "certificate.issued",
    "certificate.suspended",
    "certificate.reinstated",
    "certificate.revoked",
    "certificate.replaced",
    "certificate.renewed",
)
"""What happens to certificates, by its name in the log."""

_V2 = "https://www.w3.org/ns/credentials/v2"


def context_url() -> str:
    """Where the words of our own that a credential uses are explained to machines."""
    return f"{settings.BASE_URL}/contexts/certificate/v1"


def verify_url(identifier: str) -> str:
    """The public page of a certificate: where its code leads, and what its credential is called."""
    return f"{settings.BASE_URL}/verify/{identifier}/"


def get_context() -> dict[str, Any]:
    """Return the JSON-LD context of our own words."""
    url = context_url()
    field = {"@version": 1.1, "@protected": True, "label": f"{url}#label", "value": f"{url}#value"}
    holder = {
        "@version": 1.1,
        "@protected": True,
        "certificateNumber": f"{url}#certificateNumber",
        "matter": f"{url}#matter",
        "fields": {"@id": f"{url}#fields", "@container": "@list", "@context": field},
    }
    return {
        "@context": {
            "@version": 1.1,
            "@protected": True,
            "GovernmentCertificate": f"{url}#GovernmentCertificate",
            "CertificateHolder": {"@id": f"{url}#CertificateHolder", "@context": holder},
        }
    }


def unsigned_credential(*, certificate: Certificate, authority: DepartmentName, place: Place) -> dict[str, Any]:
    """Return what a certificate says as a credential, in both languages; numbers of people are masked in it already."""
    begins = certificate.issued_at if certificate.valid_from is None else _midnight(certificate.valid_from)
    document = {
        "@context": [_V2, context_url()],
        "id": verify_url(certificate.identifier),
        "type": ["VerifiableCredential", "GovernmentCertificate"],
        "issuer": {"id": did_of(authority.code), "name": _both(authority.name_zh, authority.name_en)},
        "name": _both(certificate.name_zh, certificate.name_en),
        "validFrom": instant(begins),
        "credentialStatus": entries_of(place),
        "credentialSubject": {
            "type": "CertificateHolder",
            "name": certificate.holder,
            "certificateNumber": certificate.identifier,
            "matter": certificate.matter,
            "fields": [
                {"label": _both(str(each["zh"]), str(each["en"])), "value": each["value"]}
                for each in certificate.fields
            ],
        },
    }
    if certificate.valid_until is not None:  # the last day is a whole day
        document["validUntil"] = instant(_midnight(certificate.valid_until + timedelta(days=1)) - timedelta(seconds=1))
    return document


def get_credential_text(*, identifier: str) -> str:
    """Return the signed credential of a certificate, as it is handed to its holder. Raises ``CredentialNotReady``."""
    text = Credential.objects.filter(pk=identifier).values_list("document", flat=True).first()
    if text is None:
        raise CredentialNotReady
    return text


def follow_certificates(events: Sequence[Followed], at: datetime) -> None:
    """Issue what has been granted, and let the status lists say what has become of what was issued.

    What a certificate's row says counts, not the order of events: read again, the log changes nothing. Raises what
    ``signer_of`` raises; the follower then stands still, and says so.
    """
    rows = Certificate.objects.filter(pk__in={str(each.event.data["identifier"]) for each in events})
    issue_credentials(certificates=list(rows), at=at)
    issue_disclosables(certificates=list(rows), at=at)


def issue_credentials(*, certificates: Sequence[Certificate], at: datetime) -> int:
    """Sign those that have no credential yet, bring the bits of all in line with their states; return how many signed.

    In the caller's transaction; some eight queries for each authority, however many certificates.
    """
    kept = Credential.objects.filter(pk__in=[each.pk for each in certificates]).values_list("pk", "list_id", "index")
    places = {identifier: (number, index) for identifier, number, index in kept}
    fresh = sorted((each for each in certificates if each.pk not in places), key=_authority)
    departments = get_department_names()
    for authority, group in groupby(fresh, key=_authority):
        signer, mine = signer_of(authority, at=at), list(group)
        drawn = dict(zip(mine, allot_places(authority=authority, count=len(mine)), strict=True))
        Credential.objects.bulk_create(
            _signed(certificate, departments[authority], place, signer, at) for certificate, place in drawn.items()
        )
        places |= {certificate.pk: place for certificate, place in drawn.items()}
    set_statuses(states={places[each.pk]: each.state for each in certificates}, at=at)
    return len(fresh)


def sign_again(*, at: datetime, limit: int = 200) -> int:
    """Sign anew what a key signed that is not trusted any more; return how many. Raises what ``signer_of`` raises."""
    with transaction.atomic():
        rows = Credential.objects.select_for_update(of=("self",)).exclude(key__compromised_at=None)
        old = list(rows.select_related("certificate").order_by("pk")[:limit])
        departments = get_department_names()
        for row in old:
            certificate = row.certificate
            signer = signer_of(certificate.authority_id, at=at)
            place = (row.list_id, row.index)
            signed = _signed(certificate, departments[certificate.authority_id], place, signer, at)
            signed.save(force_update=True)
    return len(old)


def _signed(
    certificate: Certificate, authority: DepartmentName, place: Place, signer: Signer, at: datetime
) -> Credential:
    document = unsigned_credential(certificate=certificate, authority=authority, place=place)
    signed = add_proof(document=document, key=signer.key, method=signer.method, at=at)
    return Credential(
        certificate=certificate,
        list_id=place[0],
        index=place[1],
        document=json.dumps(signed, ensure_ascii=False, indent=1),
        key=signer.row,
        signed_at=at,
    )


def _authority(certificate: Certificate) -> str:
    return certificate.authority_id


def _both(zh: str, en: str) -> list[dict[str, str]]:
    return [{"@value": zh, "@language": "zh-Hans"}, {"@value": en, "@language": "en"}]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), timezone.get_default_timezone())
