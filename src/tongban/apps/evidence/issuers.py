"""Who signs credentials: an authority under its did:web name, with keys of its own (docs/adr/0028).

The settings hold one secret of the city; the private key of an authority follows from it and is in no database. What
an authority signs with now, and signed with before, is public and kept.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction

from tongban.apps.evidence.elsewhere import KnownKey
from tongban.apps.evidence.key_errors import (
    CredentialKeyMissing,
    CredentialKeyRetired,
    CredentialKeyUnusable,
    IssuerKeySigns,
    UnknownIssuerKey,
    WrongIssuerKey,
)
from tongban.apps.evidence.models import IssuerKey
from tongban.kernel.chain import SigningKey
from tongban.kernel.credentials import DidKey, did_document, did_of_url

__all__ = [
    "Signer",
    "did_of",
    "distrust_issuer_key",
    "get_did_document",
    "keys_of_authority",
    "list_issuer_keys",
    "rotate_issuer_keys",
    "signer_of",
    "signing_key_of",
]

_SECRET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """An authority with the key that signs for it now, and the DID URL under which the public finds that key."""

    authority: str
    did: str
    key: SigningKey
    row: IssuerKey

    @property
    def method(self) -> str:
        """The verification method of what it signs."""
        return f"{self.did}#{self.key.id}"


def did_of(authority: str) -> str:
    """The did:web name of an authority of this city: its document lies at ``/authorities/<code>/did.json``."""
    return did_of_url(f"{settings.BASE_URL}/authorities/{authority}")


def signing_key_of(authority: str) -> SigningKey:
    """Return the private key that the first of ``TONGBAN_CREDENTIAL_KEYS`` gives an authority.

    Raises ``CredentialKeyMissing`` or ``CredentialKeyUnusable``.
    """
    return _derive(_secrets()[0], authority)


def signer_of(authority: str, *, at: datetime) -> Signer:
    """Return who signs for an authority; its first key is put on record as it first signs.

    Raises ``CredentialKeyMissing``, ``CredentialKeyUnusable``, or ``WrongIssuerKey`` when the key on record is not that
    of the settings.
    """
    key = signing_key_of(authority)
    row = IssuerKey.objects.filter(authority=authority, until=None).first()
    if row is None:
        row = _put_on_record(authority, key, at)
    if row.pk != key.id:
        raise WrongIssuerKey(authority=authority, current=row.pk, given=key.id)
    return Signer(authority=authority, did=did_of(authority), key=key, row=row)


def list_issuer_keys(*, authority: str | None = None) -> list[IssuerKey]:
    """Return the keys that signed, of one authority or all, oldest first."""
    rows = IssuerKey.objects.order_by("authority", "since", "pk")
    return list(rows if authority is None else rows.filter(authority=authority))


def keys_of_authority(authority: str) -> dict[str, KnownKey]:
    """What ``get_did_document`` says of an authority's keys, by their names, for checking what it signed; one query.

    Asked each time, so that a key in other hands counts for nothing at once.
    """
    did = did_of(authority)
    with connection.cursor() as cursor:  # written out: whoever checks a file waits for this
        cursor.execute("SELECT id, public, compromised_at IS NULL FROM issuer_key WHERE authority_id = %s", [authority])
        return {f"{did}#{key}": KnownKey(bytes(public), bool(vouches)) for key, public, vouches in cursor.fetchall()}


def get_did_document(*, authority: str) -> dict[str, Any] | None:
    """Return what the public finds under an authority's name; None for one that has never signed."""
    rows = list_issuer_keys(authority=authority)
    if not rows:
        return None
    keys = [DidKey(id=row.pk, public=bytes(row.public), revoked=row.compromised_at) for row in rows]
    return did_document(did=did_of(authority), keys=keys)


@transaction.atomic
def rotate_issuer_keys(*, at: datetime) -> Sequence[IssuerKey]:
    """Let the first of ``TONGBAN_CREDENTIAL_KEYS`` sign from now on for every authority; return the new keys.

    What the keys before have signed stays good. Raises ``CredentialKeyMissing``, ``CredentialKeyUnusable``, or
    ``CredentialKeyRetired`` when the first one signed before.
    """
    made = []
    for row in list(IssuerKey.objects.select_for_update().filter(until=None).order_by("authority")):
        key = signing_key_of(row.authority_id)
        if key.id == row.pk:
            continue
        row.until = at
        row.save(update_fields=["until"])
        made.append(_put_on_record(row.authority_id, key, at))
    return made


@transaction.atomic
def distrust_issuer_key(*, key: str, at: datetime) -> None:
    """Put on record that a key is in other hands: from now on nothing that it signed proves anything.

    The worker signs again what it had signed. Raises ``UnknownIssuerKey``, or ``IssuerKeySigns`` for one that signs
    now: another must have taken its place first.
    """
    row = IssuerKey.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise UnknownIssuerKey(key=key)
    if row.until is None:
        raise IssuerKeySigns(key=key)
    if row.compromised_at is None:
        row.compromised_at = at
        row.save(update_fields=["compromised_at"])


def _put_on_record(authority: str, key: SigningKey, at: datetime) -> IssuerKey:
    if IssuerKey.objects.filter(pk=key.id).exists():
        raise CredentialKeyRetired(key=key.id)
    return IssuerKey.objects.create(id=key.id, authority_id=authority, public=key.public, since=at)


def _secrets() -> list[bytes]:
    secrets = []
    for number, text in enumerate(settings.CREDENTIAL_KEYS, start=1):
        try:
            secret = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise CredentialKeyUnusable(number=number) from None
        if len(secret) != _SECRET:
            raise CredentialKeyUnusable(number=number)
        secrets.append(secret)
    if not secrets:
        raise CredentialKeyMissing
    return secrets


def _derive(secret: bytes, authority: str) -> SigningKey:
    """One secret to keep, a key for each: whoever gets hold of an authority's key has not got the others'."""
    derived = HKDF(algorithm=SHA256(), length=_SECRET, salt=None, info=f"tongban-issuer/1:{authority}".encode())
    return SigningKey(derived.derive(secret))
