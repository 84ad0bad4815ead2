"""Filters of the queue that an officer has given a name: in their own order, one of them to begin with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Max, QuerySet

from tongban.apps.desks.errors import TooManyFilters, UnknownFilter
from tongban.apps.desks.models import QueueFilter
from tongban.apps.ledger.readings import Given, Reading
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed

__all__ = [
    "MOST_FILTERS",
    "FilterRow",
    "add",
    "begin_with",
    "list_own",
    "move_up",
    "remove",
    "restore",
    "sweep",
]

MOST_FILTERS = 12
"""So many may a person have: they all stand at the side of the page."""

_KEPT = timedelta(days=30)
"""For so long may a filter that was taken out be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRow:
    """A filter with its name. ``part``, ``matter`` and ``within`` are as the queue's address has them."""

    id: int
    name: str
    part: str
    matter: str
    within: str
    is_first: bool
    removed: bool


def add(*, name: str, part: str, matter: str, within: str, actor: Actor, at: datetime) -> int:
    """See ``services.add_filter``."""
    if actor.user_id is None:
        raise NotAllowed
    with transaction.atomic():
        own = _own(actor)
        _require_room(own)
        last = own.aggregate(last=Max("place"))["last"] or 0
        facts = {"name": name, "part": part, "matter": matter, "within": within}
        return QueueFilter.objects.create(user_id=actor.user_id, place=last + 1, saved_at=at, **facts).pk


def begin_with(*, number: int, actor: Actor) -> None:
    """See ``services.begin_with_filter``."""
    with transaction.atomic():
        own = _own(actor).select_for_update()
        if number and not own.filter(pk=number, removed_at=None).exists():
            raise UnknownFilter
        own.filter(is_first=True).exclude(pk=number).update(is_first=False)
        own.filter(pk=number).update(is_first=True)


def move_up(*, number: int, actor: Actor) -> None:
    """See ``services.move_filter_up``."""
    with _locked(number, actor) as row:
        before = _own(actor).filter(removed_at=None, place__lt=row.place).order_by("-place").first()
        if before is not None:
            before.place, row.place = row.place, before.place
            before.save(update_fields=["place"])


def remove(*, number: int, actor: Actor, at: datetime) -> None:
    """See ``services.remove_filter``."""
    with _locked(number, actor) as row:
        row.removed_at, row.is_first = row.removed_at or at, False


def restore(*, number: int, actor: Actor) -> None:
    """See ``services.restore_filter``."""
    with _locked(number, actor) as row:
        if row.removed_at is not None:
            _require_room(_own(actor))
            row.removed_at = None


def list_own(*, actor: Actor) -> list[FilterRow]:
    """See ``queries.list_filters``."""
    if actor.user_id is None:
        return []
    return [
        FilterRow(
            id=row.pk,
            name=row.name,
            part=row.part,
            matter=row.matter,
            within=row.within,
            is_first=row.is_first,
            removed=row.removed_at is not None,
        )
        for row in _in_order(user=actor.user_id)
    ]


_in_order = Reading(
    lambda: QueueFilter.objects.filter(user=Given("user", models.BigIntegerField())).order_by("place", "pk")
)


def sweep(*, at: datetime) -> int:
    """See ``services.sweep_filters``."""
    return QueueFilter.objects.filter(removed_at__lt=at - _KEPT).delete()[0]


def _own(actor: Actor) -> QuerySet[QueueFilter]:
    return QueueFilter.objects.filter(user=actor.user_id)


def _require_room(own: QuerySet[QueueFilter]) -> None:
    if own.filter(removed_at=None).count() >= MOST_FILTERS:
        raise TooManyFilters(most=MOST_FILTERS)


@contextmanager
def _locked(number: int, actor: Actor) -> Iterator[QueueFilter]:
    """One's own filter, to be changed and saved. Raises ``UnknownFilter``."""
    with transaction.atomic():
        row = _own(actor).select_for_update().filter(pk=number).first()
        if row is None:
            raise UnknownFilter
        yield row
        row.save()
