"""A coordinator puts right how an inquiry was sorted: for the next alike at once, with the next training for good."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tongban.apps.cases.queries import list_said
from tongban.apps.catalog.city import get_calendar, get_dispatch
from tongban.apps.catalog.definitions.dispatch import Dispatch
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import UnknownCategory, UnknownInquiry
from tongban.apps.voice.models import Correction, Inquiry
from tongban.apps.voice.permissions import coordinating_department, require_coordinator
from tongban.apps.voice.text.tables import Example, passage

__all__ = ["correct", "iterate_examples"]

_BATCH = 500
_SURE = ("by-hand",)
_GUESSED = 0.3
"""What an inquiry that was never corrected weighs beside one that a person has looked at."""


@transaction.atomic
def correct(*, number: int, category: str, actor: Actor, at: datetime) -> None:
    """Say to which category of the directory an inquiry belongs. Said again, nothing changes.

    Raises ``UnknownCategory``, ``UnknownInquiry``, ``NotForThem``.
    """
    require_coordinator(actor=actor, department=coordinating_department(on=get_calendar().local_date(at)))
    dispatch = get_dispatch()
    if category not in dispatch.categories:
        raise UnknownCategory("the directory has no such category", category=category)
    assert actor.user_id is not None
    row = Inquiry.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownInquiry("there is no such inquiry")
    if row.category == category and row.sorted_by == "by-hand":
        return
    Correction.objects.create(inquiry=row, was=row.category, category=category, by_id=actor.user_id, at=at)
    row.category, row.thought, row.sorted_by = category, _first(dispatch, category), "by-hand"
    row.proposed = dispatch.categories[category].department
    row.save(update_fields=["category", "thought", "sorted_by", "proposed"])


def iterate_examples() -> Iterator[Example]:
    """What the city's own history teaches: inquiries whose category a person has set, and closed ones that nobody
    has corrected, the oldest first.

    The latter weigh little: a model that learned its own guesses as if they were known would only grow surer of them.
    Erased ones teach nothing. In flat memory.
    """
    dispatch = get_dispatch()
    known = Q(sorted_by__in=_SURE) | Q(case__decided_at__isnull=False)
    rows = Inquiry.objects.exclude(category="").filter(known).order_by("filed_at", "pk")
    batch: list[tuple[int, str, str]] = []
    for row in rows.values_list("pk", "category", "sorted_by").iterator(chunk_size=_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            yield from _examples(batch, dispatch)
            batch = []
    yield from _examples(batch, dispatch)


def _examples(batch: list[tuple[int, str, str]], dispatch: Dispatch) -> Iterator[Example]:
    said = list_said(numbers=[number for number, _, _ in batch])
    for number, category, by in batch:
        if number in said and category in dispatch.categories:
            name = dispatch.categories[_first(dispatch, category)].name.zh
            weight = 1.0 if by in _SURE else _GUESSED
            yield Example(passage(subject=said[number].subject, text=said[number].text), name, weight)


def _first(dispatch: Dispatch, category: str) -> str:
    """The first level above a category."""
    while above := dispatch.categories[category].above:
        category = above
    return category
