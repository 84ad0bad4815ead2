"""Which keys are good: those in ``neighbours.yaml``, and those that a neighbour has told us of with one of its own.

So keys change over without a stop: a neighbour lists the new one beside the old one, we learn of it in an answer that
the old one signed, and from its first message on it is known. A key that is no longer listed is no longer trusted.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tongban.apps.neighbours.directory import get_neighbours, own_keys
from tongban.apps.neighbours.errors import Malformed
from tongban.apps.neighbours.models import LearntKey
from tongban.apps.neighbours.signatures import Key
from tongban.kernel.chain import key_id

__all__ = ["SOON", "KeyRow", "document", "find_key", "hand_out_keys", "learn", "list_keys"]

SOON = timedelta(days=30)
"""So long before its last day is a key said to expire."""
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """A key as operators see it: whose (our own code for ours), from where we have it, and how many days are left."""

    owner: str
    ours: bool
    key: str
    until: date
    days: int
    source: str

    @property
    def state(self) -> str:
        """``good``, ``expiring`` within ``SOON``, or ``expired``."""
        return "expired" if self.days < 0 else "expiring" if self.days <= SOON.days else "good"


def find_key(name: str) -> Key | None:
    """Return a neighbour's key by its name on the wire; one query at most."""
    owner, _slash, key = name.partition("/")
    neighbour = get_neighbours().get(owner)
    if neighbour is None:
        return None
    for held in neighbour.keys:
        if held.id == key:
            return held
    row = LearntKey.objects.filter(neighbour=owner, key=key, dropped_at=None).first()
    return None if row is None else Key(owner=owner, id=row.key, public=bytes(row.public), until=row.until)


def document(*, us: str, at: datetime) -> dict[str, Any]:
    """Return our public keys as a key set (RFC 7517, RFC 8037), those past their last day left out."""
    today = at.astimezone(UTC).date()
    return {
        "issuer": us,
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "kid": key.signing.id,
                "x": base64.urlsafe_b64encode(key.signing.public).rstrip(b"=").decode(),
                "exp": int(datetime.combine(key.until + timedelta(days=1), datetime.min.time(), UTC).timestamp()),
            }
            for key in own_keys()
            if key.until >= today
        ],
    }


def hand_out_keys(*, sender: str, us: str, said: Mapping[str, Any], body: bytes, at: datetime) -> Mapping[str, Any]:
    """The service ``keys``: a neighbour asks for ours."""
    return document(us=us, at=at)


def learn(*, neighbour: str, said: Mapping[str, Any], told_by: str, at: datetime) -> int:
    """Keep the keys that a neighbour lists, in an answer that its key ``told_by`` signed; return how many are new.

    Raises ``Malformed``; then nothing has changed.
    """
    listed = [_read(neighbour, each) for each in _list(said)]
    fixed = {key.id for key in get_neighbours()[neighbour].keys}
    new = 0
    for key in listed:
        if key.id in fixed:
            continue
        _row, created = LearntKey.objects.update_or_create(
            neighbour=neighbour,
            key=key.id,
            defaults={"until": key.until, "dropped_at": None},
            create_defaults={"public": key.public, "until": key.until, "learnt_at": at, "told_by": told_by},
        )
        new += created
    gone = LearntKey.objects.filter(neighbour=neighbour, dropped_at=None).exclude(key__in=[key.id for key in listed])
    gone.update(dropped_at=at)
    return new


def list_keys(*, us: str, at: datetime) -> list[KeyRow]:
    """Return our keys and those of all neighbours, the one that ends first at the head; one query."""
    today = at.astimezone(UTC).date()
    rows = [
        KeyRow(owner=us, ours=True, key=key.signing.id, until=key.until, days=(key.until - today).days, source="ours")
        for key in own_keys()
    ]
    rows += [
        KeyRow(owner=each.code, ours=False, key=key.id, until=key.until, days=(key.until - today).days, source="file")
        for each in get_neighbours().values()
        for key in each.keys
    ]
    rows += [
        KeyRow(
            owner=row.neighbour, ours=False, key=row.key, until=row.until, days=(row.until - today).days, source="told"
        )
        for row in LearntKey.objects.filter(neighbour__in=get_neighbours(), dropped_at=None)
    ]
    return sorted(rows, key=lambda row: (row.until, row.owner, row.key))


def _list(said: Mapping[str, Any]) -> list[Any]:
    keys = said.get("keys")
    if not isinstance(keys, list) or len(keys) > _MOST:
        raise Malformed
    return keys


def _read(owner: str, row: Any) -> Key:
    try:
        if row["kty"] != "OKP" or row["crv"] != "Ed25519":
            raise Malformed
        text = str(row["x"])
        public = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        last = datetime.fromtimestamp(int(row["exp"]) - 1, UTC).date()
    except (KeyError, TypeError, ValueError, OverflowError, OSError, binascii.Error) as error:
        raise Malformed from error
    if len(public) != 32:
        raise Malformed
    return Key(owner=owner, id=key_id(public), public=public, until=last)
