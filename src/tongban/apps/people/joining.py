"""Joining a pseudonym of an identity provider to the person that it is, once, on record."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tongban.apps.ledger.streams import begin_stream
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed, PseudonymTaken, UnknownClaim
from tongban.apps.people.models import Person, PseudonymClaim, User
from tongban.apps.people.registering import find_or_register_person
from tongban.kernel import flow

__all__ = ["CODE_LENGTH", "join_at_counter", "join_by_proof", "open_claim"]

CODE_LENGTH = 8
_JOINED = "pseudonym.joined"


def open_claim(*, provider: str, uid: str, at: datetime) -> str:
    """Return a code with which a clerk joins this pseudonym; of it only the digest is kept. An older one ends."""
    code = "".join(secrets.choice("23456789") for _ in range(CODE_LENGTH))
    PseudonymClaim.objects.update_or_create(
        provider=provider,
        uid=uid,
        defaults={
            "code_hash": _digest(code),
            "expires_at": at + timedelta(hours=settings.OIDC_JOIN_HOURS),
        },
    )
    return code


@transaction.atomic
def join_at_counter(*, code: str, name: str, identity_number: str, actor: Actor, at: datetime) -> int:
    """Join the pseudonym behind ``code`` to the person whose card lies on the counter; return the person's id.

    They are given a sign-in where they had none. Raises ``NotAllowed`` (clerks do this), ``UnknownClaim``,
    ``NameDiffers``, ``PseudonymTaken``, ``NumberError``.
    """
    if not actor.has_role("clerk"):
        raise NotAllowed
    plain = "".join(each for each in code if each.isdigit())
    claim = PseudonymClaim.objects.select_for_update().filter(code_hash=_digest(plain), expires_at__gt=at).first()
    if claim is None:
        raise UnknownClaim
    person = _join(claim.provider, claim.uid, name, identity_number, actor.id, "clerk", at)
    claim.delete()
    return person.pk


@transaction.atomic
def join_by_proof(*, provider: str, uid: str, name: str, identity_number: str, at: datetime) -> User:
    """Join a pseudonym to the person whose number the provider has verified; return their sign-in.

    Raises ``NameDiffers``, ``NumberError``, ``PseudonymTaken``.
    """
    person = _join(provider, uid, name, identity_number, "system", "provider", at)
    PseudonymClaim.objects.filter(provider=provider, uid=uid).delete()
    assert person.user is not None
    return person.user


def _join(
    provider: str, uid: str, name: str, identity_number: str, actor_id: str, capacity: str, at: datetime
) -> Person:
    found = find_or_register_person(name=name, identity_number=identity_number)
    assert found.person_id is not None
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=found.person_id)
    user = person.user or _sign_in_for(person)
    account, _ = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": user})
    if account.user_id != user.pk or not user.is_active:
        raise PseudonymTaken
    data = {"person": f"person:{person.pk}", "provider": provider}
    event = flow.Event(kind=_JOINED, at=at, data=data, actor=actor_id, capacity=capacity)
    begin_stream(kind="pseudonym", event=event, day=_day(at), at=at)
    return person


def _sign_in_for(person: Person) -> User:
    """A sign-in without a password: through the provider, until they are given one."""
    user = User(username=f"u{secrets.token_hex(6)}", name=person.name, name_en=person.name_en)
    user.set_unusable_password()
    user.save()
    person.user = user
    person.save(update_fields=["user"])
    return user


def _digest(code: str) -> str:
    return hashlib.sha256(f"{settings.LOOKUP_KEY}:{code}".encode()).hexdigest()


def _day(at: datetime) -> date:
    return timezone.localdate(at)
