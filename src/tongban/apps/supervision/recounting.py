"""The working calendar has changed: days by which cards are to be answered or can be appealed move with it, or stay."""

from datetime import datetime

from django.db import transaction

from tongban.apps.catalog.city import get_calendar, get_supervision
from tongban.apps.supervision.models import Card, State
from tongban.apps.supervision.record import note_moved

__all__ = ["recount_cards"]

_OPEN = (State.ISSUED, State.ANSWERED)
"""Of which a day is still to come: to be answered, or to be appealed."""


def recount_cards(*, notice: str, at: datetime, batch: int = 200) -> int:
    """Count both days of open cards anew from when they were shown; return of how many one moved.

    A day moves later or stays: whoever relied on it is not late by an announcement (docs/adr/0040). Each batch is one
    transaction; done again, it finds nothing.
    """
    moved, after = 0, 0
    while True:
        with transaction.atomic():
            rows = Card.objects.filter(state__in=_OPEN, number__gt=after, appeal_due__gte=at)
            cards = list(rows.select_for_update().order_by("number")[:batch])
            if not cards:
                return moved
            moved += sum(_recount(card, notice, at) for card in cards)
            after = cards[-1].number


def _recount(card: Card, notice: str, at: datetime) -> bool:
    rule, calendar = get_supervision().rule_for(matter=card.matter, step=card.node), get_calendar()
    if rule is None:
        return False  # the city shows no such cards any more; those that were shown keep their days
    answer = max(card.answer_due, calendar.deadline(start=card.issued_at, limit=rule.answer_within))
    appeal = max(card.appeal_due, calendar.deadline(start=card.issued_at, limit=rule.appeal_within))
    if (answer, appeal) == (card.answer_due, card.appeal_due):
        return False
    card.answer_due, card.appeal_due = answer, appeal
    note_moved(card, notice=notice, at=at)
    return True
