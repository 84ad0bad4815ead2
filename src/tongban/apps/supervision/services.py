"""Commands about cards. Each locks the card and writes its log in the same transaction."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tongban.apps.people.actors import Actor
from tongban.apps.supervision.errors import (
    AppealTooLate,
    CardMoved,
    NotResponsible,
    OwnDepartment,
    ReasonMissing,
    UnknownCard,
)
from tongban.apps.supervision.issuing import issue_cards
from tongban.apps.supervision.models import Card, State
from tongban.apps.supervision.permissions import capacity_for, may_answer, may_see
from tongban.apps.supervision.queries import forget_counts
from tongban.apps.supervision.record import put_on_record
from tongban.apps.supervision.recounting import recount_cards

__all__ = ["answer", "appeal", "issue_cards", "recount_cards", "rule"]


@transaction.atomic
def answer(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say why it came to this and what is done about it: once, also after the time for it.

    Raises ``UnknownCard``, ``NotResponsible``, ``ReasonMissing``, ``CardMoved``.
    """
    card = _mine(number, reason, actor, (State.ISSUED,))
    card.state, card.answer, card.answered_at, card.answerer = State.ANSWERED, reason.strip(), at, actor.id
    _record(card, "card.answered", reason, actor, capacity_for(card=card, actor=actor), at)


@transaction.atomic
def appeal(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Ask the supervisor to withdraw the card: once, within its time, answered or not.

    Raises as ``answer``, and ``AppealTooLate``.
    """
    card = _mine(number, reason, actor, (State.ISSUED, State.ANSWERED))
    if at > card.appeal_due:
        raise AppealTooLate(due=card.appeal_due)
    card.state, card.appeal, card.appealed_at, card.appellant = State.APPEALED, reason.strip(), at, actor.id
    _record(card, "card.appealed", reason, actor, capacity_for(card=card, actor=actor), at)


@transaction.atomic
def rule(*, number: int, upheld: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Rule on an appeal: the card stays, or is withdrawn and counts no longer. Final.

    By a supervisor who does not serve in that department. Raises ``UnknownCard``, ``NotResponsible``,
    ``OwnDepartment``, ``ReasonMissing``, ``CardMoved``.
    """
    card = _locked(number, actor)
    if not actor.has_role("supervisor"):
        raise NotResponsible
    if card.department in actor.departments:
        raise OwnDepartment
    _check(card, reason, (State.APPEALED,))
    card.state = State.UPHELD if upheld else State.WITHDRAWN
    card.ruling, card.ruled_at, card.ruler = reason.strip(), at, actor.id
    _record(card, f"card.{card.state}", reason, actor, "supervisor", at)


def _locked(number: int, actor: Actor) -> Card:
    card = Card.objects.select_for_update().filter(pk=number).first()
    if card is None or not may_see(card=card, actor=actor):
        raise UnknownCard
    return card


def _mine(number: int, reason: str, actor: Actor, states: Collection[str]) -> Card:
    card = _locked(number, actor)
    if not may_answer(card=card, actor=actor):
        raise NotResponsible
    _check(card, reason, states)
    return card


def _check(card: Card, reason: str, states: Collection[str]) -> None:
    if card.state not in states:
        raise CardMoved
    if not reason.strip():
        raise ReasonMissing


def _record(card: Card, kind: str, reason: str, actor: Actor, capacity: str, at: datetime) -> None:
    put_on_record(card, kind, reason=reason.strip(), actor_id=actor.id, capacity=capacity, at=at)
    transaction.on_commit(lambda: forget_counts(department=card.department))
