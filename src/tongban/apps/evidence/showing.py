"""Showing some fields of a certificate to somebody: under a link that works for minutes and can be ended at once.

The link carries a random handle and nothing else. Whoever opens it and asks to see sees what was ticked and what the
certificate is worth at that moment; the holder sees how often. Programs that only look where a link leads see nothing
and count for nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tongban.apps.evidence import sd_jwt
from tongban.apps.evidence.certificates import CertificateView, get_certificate
from tongban.apps.evidence.disclosables import HIDDEN, get_token, keys_of
from tongban.apps.evidence.errors import (
    NothingToShow,
    ShowingEnded,
    ShowingExpired,
    TooManyShowings,
    UnknownShowing,
)
from tongban.apps.evidence.models import Showing
from tongban.apps.people.actors import Actor
from tongban.apps.people.sealing import open_sealed, seal

__all__ = [
    "MOST_SHOWINGS",
    "ShowingView",
    "ShownFields",
    "end_showing",
    "forget_showings",
    "get_end_of_showing",
    "get_showing",
    "list_showings",
    "look_at_showing",
    "start_showing",
]

MOST_SHOWINGS = 10
"""Links of one person that work at a time."""
_WORDS = 200
_KEPT = timedelta(days=30)
"""So long the holder sees what they showed, and whoever opens an old link is told what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingView:
    """What its owner sees of a link. ``names``: ``holder``, ``number``, ``issued_on``, or the place of a field."""

    id: int
    certificate: str
    handle: str = field(repr=False)
    names: tuple[str, ...]
    to_whom: str
    purpose: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    looks: int
    looked_at: datetime | None

    def is_open(self, *, at: datetime) -> bool:
        """Whether the link works at that moment."""
        return self.ended_at is None and self.expires_at > at


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFields:
    """What whoever opens a link sees: claims that the authority's signature proves, and what they are worth now.

    ``standing``: as of ``CertificateView``. ``token``: the same for machines (SD-JWT with these disclosures).
    """

    claims: Mapping[str, Any]
    standing: str
    valid_until: date | None
    to_whom: str
    purpose: str
    until: datetime
    token: str = field(repr=False)


def start_showing(
    *, certificate: CertificateView, names: Sequence[str], to_whom: str, purpose: str, actor: Actor, at: datetime
) -> int:
    """Make a link to these fields of a certificate that the actor holds (the caller has asked); return its number.

    Raises ``NothingToShow``, ``TooManyShowings`` or ``CredentialNotReady``.
    """
    known = [*HIDDEN, *(str(place) for place in range(len(certificate.fields)))]
    chosen = [name for name in known if name in names]
    if not chosen:
        raise NothingToShow
    get_token(identifier=certificate.identifier)
    owner, handle = actor.user_id, secrets.token_urlsafe(18)
    if owner is None:  # pages are for people who are signed in
        raise UnknownShowing
    with transaction.atomic():
        if Showing.objects.filter(owner=owner, ended_at=None, expires_at__gt=at).count() >= MOST_SHOWINGS:
            raise TooManyShowings(limit=MOST_SHOWINGS)
        row = Showing.objects.create(
            owner_id=owner,
            certificate_id=certificate.identifier,
            handle=seal(handle),
            handle_hash=_hash(handle),
            names=chosen,
            to_whom=_sealed(to_whom),
            purpose=_sealed(purpose),
            made_at=at,
            expires_at=at + timedelta(minutes=settings.SHOWING_MINUTES),
        )
    return row.pk


def end_showing(*, showing: int, actor: Actor, at: datetime) -> None:
    """End a link now; one that is over stays as it was. Raises ``UnknownShowing``."""
    rows = Showing.objects.filter(pk=showing, owner=actor.user_id)
    if not rows.exists():
        raise UnknownShowing
    rows.filter(ended_at=None, expires_at__gt=at).update(ended_at=at)


def get_showing(*, showing: int, actor: Actor) -> ShowingView:
    """Return a link of the actor's own. Raises ``UnknownShowing``."""
    row = Showing.objects.filter(pk=showing, owner=actor.user_id).first()
    if row is None:
        raise UnknownShowing
    return _view(row)


def list_showings(*, actor: Actor, limit: int = 50) -> list[ShowingView]:
    """Return what the actor has shown, the latest first; one query."""
    return [_view(row) for row in Showing.objects.filter(owner=actor.user_id).order_by("-made_at", "-pk")[:limit]]


def get_end_of_showing(*, handle: str, at: datetime) -> datetime:
    """Until when a link works, and nothing else of it: no look is counted. Raises what ``look_at_showing`` raises."""
    return _open_row(handle, at).expires_at


def look_at_showing(*, handle: str, at: datetime) -> ShownFields:
    """Return what a link shows, and count the look.

    Raises ``UnknownShowing``, ``ShowingExpired`` or ``ShowingEnded``.
    """
    row = _open_row(handle, at)
    certificate = get_certificate(identifier=row.certificate_id)
    token = _disclosed(row)
    shown = sd_jwt.verify(token=token, keys=keys_of(certificate.authority.code))
    Showing.objects.filter(pk=row.pk).update(looks=F("looks") + 1, looked_at=at)
    return ShownFields(
        claims=shown.claims,
        standing=certificate.standing(on=timezone.localdate(at)),
        valid_until=certificate.valid_until,
        to_whom=_opened(row.to_whom),
        purpose=_opened(row.purpose),
        until=row.expires_at,
        token=token,
    )


def forget_showings(*, at: datetime) -> int:
    """Remove links that ended a month ago; return how many."""
    return Showing.objects.filter(expires_at__lt=at - _KEPT).delete()[0]


def _open_row(handle: str, at: datetime) -> Showing:
    row = Showing.objects.filter(handle_hash=_hash(handle)).first()
    if row is None:
        raise UnknownShowing
    if row.ended_at is not None:
        raise ShowingEnded
    if row.expires_at <= at:
        raise ShowingExpired
    return row


def _disclosed(row: Showing) -> str:
    names = [name for name in row.names if name in HIDDEN]
    places = [int(name) for name in row.names if name not in HIDDEN]
    return sd_jwt.disclose(token=get_token(identifier=row.certificate_id), names=names, listed={"fields": places})


def _view(row: Showing) -> ShowingView:
    return ShowingView(
        id=row.pk,
        certificate=row.certificate_id,
        handle=open_sealed(row.handle),
        names=tuple(row.names),
        to_whom=_opened(row.to_whom),
        purpose=_opened(row.purpose),
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        looks=row.looks,
        looked_at=row.looked_at,
    )


def _sealed(text: str) -> str:
    kept = " ".join(text.split())[:_WORDS]
    return seal(kept) if kept else ""


def _opened(text: str) -> str:
    return open_sealed(text) if text else ""


def _hash(handle: str) -> str:
    return hashlib.sha256(handle.encode()).hexdigest()
