"""The streaming topics as this process holds them: what was saved last and what came after, in its order.

Whoever follows the log writes down each input (``TopicInput``) in the transaction in which it moves its place; so what
is held here can always be had again, and a second worker goes on where the first one was. Whether what is held was
kept is known by the mark of its last input: where it was not, it is read anew.
"""

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.apps.cases.queries import Said, list_said
from tongban.apps.catalog.city import get_city
from tongban.apps.voice.models import Inquiry, TopicHand, TopicInput, TopicSave
from tongban.apps.voice.topics.clustering import Joined, Message, Topics
from tongban.apps.voice.topics.saved import dump, load
from tongban.apps.voice.whole.districts import district_pattern

__all__ = ["Held", "add_inquiry", "do_hand", "forget", "save", "using", "write_down"]

_BATCH = 500
_LEAST, _SHARE, _LONGEST = 200, 20, timedelta(hours=1)
"""Saved after so many inputs, or a twentieth of all where that is more; and where something new is an hour old."""


@dataclass(slots=True)
class Held:
    """The topics, and the last input that is in them."""

    topics: Topics
    no: int = 0
    mark: int = 0
    saved: int = 0
    """The last input that is in what was saved."""

    def catch_up(self) -> None:
        """Take in what others have written down since."""
        while rows := list(
            TopicInput.objects.filter(no__gt=self.no).select_related("inquiry", "hand").order_by("no")[:_BATCH]
        ):
            said = list_said(numbers=[each.inquiry_id for each in rows if each.inquiry_id])
            for row in rows:
                if row.inquiry is not None:
                    add_inquiry(self.topics, row.inquiry, said.get(row.inquiry.pk))
                elif row.hand is not None:
                    do_hand(self.topics, row.hand, back=row.back)
                self.no, self.mark = row.no, row.mark


_lock = threading.RLock()
_held: Held | None = None


@contextmanager
def using() -> Iterator[Held]:
    """The topics as they stand, for one thread of this process at a time; where it raises, they are read anew."""
    with _lock:
        held = _current()
        try:
            yield held
        except BaseException:
            forget()
            raise


def forget() -> None:
    """Hold nothing any more: the next who asks reads what was saved."""
    global _held
    _held = None


def add_inquiry(topics: Topics, row: Inquiry, said: Said | None) -> Joined:
    """Put an inquiry where it belongs; one whose words have been erased has none."""
    name = get_city().district_names.get(row.district)
    message = Message(
        key=str(row.pk),
        subject=said.subject if said else "",
        text=said.text if said else "",
        at=row.filed_at,
        person=row.speaker,
        districts=(name["zh"],) if name else (),
    )
    return topics.add(message)


def do_hand(topics: Topics, hand: TopicHand, *, back: bool) -> int:
    """Do what a coordinator has asked, or take it back; its number. Raises what ``Topics`` raises."""
    if back:
        assert hand.number is not None
        (topics.unmerge if hand.kind == "merge" else topics.unsplit)(hand.number)
        return hand.number
    if hand.kind == "merge":
        return topics.merge(hand.strands)
    return topics.split([str(each) for each in hand.inquiries])


def write_down(held: Held, rows: Sequence[TopicInput]) -> None:
    """Keep what was taken in, in the caller's transaction."""
    for row in rows:
        row.mark = secrets.randbits(62)
        row.save(force_insert=True)
        held.no, held.mark = row.no, row.mark


def save(held: Held, *, at: datetime) -> bool:
    """Save what is held where much has come since, in the caller's transaction; whether it was."""
    since = TopicInput.objects.filter(no__gt=held.saved, no__lte=held.no).count()
    last = TopicSave.objects.filter(pk=1).values_list("saved_at", flat=True).first()
    old = last is not None and at - last >= _LONGEST
    if not since or not (old or since >= max(_LEAST, len(held.topics) // _SHARE)):
        return False
    TopicSave.objects.update_or_create(pk=1, defaults={"data": dump(held.topics), "no": held.no, "saved_at": at})
    held.saved = held.no
    return True


def _current() -> Held:
    global _held
    if _held is None or not _was_kept(_held):
        _held = _saved()
    _held.catch_up()
    return _held


def _was_kept(held: Held) -> bool:
    if not held.no:
        return True
    return TopicInput.objects.filter(no=held.no, mark=held.mark).exists()


def _saved() -> Held:
    row = TopicSave.objects.filter(pk=1).first()
    if row is None:
        return Held(Topics(districts=district_pattern()))
    mark = TopicInput.objects.filter(no=row.no).values_list("mark", flat=True).first() or 0
    return Held(load(bytes(row.data)), row.no, mark, row.no)
