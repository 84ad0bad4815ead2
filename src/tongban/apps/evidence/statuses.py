"""Status lists: where each credential has its bits, and the signed lists that everybody may fetch.

A list belongs to one authority and is signed by it. What is served is a text that lies ready: nothing is packed,
unpacked or signed when somebody asks.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tongban.apps.evidence.issuers import Signer, signer_of
from tongban.apps.evidence.models import StatusDocument, StatusList
from tongban.kernel.credentials import ENTRIES, add_proof, empty_list, encode_list, is_set, with_bit

__all__ = [
    "PURPOSES",
    "TTL",
    "Place",
    "allot_places",
    "entries_of",
    "get_status_document",
    "instant",
    "list_url",
    "refresh_status_lists",
    "set_statuses",
]

PURPOSES = ("revocation", "suspension")
TTL = timedelta(minutes=5)
"""So long may a list be kept by who fetched it, and so late may they hear of a revocation."""
_VALID = timedelta(days=7)
"""An old list, shown again by somebody who would rather have it so, is worth nothing after that."""
_SIGNED_AGAIN = timedelta(days=1)
_FULL = ENTRIES // 2
"""Places are drawn by lot, so that a place says nothing about when it was given; half full, that is still quick."""

Place = tuple[int, int]
"""The number of a list, and the index in it."""


def list_url(number: int, purpose: str) -> str:
    """Where a list is served."""
    return f"{settings.BASE_URL}/status/{number}/{purpose}"


def entries_of(place: Place) -> list[dict[str, str]]:
    """``credentialStatus`` of a credential."""
    number, index = place
    return [
        {
            "id": f"{list_url(number, purpose)}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": list_url(number, purpose),
        }
        for purpose in PURPOSES
    ]


def allot_places(*, authority: str, count: int) -> list[Place]:
    """Return so many free places in lists of an authority, and take them; in the caller's transaction.

    A new list is begun where the last one is half full; ``set_statuses`` signs it.
    """
    places: list[Place] = []
    while len(places) < count:
        row = StatusList.objects.select_for_update().filter(authority=authority, count__lt=_FULL).first()
        row = row or _begin(authority)
        drawn = min(count - len(places), _FULL - row.count)
        taken = bytearray(row.taken)
        for _ in range(drawn):
            index = secrets.randbelow(ENTRIES)
            while is_set(taken, index):
                index = secrets.randbelow(ENTRIES)
            taken[index // 8] |= 0x80 >> index % 8
            places.append((row.number, index))
        row.count += drawn
        row.taken = bytes(taken)
        row.save(update_fields=["taken", "count"])
    return places


def set_statuses(*, states: Mapping[Place, str], at: datetime) -> None:
    """Bring the bits of places in line with their certificates' states, and sign the lists that this changes.

    In the caller's transaction. Raises what ``signer_of`` raises.
    """
    rows = StatusDocument.objects.select_for_update().select_related("list").order_by("list_id", "purpose")
    for row in rows.filter(list__in={number for number, _ in states}):
        bits = bytes(row.bits)
        for (number, index), state in states.items():
            if number == row.list_id and is_set(bits, index) != (wanted := _bit(row.purpose, state)):
                bits = with_bit(bits, index, wanted)
        if bits != bytes(row.bits) or row.signed_at is None:
            row.bits = bits
            _sign(row, signer_of(row.list.authority_id, at=at), at)


def refresh_status_lists(*, at: datetime, limit: int = 100) -> int:
    """Sign anew what was signed a day ago, or by a key that is not trusted any more; return how many.

    Raises what ``signer_of`` raises.
    """
    with transaction.atomic():
        rows = StatusDocument.objects.select_for_update().select_related("list").exclude(signed_at=None)
        old = list(rows.filter(signed_at__lte=at - _SIGNED_AGAIN).order_by("signed_at")[:limit])
        old += rows.exclude(key__compromised_at=None).exclude(signed_at__lte=at - _SIGNED_AGAIN)[:limit]
        for row in old:
            _sign(row, signer_of(row.list.authority_id, at=at), at)
    return len(old)


def get_status_document(*, number: int, purpose: str) -> tuple[str, datetime] | None:
    """Return a list as it is served, and when it was signed; one row, nothing computed."""
    row = StatusDocument.objects.filter(list=number, purpose=purpose).values_list("document", "signed_at").first()
    return None if row is None or row[1] is None else (row[0], row[1])


def _bit(purpose: str, state: str) -> bool:
    """A replaced certificate counts as revoked to whoever asks the list: it must not be relied on."""
    return state in ("revoked", "replaced") if purpose == "revocation" else state == "suspended"


def _begin(authority: str) -> StatusList:
    row = StatusList.objects.create(authority_id=authority, taken=empty_list())
    StatusDocument.objects.bulk_create(
        StatusDocument(list=row, purpose=purpose, bits=empty_list()) for purpose in PURPOSES
    )
    return row


def _sign(row: StatusDocument, signer: Signer, at: datetime) -> None:
    url = list_url(row.list_id, row.purpose)
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": signer.did,
        "validFrom": instant(at),
        "validUntil": instant(at + _VALID),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": row.purpose,
            "encodedList": encode_list(bytes(row.bits)),
            "ttl": int(TTL.total_seconds() * 1000),
        },
    }
    signed = add_proof(document=document, key=signer.key, method=signer.method, at=at)
    row.document = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
    row.key, row.signed_at = signer.row, at
    row.save(update_fields=["bits", "document", "key", "signed_at"])


def instant(at: datetime) -> str:
    """An instant as credentials write it: in UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
